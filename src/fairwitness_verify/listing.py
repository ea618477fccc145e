"""What a record's folder holds of one log, and what the log signed for."""

from __future__ import annotations

import re
from array import array
from itertools import chain
from typing import NamedTuple

from fairwitness_verify.notes import Key
from fairwitness_verify.rebuild import Older
from fairwitness_verify.tree import BUNDLE, WIDTH, parse_path

CUSTODY = "custody"
_MOST = 2**55
_SEGMENT = re.compile(r"segment/([0-9]{12})-([0-9]{12})\.(parquet|json)")


_STAMP = re.compile(r"stamps/(0|[1-9][0-9]{0,18})\.(?:tsr|checkpoint)")
_SIGNED = ("checkpoint", "checkpoint.witnessed")


class Vouch(NamedTuple):
    """Of how many entries witnesses, and an authority, vouch, and when each did (seconds)."""

    witnessed: int = 0
    witnesses: tuple[str, ...] = ()
    witnessed_at: int | None = None
    stamped: int = 0
    stamped_at: str = ""


class Log:
    """One log: what the folder lists of it, and what its checkpoint says."""

    def __init__(self, name: str) -> None:
        self.name, self.origin = name, ""
        self.key: Key | None = None
        self.size, self.root = 0, b""
        self.signed = False
        self.older: list[Older] = []
        self.kept = False
        self.stamped: set[int] = set()
        self.vouched = Vouch()
        self.full: dict[int, array[int]] = {}
        self.partial: list[tuple[int, int, int]] = []
        self.manifests: dict[tuple[int, int], str] = {}
        self.parquets: dict[tuple[int, int], str] = {}
        self.segments = self.sealed_bytes = 0
        self.custody_size = self.seen = 0

    def account_for(self, path: str) -> bool:
        """Account for a file, if the specification names it."""
        tile = parse_path(path)
        segment = _SEGMENT.fullmatch(path)
        if tile is not None and tile[1] >= _MOST:
            return False
        if tile is not None and tile[2] == WIDTH:
            self.full.setdefault(tile[0], array("Q")).append(tile[1])
        elif tile is not None:
            self.partial.append(tile)
        elif segment is not None:
            files = self.manifests if segment.group(3) == "json" else self.parquets
            files[int(segment.group(1)), int(segment.group(2))] = f"{self.name}/{path}"
        stamp = _STAMP.fullmatch(path)
        if stamp is not None:
            self.stamped.add(int(stamp.group(1)))
        return tile is not None or segment is not None or stamp is not None or path in _SIGNED

    def known(self) -> int:
        """The last level-0 tile or bundle that was listed and does not stand far off."""
        rows = (self._indices(BUNDLE), self._indices(0))
        return max(_last_of(row) for row in rows)

    def size_by_files(self) -> int:
        """The size that bundles and level-0 tiles show, for want of a checkpoint to believe."""
        last = self.known()
        partial = [width for level, index, width in self.partial if level in (BUNDLE, 0) and index == last]
        whole = any(last in self.full.get(level, ()) for level in (BUNDLE, 0))
        return max(0, last * WIDTH + (WIDTH if whole else max(partial, default=0)))

    def beyond(self) -> list[tuple[int, int, int]]:
        """Tiles and bundles that a tree of this size does not have."""
        whole = ((level, index, WIDTH) for level, row in self.full.items() for index in row)
        return sorted(tile for tile in chain(whole, self.partial) if tile[2] > self.width(*tile[:2]))

    def _indices(self, level: int) -> list[int]:
        partial = {index for other, index, _ in self.partial if other == level}
        return sorted(partial.union(self.full.get(level, ())))

    def width(self, level: int, index: int) -> int:
        """How wide a tile or bundle is in a tree of this size; not above 0 where there is none."""
        return min(WIDTH, (self.size >> (8 * max(level, 0))) - index * WIDTH)


def _last_of(indices: list[int]) -> int:
    """The last of a row that may have gaps: one far beyond what stands before it is not of the row."""
    return max((index for at, index in enumerate(indices) if index <= 2 * at + 8), default=-1)
