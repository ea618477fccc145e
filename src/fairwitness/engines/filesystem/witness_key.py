"""The one secret of a witness: a line in a file that only its owner may read.

The line is as Go's `note` package writes signing keys, `PRIVATE+KEY+name+id+key`, with the
type of cosignatures. A witness starts alone after a power cut, so no passphrase is on it.
"""

import base64
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairwitness.errors import BadCheckpoint, Misconfigured
from fairwitness.tlog import WitnessKey, write_witness_vkey

_PREFIX = "PRIVATE+KEY+"
_TYPE = b"\x04"


def read_witness_key(path: Path, *, name: str = "") -> tuple[str, Ed25519PrivateKey]:
    """The name and key at `path`. With a name, a key is made where there is none; another name is refused."""
    if not path.exists():
        if not name:
            raise Misconfigured(
                "there is no witness here yet", setting="--name", hint="Say what it is to be called."
            )
        _write(path, name, Ed25519PrivateKey.generate())
    held, private = _read(path)
    if name and name != held:
        raise Misconfigured("the witness here has another name", setting="--name", hint=f"It is {held}.")
    return held, private


def _read(path: Path) -> tuple[str, Ed25519PrivateKey]:
    parts = path.read_text("utf-8").strip().removeprefix(_PREFIX).split("+", 2)
    try:
        name, _, encoded = parts
        data = base64.b64decode(encoded, validate=True)
        if data[:1] != _TYPE:
            raise ValueError("not a key for cosignatures")
        private = Ed25519PrivateKey.from_private_bytes(data[1:])
        if _line(name, private) != _PREFIX + "+".join(parts):
            raise ValueError("not the key that its id says")
    except (ValueError, BadCheckpoint) as error:
        raise Misconfigured(
            "the key of the witness can not be read", setting="--home", file=str(path)
        ) from error
    return name, private


def _write(path: Path, name: str, private: Ed25519PrivateKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        line = _line(name, private)
    except BadCheckpoint as error:
        raise Misconfigured(error.message, setting="--name") from error
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _line(name: str, private: Ed25519PrivateKey) -> str:
    vkey = write_witness_vkey(WitnessKey(name, private.public_key().public_bytes_raw()))
    key_id = vkey.split("+")[1]
    encoded = base64.b64encode(_TYPE + private.private_bytes_raw()).decode("ascii")
    return f"{_PREFIX}{name}+{key_id}+{encoded}"
