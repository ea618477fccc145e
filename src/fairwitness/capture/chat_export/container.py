"""A zip looked at before anything in it is unpacked.

`inspect_zip` reads the directory and every local header itself and refuses what a zip of
WhatsApp never is: members that overlap, climb, hide behind another name, unpack to far
more than they are, are encrypted or links. `chat_text` unpacks the chat and nothing else.
The file is handed in; no path is ever opened or written.
"""

import stat
import zlib
from collections.abc import Sequence
from typing import BinaryIO

import msgspec

from fairwitness.capture.chat_export import zip_format
from fairwitness.capture.chat_export.names import chat_name
from fairwitness.capture.chat_export.zip_format import Entry
from fairwitness.errors import Malformed, TooLarge

_METHODS = {0: "stored", 8: "deflated"}
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_UNIX = 3
_RATIO = 200
_SMALL = 1 << 20
_CHUNK = 1 << 16
MAX_ENTRIES = 20_000
MAX_TOTAL = 64 << 30
MAX_TEXT = 128 << 20


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a zip that passed inspection. `first_byte` is where its data begin."""

    name: str
    size: int
    packed: int
    method: int
    crc: int
    first_byte: int


def inspect_zip(
    file: BinaryIO, *, max_entries: int = MAX_ENTRIES, max_total: int = MAX_TOTAL
) -> Sequence[Member]:
    """The members of a zip, or `Malformed` or `TooLarge` with the reason it is refused.

    1. The directory is whole, ends where the file ends, and lists a sane number of members.
    2. Every name is relative, does not climb, is no link, and is not there twice.
    3. Nothing is encrypted, and nothing unpacks to far more than it is.
    4. Every local header says what the directory says, and no two members share a byte.
    """
    directory = zip_format.read_directory(file, max_entries=max_entries)
    names: set[str] = set()
    total = 0
    members = []
    taken: list[tuple[int, int, str]] = []
    for entry in directory.entries:
        _check_name(entry, names)
        _check_kind(entry)
        total += entry.size
        if total > max_total:
            raise TooLarge("the zip unpacks to more than is accepted", limit=max_total)
        data_at = zip_format.read_local(file, entry)
        taken.append((entry.header_at, data_at + entry.packed, entry.name))
        members.append(
            Member(name=entry.name, size=entry.size, packed=entry.packed, method=entry.method,
                   crc=entry.crc, first_byte=data_at)
        )  # fmt: skip
    _check_overlaps(taken, directory.starts_at)
    return tuple(members)


def chat_text(file: BinaryIO, *, limit: int = MAX_TEXT) -> tuple[str, bytes]:
    """The name and bytes of the chat's text, unpacked up to `limit`.

    Zips in the zip are left alone, and so is every other file.
    """
    member = _the_chat(inspect_zip(file))
    if member.size > limit:
        raise TooLarge("the chat's text is larger than is accepted", size=member.size, limit=limit)
    return member.name, _unpack(file, member, limit)


def _the_chat(members: Sequence[Member]) -> Member:
    """The text of the chat: `_chat.txt`, else the one named like a chat, else the only one."""
    texts = [m for m in members if m.name.lower().endswith(".txt") and not m.name.startswith("__MACOSX/")]
    if not texts:
        raise Malformed("the zip holds no .txt: it is not a chat export")
    for wanted in (
        [m for m in texts if m.name.rpartition("/")[2] == "_chat.txt"],
        [m for m in texts if chat_name(m.name)],
        [m for m in texts if "/" not in m.name],
        texts,
    ):
        if len(wanted) == 1:
            return wanted[0]
    raise Malformed("the zip holds several texts, and none is plainly the chat", texts=len(texts))


def _check_name(entry: Entry, names: set[str]) -> None:
    name = entry.name
    parts = name.replace("\\", "/").split("/")
    if not name or any(ord(c) < 32 or ord(c) == 127 for c in name):
        raise Malformed("a name in the zip is empty or holds control characters", entry=entry.number)
    if name[0] in "/\\" or "\\" in name or (len(name) > 1 and name[1] == ":"):
        raise Malformed("a name in the zip is absolute or not portable", entry=entry.number)
    if ".." in parts or "." in parts:
        raise Malformed("a name in the zip climbs out of its folder", entry=entry.number)
    if name in names:
        raise Malformed("two members of the zip have the same name", entry=entry.number)
    names.add(name)


def _check_kind(entry: Entry) -> None:
    mode = entry.attributes >> 16
    if entry.system == _UNIX and mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Malformed("the zip holds a link or a device", entry=entry.number)
    if entry.flags & _ENCRYPTED:
        raise Malformed("the zip is encrypted; export the chat without a password", entry=entry.number)
    if entry.method not in _METHODS:
        raise Malformed("the zip is packed in a way that WhatsApp does not use", method=entry.method)
    if entry.method == 0 and entry.size != entry.packed:
        raise Malformed("a stored member of the zip lies about its size", entry=entry.number)
    if entry.size > _SMALL and entry.size > _RATIO * max(entry.packed, 1):
        raise TooLarge("a member of the zip unpacks to far more than it is", entry=entry.number)


def _check_overlaps(taken: list[tuple[int, int, str]], directory_at: int) -> None:
    """No member may begin before another ends, or reach into the directory."""
    end = 0
    for first, last, _ in sorted(taken):
        if first < end:
            raise Malformed("members of the zip overlap", offset=first)
        end = last
    if end > directory_at:
        raise Malformed("a member of the zip reaches into its directory", offset=end)


def _unpack(file: BinaryIO, member: Member, limit: int) -> bytes:
    """The bytes of `member`, checked against its size and CRC, never more than it announced."""
    file.seek(member.first_byte)
    inflate = zlib.decompressobj(-15) if member.method == 8 else None
    out, left, room = bytearray(), member.packed, min(limit, member.size)
    while left:
        chunk = file.read(min(_CHUNK, left))
        if not chunk:
            raise Malformed("the zip ends inside the chat")
        left -= len(chunk)
        _add(out, chunk, inflate, room)
    if len(out) != member.size or zlib.crc32(out) != member.crc:
        raise Malformed("the chat in the zip is damaged", size=len(out), expected=member.size)
    return bytes(out)


def _add(out: bytearray, chunk: bytes, inflate: "zlib._Decompress | None", room: int) -> None:
    try:
        while chunk:
            out += inflate.decompress(chunk, room + 1 - len(out)) if inflate else chunk
            if len(out) > room:
                raise TooLarge("the chat unpacks to more than the zip announced", limit=room)
            chunk = inflate.unconsumed_tail if inflate else b""
    except zlib.error as error:
        raise Malformed("the chat in the zip is damaged") from error
