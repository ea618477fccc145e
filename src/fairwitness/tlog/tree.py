"""The right edge of a growing tree, and the tiles that change when it grows.

A frontier is all that must be known of a tree to append to it: at each level, the
hashes of its partial tile. Growing costs what is appended, whatever the tree's size.
"""

from collections.abc import Callable, Sequence

import msgspec

from fairwitness.errors import HashMismatch
from fairwitness.tlog.hashing import HASH, fold, peaks, perfect_root, split
from fairwitness.tlog.tiles import WIDTH, tile_path

_FULL = WIDTH * HASH


class Frontier(msgspec.Struct, frozen=True):
    """The right edge of a tree of `size` entries: the bytes of each level's partial tile.

    `edge[level]` is empty where the level has no partial tile.
    """

    size: int
    edge: tuple[bytes, ...]

    @staticmethod
    def empty() -> "Frontier":
        """The edge of the tree without entries."""
        return Frontier(0, ())

    def root(self) -> bytes:
        """The Merkle tree hash of the whole tree."""
        return fold([root for hashes in reversed(self.edge) for root in peaks(split(hashes))])


class TileWrite(msgspec.Struct, frozen=True):
    """A tile as it is to be published. A full one never changes again."""

    level: int
    index: int
    width: int
    data: bytes

    @property
    def path(self) -> str:
        """Its path in the log's folder."""
        return tile_path(self.level, self.index, self.width)

    @property
    def full(self) -> bool:
        """Whether it has all its 256 hashes."""
        return self.width == WIDTH


def load_frontier(size: int, read_tile: Callable[[int, int, int], bytes]) -> Frontier:
    """The edge of a stored tree, read from one partial tile a level.

    `read_tile(level, index, width)` gives a tile's bytes. The caller MUST compare
    `root()` with a checkpoint that it believes: the tiles themselves prove nothing.
    """
    edge, level = [], 0
    while count := size >> (8 * level):
        index, width = divmod(count, WIDTH)
        data = read_tile(level, index, width) if width else b""
        if len(data) != width * HASH:
            path = tile_path(level, index, width)
            raise HashMismatch("a tile has the wrong length", path=path, size=len(data))
        edge.append(data)
        level += 1
    return Frontier(size, tuple(edge))


def extend(frontier: Frontier, leaves: Sequence[bytes]) -> tuple[Frontier, list[TileWrite]]:
    """Append leaf hashes: the new frontier, and every tile that is new or has grown.

    Writes come level by level, full tiles before the level's partial one.
    """
    if any(len(leaf) != HASH for leaf in leaves):
        raise ValueError(f"a leaf hash is {HASH} bytes")
    edge, writes = list(frontier.edge), []
    fresh, level = b"".join(leaves), 0
    while fresh:
        if level == len(edge):
            edge.append(b"")
        first = (frontier.size >> (8 * level)) // WIDTH
        tiles, edge[level] = _cut(edge[level] + fresh)
        writes += [TileWrite(level, first + at, WIDTH, data) for at, data in enumerate(tiles)]
        if edge[level]:
            writes.append(TileWrite(level, first + len(tiles), len(edge[level]) // HASH, edge[level]))
        fresh = b"".join(perfect_root(split(data)) for data in tiles)
        level += 1
    return Frontier(frontier.size + len(leaves), tuple(edge)), writes


def _cut(hashes: bytes) -> tuple[list[bytes], bytes]:
    whole = len(hashes) - len(hashes) % _FULL
    return [hashes[at : at + _FULL] for at in range(0, whole, _FULL)], hashes[whole:]
