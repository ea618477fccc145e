"""May the clock be believed? A clock that jumped must dispose of nothing.

The machine's clock is held against what the log itself says: its entries carry the time of
their arrival, in order. Where the log was silent for so long that a jump could hide in it, two
people must each have said what day it is, and the clock must agree with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from fairwitness.clock import DAY_MS
from fairwitness.errors import Forbidden

MOST_AHEAD_MS = 10 * 60 * 1000
"""How far an entry may be ahead of the clock."""
MOST_SILENCE_MS = 7 * DAY_MS
"""How long the log may be silent before people are asked."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the time.

    `now` is the machine's clock. `log_times` are arrival times in log order: one or more runs,
    each of one log, reaching to its end. `published_at` is when the newest checkpoint was
    written. `said` are the dates that the proposer and the approver gave, or empty.
    """

    now: int
    log_times: tuple[Sequence[int], ...]
    published_at: int | None
    said: tuple[str, str] = ("", "")


def check_clock(evidence: Evidence) -> None:
    """Raise `Forbidden` when it is not sure what day it is.

    1. Two people said what day it is: the clock must agree, and that is enough.
    2. Otherwise nothing recorded may lie in the future,
    3. and the log must lead up to now without a gap that a jump could hide in.
    """
    if not any(evidence.log_times):
        raise Forbidden("the log is empty, so nothing vouches for the clock")
    # 1.
    if any(said and abs(_ms(said) - evidence.now) > 2 * DAY_MS for said in evidence.said):
        raise Forbidden("the clock says another day than people do", now=_date(evidence.now))
    if all(evidence.said):
        return
    # 2.
    latest = max(evidence.published_at or 0, *(time for times in evidence.log_times for time in times))
    if latest > evidence.now + MOST_AHEAD_MS:
        raise Forbidden(
            "the clock is behind what the record says, so nothing is disposed of; both people must say what "
            "day it is",
            now=_date(evidence.now), record=_date(latest),
        )  # fmt: skip
    # 3.
    if (gap := _longest_gap(evidence)) > MOST_SILENCE_MS:
        raise Forbidden(
            "the log has a gap that a jump of the clock could hide in, so nothing is disposed of; both "
            "people must say what day it is",
            days=gap // DAY_MS,
        )  # fmt: skip


def _longest_gap(evidence: Evidence) -> int:
    times = sorted({time for run in evidence.log_times for time in run} | {evidence.now})
    return max((later - before for before, later in pairwise(times)), default=0)


def _ms(date: str) -> int:
    try:
        at = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise Forbidden("a date is written like 2026-11-25", said=date) from error
    return round(at.timestamp() * 1000)


def _date(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).date().isoformat()
