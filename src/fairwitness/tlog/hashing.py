"""The three hashes of RFC 6962, section 2.1: of nothing, of an entry, of two hashes."""

from collections.abc import Sequence
from hashlib import sha256

HASH = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The leaf of an entry: SHA-256(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The node above two hashes: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def split(hashes: bytes) -> list[bytes]:
    """The single hashes of a tile's bytes."""
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """The root above `hashes`, whose number is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return row[0]


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """The roots of the perfect trees that `hashes` falls into, the largest first."""
    roots, start, left = [], 0, len(hashes)
    while left:
        width = 1 << (left.bit_length() - 1)
        roots.append(perfect_root(hashes[start : start + width]))
        start, left = start + width, left - width
    return roots


def fold(roots: Sequence[bytes]) -> bytes:
    """The root above perfect trees that stand beside each other, the largest first."""
    if not roots:
        return EMPTY_ROOT
    root = roots[-1]
    for left in reversed(roots[:-1]):
        root = node_hash(left, root)
    return root
