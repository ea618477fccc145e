"""Where the tree lies in files, as C2SP's tlog-tiles has it.

A tile is up to 256 hashes of one level; a bundle is the entries below a level-0 tile,
each after its length in two bytes. Paths are relative to the log's folder.
"""

import re
import struct
from collections.abc import Iterator, Sequence

import msgspec

from fairwitness.errors import Malformed

WIDTH = 256
LONGEST = 0xFFFF
_HEIGHT = 8
_PATH = re.compile(
    r"tile/(entries|0|[1-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*)([0-9]{3})"
    r"(?:\.p/([1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?"
)


class TileId(msgspec.Struct, frozen=True, order=True):
    """A tile, or a bundle where `level` is -1. `width` is 256 when it is full."""

    level: int
    index: int
    width: int


BUNDLE = -1


def tile_path(level: int, index: int, width: int = WIDTH) -> str:
    """The path of a tile: `tile/0/x001/x234/067`, with `.p/<width>` when partial."""
    return _path(str(level), index, width)


def bundle_path(index: int, width: int = WIDTH) -> str:
    """The path of an entry bundle: `tile/entries/000.p/7`."""
    return _path("entries", index, width)


def _path(level: str, index: int, width: int) -> str:
    if index < 0 or not 1 <= width <= WIDTH:
        raise ValueError(f"no tile has index {index} and width {width}")
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def parse_path(path: str) -> TileId | None:
    """Which tile or bundle a path names; None where it is not exactly such a path."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level, groups, last, width = match.groups()
    if groups.startswith("x000/"):
        return None
    index = int(groups.replace("x", "").replace("/", "") + last)
    return TileId(BUNDLE if level == "entries" else int(level), index, int(width or WIDTH))


def tiles_of(size: int) -> Iterator[TileId]:
    """Every tile of a tree of `size` entries, level by level."""
    level = 0
    while count := size >> (_HEIGHT * level):
        yield from _row(level, count)
        level += 1


def bundles_of(size: int) -> Iterator[TileId]:
    """Every entry bundle of a log of `size` entries."""
    yield from _row(BUNDLE, size)


def _row(level: int, count: int) -> Iterator[TileId]:
    for index in range(count // WIDTH):
        yield TileId(level, index, WIDTH)
    if count % WIDTH:
        yield TileId(level, count // WIDTH, count % WIDTH)


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """The bytes of a bundle of up to 256 entries."""
    if not 1 <= len(entries) <= WIDTH:
        raise ValueError(f"a bundle holds 1 to {WIDTH} entries, not {len(entries)}")
    parts = []
    for entry in entries:
        if len(entry) > LONGEST:
            raise Malformed("an entry is too long for a bundle", size=len(entry))
        parts.append(struct.pack(">H", len(entry)))
        parts.append(entry)
    return b"".join(parts)


def decode_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle, or `Malformed` with the offset where it breaks."""
    entries: list[bytes] = []
    offset, end = 0, len(data)
    while offset < end:
        start = offset + 2
        stop = start + int.from_bytes(data[offset:start], "big")
        if start > end or stop > end:
            raise Malformed("a bundle breaks off within an entry", offset=offset, entry=len(entries))
        entries.append(data[start:stop])
        offset = stop
    if not 1 <= len(entries) <= WIDTH:
        raise Malformed("a bundle holds no entries, or over 256", entries=len(entries))
    return entries
