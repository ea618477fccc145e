"""From WhatsApp's delivery to an examiner's desk: the command, the file, the verifier, through the doors only."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairwitness.model.custody import ProductionMade
from fairwitness.testing.deployment import PASSPHRASE, Deployment, text_delivery, wait_until


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment that has taken messages in, its keeper running."""
    made = Deployment(tmp_path_factory.mktemp("produce") / "home")
    made.enrol("Paulo Teles", aliases=("pnid:1",))
    made.start("door", "keeper")
    texts = [(f"wamid.{number}", f"mensagem {number}") for number in range(20)]
    assert made.post(text_delivery([*texts, ("wamid.x", "me chama no telegram")], number_id="1")) == 200
    wait_until(lambda: made.house.alerts.count() >= 1, what="an alert")
    yield made
    made.stop()


def produce(deployment: Deployment, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would."""
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE)
    given = ["--home", str(deployment.settings.home), "--passphrase-file", str(passphrase)]
    return subprocess.run(
        [sys.executable, "-m", "fairwitness", "produce", *words, *given], capture_output=True, text=True, check=False, timeout=120
    )


def test_a_pack_is_produced_while_the_keeper_runs_and_verifies_with_nothing_else(deployment: Deployment, tmp_path: Path) -> None:
    pack = tmp_path / "PACK.zip"
    done = produce(deployment, tmp_path, "--matter", "8210", "--person", "paulo teles", "-o", str(pack))
    assert done.returncode == 0, done.stderr
    assert "21 entries of messages" in done.stdout

    with zipfile.ZipFile(pack) as opened:
        opened.extractall(tmp_path / "unpacked")
    verifier = [sys.executable, "-I", "-S", str(tmp_path / "unpacked/verify.py")]
    for place in ([], [str(pack)]):
        checked = subprocess.run([*verifier, *place], capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
        assert "Verdict: unaltered." in checked.stdout


def test_the_pack_of_an_order_is_made_again_byte_for_byte(deployment: Deployment, tmp_path: Path) -> None:
    first = produce(deployment, tmp_path, "--matter", "again", "-o", str(tmp_path / "one.zip"))
    assert first.returncode == 0, first.stderr
    made = [one for _, _, one in deployment.house.custody_entries() if isinstance(one, ProductionMade)][-1]
    second = produce(deployment, tmp_path, "--again", str(made.selected), "-o", str(tmp_path / "two.zip"))
    assert second.returncode == 0, second.stderr

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert made.sha256 in first.stdout
    assert made.sha256 in second.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--matter", "m", "--person", "Nobody"), ("--matter", "m", "--line", "+1"), (), ("--matter", "m", "--from", "soon"),
        ("--matter", "m", "--language", "de"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_refused_in_one_sentence(deployment: Deployment, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = produce(deployment, tmp_path, *words, "-o", str(tmp_path / "PACK.zip"))

    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "PACK.zip").exists()
