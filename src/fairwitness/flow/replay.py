"""Brings followers up to the head of the record: the same code live and from zero.

Custody first, to its head, then messages up to a size that was read before: whatever a
message names of the custody log has been followed by then. Followers that stand at the same
entry share one reading of it. One that fails is told of and left where it is; the others go on.
"""

from collections.abc import Callable, Sequence

import msgspec

from fairwitness.flow.follower import Batch, Cursor
from fairwitness.flow.ports import LogFollower, LogSource
from fairwitness.flow.quarantine import FAULTS, describe, hand_one, may_be_its_own
from fairwitness.mandate.state import CustodyState
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName

LIMIT = 2_048


class FollowerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Where a follower stands. `problem` says why it does not move, or what it was led past; else ''."""

    name: str
    cursor: Cursor
    problem: str = ""


Progress = Callable[[FollowerStatus], None]


def _silently(status: FollowerStatus) -> None:
    """Tell nobody."""


def catch_up(
    source: LogSource, followers: Sequence[LogFollower], *, limit: int = LIMIT, progress: Progress = _silently
) -> int:
    """Hand every follower what is new, at most `limit` entries at a time; gives how many they took in all."""
    messages = source.size(MESSAGES)
    custody = source.size(CUSTODY)
    state = source.custody()
    return sum(
        _Run(source, log, stop, state, limit, progress).follow(followers)
        for log, stop in ((CUSTODY, custody), (MESSAGES, messages))
    )


class _Run:
    """One log, up to a fixed size."""

    def __init__(
        self, source: LogSource, log: LogName, stop: int, state: CustodyState, limit: int, progress: Progress
    ) -> None:
        self._source = source
        self._log = log
        self._stop = stop
        self._state = state
        self._limit = limit
        self._progress = progress

    def follow(self, followers: Sequence[LogFollower]) -> int:
        """Lead every follower of this log to its end, those that are furthest behind first."""
        wanting = {follower: self._next(follower) for follower in followers if self._log in follower.logs}
        taken = 0
        while behind := {follower: at for follower, at in wanting.items() if at < self._stop}:
            start = min(behind.values())
            stop = min(start + self._limit, self._stop)
            batch = Batch(self._log, self._source.read(self._log, start, stop), self._state)
            if not batch.entries:
                break
            for follower in [follower for follower, at in behind.items() if at < batch.end]:
                moves = self._hand(follower, batch)
                wanting[follower] = self._next(follower) if moves else self._stop
                taken += max(0, self._next(follower) - behind[follower])
        return taken

    def _hand(self, follower: LogFollower, batch: Batch) -> bool:
        """Hand over a batch; False when the follower must wait for the next time."""
        try:
            problem = self._take(follower, batch)
        except FAULTS as error:
            self._tell(follower, describe(error))
            return False
        self._tell(follower, problem)
        return True

    def _take(self, follower: LogFollower, batch: Batch) -> str:
        try:
            follower.handle(batch)
        except FAULTS as error:
            if not may_be_its_own(error):
                raise
        else:
            return ""
        problems = [hand_one(follower, self._single(batch, at)) for at in range(len(batch.entries))]
        return next(filter(None, problems), "")

    def _single(self, batch: Batch, at: int) -> Batch:
        return Batch(batch.log, batch.entries[at : at + 1], batch.custody)

    def _next(self, follower: LogFollower) -> int:
        cursor = follower.cursor()
        return cursor.messages if self._log == MESSAGES else cursor.custody

    def _tell(self, follower: LogFollower, problem: str) -> None:
        self._progress(FollowerStatus(name=follower.name, cursor=follower.cursor(), problem=problem))
