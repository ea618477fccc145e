"""Sizes, checkpoints, counts: the record as it looks from outside. No content is read here."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import msgspec

from fairwitness.archive.status import LogStatus, RefusedCount, Verification
from fairwitness.followers.views import NotUnderstood
from fairwitness.model.entry import CUSTODY
from fairwitness_hub.people import queries as people
from fairwitness_hub.wiring import house

LATE_MS = 30_000
"""A checkpoint is made each second while entries arrive; later than this wants a look."""
BEHIND = 1_000
"""A follower takes in more than this in a second; what stays above it wants a look."""
STALE_MS = 7 * 86_400_000
"""A week: how long a full verification may be ago before the hub says so."""


UNANSWERED_MS = 15_000
"""The keeper looks for requests several times a second; later than this it may not be running."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Where the newest full check of the record stands."""

    course: Verification
    waited: int

    @property
    def asked(self) -> bool:
        """Whether an answer is waited for."""
        return self.course.asked_at is not None

    @property
    def begun(self) -> bool:
        """Whether the keeper is at it."""
        return self.course.total > 0

    @property
    def unanswered(self) -> bool:
        """Whether the keeper should have begun by now."""
        return self.asked and not self.begun and self.waited > UNANSWERED_MS

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100."""
        return min(100, self.course.done * 100 // self.course.total) if self.course.total else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRow:
    """One log. `waiting` entries have no checkpoint yet; `late` says that is not normal."""

    status: LogStatus
    custody: bool
    waiting: int
    tail: int
    late: bool

    @property
    def root_short(self) -> str:
        """Enough of the root to compare by eye."""
        return self.status.root[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The record at a glance, as of `now`."""

    now: int
    logs: tuple[LogRow, ...]
    entries: int
    messages: int
    not_understood: int
    refused: int
    verified_at: int | None
    verified_faults: int | None
    verified_long_ago: bool
    behind: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """What was refused of one line, or of an alias that no line has."""

    line: str
    who: str
    person: str
    known: bool
    count: int
    reasons: tuple[tuple[str, int], ...]
    first_day: str
    last_day: str

    @property
    def enrol(self) -> str:
        """The beginning of an enrolment form for this alias, as the query of an address."""
        kind, _colon, value = self.line.partition(":")
        field = {"phone": "phone", "pnid": "phone_number_id", "waha": "waha_session"}.get(kind)
        return "" if self.known or field is None else urlencode({field: value})


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedDay:
    """What was refused on one day (UTC), by reason."""

    day: date
    count: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstoodPage:
    """Entries that are kept whole and were not read, newest first."""

    total: int
    rows: tuple[NotUnderstood, ...]


def overview() -> Overview:
    """Size, checkpoints and counts, as of now."""
    home = house()
    now, status = home.clock(), home.status()
    logs = tuple(_log(log, now) for log in status.logs)
    verified = status.verified_at
    return Overview(
        now=now,
        logs=logs,
        entries=sum(log.status.size for log in logs),
        messages=home.messages.message_count(),
        not_understood=home.messages.not_understood_count(),
        refused=sum(row.count for row in home.refused()),
        verified_at=verified,
        verified_faults=status.verified_faults,
        verified_long_ago=verified is None or now - verified > STALE_MS,
        behind=tuple((name, count) for name, count in home.behind().items() if count > BEHIND),
    )


def check() -> Check:
    """The newest full check: asked for, under way, or answered."""
    home = house()
    course = home.verification()
    return Check(course=course, waited=home.clock() - (course.asked_at or home.clock()))


def refused_rows() -> tuple[RefusedRow, ...]:
    """What was refused, by line, the most first."""
    by_line: dict[str, list[RefusedCount]] = defaultdict(list)
    for row in house().refused():
        by_line[row.line].append(row)
    known = {line.line: (owner.person, owner.name) for owner in people.everybody() for line in owner.lines}
    loose = {line.line: ("", line.name) for line in people.loose_lines()}
    rows = [_refused(line, counts, {**loose, **known}) for line, counts in by_line.items()]
    return tuple(sorted(rows, key=lambda row: (-row.count, row.line)))


def refused_days(days: int = 30) -> tuple[RefusedDay, ...]:
    """What was refused on each of the last `days` days, oldest first, days without any included."""
    home = house()
    today = datetime.fromtimestamp(home.clock() / 1000, UTC).date()
    by_day: dict[str, Counter[str]] = defaultdict(Counter)
    for row in home.refused():
        by_day[row.day][row.reason] += row.count
    return tuple(_day(today - timedelta(days=ago), by_day) for ago in range(days - 1, -1, -1))


def not_understood(*, limit: int = 50, offset: int = 0) -> NotUnderstoodPage:
    """A page of entries that were not, or not fully, understood.

    A reason's facts may quote what somebody sent, so only its sentence, which is ours, is given out.
    """
    view = house().messages
    found = view.not_understood(limit=limit, offset=offset)
    rows = tuple(msgspec.structs.replace(row, reason=plain_reason(row.reason)) for row in found)
    return NotUnderstoodPage(total=view.not_understood_count(), rows=rows)


def checkpoint(log: str) -> str | None:
    """The newest signed checkpoint of a log, as it is published; None before the first."""
    home = house()
    known = {row.log for row in home.status().logs}
    return (home.checkpoint(log) or None) if log in known else None


def verifier_keys() -> str:
    """The keys that checkpoints are signed with, one a line: public, and all that a check needs."""
    return house().verifier_keys()


def plain_reason(reason: str) -> str:
    """A reason without the facts in its brackets, which may quote what somebody sent."""
    return reason.split(" (", 1)[0].split("\n", 1)[0]


def _log(log: LogStatus, now: int) -> LogRow:
    waiting = log.size - log.checkpoint_size
    since = now - log.checkpoint_at if log.checkpoint_at is not None else LATE_MS + 1
    return LogRow(
        status=log,
        custody=log.log == CUSTODY,
        waiting=waiting,
        tail=log.size - log.sealed_size,
        late=waiting > 0 and since > LATE_MS,
    )


def _refused(line: str, counts: Sequence[RefusedCount], owners: Mapping[str, tuple[str, str]]) -> RefusedRow:
    reasons: Counter[str] = Counter()
    for row in counts:
        reasons[row.reason] += row.count
    person, who = owners.get(line, ("", ""))
    return RefusedRow(
        line=line,
        who=who,
        person=person,
        known=line in owners,
        count=reasons.total(),
        reasons=tuple(reasons.most_common()),
        first_day=min(row.day for row in counts),
        last_day=max(row.day for row in counts),
    )


def _day(day: date, by_day: Mapping[str, Counter[str]]) -> RefusedDay:
    reasons: Counter[str] = by_day.get(day.isoformat(), Counter())
    return RefusedDay(day=day, count=reasons.total(), reasons=tuple(reasons.most_common()))
