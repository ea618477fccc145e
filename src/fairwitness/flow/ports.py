"""What flow asks of the record, and of the place where a view remembers how far it is."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from fairwitness.flow.facts import Skipped
from fairwitness.flow.follower import Cursor, Follower
from fairwitness.mandate.state import CustodyState
from fairwitness.model.entry import LogName, Stored


class LogSource(Protocol):
    """The record, as followers read it.

    `custody` MUST cover the custody log up to a size that `size` gave before it was called.
    `read` MUST give consecutive entries from `start` on; it MAY give fewer than asked.
    """

    def size(self, log: LogName) -> int: ...

    def read(self, log: LogName, start: int, stop: int) -> Sequence[Stored]: ...

    def custody(self) -> CustodyState: ...


class Place(Protocol):
    """Where a view remembers how far it has come, in the same database as the view.

    Within `writing` nobody else writes the view, and what is written becomes durable with
    the moved cursor or not at all. `writing` yields the cursor as it is by then: another
    process may have driven the same follower. It raises `NotDurable` when the store can not
    promise; asking again is safe.
    """

    def cursor(self) -> Cursor: ...

    def writing(self) -> AbstractContextManager[Cursor]: ...

    def move(self, log: LogName, index: int) -> None:
        """Set the next index wanted of `log`; only within `writing`."""
        ...

    def note_skipped(self, skipped: Skipped) -> None:
        """Keep a note of an entry that was led past; only within `writing`."""
        ...

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        """The entries that were led past, newest first."""
        ...

    def acknowledge(self, disposal: str) -> None:
        """Note that the view holds nothing of a disposal any more; only within `writing`."""
        ...

    def acknowledged(self, disposal: str) -> bool: ...

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the store's files."""
        ...


class LogFollower(Follower, Protocol):
    """A follower that says which logs it follows, can be led past an entry, and can forget.

    `forget` MUST let go of everything that these entries of the message log brought, durably
    together with its acknowledgement, and leave nothing of it in a file. It MAY be repeated.
    `skip` MUST make the moved cursor and the note of it durable together; it MUST do nothing
    when the follower is not at that entry any more.
    """

    @property
    def logs(self) -> tuple[LogName, ...]: ...

    def skip(self, log: LogName, index: int, problem: str) -> None: ...

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]: ...

    def forget(self, disposal: str, entries: Sequence[int]) -> None: ...

    def has_forgotten(self, disposal: str) -> bool: ...
