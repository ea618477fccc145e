"""A log as it was at a checkpoint: its headers and inclusion proofs, out of the published files.

The files may have grown since. What they hold of the older tree is its beginning, so it is cut to size; and
no proof is handed out that does not lead to the signed root.
"""

import struct
from collections.abc import Callable

from fairwitness.errors import HashMismatch
from fairwitness.model.entry import LogName
from fairwitness.produce.ports import PublishedFiles
from fairwitness.tlog import (
    HASH,
    WIDTH,
    Checkpoint,
    bundle_path,
    check_inclusion,
    decode_bundle,
    leaf_hash,
    node_hash,
    tile_path,
)

_MOST_NODES = 100_000
_MOST_TILES = 64


class Tree:
    """The log `log` at `checkpoint`."""

    def __init__(self, files: PublishedFiles, log: LogName, checkpoint: Checkpoint) -> None:
        self._files = files
        self._log = log
        self.checkpoint = checkpoint
        self.size = checkpoint.size
        self._nodes: dict[tuple[int, int], bytes] = {}
        self._tiles: dict[tuple[int, int], bytes] = {}

    def headers(self, bundle: int) -> list[bytes]:
        """The headers of entries `256 × bundle` and on, up to 256 of them."""
        width = min(WIDTH, self.size - bundle * WIDTH)
        data = self._wide_enough(
            lambda w: bundle_path(bundle, w), width, lambda found: _entries(found) >= width
        )
        return decode_bundle(data)[:width]

    def path(self, index: int, header: bytes) -> list[bytes]:
        """The inclusion proof of entry `index`, checked: it leads from `header` to the signed root."""
        path, start, stop = [], 0, self.size
        while stop - start > 1:
            middle = start + (1 << ((stop - start - 1).bit_length() - 1))
            if index < middle:
                path.append(self._hash(middle, stop))
                stop = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        path.reverse()
        root = self.checkpoint.root
        check_inclusion(leaf=leaf_hash(header), index=index, size=self.size, path=path, root=root)
        return path

    def _hash(self, start: int, stop: int) -> bytes:
        count = stop - start
        if not count & (count - 1):
            height = count.bit_length() - 1
            return self._node(height, start >> height)
        middle = start + (1 << ((count - 1).bit_length() - 1))
        return node_hash(self._hash(start, middle), self._hash(middle, stop))

    def _node(self, height: int, number: int) -> bytes:
        if (height, number) not in self._nodes:
            if len(self._nodes) >= _MOST_NODES:
                self._nodes.clear()
            if height % 8 == 0:
                made = self._leaf(height // 8, number)
            else:
                made = node_hash(self._node(height - 1, 2 * number), self._node(height - 1, 2 * number + 1))
            self._nodes[height, number] = made
        return self._nodes[height, number]

    def _leaf(self, level: int, number: int) -> bytes:
        tile, place = divmod(number, WIDTH)
        if (level, tile) not in self._tiles:
            if len(self._tiles) >= _MOST_TILES:
                self._tiles.clear()
            width = min(WIDTH, (self.size >> (8 * level)) - tile * WIDTH)
            self._tiles[level, tile] = self._wide_enough(
                lambda w: tile_path(level, tile, w), width, lambda found: len(found) >= width * HASH
            )
        return self._tiles[level, tile][place * HASH : (place + 1) * HASH]

    def _wide_enough(self, path: Callable[[int], str], width: int, holds: Callable[[bytes], bool]) -> bytes:
        """The file of this width, or one that it grew into."""
        for name in (path(width), path(WIDTH)):
            if (data := self._files.read(f"{self._log}/{name}")) is not None and holds(data):
                return data
        for found in self._files.names(f"{self._log}/{path(WIDTH)}.p"):
            if (data := self._files.read(found)) is not None and holds(data):
                return data
        raise HashMismatch("a published file of the log is missing", file=f"{self._log}/{path(width)}")


def _entries(bundle: bytes) -> int:
    """How many whole entries a bundle holds."""
    count = at = 0
    while at + 2 <= len(bundle):
        at += 2 + int(struct.unpack_from(">H", bundle, at)[0])
        count += at <= len(bundle)
    return count
