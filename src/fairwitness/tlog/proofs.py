"""Proofs about the log: made from tiles, checked with nothing but hashes.

A proof is made from the tiles that its nodes lie in, a few at each level. Every check
returns None when the claim holds and raises when it does not.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from fairwitness.errors import BadProof, Forked, HashMismatch
from fairwitness.tlog.hashing import EMPTY_ROOT, HASH, node_hash, perfect_root, split
from fairwitness.tlog.tiles import WIDTH, tile_path

ReadTile: TypeAlias = Callable[[int, int, int], bytes]
"""`read_tile(level, index, width)` gives the bytes of a tile."""


def inclusion_proof(index: int, size: int, read_tile: ReadTile) -> list[bytes]:
    """The path from entry `index` to the root of the tree of `size` entries (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not in a tree of {size}")
    nodes = _Nodes(size, read_tile)
    path, start, stop = [], 0, size
    while stop - start > 1:
        middle = start + _half(stop - start)
        if index < middle:
            path.append(nodes.hash(middle, stop))
            stop = middle
        else:
            path.append(nodes.hash(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, new_size: int, read_tile: ReadTile) -> list[bytes]:
    """Why the tree of `old_size` entries is the beginning of that of `new_size` (RFC 9162, 2.1.4.1).

    Nothing need be shown of an empty tree, nor of the same tree: the proof is empty.
    """
    if not 0 <= old_size <= new_size:
        raise ValueError(f"a tree of {new_size} does not continue one of {old_size}")
    if old_size in (0, new_size):
        return []
    nodes = _Nodes(new_size, read_tile)
    path, start, stop, whole = [], 0, new_size, True
    while stop != old_size:
        middle = start + _half(stop - start)
        if old_size <= middle:
            path.append(nodes.hash(middle, stop))
            stop = middle
        else:
            path.append(nodes.hash(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(nodes.hash(start, stop))
    return path[::-1]


def root_at(size: int, read_tile: ReadTile, *, tree_size: int | None = None) -> bytes:
    """The root of the first `size` entries, from the tiles of a tree of `tree_size` (default `size`)."""
    return _Nodes(size if tree_size is None else tree_size, read_tile).hash(0, size)


def check_inclusion(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> None:
    """Check that `leaf` is number `index` in the tree of `size` entries with this `root`.

    Follows RFC 9162, section 2.1.3.2.
    """
    # 1. The entry must lie in the tree, and every hash be one.
    _check_hashes(leaf, root, *path)
    if not 0 <= index < size:
        raise BadProof("the entry is not in a tree of this size", index=index, size=size)
    # 2.-4. Walk up, the number within the level and that of the last node in step.
    number, last, seen = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise BadProof("the proof is too long", index=index, size=size)
        if number & 1 or number == last:
            seen = node_hash(sibling, seen)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            seen = node_hash(seen, sibling)
        number, last = number >> 1, last >> 1
    # 5. The walk must end at the root, with the root's hash.
    if last != 0:
        raise BadProof("the proof is too short", index=index, size=size)
    if seen != root:
        raise BadProof("the proof leads to another root", index=index, size=size)


def check_consistency(
    *, old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    """Check that the tree of `old_size` entries is the beginning of that of `new_size`.

    Follows RFC 9162, section 2.1.4.2. Two roots of one size are `Forked`.
    """
    sizes = {"old_size": old_size, "new_size": new_size}
    # 1. The sizes must be in order; the same tree and the empty one need no proof.
    _check_hashes(old_root, new_root, *path)
    if not 0 <= old_size <= new_size:
        raise BadProof("the newer tree is the smaller one", **sizes)
    if old_size in (0, new_size):
        _check_trivial(old_size, old_root, new_size, new_root, path)
        return
    # 2. A tree that is perfect is its own first node.
    nodes = list(path) if old_size & (old_size - 1) else [old_root, *path]
    if not nodes or not path:
        raise BadProof("the proof is empty", **sizes)
    # 3.-4. Skip the levels where the old tree is a left child.
    number, last = old_size - 1, new_size - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    # 5.-6. Walk up, building both roots.
    old_seen = new_seen = nodes[0]
    for sibling in nodes[1:]:
        if last == 0:
            raise BadProof("the proof is too long", **sizes)
        if number & 1 or number == last:
            old_seen, new_seen = node_hash(sibling, old_seen), node_hash(sibling, new_seen)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new_seen = node_hash(new_seen, sibling)
        number, last = number >> 1, last >> 1
    # 7. Both walks must end at their roots.
    if last != 0:
        raise BadProof("the proof is too short", **sizes)
    if old_seen != old_root or new_seen != new_root:
        raise BadProof("the proof leads to another root", **sizes)


def _check_trivial(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]
) -> None:
    if path:
        raise BadProof("nothing needed a proof, and one is there", old_size=old_size, new_size=new_size)
    if old_size == 0 and old_root != EMPTY_ROOT:
        raise BadProof("this is not the root of the empty tree", old_size=0)
    if new_size == 0 and new_root != EMPTY_ROOT:
        raise BadProof("this is not the root of the empty tree", new_size=0)
    if old_size == new_size and old_root != new_root:
        raise Forked("two roots for one size", size=old_size, one=old_root.hex(), other=new_root.hex())


def _check_hashes(*hashes: bytes) -> None:
    if any(len(value) != HASH for value in hashes):
        raise BadProof(f"a hash is not {HASH} bytes")


def _half(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


class _Nodes:
    """Hashes of ranges of a tree, read from its tiles, each tile once."""

    def __init__(self, size: int, read_tile: ReadTile) -> None:
        self._size = size
        self._read = read_tile
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def hash(self, start: int, stop: int) -> bytes:
        """The Merkle tree hash of `[start, stop)`, a range that RFC 6962's splits produce."""
        count = stop - start
        if count == 0:
            return EMPTY_ROOT
        if not count & (count - 1):
            return self._perfect(start, count.bit_length() - 1)
        middle = start + _half(count)
        return node_hash(self.hash(start, middle), self.hash(middle, stop))

    def _perfect(self, start: int, height: int) -> bytes:
        level, inner = divmod(height, 8)
        index, offset = divmod(start >> (8 * level), WIDTH)
        return perfect_root(self._tile(level, index)[offset : offset + (1 << inner)])

    def _tile(self, level: int, index: int) -> list[bytes]:
        if (level, index) not in self._tiles:
            width = min(WIDTH, (self._size >> (8 * level)) - index * WIDTH)
            data = self._read(level, index, width)
            if len(data) != width * HASH:
                path = tile_path(level, index, width)
                raise HashMismatch("a tile has the wrong length", path=path, size=len(data))
            self._tiles[level, index] = split(data)
        return self._tiles[level, index]
