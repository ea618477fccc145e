"""A zip that is the same bytes every time (`docs/spec/pack.md`, section 2), and the list of what is in it."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO

from fairwitness import canonical
from fairwitness.errors import Misconfigured

MANIFEST = "manifest.json"
LARGEST = 2**31 - 1
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_LOCAL = 30
_CHUNK = 49_152


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the pack: its name, size and SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class Packer:
    """Writes files into a zip, one after another, and remembers what it wrote."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._zip = zipfile.ZipFile(file, "w", allowZip64=False)
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._listed: dict[str, Listed] = {}

    def add(self, name: str, blocks: Iterable[bytes], *, stored: bool = False) -> None:
        """Write a file from its blocks."""
        info = zipfile.ZipInfo(name, _FIRST_DAY)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.create_system, info.external_attr = 3, 0o100644 << 16
        digest, size = sha256(), 0
        try:
            with self._zip.open(info, "w") as out:
                for block in blocks:
                    out.write(block)
                    digest.update(block)
                    size += len(block)
        except (zipfile.LargeZipFile, RuntimeError) as error:
            raise _too_large() from error
        if self._file.tell() > LARGEST:
            raise _too_large()
        self._infos[name] = info
        self._listed[name] = Listed(name, size, digest.hexdigest())

    def deflated(self, name: str, path: str) -> Iterator[bytes]:
        """The deflated bytes of a file that was written, read back from the zip at `path`."""
        info = self._infos[name]
        self._file.flush()
        start = info.header_offset + _LOCAL + len(name)
        with open(path, "rb") as file:  # noqa: PTH123
            file.seek(start)
            left = info.compress_size
            while left:
                block = file.read(min(_CHUNK, left))
                left -= len(block)
                yield block

    def listing(self) -> bytes:
        """The manifest of what is there so far."""
        files = [
            {"name": one.name, "sha256": one.sha256, "size": one.size}
            for one in sorted(self._listed.values(), key=lambda one: one.name)
        ]
        return canonical.encode({"files": files, "v": 1})

    def finish(self) -> None:
        """Write the manifest and the zip's directory."""
        self.add(MANIFEST, [self.listing()])
        self._zip.close()


def _too_large() -> Misconfigured:
    return Misconfigured(
        "the pack would be larger than 2 GiB",
        setting="--to",
        hint="Produce it in parts, by person or by time.",
    )
