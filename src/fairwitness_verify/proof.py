"""A proof of one entry (C2SP tlog-proof, version 1), checked with the keys of the log and its witnesses."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

from fairwitness_verify.cosigned import Cosignature, read_cosignatures
from fairwitness_verify.notes import Broken, Checkpoint, Key, parse_base64, read_checkpoint
from fairwitness_verify.tree import leaf_hash

_NUMBER = re.compile("0|[1-9][0-9]{0,18}")
LARGEST = 1_000_000


class Proven(NamedTuple):
    """What a proof shows: which entry of which log, under which checkpoint, cosigned by whom."""

    number: int
    checkpoint: Checkpoint
    cosignatures: list[Cosignature]


def check_proof(data: bytes, entry: bytes, keys: list[Key], witnesses: list[Key], quorum: int) -> Proven:
    """Check that `entry` is in the log that one of `keys` is named after."""
    if len(data) > LARGEST:
        raise Broken("is too large for a proof")
    # 1. The file is a version, an index, hashes, an empty line and a checkpoint.
    head, blank, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Broken("is not text") from None
    if not blank or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Broken("is no proof of version 1")
    index, path = _read_path(lines)
    # 2. The checkpoint is signed by the log that it names, and by enough witnesses.
    origin = read_checkpoint(note, None).origin
    named = [key for key in keys if key.name == origin]
    if not named:
        raise Broken(f"is of a log that no key is given for, {origin}")
    checkpoint = read_checkpoint(note, named[0])
    cosignatures = read_cosignatures(note, witnesses, quorum)
    # 3. The entry leads to its root.
    if index >= checkpoint.size:
        raise Broken("is of an entry that the checkpoint does not cover")
    if root_from(leaf_hash(entry), index, checkpoint.size, path) != checkpoint.root:
        raise Broken("does not lead from this entry to the signed root")
    return Proven(index, checkpoint, cosignatures)


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to (RFC 6962, section 2.1.1), from the top down."""
    # Which side the leaf is on at each split of the tree, from the root on.
    sides, start, stop = [], 0, size
    while stop - start > 1:
        half = 1 << ((stop - start - 1).bit_length() - 1)
        right = index >= start + half
        sides.append(right)
        start, stop = (start + half, stop) if right else (start, start + half)
    if len(sides) != len(path):
        raise Broken(f"has {len(path)} hashes where {len(sides)} lead to the root")
    value = leaf
    for sibling in path:
        right = sides.pop()
        value = sha256(b"\x01" + (sibling + value if right else value + sibling)).digest()
    return value


def _read_path(lines: list[str]) -> tuple[int, list[bytes]]:
    if lines and lines[0].startswith("extra "):
        extra = lines.pop(0)[len("extra ") :]
        if not parse_base64(extra):
            raise Broken("holds extra data that is empty")
    word, _, number = lines.pop(0).partition(" ") if lines else ("", "", "")
    if word != "index" or not _NUMBER.fullmatch(number) or int(number) >= 2**63:
        raise Broken("does not name its entry")
    path = [parse_base64(line) for line in lines]
    if len(path) > 63 or any(len(value) != 32 for value in path):
        raise Broken("holds something that is no hash, or too many")
    return int(number), path
