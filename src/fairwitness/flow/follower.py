"""What a follower is: a name, a cursor, and a `handle` that may be called again.

A follower's view can be deleted at any time: with its cursor back at zero the whole
record is handed to it once more, and it MUST arrive at the same view.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import msgspec

from fairwitness.flow.reading import Read as Read
from fairwitness.flow.reading import read_entry
from fairwitness.mandate.state import CustodyState
from fairwitness.model.entry import LogName, Stored


class Cursor(msgspec.Struct, frozen=True):
    """The next index that a follower wants of each log."""

    messages: int = 0
    custody: int = 0


class Batch:
    """Consecutive entries of one log, and the custody state that they may be judged by.

    `custody` covers at least the custody size of every entry in the batch. `reads` is
    worked out once and shared by all followers that are handed the same batch.
    """

    def __init__(self, log: LogName, entries: Sequence[Stored], custody: CustodyState) -> None:
        self.log = log
        self.entries = tuple(entries)
        self.custody = custody

    @property
    def end(self) -> int:
        """The index after the last entry."""
        return self.entries[-1].index + 1

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """Every entry with its events, in order."""
        return tuple(read_entry(stored) for stored in self.entries)


class Follower(Protocol):
    """Follows the record.

    `handle` MUST make its effects and the new cursor durable together, and MUST leave
    the same view when it is handed a batch again. It MUST NOT read a clock.
    """

    @property
    def name(self) -> str: ...

    def cursor(self) -> Cursor: ...

    def handle(self, batch: Batch) -> None: ...
