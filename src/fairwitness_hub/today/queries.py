"""Counts that each open a list: what waits for a reviewer, and what wants a hand. No content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from fairwitness.clock import DAY_MS
from fairwitness.followers.views import AlertRow
from fairwitness.model.finding import SEVERITIES
from fairwitness_hub.people import queries as people
from fairwitness_hub.record import queries as record
from fairwitness_hub.wiring import house

CLAIMED_SHOWN = 8
_CLAIMED_READ = 500
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An alert somebody is working on: no words of the message."""

    alert: str
    title: str
    severity: str
    who: str
    raised_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What waits in the queue. `mine` are this account's claimed alerts, `claimed` everybody's."""

    waiting: int
    severities: tuple[tuple[str, int], ...]
    mine: tuple[Claimed, ...]
    mine_count: int
    claimed: int
    oldest_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A mandate that was withdrawn lately."""

    person: str
    name: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """How many people are covered, and who is not."""

    people: int
    lines: int
    covered: int
    uncovered: tuple[people.PersonRow, ...]
    uncovered_count: int
    withdrawn: tuple[Withdrawn, ...]
    withdrawn_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """What was turned away in the last seven days."""

    count: int
    unknown: int


def work(account: str) -> Work:
    """What waits for reviewers, and for this one."""
    alerts = house().alerts
    claimed = alerts.queue(state="claimed", limit=_CLAIMED_READ)
    names = people.names()
    mine = [row for row in claimed if row.claimed_by == account]
    oldest = [
        row.raised_at
        for severity in SEVERITIES
        for row in alerts.queue(state="waiting", severity=severity, limit=1, newest_first=False)
    ]
    return Work(
        waiting=alerts.count(state="waiting"),
        severities=tuple((s, alerts.count(state="waiting", severity=s)) for s in reversed(SEVERITIES)),
        mine=tuple(_claimed(row, names) for row in mine[:CLAIMED_SHOWN]),
        mine_count=len(mine),
        claimed=alerts.count(state="claimed"),
        oldest_at=min(oldest, default=None),
    )


def roster() -> Roster:
    """Who is covered and who is not."""
    everybody = people.everybody()
    uncovered = [row for row in everybody if row.state not in ("covered", "planned")]
    withdrawn = _withdrawn(everybody, since=house().clock() - _WEEK * DAY_MS)
    return Roster(
        people=len(everybody),
        lines=sum(len(row.lines) for row in everybody),
        covered=sum(row.state == "covered" for row in everybody),
        uncovered=tuple(uncovered[:5]),
        uncovered_count=len(uncovered),
        withdrawn=tuple(withdrawn[:5]),
        withdrawn_count=len(withdrawn),
    )


def refusals() -> Refusals:
    """What was turned away in the last seven days (UTC)."""
    home = house()
    first = datetime.fromtimestamp((home.clock() - (_WEEK - 1) * DAY_MS) / 1000, UTC).date().isoformat()
    rows = [row for row in home.refused() if row.day >= first]
    unknown = sum(row.count for row in rows if row.reason == "unknown_line")
    return Refusals(count=sum(row.count for row in rows), unknown=unknown)


def overview() -> record.Overview:
    """The record at a glance."""
    return record.overview()


def _claimed(row: AlertRow, names: Mapping[str, str]) -> Claimed:
    return Claimed(
        alert=row.alert,
        title=row.title,
        severity=row.severity,
        who=names.get(row.line, ""),
        raised_at=row.raised_at,
    )


def _withdrawn(everybody: Sequence[people.PersonRow], *, since: int) -> list[Withdrawn]:
    found = [
        Withdrawn(person=row.person, name=row.name, at=mandate.withdrawn_at)
        for row in everybody
        for line in row.lines
        for mandate in line.mandates
        if mandate.withdrawn_at is not None and mandate.withdrawn_at >= since
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)
