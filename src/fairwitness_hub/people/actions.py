"""What an administrator decides about people. Every change is a custody entry and nothing else.

Nothing is written to Django's database: the decision is durable in the record when an
action returns, and every screen reads it from there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import RLock

from fairwitness.archive.custody import Draft
from fairwitness.errors import Forbidden
from fairwitness.model.custody import (
    Basis,
    LineAdded,
    LineAssigned,
    MandateGranted,
    MandateWithdrawn,
    PersonEnrolled,
)
from fairwitness_hub.people import queries
from fairwitness_hub.wiring import house

_one_at_a_time = RLock()
"""No decision of the log speaks of an alias alone, so the look and the write stay together."""


class AliasTaken(Forbidden):
    """An alias already belongs to a line."""

    code = "forbidden.alias_taken"


class Changed(Forbidden):
    """Somebody decided something about this person since the page was shown."""

    code = "forbidden.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Who a person is, as typed."""

    name: str
    email: str
    department: str
    region: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """A line as typed: its aliases are complete (`phone:+…`, `pnid:…`, `waha:…`)."""

    name: str
    zone: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateFacts:
    """What allows capture, as typed. `from_at` None is from now on."""

    basis: Basis
    jurisdiction: str
    notice_version: str
    language: str
    acknowledged_at: int
    from_at: int | None
    to_at: int | None
    past_from: int | None


def do_enrol(*, by: str, who: PersonFacts, line: LineFacts, mandate: MandateFacts) -> str:
    """Enrol a person with a line and a mandate; gives the person's id.

    Four decisions in this order, recorded together: all of them or none.
    """
    with _one_at_a_time:
        _check_free(line.aliases)
        person = house().new_id()
        enrolled = Draft(decision=_enrolled(by, person, who), subject=person, expect=0)
        house().decide_all([enrolled, *_line(by, person, line, mandate)])
    return person


def do_add_line(*, by: str, person: str, seen: int, line: LineFacts, mandate: MandateFacts) -> None:
    """Give an enrolled person one more line, with its mandate."""
    with _one_at_a_time:
        _check_unchanged(person, seen)
        _check_free(line.aliases)
        house().decide_all(_line(by, person, line, mandate))


def do_correct(*, by: str, person: str, seen: int, who: PersonFacts) -> None:
    """Correct who a person is. The earlier words stay in the record."""
    with _one_at_a_time:
        version = house().subject_version(person)
        _check_unchanged(person, seen)
        house().decide(_enrolled(by, person, who), subject=person, expect=version)


def do_grant(*, by: str, person: str, line: str, seen: int, mandate: MandateFacts) -> None:
    """Grant a mandate for a line."""
    with _one_at_a_time:
        version = house().subject_version(line)
        _check_unchanged(person, seen)
        house().decide(_grant(by, person, line, mandate), subject=line, expect=version)


def do_withdraw(*, by: str, person: str, line: str, seen: int, reason: str) -> int:
    """Withdraw every mandate of a line that is in force or to come; gives how many.

    Works from the next item on: what is already kept stays, and stays readable.
    """
    with _one_at_a_time:
        version = house().subject_version(line)
        _check_unchanged(person, seen)
        rows = queries.open_mandates(line)
        if not rows:
            raise Forbidden("no mandate is in force for this line", line=line)
        decisions = [_withdrawn(by, row.granted, reason) for row in rows]
        house().decide_all(
            [Draft(decision=d, subject=line, expect=version + place) for place, d in enumerate(decisions)]
        )
    return len(rows)


def _enrolled(by: str, person: str, who: PersonFacts) -> PersonEnrolled:
    return PersonEnrolled(
        by=by,
        person=person,
        name=who.name,
        department=who.department,
        region=who.region,
        language=who.language,
        email=who.email,
    )


def _line(by: str, person: str, facts: LineFacts, mandate: MandateFacts) -> list[Draft]:
    """A new line, whose it is, and what allows it to be captured."""
    home, line = house(), house().new_id()
    added = LineAdded(by=by, line=line, name=facts.name, aliases=facts.aliases, zone=facts.zone)
    starts = mandate.from_at if mandate.from_at is not None else home.clock()
    assigned = LineAssigned(by=by, person=person, line=line, from_at=starts)
    decisions = (added, assigned, _grant(by, person, line, mandate))
    return [Draft(decision=d, subject=line, expect=place) for place, d in enumerate(decisions)]


def _grant(by: str, person: str, line: str, facts: MandateFacts) -> MandateGranted:
    home = house()
    return MandateGranted(
        by=by,
        mandate=home.new_id(),
        person=person,
        line=line,
        basis=facts.basis,
        jurisdiction=facts.jurisdiction,
        notice_version=facts.notice_version,
        language=facts.language,
        acknowledged_at=facts.acknowledged_at,
        from_at=facts.from_at if facts.from_at is not None else home.clock(),
        to_at=facts.to_at,
        past_from=facts.past_from,
    )


def _withdrawn(by: str, granted: MandateGranted, reason: str) -> MandateWithdrawn:
    return MandateWithdrawn(
        by=by, mandate=granted.mandate, person=granted.person, line=granted.line, reason=reason
    )


def _check_unchanged(person: str, seen: int) -> None:
    now = queries.version(person)
    if now != seen:
        raise Changed("this person was changed meanwhile", person=person, seen=seen, now=now)


def _check_free(aliases: Sequence[str]) -> None:
    for alias in aliases:
        if queries.holder_of(alias) is not None:
            raise AliasTaken("this alias already has a line", alias=alias)
