"""`archive.key_ports.Cabinet` in a folder: one encrypted file per secret.

A file is a nonce and AES-256-GCM(the cabinet's key, secret) with the secret's name as
additional data. The cabinet's key follows from the one it is given, by HKDF-SHA-256 and its
folder's name. A secret that is destroyed is written over before its file goes. A file system
that copies on write, or a disk that levels wear, may keep the old block: it stays encrypted.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fairwitness.errors import Misconfigured, NotDurable

_ENDING = ".key"
_NONCE = 12


class FolderCabinet:
    """Secrets in `folder`, under a 32-byte key."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        info = f"fairwitness/cabinet/v1\n{folder.name}".encode()
        self._aead = AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(key))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        return sorted(path.stem for path in self._folder.glob(f"*{_ENDING}") if path.name[0] != ".")

    def get(self, name: str) -> bytes | None:
        """The secret of this name, or None."""
        try:
            data = self._path(name).read_bytes()
        except FileNotFoundError:
            return None
        try:
            return self._aead.decrypt(data[:_NONCE], data[_NONCE:], name.encode())
        except InvalidTag as error:
            raise Misconfigured("a key file does not open", setting="keys", file=name) from error

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret; it survives a power cut when this returns."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._aead.encrypt(nonce, secret, name.encode())
        staged = self._path(name).with_name(f".tmp-{name}")
        try:
            _write(staged, sealed, os.O_CREAT | os.O_TRUNC)
            staged.replace(self._path(name))
            self._sync()
        except OSError as error:
            raise NotDurable("a key could not be written", file=name, reason=str(error)) from error

    def destroy(self, name: str) -> None:
        """Write over a secret and remove it; nothing happens when it is gone."""
        path = self._path(name)
        try:
            with suppress(FileNotFoundError):
                _write(path, os.urandom(path.stat().st_size), 0)
                path.unlink()
            self._sync()
        except OSError as error:
            raise NotDurable("a key could not be destroyed", file=name, reason=str(error)) from error

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}{_ENDING}"

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(path: Path, data: bytes, flags: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | flags, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
