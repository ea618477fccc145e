"""B10: whatever is done to a pack after it was handed over is found, and named."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.unit.produce.firm import Firm, live
from tests.unit.verify.mutants import mutants, read_zip, relist, write_zip

from fairwitness_verify.__main__ import main
from fairwitness_verify.pack import WORDS, check_pack


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    firm = Firm(folder / "home")
    live(firm)
    return firm.pack(folder / "PACK.zip")


def test_b10_every_mutation_of_a_pack_is_found_and_named(pack: Path, tmp_path: Path):
    missed = []
    for mutant in mutants(pack.read_bytes(), 200, seed="b10"):
        (tmp_path / "PACK.zip").write_bytes(mutant.zip)
        report = check_pack(str(tmp_path / "PACK.zip"))
        named = mutant.line is None or (mutant.file, mutant.line) in {(one.file, one.line) for one in report.faults}
        if mutant.seen and (report.verdict == "unaltered" or not named):
            missed.append((mutant.name, report.as_json()))

    assert missed == []


def test_a_clean_pack_gives_no_alarm_in_zip_or_folder(pack: Path, tmp_path: Path):
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(tmp_path)

    assert check_pack(str(pack)).as_json() == check_pack(str(tmp_path)).as_json()
    assert check_pack(str(pack)).verdict == "unaltered"


def test_a_link_in_the_folder_is_named_and_not_followed(pack: Path, tmp_path: Path):
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(tmp_path)
    (tmp_path / "keys").unlink()
    (tmp_path / "keys").symlink_to("/etc/hostname")

    assert ("missing", "keys") in {(one.code, one.file) for one in check_pack(str(tmp_path)).faults}
    assert ("unlisted", "keys") in {(one.code, one.file) for one in check_pack(str(tmp_path)).faults}


def test_a_pack_under_other_keys_is_told_by_keys_from_elsewhere(pack: Path, tmp_path: Path):
    other = Firm(tmp_path / "home")
    forged = other.pack(tmp_path / "forged.zip")

    assert check_pack(str(forged)).verdict == "unaltered"
    report = check_pack(str(forged), keys=read_zip(pack.read_bytes())["keys"])
    assert [fault.code for fault in report.faults] == ["checkpoint", "checkpoint"]
    assert all(log.proven == 0 for log in report.logs)


def test_further_signatures_on_a_checkpoint_do_not_disturb(pack: Path, tmp_path: Path):
    files = read_zip(pack.read_bytes())
    files["checkpoints/custody"] += "— witness.example/w1 AAAAAAECAwQ=\n".encode()
    relist(files)
    (tmp_path / "PACK.zip").write_bytes(write_zip(files))

    assert check_pack(str(tmp_path / "PACK.zip")).verdict == "unaltered"


@pytest.mark.parametrize(("spoil", "code", "verdict"), [(False, 0, "unaltered"), (True, 1, "altered")])
def test_the_verifier_in_the_pack_says_it_by_its_exit_code(pack: Path, tmp_path: Path, spoil: bool, code: int, verdict: str):
    with zipfile.ZipFile(pack) as opened:
        opened.extractall(tmp_path)
    if spoil:
        lines = (tmp_path / "entries/messages-0.jsonl").read_bytes().splitlines(keepends=True)
        (tmp_path / "entries/messages-0.jsonl").write_bytes(b"".join([lines[0], lines[1].replace(b"A", b"B", 1), *lines[2:]]))
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), "--json"], capture_output=True, text=True, check=False
    )
    told = json.loads(done.stdout)

    assert (done.returncode, told["verdict"], done.stderr) == (code, verdict, "")
    assert not spoil or 2 in [fault["line"] for fault in told["faults"]]


def test_the_verifier_of_records_knows_packs_too(pack: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(pack)]) == 0
    assert "Verdict: unaltered." in capsys.readouterr().out


def test_every_code_of_a_fault_is_in_the_specification_and_the_page():
    root = Path(__file__).resolve().parents[3]
    page = (root / "docs/spec/pack.md").read_text("utf-8")
    script = (root / "src/fairwitness/produce/formats/pack/page/check.js").read_text("utf-8")

    assert {code for code in WORDS if f"`{code}`" not in page} == set()
    assert {code for code in WORDS if f"  {code}: '" not in script} == set()
