"""Merkle hashes (RFC 6962, section 2.1), and the names of tiles and bundles (C2SP tlog-tiles)."""

from __future__ import annotations

import re
from hashlib import sha256

from fairwitness_verify.notes import EMPTY_ROOT, Broken

WIDTH = 256
BUNDLE = -1
LONGEST_BUNDLE = WIDTH * (2 + 0xFFFF)
_PATH = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*)([0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?"
)


def leaf_hash(entry: bytes) -> bytes:
    """The leaf of an entry."""
    return sha256(b"\x00" + entry).digest()


def peaks(hashes: list[bytes]) -> list[bytes]:
    """The roots of the perfect trees that a row of hashes falls into, the largest first."""
    roots, at = [], 0
    while at < len(hashes):
        width = 1 << ((len(hashes) - at).bit_length() - 1)
        row = hashes[at : at + width]
        while len(row) > 1:
            row = [sha256(b"\x01" + row[i] + row[i + 1]).digest() for i in range(0, len(row), 2)]
        roots.append(row[0])
        at += width
    return roots


def root_of(rows: list[list[bytes]]) -> bytes:
    """The root of a tree, from the right edge of its tiles, the highest level first."""
    roots = [root for row in rows for root in peaks(row)]
    if not roots:
        return EMPTY_ROOT
    root = roots[-1]
    for left in roots[-2::-1]:
        root = sha256(b"\x01" + left + root).digest()
    return root


def split_tile(data: bytes) -> list[bytes]:
    """The hashes of a tile."""
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def split_bundle(data: bytes) -> list[bytes]:
    """The entries of a bundle."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        stop = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if at + 2 > len(data) or stop > len(data):
            raise Broken(f"breaks off within its entry {len(entries)}, at byte {at}")
        entries.append(data[at + 2 : stop])
        at = stop
    return entries


def path_of(level: int, index: int, width: int) -> str:
    """The path of a tile or bundle in its log's folder."""
    groups = f"{index % 1000:03d}"
    while index >= 1000:
        index //= 1000
        groups = f"x{index % 1000:03d}/{groups}"
    name = "entries" if level == BUNDLE else str(level)
    return f"tile/{name}/{groups}" + (f".p/{width}" if width < WIDTH else "")


def parse_path(path: str) -> tuple[int, int, int] | None:
    """Level, index and width of a tile or bundle; None for any other path."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level = BUNDLE if match.group(1) == "entries" else int(match.group(1))
    index = int(re.sub("[x/]", "", match.group(2)) + match.group(3))
    tile = (level, index, int(match.group(4) or WIDTH))
    return tile if path_of(*tile) == path else None
