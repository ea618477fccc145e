"""What is asked for, and what that means at a size of the custody log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from fairwitness.clock import DAY_MS
from fairwitness.errors import Misconfigured
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import PersonEnrolled, ProductionSelected
from fairwitness.model.entry import LogName
from fairwitness.tlog import Checkpoint


@dataclass(frozen=True, slots=True)
class Vouched:
    """A checkpoint with the signed note that it was read from."""

    checkpoint: Checkpoint
    note: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """A production as it was ordered: the custody entry, its index and time, its checkpoints by log."""

    selected: int
    at: int
    asked: ProductionSelected
    checkpoints: Mapping[LogName, Vouched]

    def covers(self, at: int) -> bool:
        """True when a message of this time is asked for."""
        after = self.asked.from_at is None or self.asked.from_at <= at
        return after and (self.asked.to_at is None or at < self.asked.to_at)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which people, lines and conversations an order means. `whole` says that no line is left out."""

    persons: frozenset[str]
    lines: frozenset[str]
    conversations: frozenset[str]
    whole: bool


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which no mandate allowed a line to be kept; `to_at` is None where it goes on."""

    line: str
    from_at: int
    to_at: int | None


def scope_of(order: Order, state: CustodyState) -> Scope:
    """The people and lines that `order` means, by what had been decided then."""
    asked = order.asked
    lines = lines_of(asked, state)
    people = set(asked.persons) | {one.person for line in lines for one in state.assignments.get(line, ())}
    return Scope(frozenset(people), lines, frozenset(asked.conversations), is_whole(asked))


def is_whole(asked: ProductionSelected) -> bool:
    """True when no line is left out."""
    return not (asked.persons or asked.lines)


def lines_of(asked: ProductionSelected, state: CustodyState) -> frozenset[str]:
    """The lines that are named, or assigned to whoever is named; all of them when neither is."""
    if is_whole(asked):
        return frozenset(state.lines)
    wanted = set(asked.persons)
    held = {line for line, ones in state.assignments.items() if wanted & {one.person for one in ones}}
    return frozenset(asked.lines) | held


def find_people(state: CustodyState, wanted: Sequence[str]) -> tuple[str, ...]:
    """The ids of people who are named by id, name or e-mail address."""
    return tuple(dict.fromkeys(person for name in wanted for person in _people(state, name)))


def find_lines(state: CustodyState, wanted: Sequence[str]) -> tuple[str, ...]:
    """The ids of lines that are named by id, alias or number."""
    found = []
    for name in wanted:
        line = name if name in state.lines else state.aliases.get(name) or state.aliases.get(f"phone:{name}")
        if line is None:
            raise Misconfigured(
                f"no line is called {name}", setting="--line", hint="`fairwitness people` lists them."
            )
        found.append(line)
    return tuple(dict.fromkeys(found))


def windows_without_mandate(order: Order, scope: Scope, state: CustodyState) -> list[Window]:
    """When, within the times asked for, nothing allowed a selected line to be kept."""
    found = []
    for line in sorted(scope.lines):
        covered = sorted(_kept_times(state, line))
        start = order.asked.from_at
        if start is None:
            start = covered[0][0] if covered else order.at
        end = min(order.asked.to_at or order.at, order.at)
        found += _holes(line, start, end, covered)
    return found


def _people(state: CustodyState, name: str) -> list[str]:
    found = [person for person, known in state.people.items() if name == person or _is_called(known, name)]
    if not found:
        raise Misconfigured(
            f"nobody is called {name}", setting="--person", hint="`fairwitness people` lists them."
        )
    if len(found) > 1:
        raise Misconfigured(
            f"{len(found)} people are called {name}", setting="--person", hint=f"Name one: {', '.join(found)}"
        )
    return found


def _is_called(person: PersonEnrolled, name: str) -> bool:
    wanted = name.casefold()
    return wanted == person.name.casefold() or bool(person.email and wanted == person.email.casefold())


def _kept_times(state: CustodyState, line: str) -> list[tuple[int, int | None]]:
    times = []
    for mandate in state.mandates.get(line, ()):
        ends = [end for end in (mandate.granted.to_at, mandate.withdrawn_at) if end is not None]
        past = mandate.granted.past_from
        start = mandate.granted.from_at if past is None else min(past, mandate.granted.from_at)
        times.append((start, min(ends, default=None)))
    return times


def _holes(line: str, start: int, end: int, covered: Sequence[tuple[int, int | None]]) -> list[Window]:
    holes, at = [], start
    for first, last in covered:
        if first > at and first - at >= _SHORTEST and at < end:
            holes.append(Window(line=line, from_at=at, to_at=min(first, end)))
        if last is None:
            return holes
        at = max(at, last)
    if at < end:
        holes.append(Window(line=line, from_at=at, to_at=None if end == start else end))
    return holes


_SHORTEST = DAY_MS // 1440
"""A minute: mandates that follow each other leave no hole."""
