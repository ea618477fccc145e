"""What the record needs from its engines, and what they must promise."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec

from fairwitness.archive.keys import Secret
from fairwitness.archive.status import RefusedCount
from fairwitness.model.entry import LogName


class Digests(msgspec.Struct, frozen=True):
    """The keyed digests by which duplicates are known, and the day (since 1970, UTC) of the item."""

    day: int
    identity: bytes
    digest: bytes


class Remembered(msgspec.Struct, frozen=True):
    """An item that came before: its digests, whether it was kept, and the day it came (since 1970)."""

    day: int
    identity: bytes
    digest: bytes
    kept: bool
    received_day: int


class NewEntry(msgspec.Struct, frozen=True):
    """An entry about to be appended: its header bytes and, for messages, its digests."""

    header: bytes
    digests: Digests | None = None


class SealedBatch(msgspec.Struct, frozen=True):
    """Payloads that were appended together, still sealed."""

    first: int
    count: int
    sealed: bytes


class Pending(msgspec.Struct, frozen=True):
    """Entries from `first` on that the tail holds, and the batches their payloads are in."""

    first: int
    headers: Sequence[bytes]
    batches: Sequence[SealedBatch]


class SegmentRow(msgspec.Struct, frozen=True):
    """A segment that counts: its log, its range (inclusive) and the hash of its manifest in hex."""

    log: LogName
    first: int
    last: int
    manifest: str


class Opened(msgspec.Struct, frozen=True):
    """An entry's header bytes with its salt and payload, or None when its key is gone."""

    index: int
    header: bytes
    secret: Secret | None


class PayloadSource(Protocol):
    """Entries with their payloads, opened and not yet checked."""

    def opened(self, log: LogName, start: int, stop: int) -> Iterator[Opened]: ...


class TailReader(Protocol):
    """What can be read of the tail, inside a transaction or out of it."""

    def size(self, log: LogName) -> int:
        """How many entries the log has; inside a transaction, its own included."""
        ...

    def headers(self, log: LogName, start: int, stop: int) -> Sequence[bytes]:
        """Header bytes of entries the tail still holds, in order; fewer where it ends."""
        ...

    def batches(self, log: LogName, start: int, stop: int) -> Sequence[SealedBatch]:
        """The sealed batches that hold entries of `[start, stop)`, in order."""
        ...

    def subject_version(self, subject: str) -> int:
        """How many decisions there have been about `subject`."""
        ...


class TailTransaction(TailReader, Protocol):
    """Reads and writes of one atomic append. Nobody else appends meanwhile."""

    def append(self, log: LogName, entries: Sequence[NewEntry], sealed: bytes) -> int:
        """Append entries whose payloads are `sealed` together; gives the first index."""
        ...

    def seen(self, wanted: Sequence[tuple[int, bytes]]) -> Sequence[Remembered]:
        """Every item that is remembered under one of these (day, identity) keys."""
        ...

    def remember(self, items: Sequence[Remembered]) -> None:
        """Remember items, so that they are known when they come again."""
        ...

    def count_refused(self, counts: Mapping[tuple[str, str, str], int]) -> None:
        """Add to the counts of refused items by (line, ISO day, reason)."""
        ...

    def stream(self, lookup: bytes) -> bytes | None: ...

    def add_stream(self, lookup: bytes, stream: bytes) -> None: ...

    def touch_subject(self, subject: str) -> None: ...


class Tail(TailReader, Protocol):
    """The entries that no segment holds yet, and the small tables that appending needs.

    Implementations MUST NOT leave `transaction` without an error before the entries would
    survive a power cut, MUST roll everything back on an error inside it, and MUST raise
    `NotDurable` when that promise can't be made. After `NotDurable` from a commit the
    caller MUST NOT use the store again: what is on disk is not known.
    """

    def transaction(self) -> AbstractContextManager[TailTransaction]: ...

    def pending(self, log: LogName, start: int, stop: int) -> Pending:
        """Headers and batches of `[start, stop)` as of one moment; `first` is above `start` where
        earlier entries are no longer in the tail."""
        ...

    def digests(self, log: LogName, start: int, stop: int) -> Sequence[tuple[bytes | None, bytes | None]]: ...

    def segments(self, log: LogName) -> Sequence[SegmentRow]: ...

    def refused(self) -> Sequence[RefusedCount]: ...

    def change_token(self) -> int:
        """A number that is other whenever another connection has written: cheap to poll."""
        ...

    def forget(self, segment: SegmentRow, *, drop: bool) -> None:
        """Note a segment that counts and, with `drop`, drop the entries it holds."""
        ...

    def forget_refused(self, before_day: int) -> None:
        """Drop the digests of items refused before a day (since 1970)."""
        ...

    def close(self) -> None: ...


class FileStore(Protocol):
    """Where published files live. A file that `publish` returned for survives a power cut.

    Names are relative, with `/`. Implementations MUST make a file appear whole or not at all.
    """

    def publish(self, name: str, data: bytes, *, replace: bool = False) -> None:
        """Publish `data`. Without `replace`, an existing file with other bytes is `Forked`."""
        ...

    def stage(self, name: str, write: Callable[[str], None]) -> None:
        """Have `write` make a staged file at the path it is given, and make it durable."""
        ...

    def release(self, name: str) -> None:
        """Give a staged file its name. Nothing happens if it has it already."""
        ...

    def read(self, name: str) -> bytes | None: ...

    def path(self, name: str) -> str:
        """A path that a reader of large files may open."""
        ...

    def staged_path(self, name: str) -> str: ...

    def discard_staged(self) -> None:
        """Remove staged files that were never released. Nobody may be staging meanwhile."""
        ...

    def remove(self, name: str) -> None: ...

    def names(self, folder: str) -> Iterator[str]:
        """Names of all published files below `folder`, sorted."""
        ...


class Answer(msgspec.Struct, frozen=True):
    """What somebody outside answered: status, type of content, body."""

    status: int
    kind: str
    body: bytes


class Outside(Protocol):
    """Asks a witness or a time-stamping authority something over HTTP.

    Implementations MUST return or raise `Unreachable` within ten seconds whatever the other side
    does, MUST NOT give more than 64 KiB of a body, and MUST NOT follow a redirection.
    """

    def __call__(self, url: str, body: bytes | None = None, *, kind: str = "") -> Answer:
        """GET `url`, or POST `body` to it as content of this kind."""
        ...
