"""The keyring on disk: one file per role, each under a passphrase.

scrypt (RFC 7914; N = 2**15, r = 8, p = 1) makes the key, AES-256-GCM encrypts. The files
hold nothing that helps without the passphrase.
"""

import base64
import os
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from fairwitness.engines.filesystem.store import make_folder, sync
from fairwitness.errors import Misconfigured

_N, _R, _P = 2**15, 8, 1
_T = TypeVar("_T")


class _Locked(msgspec.Struct, frozen=True):
    v: int
    kdf: str
    n: int
    r: int
    p: int
    salt: str
    nonce: str
    sealed: str


def write_keyring(path: Path, value: msgspec.Struct, *, passphrase: str) -> None:
    """Write `value` encrypted under `passphrase`, readable by the owner only, durably."""
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_derive(passphrase, salt, _N, _R, _P)).encrypt(
        nonce, msgspec.msgpack.encode(value), path.name.encode()
    )
    texts = [base64.b64encode(part).decode() for part in (salt, nonce, sealed)]
    data = msgspec.json.encode(_Locked(1, "scrypt", _N, _R, _P, *texts))
    make_folder(path.parent)
    staged = path.with_name(".tmp-" + path.name)
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)
    sync(path.parent)


def read_keyring(path: Path, kind: type[_T], *, passphrase: str) -> _T:
    """Read a `kind` back, or `Misconfigured` when the passphrase does not open it."""
    try:
        locked = msgspec.json.decode(path.read_bytes(), type=_Locked)
    except FileNotFoundError as error:
        raise Misconfigured(
            "there is no keyring here", setting="FAIRWITNESS_HOME", hint="Run `fairwitness init`.",
            file=str(path),
        ) from error  # fmt: skip
    salt, nonce, sealed = (base64.b64decode(text) for text in (locked.salt, locked.nonce, locked.sealed))
    key = _derive(passphrase, salt, locked.n, locked.r, locked.p)
    try:
        plain = AESGCM(key).decrypt(nonce, sealed, path.name.encode())
    except InvalidTag as error:
        raise Misconfigured("the passphrase does not open the keyring", setting="passphrase") from error
    return msgspec.msgpack.decode(plain, type=kind)


def _derive(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase.encode())
