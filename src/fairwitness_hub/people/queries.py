"""The roster, read from the custody state. No row of Django's, and nobody's words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from weakref import WeakKeyDictionary

from fairwitness.archive.status import RefusedCount
from fairwitness.mandate.state import CustodyState, Mandate
from fairwitness.model.custody import MandateGranted
from fairwitness_hub.people.history import History, Step
from fairwitness_hub.wiring import house

Coverage = Literal["covered", "planned", "withdrawn", "ended", "none", "no_line"]
COVERAGES: tuple[Coverage, ...] = ("covered", "planned", "withdrawn", "ended", "none", "no_line")
"""From the calmest to the one that most wants a hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRow:
    """One mandate. `at` is when it was recorded; `state` is judged at the time of asking."""

    granted: MandateGranted
    index: int
    at: int | None
    state: Coverage
    withdrawn_at: int | None
    withdrawn_index: int | None
    withdrawn_by: str

    @property
    def past_from(self) -> int:
        """How far back a message may have been sent."""
        granted = self.granted
        return granted.from_at if granted.past_from is None else granted.past_from

    @property
    def open(self) -> bool:
        """Whether there is something left to withdraw."""
        return self.state in ("covered", "planned")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """A line with its aliases and its mandates, newest first."""

    line: str
    name: str
    zone: str
    aliases: tuple[str, ...]
    state: Coverage
    since: int | None
    mandates: tuple[MandateRow, ...] = ()
    assigned_from: int | None = None

    @property
    def open_mandates(self) -> tuple[MandateRow, ...]:
        """Those that a withdrawal ends."""
        return tuple(row for row in self.mandates if row.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person with their lines. `state` is that of the line that most wants a hand."""

    person: str
    name: str
    email: str
    department: str
    region: str
    language: str
    lines: tuple[LineRow, ...]
    state: Coverage
    since: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A value to filter by and how many people have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPage:
    """The people that a filter leaves, how many there are in all, and what one may filter by."""

    people: tuple[PersonRow, ...]
    total: int
    matched: int
    offset: int
    states: tuple[Facet, ...]
    departments: tuple[Facet, ...]
    regions: tuple[Facet, ...]
    languages: tuple[Facet, ...]
    loose_lines: tuple[LineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFilter:
    """What to look for. Empty fields leave everybody in."""

    text: str = ""
    state: str = ""
    department: str = ""
    region: str = ""
    language: str = ""
    sort: str = "name"


_histories: "WeakKeyDictionary[object, History]" = WeakKeyDictionary()


def history(*, person: str = "", lines: Iterable[str] = ()) -> tuple[Step, ...]:
    """Every decision about this person or these lines, oldest first."""
    home = house()
    steps = _histories.setdefault(home, History())
    steps.follow(home.custody_entries, size=home.custody().size)
    return steps.of(person=person, lines=lines)


def everybody() -> tuple[PersonRow, ...]:
    """Every enrolled person, by name."""
    home = house()
    state, now = home.custody(), home.clock()
    owned: dict[str, list[str]] = {}
    for line in state.lines:
        if (owner := state.person_of(line)) is not None:
            owned.setdefault(owner.person, []).append(line)
    rows = (_person(state, person, owned.get(person, ()), now) for person in state.people)
    return tuple(sorted(rows, key=_by_name))


def loose_lines() -> tuple[LineRow, ...]:
    """Lines that are nobody's."""
    home = house()
    state, now = home.custody(), home.clock()
    return tuple(line_row(state, line, now) for line in state.lines if state.person_of(line) is None)


def roster(wanted: RosterFilter, *, offset: int = 0, limit: int = 50) -> RosterPage:
    """The people that `wanted` leaves, a page of them, with counts for the filters."""
    people = everybody()
    matched = _sorted([row for row in people if _matches(row, wanted)], wanted.sort)
    return RosterPage(
        people=tuple(matched[offset : offset + limit]),
        total=len(people),
        matched=len(matched),
        offset=offset,
        states=_state_facets(people),
        departments=_facets(row.department for row in people),
        regions=_facets(row.region for row in people),
        languages=_facets(row.language for row in people),
        loose_lines=loose_lines(),
    )


def person(person_id: str) -> PersonRow | None:
    """One person with lines and mandates, each with when it was recorded; None when unknown."""
    home = house()
    state = home.custody()
    if person_id not in state.people:
        return None
    lines = [line for line in state.lines if _owner(state, line) == person_id]
    row = _person(state, person_id, lines, home.clock())
    times = {step.index: step.at for step in history(person=person_id, lines=lines)}
    return replace(row, lines=tuple(_dated(line, times) for line in row.lines))


def version(person_id: str) -> int:
    """The custody index after the newest decision about a person and their lines; 0 for nobody."""
    state = house().custody()
    lines = [line for line in state.lines if _owner(state, line) == person_id]
    steps = history(person=person_id, lines=lines)
    return steps[-1].index + 1 if steps else 0


def open_mandates(line: str) -> tuple[MandateRow, ...]:
    """The mandates of `line` that are in force or to come."""
    home = house()
    state = home.custody()
    return line_row(state, line, home.clock()).open_mandates if line in state.lines else ()


def holder_of(alias: str) -> tuple[LineRow, PersonRow | None] | None:
    """The line that has `alias` and whose it is; None when the alias is free."""
    home = house()
    state, now = home.custody(), home.clock()
    line = state.aliases.get(alias)
    if line is None:
        return None
    owner = _owner(state, line)
    return line_row(state, line, now), _person(state, owner, [line], now) if owner else None


def refused_of(lines: Sequence[str]) -> tuple[RefusedCount, ...]:
    """How many items of these lines were refused, by day, newest day first."""
    wanted = set(lines)
    rows = [row for row in house().refused() if row.line in wanted]
    return tuple(sorted(rows, key=lambda row: (row.day, row.line, row.reason), reverse=True))


def names() -> Mapping[str, str]:
    """Line id to the name of its person, or the line's own name where it is nobody's."""
    state = house().custody()
    found = {line: state.person_of(line) for line in state.lines}
    return {line: owner.name if owner else state.lines[line].name for line, owner in found.items()}


def line_names() -> Mapping[str, str]:
    """Line id to the line's own name."""
    return {line: added.name for line, added in house().custody().lines.items()}


def line_row(state: CustodyState, line: str, now: int) -> LineRow:
    """A line as of `now`."""
    added = state.lines[line]
    mandates = tuple(_mandate(m, now) for m in reversed(state.mandates.get(line, ())))
    coverage, since = _coverage(mandates)
    assigned = state.assignments.get(line, ())
    return LineRow(
        line=line,
        name=added.name,
        zone=added.zone,
        aliases=tuple(alias for alias, owner in state.aliases.items() if owner == line),
        state=coverage,
        since=since,
        mandates=mandates,
        assigned_from=assigned[-1].from_at if assigned else None,
    )


def _owner(state: CustodyState, line: str) -> str:
    owner = state.person_of(line)
    return owner.person if owner else ""


def _person(state: CustodyState, person_id: str, lines: Iterable[str], now: int) -> PersonRow:
    enrolled = state.people[person_id]
    rows = tuple(line_row(state, line, now) for line in lines)
    worst = max(rows, key=lambda row: COVERAGES.index(row.state), default=None)
    return PersonRow(
        person=person_id,
        name=enrolled.name,
        email=enrolled.email,
        department=enrolled.department,
        region=enrolled.region,
        language=enrolled.language,
        lines=rows,
        state=worst.state if worst else "no_line",
        since=worst.since if worst else None,
    )


def _mandate(mandate: Mandate, now: int) -> MandateRow:
    return MandateRow(
        granted=mandate.granted,
        index=mandate.granted_index,
        at=None,
        state=_mandate_state(mandate, now),
        withdrawn_at=mandate.withdrawn_at,
        withdrawn_index=mandate.withdrawn_index,
        withdrawn_by=mandate.withdrawn_by,
    )


def _mandate_state(mandate: Mandate, now: int) -> Coverage:
    granted = mandate.granted
    if mandate.withdrawn_index is not None:
        return "withdrawn"
    if granted.to_at is not None and granted.to_at <= now:
        return "ended"
    return "planned" if now < granted.from_at else "covered"


def _coverage(mandates: Sequence[MandateRow]) -> tuple[Coverage, int | None]:
    """The state of a line and since when, from its mandates, newest first."""
    for wanted in ("covered", "planned"):
        if (row := next((m for m in mandates if m.state == wanted), None)) is not None:
            return row.state, row.granted.from_at
    if not mandates:
        return "none", None
    newest = mandates[0]
    return newest.state, newest.withdrawn_at if newest.state == "withdrawn" else newest.granted.to_at


def _dated(line: LineRow, times: Mapping[int, int]) -> LineRow:
    return replace(line, mandates=tuple(replace(row, at=times.get(row.index)) for row in line.mandates))


def _matches(row: PersonRow, wanted: RosterFilter) -> bool:
    plain = (
        (wanted.department, row.department),
        (wanted.region, row.region),
        (wanted.language, row.language),
    )
    if any(asked and asked != has for asked, has in plain):
        return False
    if wanted.state and wanted.state not in {row.state, *(line.state for line in row.lines)}:
        return False
    return all(word in _words_of(row) for word in wanted.text.casefold().split())


def _words_of(row: PersonRow) -> str:
    lines = (part for line in row.lines for part in (line.name, *line.aliases))
    return "\n".join((row.name, row.email, row.department, row.region, *lines)).casefold()


def _sorted(rows: list[PersonRow], by: str) -> list[PersonRow]:
    if by == "state":
        return sorted(rows, key=lambda row: (-COVERAGES.index(row.state), *_by_name(row)))
    if by == "department":
        return sorted(rows, key=lambda row: (row.department.casefold(), *_by_name(row)))
    return rows


def _by_name(row: PersonRow) -> tuple[str, str]:
    return row.name.casefold(), row.person


def _facets(values: Iterable[str]) -> tuple[Facet, ...]:
    counts = Counter(value for value in values if value)
    return tuple(Facet(value=value, count=counts[value]) for value in sorted(counts, key=str.casefold))


def _state_facets(people: Sequence[PersonRow]) -> tuple[Facet, ...]:
    counts = Counter(state for row in people for state in {row.state, *(line.state for line in row.lines)})
    return tuple(Facet(value=value, count=counts[value]) for value in COVERAGES if counts[value])
