"""A point is one fault at one place, and what must hold after it; a case is a row of points.

Points are drawn in the same order each time, so that a run can be stopped and gone on with.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tests.faults.harness.workload import Base, make_base

HELD, FOUND, UNSIGNED, BROKEN = "held", "found", "unsigned", "broken"
"""Nothing happened to what was promised; the damage was found and named; a lying disk lost what
no checkpoint had covered yet; a promise was broken."""


@dataclass(frozen=True)
class Outcome:
    """What became of a point."""

    kind: str
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Point:
    """One fault at one place. `case` is its id in the matrix of faults."""

    case: str
    name: str
    run: Callable[[], Outcome]


Points = Callable[["Lab", int], Iterator[Point]]


@dataclass(frozen=True)
class Case:
    """A row of points. `small` and `full` are sizes for `make test` and `make faults`."""

    name: str
    points: Points
    small: int
    full: int
    sample: int
    """How many of the small points `make test` tries, evenly spread."""


class Lab:
    """Where points are tried: a folder in memory where the machine has one, and records to start from."""

    def __init__(self) -> None:
        memory = Path("/dev/shm")
        place = memory if memory.is_dir() else None
        self.root = Path(tempfile.mkdtemp(prefix="fairwitness-faults-", dir=place))
        self.home = self.root / "home"

    @cached_property
    def small(self) -> Base:
        """A record of a few entries, of which some are sealed."""
        return make_base(self.root / "small", held=9)

    @cached_property
    def wide(self) -> Base:
        """A record a few entries short of its first full tile."""
        return make_base(self.root / "wide", held=252)

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.root, ignore_errors=True)


def held_or_broken(problems: list[str]) -> Outcome:
    """Held, unless there is any problem."""
    return Outcome(BROKEN if problems else HELD, problems)


def spread(count: int, wanted: int) -> list[int]:
    """`wanted` numbers below `count`, evenly apart."""
    return sorted({number * count // wanted for number in range(wanted)}) if wanted < count else list(range(count))
