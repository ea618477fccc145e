"""A9 to A12: the power is cut after every operation, and the disk kept any part of what was not synced."""

import random
from collections.abc import Collection, Iterator
from functools import partial
from itertools import combinations

from tests.faults.harness import check
from tests.faults.harness.check import Older, problems_after
from tests.faults.harness.disk import Disk, materialise
from tests.faults.harness.journal import Journal, Mark, Name, Sync, Write, record
from tests.faults.harness.points import BROKEN, FOUND, HELD, UNSIGNED, Lab, Outcome, Point, held_or_broken
from tests.faults.harness.workload import Base, Board, work

EVERY = 8
"""Up to so many operations that no sync made durable, every subset of them is tried (in `make faults`)."""
_SECTOR = 512


def points(lab: Lab, draws: int) -> Iterator[Point]:
    """Honest disks: `draws` subsets where there are too many to try each."""
    for seed in range(2):
        base = lab.wide if seed else lab.small
        journal = _journal(lab, base, seed)
        for length in range(1, len(journal.ops) + 1):
            yield from _after(lab, base, Disk(journal, length), seed, draws)


def lies(lab: Lab, draws: int) -> Iterator[Point]:
    """A9: disks that answer a sync and do nothing, from some sync on, and then lose their power."""
    for seed in range(2, 4):
        base = lab.small
        journal = _journal(lab, base, seed)
        chance = random.Random(seed)
        syncs = [at for at, op in enumerate(journal.ops) if isinstance(op, Sync)]
        for number in range(draws):
            lying = chance.choice(syncs)
            disk = Disk(journal, chance.randrange(lying, len(journal.ops)) + 1, lying)
            dropped = _drawn(disk.pending(), chance) if number % 2 else disk.pending()
            yield _point(lab, base, disk, dropped, f"A9 {seed}: syncs lie from operation {lying} on")


def _journal(lab: Lab, base: Base, seed: int) -> Journal:
    base.copy(lab.home)
    return record(partial(work, lab.home, base, Board(), seed), lab.home, lab.root / "journal")


def _after(lab: Lab, base: Base, disk: Disk, seed: int, draws: int) -> Iterator[Point]:
    """What may be left after one more operation; what could be left before it as well is not tried twice."""
    last = disk.journal.ops[disk.length - 1]
    pending = disk.pending()
    chance = random.Random(seed * 100_000 + disk.length)
    settled = isinstance(last, Sync | Mark)
    free = pending if settled else [at for at in pending if at != disk.length - 1]
    for dropped in _subsets(free, draws, chance):
        names = any(isinstance(disk.journal.ops[at], Name) for at in dropped)
        case = "A12" if names else "A11"
        yield _point(lab, base, disk, dropped, f"{case} {seed}: after operation {disk.length}")
    if isinstance(last, Write):
        for torn in range(_SECTOR, len(last.data), _SECTOR):
            yield _point(lab, base, disk, (), f"A10 {seed}: operation {disk.length} torn", torn=torn)


def _subsets(free: list[int], draws: int, chance: random.Random) -> Iterator[Collection[int]]:
    if len(free) <= min(EVERY, draws):
        for count in range(len(free) + 1):
            yield from map(frozenset, combinations(free, count))
        return
    yield frozenset()
    yield frozenset(free)
    for _ in range(draws):
        yield _drawn(free, chance)


def _drawn(free: list[int], chance: random.Random) -> frozenset[int]:
    share = chance.random()
    return frozenset(at for at in free if chance.random() < share)


def _point(
    lab: Lab, base: Base, disk: Disk, dropped: Collection[int], name: str, *, torn: int | None = None
) -> Point:
    case, _, rest = name.partition(" ")

    def run() -> Outcome:
        seen = _seen(disk)
        materialise(disk.files(dropped, torn=torn), lab.home)
        problems = problems_after(lab.home, base, disk.acknowledged(base.held), older=seen)
        return _lied_to(problems) if case == "A9" else held_or_broken(problems)

    lost = f", {len(dropped)} of {len(disk.pending())} lost" if torn is None else f" after {torn} bytes"
    return Point(case, rest + lost, run)


def _seen(disk: Disk) -> Older:
    """The checkpoints that a reader may have seen before the power went."""
    files = disk.files(())
    names = ("record/custody/checkpoint", "record/messages/0/checkpoint")
    return [(name, data) for name in names if (data := files.get(name))]


def _lied_to(problems: list[str]) -> Outcome:
    """What such a disk loses must be noticed, as far as any checkpoint covered it."""
    if any(problem.startswith(check.RAW) for problem in problems):
        return Outcome(BROKEN, problems)
    if not problems:
        return Outcome(HELD)
    silent = all(problem.startswith("lost") for problem in problems)
    return Outcome(UNSIGNED if silent else FOUND, problems)
