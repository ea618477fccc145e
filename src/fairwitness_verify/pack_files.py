"""The files of a pack, out of its zip or out of the folder that it was unpacked into.

The zip is read as strictly as `docs/spec/pack.md`, section 2, writes it: there is one way to lay it out,
so that no two readers can see two packs in one file.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fairwitness_verify.folder import Folder, Missing
from fairwitness_verify.notes import Broken

_CHUNK = 65_536
_LARGEST_PACK = 2**31 - 1
_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_DATE = 0x21
PACK_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*)*")


class BadContainer(Broken):
    """The zip is not laid out as a pack is; `file` is the member that differs, if one does."""

    def __init__(self, what: str, file: str = "") -> None:
        super().__init__(what)
        self.file = file


class _Member(NamedTuple):
    method: int
    crc: int
    packed: int
    size: int
    start: int


class ZipFiles:
    """The files in a pack's zip."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._members = _read_directory(file)
        self.odd: list[str] = []

    def names(self) -> set[str]:
        """The names of all files."""
        return set(self._members)

    def blocks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file in blocks, or `Broken` where it can not be unpacked to what it should be."""
        member = self._members.get(name)
        if member is None:
            raise Missing("is missing")
        crc, size = 0, 0
        for block in self._unpacked(member):
            crc, size = zlib.crc32(block, crc), size + len(block)
            if size > member.size:
                break
            yield block
        if (crc, size) != (member.crc, member.size):
            raise Broken("does not unpack to what the zip says")

    def _unpacked(self, member: _Member) -> Iterator[bytes]:
        self._file.seek(member.start)
        unpacker = zlib.decompressobj(-15) if member.method else None
        left = member.packed
        while left:
            block = self._file.read(min(_CHUNK, left))
            if not block:
                raise Broken("can not be read to its end")
            left -= len(block)
            yield from _inflate(unpacker, block) if unpacker else (block,)
        if unpacker and (not unpacker.eof or unpacker.unused_data):
            raise Broken("does not unpack")


def _inflate(unpacker: zlib._Decompress, block: bytes) -> Iterator[bytes]:
    try:
        while block:
            yield unpacker.decompress(block, _CHUNK * 16)
            block = unpacker.unconsumed_tail
    except zlib.error:
        raise Broken("does not unpack") from None


class FolderFiles:
    """The files in the folder that a pack was unpacked into. `odd` names what is no plain file."""

    def __init__(self, path: str) -> None:
        self._folder = Folder(path)
        found = list(self._folder.walk())
        self._names = {one.name for one in found if not one.wrong}
        self.odd = sorted(one.name for one in found if one.wrong)

    def names(self) -> set[str]:
        """The names of all plain files."""
        return set(self._names)

    def blocks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file in blocks."""
        yield from self._folder.blocks(name, _CHUNK, _LARGEST_PACK)


@contextmanager
def pack_files(path: str) -> Iterator[ZipFiles | FolderFiles]:
    """The files of the pack at `path`, a zip or a folder."""
    if Path(path).is_dir():
        yield FolderFiles(path)
    else:
        with Path(path).open("rb") as file:
            yield ZipFiles(file)


def _read_directory(file: BinaryIO) -> dict[str, _Member]:
    total = file.seek(0, os.SEEK_END)
    if not _END.size <= total <= _LARGEST_PACK:
        raise BadContainer("is not a zip of a size that a pack can have")
    file.seek(total - _END.size)
    mark, *numbers = _END.unpack(file.read(_END.size))
    disk, first_disk, here, count, length, start, comment = numbers
    if mark != b"PK\x05\x06" or (disk, first_disk, comment) != (0, 0, 0) or here != count:
        raise BadContainer("does not end as a pack's zip does")
    if start + length + _END.size != total:
        raise BadContainer("has bytes that its directory does not account for")
    file.seek(start)
    directory = file.read(length)
    members: dict[str, _Member] = {}
    at, place = 0, 0
    for _ in range(count):
        name, member, at = _read_entry(directory, at, place)
        if name in members:
            raise BadContainer("names a file twice", name)
        members[name] = member
        _check_local(file, name, member, place)
        place = member.start + member.packed
    if at != length or place != start:
        raise BadContainer("has bytes that its directory does not account for")
    return members


def _read_entry(directory: bytes, at: int, place: int) -> tuple[str, _Member, int]:
    if at + _CENTRAL.size > len(directory):
        raise BadContainer("has a directory that breaks off")
    fields = _CENTRAL.unpack_from(directory, at)
    method, crc, packed, size, length = fields[4], *fields[7:11]
    end = at + _CENTRAL.size + length
    name = directory[at + _CENTRAL.size : end].decode("latin-1")
    if end > len(directory) or not PACK_NAME.fullmatch(name):
        raise BadContainer("has a file name that a pack does not have")
    expected = (
        b"PK\x01\x02", 0x0314, 20, 0, method, 0, _DATE, crc, packed, size, length, 0, 0, 0, 0,
        0o100644 << 16, place,
    )  # fmt: skip
    if fields != expected or method not in (0, 8) or (method == 0 and packed != size):
        raise BadContainer("has a directory entry that a pack does not have", name)
    return name, _Member(method, crc, packed, size, place + _LOCAL.size + length), end


def _check_local(file: BinaryIO, name: str, member: _Member, place: int) -> None:
    expected = _LOCAL.pack(
        b"PK\x03\x04", 20, 0, member.method, 0, _DATE, member.crc, member.packed, member.size, len(name), 0
    ) + name.encode("latin-1")
    file.seek(place)
    if file.read(len(expected)) != expected:
        raise BadContainer("has a file whose header is not what the directory says", name)
