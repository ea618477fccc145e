"""Rebuilds the tree of one log from its entries and holds every stored tile against it.

Where two files disagree, the tile above decides which of them is wrong, and at the right
edge the signed root does; only where neither can are both named. Memory is a few tiles a
level, whatever the size of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from fairwitness_verify.folder import Folder, Missing
from fairwitness_verify.notes import Broken
from fairwitness_verify.report import Fault, Report, ranges
from fairwitness_verify.tree import (
    BUNDLE,
    LONGEST_BUNDLE,
    WIDTH,
    leaf_hash,
    path_of,
    root_of,
    split_bundle,
    split_tile,
)

if TYPE_CHECKING:  # Python 3.8 can not index list
    Row = list[bytes | None]


class Edge(NamedTuple):
    """A partial tile: what its entries give, and what is stored, where they are readable."""

    level: int
    number: int
    given: list[bytes] | None
    stored: list[bytes] | None


class Older(NamedTuple):
    """An older checkpoint that the log must continue, and the file it came in."""

    file: str
    size: int
    root: bytes


class Rebuild:
    """One log of `size` entries, whose signed root is `root`, or None where none is believed.

    `known` is the last tile that was listed: beyond it, the first gap ends the log.
    `see(first, entries, bad)` is shown each bundle, with the slots that are not the tree's.
    """

    def __init__(
        self, folder: Folder, report: Report, log: str, *,
        size: int, root: bytes | None, known: int, older: Iterable[Older],
        see: Callable[[int, list[bytes], set[int]], None],
    ) -> None:  # fmt: skip
        self._folder, self._report, self._log = folder, report, log
        self._size, self._root, self._known = size, root, known
        self._older, self._see = list(older), see
        self._pending: list[Row] = [[]]
        self._done: dict[int, int] = {}
        self._cache: dict[int, tuple[int, list[bytes] | None]] = {}
        self._edges: list[Edge] = []
        self._last: tuple[int, list[bytes]] | None = None

    def check(self) -> None:
        """Check every bundle and every tile, and the root."""
        for index in range(-(-self._size // WIDTH)):
            if index > self._known and self._is_gap(index):
                return
            self._bundle(index)
        if self._size % WIDTH == 0:
            self._compare_older(self._size // WIDTH, [], None)
        for level in range(1, len(self._pending)):
            if self._pending[level]:
                self._tile(level, (self._size >> (8 * level)) // WIDTH, self._pending[level])
        bad = self._settle_edge()
        if self._last:
            self._see(self._last[0], self._last[1], bad)

    def _bundle(self, index: int) -> None:
        path, width = self._path(BUNDLE, index), self._width(0, index)
        leaves: Row = [None] * width
        entries: list[bytes] = []
        try:
            entries = self.read_bundle(index, width)
            leaves = [leaf_hash(entry) for entry in entries]
        except Broken as error:
            self._fault(str(error), path, 0, index, range(width))
        self._compare_older(index, leaves, self._stored(0, index))
        bad = self._tile(0, index, leaves)
        if width < WIDTH:
            self._last = (index * WIDTH, entries)
        else:
            self._see(index * WIDTH, entries, bad)

    def _tile(self, level: int, index: int, row: Row) -> set[int]:
        """Hold a tile against what lies below it; the slots of bundles that are wrong."""
        stored = self._stored(level, index)
        filled = [below or (stored[at] if stored else None) for at, below in enumerate(row)]
        given = None if None in filled else [value for value in filled if value is not None]
        if len(row) < WIDTH:
            self._edges.append(Edge(level, index, given if any(row) else None, stored))
            return set()
        above = self._stored(level + 1, index // WIDTH)
        expected = above[index % WIDTH] if above else None
        given_root = root_of([given]) if given else None
        root, bad = given_root or expected, set()
        if stored and given and stored != given:
            stored_root = root_of([stored])
            right = "stored" if expected == stored_root else "given" if expected == given_root else ""
            root = stored_root if right == "stored" else given_root
            bad = self._disagree(level, index, given, stored, right)
        self._push(level + 1, root)
        return bad

    def _push(self, level: int, root: bytes | None) -> None:
        if level == len(self._pending):
            self._pending.append([])
        self._pending[level].append(root)
        if len(self._pending[level]) == WIDTH:
            row, self._pending[level] = self._pending[level], []
            index = self._done.get(level, 0)
            self._done[level] = index + 1
            self._tile(level, index, row)

    def _settle_edge(self) -> set[int]:
        """Find the partial tiles that lead to the signed root, and blame what differs from them."""
        edges = self._edges[::-1]
        choices = [[row for row in (edge.given, edge.stored) if row is not None] for edge in edges]
        chosen = next((rows for rows in product(*choices) if root_of(list(rows)) == self._root), None)
        bad: set[int] = set()
        for at, edge in enumerate(edges):
            if edge.given and edge.stored and edge.given != edge.stored:
                right = "" if chosen is None else "given" if chosen[at] == edge.given else "stored"
                bad |= self._disagree(edge.level, edge.number, edge.given, edge.stored, right)
        if chosen is None and self._root is not None and all(choices):
            self._blame_for_the_root(edges)
        return bad

    def _blame_for_the_root(self, edges: list[Edge]) -> None:
        """The signed root is not reached: tiles are at fault that no entries speak for, else the entries."""
        alone = [edge for edge in edges if edge.given is None and edge.stored]
        for edge in alone:
            what = "does not lead to the signed root, and its entries can not be read"
            path, slots = self._path(edge.level, edge.number), range(len(edge.stored or ()))
            self._fault(what, path, edge.level, edge.number, slots)
        if not alone:
            what = "signs a root that the entries of this log do not lead to"
            self._report.add(Fault(what, f"{self._log}/checkpoint", self._log, 0, max(self._size - 1, 0)))

    def _disagree(
        self, level: int, index: int, given: list[bytes], stored: list[bytes], right: str
    ) -> set[int]:
        """Name the file that is wrong, or both; the slots of a bundle that are wrong."""
        slots = {at for at in range(len(given)) if given[at] != stored[at]}
        if right != "stored":
            doubt = "" if right else ", and nothing above says which of them is wrong"
            self._fault("differs from its entries" + doubt, self._path(level, index), level, index, slots)
        if right == "given":
            return set()
        for slot in slots if level else ():
            below = index * WIDTH + slot
            what = "does not lead to the hash that the tile above holds"
            for under in (level - 1, BUNDLE)[: 2 if level == 1 else 1]:
                self._fault(what, self._path(under, below), level, index, [slot])
        if level == 0:
            what = "holds other entries than the tree" + ("" if right else " has in its tile")
            self._fault(what, self._path(BUNDLE, index), 0, index, slots)
        return slots if level == 0 else set()

    def _compare_older(self, index: int, leaves: Row, stored: list[bytes] | None) -> None:
        for older in self._older:
            if older.size // WIDTH != index or older.size > self._size:
                continue
            above = self._pending[:0:-1]
            roots = set()
            for row in (leaves, stored or []):
                rows = [*above, row[: older.size % WIDTH]]
                whole = [[value for value in part if value is not None] for part in rows]
                if whole == rows and len(rows[-1]) == older.size % WIDTH:
                    roots.add(root_of(whole))
            if older.root not in roots:
                what = f"is not continued by {self._log}: the entries below its size are others"
                self._report.add(Fault(what, older.file, self._log, 0, max(older.size - 1, 0)))

    def _is_gap(self, index: int) -> bool:
        """Whether the log ends here, short of its size; if so, says so once."""
        for level in (BUNDLE, 0):
            try:
                self._open(level, index, self._width(0, index))
            except Missing:
                continue
            except Broken:
                return False
            return False
        what = "is missing, and so is all that follows it"
        path = self._path(BUNDLE, index)
        self._report.add(Fault(what, path, self._log, index * WIDTH, self._size - 1))
        return True

    def read_bundle(self, index: int, width: int) -> list[bytes]:
        """The first `width` entries of a bundle."""
        data, held = self._open(BUNDLE, index, width)
        entries = split_bundle(data)
        if len(entries) != held:
            raise Broken(f"holds {len(entries)} entries, not {held}")
        return entries[:width]

    def _stored(self, level: int, index: int) -> list[bytes] | None:
        """The hashes of a stored tile, each tile read once; None where it can not be had."""
        if level not in self._cache or self._cache[level][0] != index:
            self._cache[level] = (index, None)
            width = self._width(level, index)
            try:
                data, held = self._open(level, index, width)
                if len(data) != 32 * held:
                    raise Broken(f"has {len(data)} bytes, not {32 * held}")
                self._cache[level] = (index, split_tile(data)[:width])
            except Broken as error:
                self._fault(str(error), self._path(level, index), level, index, range(width))
        return self._cache[level][1]

    def _open(self, level: int, index: int, width: int) -> tuple[bytes, int]:
        """The bytes of a tile or bundle, and its width: that of a newer tree where it is gone."""
        most = LONGEST_BUNDLE if level == BUNDLE else 32 * WIDTH
        full = f"{self._log}/{path_of(level, index, WIDTH)}"
        if width == WIDTH:
            return self._folder.read(full, most), WIDTH
        wider = [held for held in self._folder.widths(full + ".p") if held > width]
        for held in (width, WIDTH, *wider):
            try:
                return self._folder.read(f"{self._log}/{path_of(level, index, held)}", most), held
            except Missing:
                continue
        raise Missing("is missing")

    def _width(self, level: int, index: int) -> int:
        return min(WIDTH, (self._size >> (8 * level)) - index * WIDTH)

    def _path(self, level: int, index: int) -> str:
        return f"{self._log}/{path_of(level, index, self._width(max(level, 0), index))}"

    def _fault(self, what: str, path: str, level: int, index: int, slots: Iterable[int]) -> None:
        span = 256**level
        for first, last in ranges(slots):
            start = (index * WIDTH + first) * span
            stop = (index * WIDTH + last + 1) * span
            self._report.add(Fault(what, path, self._log, start, min(stop, self._size) - 1))
