"""The directory of a zip, read field by field (APPNOTE 6.3.10), believing nothing twice said.

Python's own reader takes the directory's word; here every local header is held against it.
"""

import struct
from typing import BinaryIO

import msgspec

from fairwitness.errors import Malformed, TooLarge

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT = 65_535
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_UTF8_NAME = 0x800
_SIZES_FOLLOW = 0x8
_ZIP64_EXTRA = 1
_ENTRY_BYTES = 66_000


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the directory says about one member."""

    number: int
    name: str
    raw_name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    attributes: int
    system: int
    header_at: int


class Directory(msgspec.Struct, frozen=True):
    """The entries of a zip and the byte where its directory begins."""

    entries: tuple[Entry, ...]
    starts_at: int


def read_directory(file: BinaryIO, *, max_entries: int) -> Directory:
    """The directory of `file`; it must fill exactly the bytes before the end record."""
    count, size, start, end_at = _read_end(file)
    if count > max_entries:
        raise TooLarge("the zip holds more members than is accepted", members=count, limit=max_entries)
    if start + size != end_at:
        raise Malformed("the zip's directory is not where its end says")
    if size > max_entries * _ENTRY_BYTES:
        raise TooLarge("the zip's directory is larger than is accepted", size=size)
    file.seek(start)
    raw = file.read(size)
    if len(raw) != size:
        raise Malformed("the zip ends inside its directory")
    entries, at = [], 0
    for number in range(count):
        entry, at = _read_entry(raw, at, number)
        entries.append(entry)
    if at != size:
        raise Malformed("the zip's directory holds more than it lists")
    return Directory(tuple(entries), start)


def read_local(file: BinaryIO, entry: Entry) -> int:
    """Where the data of `entry` begin, once its local header has said the same as the directory."""
    file.seek(entry.header_at)
    raw = file.read(_LOCAL.size)
    if len(raw) != _LOCAL.size or not raw.startswith(b"PK\x03\x04"):
        raise Malformed("a member of the zip has no header", entry=entry.number)
    _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _LOCAL.unpack(raw)
    rest = file.read(name_length + extra_length)
    if rest[:name_length] != entry.raw_name or method != entry.method:
        raise Malformed("a member of the zip is named or packed in two ways", entry=entry.number)
    if (flags ^ entry.flags) & 0x2041:
        raise Malformed("a member of the zip is and is not encrypted", entry=entry.number)
    if not flags & _SIZES_FOLLOW or packed or size:
        wide = _zip64(rest[name_length:], [v == _FULL32 for v in (size, packed)], entry.number)
        size = wide.pop(0) if size == _FULL32 else size
        packed = wide.pop(0) if packed == _FULL32 else packed
        if not flags & _SIZES_FOLLOW and (crc, packed, size) != (entry.crc, entry.packed, entry.size):
            raise Malformed("a member of the zip has two sizes", entry=entry.number)
    return entry.header_at + _LOCAL.size + int(name_length) + int(extra_length)


def _read_end(file: BinaryIO) -> tuple[int, int, int, int]:
    """Number of members, size and start of the directory, and where it must end."""
    length = file.seek(0, 2)
    window = min(length, _END.size + _MAX_COMMENT)
    file.seek(length - window)
    tail = file.read(window)
    at = tail.rfind(b"PK\x05\x06")
    while at >= 0 and not _ends_here(tail, at):
        at = tail.rfind(b"PK\x05\x06", 0, at)
    if at < 0:
        raise Malformed("not a zip, or a zip that was cut off")
    _, disk, first_disk, here, count, size, start, _ = _END.unpack_from(tail, at)
    end_at = length - window + at
    if at >= _END64_LOCATOR.size and tail[at - _END64_LOCATOR.size :].startswith(b"PK\x06\x07"):
        return _read_end64(file, end_at, (here, count, size, start))
    if (disk, first_disk) != (0, 0) or here != count:
        raise Malformed("the zip is spread over several files")
    if count == _FULL16 or _FULL32 in (size, start):
        raise Malformed("the zip announces a long form that is missing")
    return count, size, start, end_at


def _ends_here(tail: bytes, at: int) -> bool:
    """True when the record at `at` and its comment fill the file to its end."""
    if at + _END.size > len(tail):
        return False
    return at + _END.size + int(_END.unpack_from(tail, at)[-1]) == len(tail)


def _read_end64(file: BinaryIO, end_at: int, short: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The long form of the end; where the short form also has a value, both must agree."""
    locator_at = end_at - _END64_LOCATOR.size
    file.seek(locator_at)
    _, disk, record_at, disks = _END64_LOCATOR.unpack(file.read(_END64_LOCATOR.size))
    file.seek(record_at)
    raw = file.read(_END64.size)
    if len(raw) != _END64.size or not raw.startswith(b"PK\x06\x06"):
        raise Malformed("the zip's long form is not where it says")
    _, length, _, _, _, _, here, count, size, start = _END64.unpack(raw)
    if disk or disks > 1 or here != count or record_at + 12 + length != locator_at:
        raise Malformed("the zip's long form contradicts itself")
    fulls = (_FULL16, _FULL16, _FULL32, _FULL32)
    for brief, long, full in zip(short, (here, count, size, start), fulls, strict=True):
        if brief not in (full, long):
            raise Malformed("the zip's short and long forms disagree")
    return count, size, start, record_at


def _read_entry(raw: bytes, at: int, number: int) -> tuple[Entry, int]:
    if at + _CENTRAL.size > len(raw) or raw[at : at + 4] != b"PK\x01\x02":
        raise Malformed("the zip's directory lists fewer members than it announces", entry=number)
    (_, made, _, flags, method, _, _, crc, packed, size, name_length, extra_length, comment_length, disk, _,
     attributes, header_at) = _CENTRAL.unpack_from(raw, at)  # fmt: skip
    name_at = at + _CENTRAL.size
    extra_at = name_at + name_length
    end = extra_at + extra_length + comment_length
    if end > len(raw) or disk not in (0, _FULL16):
        raise Malformed("the zip's directory is damaged", entry=number)
    raw_name = raw[name_at:extra_at]
    wanted = [value == _FULL32 for value in (size, packed, header_at)]
    wide = _zip64(raw[extra_at : extra_at + extra_length], wanted, number)
    size = wide.pop(0) if size == _FULL32 else size
    packed = wide.pop(0) if packed == _FULL32 else packed
    header_at = wide.pop(0) if header_at == _FULL32 else header_at
    entry = Entry(
        number=number, name=_name(raw_name, flags), raw_name=raw_name, flags=flags, method=method, crc=crc,
        packed=packed, size=size, attributes=attributes, system=made >> 8, header_at=header_at,
    )  # fmt: skip
    return entry, end


def _zip64(extra: bytes, wanted: list[bool], number: int) -> list[int]:
    """The long values that stand in for full ones; `Malformed` when one is missing."""
    needed = sum(wanted)
    at = 0
    while needed and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _ZIP64_EXTRA and length >= 8 * needed and at + 4 + length <= len(extra):
            return list(struct.unpack_from(f"<{needed}Q", extra, at + 4))
        at += 4 + length
    if needed:
        raise Malformed("a member of the zip announces a long size that is missing", entry=number)
    return []


def _name(raw: bytes, flags: int) -> str:
    """UTF-8 where it says so or is; else the old encoding of zips."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        if flags & _UTF8_NAME:
            raise Malformed("a name in the zip is not UTF-8") from error
        return raw.decode("cp437")
