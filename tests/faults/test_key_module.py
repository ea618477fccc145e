"""C3, E9: key-encryption keys move into a hardware module and back to nobody; without it entries wait, sealed."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conformance.keys.test_key_store import MODULE, PIN
from tests.faults.typing_commands import done

from fairwitness.testing.deployment import PASSPHRASE, Deployment, text_delivery


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token in SoftHSM, for processes that are started from here."""
    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    command = ["softhsm2-util", "--init-token", "--free", "--label", "keys", "--pin", PIN, "--so-pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    return "keys"


def set_pin(deployment: Deployment) -> None:
    passphrase = deployment.settings.home.parent / "passphrase"
    passphrase.write_text(PASSPHRASE)
    home = ("--home", str(deployment.settings.home), "--passphrase-file", str(passphrase))
    command = [sys.executable, "-m", "fairwitness", "secret", "set", "pkcs11.pin", *home]
    subprocess.run(command, input=f"{PIN}\n", text=True, check=True, capture_output=True)


def test_keys_move_into_a_module_and_what_was_sealed_before_is_read_through_it(
    make_deployment: Callable[..., Deployment], token: str
) -> None:
    deployment = make_deployment()
    deployment.enrol("Ana", aliases=("pnid:106540352242922",))
    deployment.start("door")
    assert deployment.post(text_delivery([("wamid.1", "texto")])) == 200
    done(deployment, "ana", "seal")
    toml = deployment.settings.home / "fairwitness.toml"
    toml.write_text(f'{toml.read_text()}pkcs11_module = "{MODULE}"\npkcs11_token = "{token}"\n')
    assert "pkcs11_module" in done(deployment, "ana", "rotate-keys", code=2)
    set_pin(deployment)
    done(deployment, "ana", "rotate-keys")
    assert list((deployment.settings.keys / "kek").glob("*.key")) == []

    assert deployment.post(text_delivery([("wamid.2", "texto canaryword")])) == 200
    done(deployment, "ana", "seal")
    assert "No fault was found" in done(deployment, "ana", "verify")

    tokens = Path(os.environ["SOFTHSM2_CONF"]).parent / "tokens"
    tokens.rename(tokens.with_name("away"))
    tokens.mkdir()
    assert deployment.post(text_delivery([("wamid.3", "texto canaryword")])) == 200
    assert "pkcs11_module" in done(deployment, "ana", "seal", code=2)
    files = [path for path in deployment.settings.home.rglob("*") if path.is_file()]
    assert not any(b"canaryword" in path.read_bytes() for path in files)
    tokens.rmdir()
    tokens.with_name("away").rename(tokens)
    done(deployment, "ana", "seal")
    assert "No fault was found" in done(deployment, "ana", "verify")
