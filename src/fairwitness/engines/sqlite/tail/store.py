"""`archive.ports.Tail` on encrypted SQLite: WAL, `synchronous=FULL`, one writer at a time.

A connection belongs to one thread. Several processes may each have their own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from fairwitness.archive.ports import NewEntry, Pending, Remembered, SealedBatch, SegmentRow
from fairwitness.archive.status import RefusedCount
from fairwitness.engines.sqlite.connect import open_encrypted, store_errors
from fairwitness.engines.sqlite.sql import load_queries, load_schema
from fairwitness.errors import NotDurable, Overloaded
from fairwitness.model.entry import LogName

_SQL = load_queries(__package__)


class SqliteTail:
    """The tail at `path`, for the logs named. Creates the database where there is none.

    `guard` is called inside every append and raises what forbids it.
    """

    def __init__(
        self, path: Path, key: bytes, *, logs: Sequence[LogName], guard: Callable[[], None] = lambda: None
    ) -> None:
        self._path = path
        self._guard = guard
        self._lost = False
        self._db = open_encrypted(path, key, synchronous="FULL")
        with self._immediate():
            if not self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'log'").fetchall():
                self._db.execute(load_schema(__package__))
            self._db.executemany(_SQL["add_log"], [(name,) for name in logs])
        with self._reading():
            self._logs = dict(self._db.execute(_SQL["logs"]))

    def close(self) -> None:
        """Close the connection; what was promised is already durable."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator["SqliteTailTransaction"]:
        """One atomic append, durable when the block ends without an error."""
        with self._immediate():
            self._guard()
            yield SqliteTailTransaction(self._db, self._logs)

    @contextmanager
    def _immediate(self) -> Iterator[None]:
        if self._lost:
            raise NotDurable("a commit failed here: the tail must be opened again", path=str(self._path))
        with self._reading():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException as error:
                # What a failed sync left on the disk is not known; a full disk is met before any sync.
                self._lost = isinstance(error, apsw.Error) and not isinstance(error, apsw.FullError)
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Say what SQLite can not do just now: wait where that may help, else `NotDurable`."""
        try:
            with store_errors(self._path):
                yield
        except NotDurable as error:
            if isinstance(error.__cause__, apsw.BusyError):
                raise Overloaded("the tail is busy") from error
            if isinstance(error.__cause__, apsw.FullError):
                raise Overloaded("the disk is full", path=str(self._path)) from error
            raise

    def size(self, log: LogName) -> int:
        """How many entries the log has."""
        with self._reading():
            return _number(self._db, _SQL["size"], (self._logs[log],))

    def headers(self, log: LogName, start: int, stop: int) -> Sequence[bytes]:
        """Header bytes of the entries of `[start, stop)` that the tail still holds."""
        with self._reading():
            return _headers(self._db, self._logs[log], start, stop)

    def digests(self, log: LogName, start: int, stop: int) -> Sequence[tuple[bytes | None, bytes | None]]:
        """(identity, digest) of each of those entries."""
        with self._reading():
            return list(self._db.execute(_SQL["digests"], (self._logs[log], start, stop)))

    def batches(self, log: LogName, start: int, stop: int) -> Sequence[SealedBatch]:
        """The sealed batches that hold entries of `[start, stop)`, in order."""
        with self._reading():
            return _batches(self._db, self._logs[log], start, stop)

    def pending(self, log: LogName, start: int, stop: int) -> Pending:
        """Headers and batches of `[start, stop)` as of one moment."""
        number = self._logs[log]
        with self._reading(), self._db:
            rows: list[Any] = self._db.execute(_SQL["pending"], (number, start, stop)).fetchall()
            first = rows[0][0] if rows else stop
            batches = _batches(self._db, number, first, stop) if rows else []
        return Pending(first, [row[1] for row in rows], batches)

    def segments(self, log: LogName) -> Sequence[SegmentRow]:
        """The log's segments that count, in order."""
        with self._reading():
            return [SegmentRow(*row) for row in self._db.execute(_SQL["segments"], (self._logs[log],))]

    def subject_version(self, subject: str) -> int:
        """How many decisions there have been about `subject`."""
        with self._reading():
            return _subject_version(self._db, subject)

    def refused(self) -> Sequence[RefusedCount]:
        """What was refused, by line, day and reason."""
        with self._reading():
            return [
                RefusedCount(line=line, day=day, reason=reason, count=count)
                for line, day, reason, count in self._db.execute(_SQL["refused"])
            ]

    def change_token(self) -> int:
        """SQLite's data version: other whenever another connection committed."""
        with self._reading():
            return _number(self._db, _SQL["data_version"])

    def forget(self, segment: SegmentRow, *, drop: bool) -> None:
        """Note a segment that counts and, with `drop`, drop the entries it holds."""
        log = self._logs[segment.log]
        with self._immediate():
            self._db.execute(_SQL["add_segment"], (log, segment.first, segment.last, segment.manifest))
            if drop:
                self._db.execute(_SQL["forget_entries"], (log, segment.last))
                self._db.execute(_SQL["forget_batches"], (log, segment.last))

    def forget_refused(self, before_day: int) -> None:
        """Drop the digests of items refused before a day (since 1970)."""
        with self._immediate():
            self._db.execute(_SQL["forget_refused"], (before_day,))


class SqliteTailTransaction:
    """`archive.ports.TailTransaction`: lives as long as the `BEGIN IMMEDIATE` around it."""

    def __init__(self, db: apsw.Connection, logs: dict[str, int]) -> None:
        self._db = db
        self._logs = logs

    def size(self, log: LogName) -> int:
        """How many entries the log has, this transaction's included."""
        return _number(self._db, _SQL["size"], (self._logs[log],))

    def append(self, log: LogName, entries: Sequence[NewEntry], sealed: bytes) -> int:
        """Append entries whose payloads are `sealed` together; gives the first index."""
        number, first = self._logs[log], self.size(log)
        self._db.executemany(
            _SQL["add_entry"],
            [
                (number, first + place, entry.header, d.identity if d else None, d.digest if d else None)
                for place, entry in enumerate(entries)
                for d in (entry.digests,)
            ],
        )
        self._db.execute(_SQL["add_batch"], (number, first, len(entries), sealed))
        self._db.execute(_SQL["grow"], (first + len(entries), number))
        return first

    def headers(self, log: LogName, start: int, stop: int) -> Sequence[bytes]:
        """Header bytes of the entries of `[start, stop)` that the tail still holds."""
        return _headers(self._db, self._logs[log], start, stop)

    def batches(self, log: LogName, start: int, stop: int) -> Sequence[SealedBatch]:
        """The sealed batches that hold entries of `[start, stop)`, in order."""
        return _batches(self._db, self._logs[log], start, stop)

    def seen(self, wanted: Sequence[tuple[int, bytes]]) -> Sequence[Remembered]:
        """Every item that is remembered under one of these (day, identity) keys."""
        return [
            Remembered(day, identity, digest, bool(kept), received)
            for day, identity, digest, kept, received in self._db.executemany(_SQL["seen"], wanted)
        ]

    def remember(self, items: Sequence[Remembered]) -> None:
        """Remember items, so that they are known when they come again."""
        rows = ((i.day, i.identity, i.digest, int(i.kept), i.received_day) for i in items)
        self._db.executemany(_SQL["remember"], rows)

    def count_refused(self, counts: Mapping[tuple[str, str, str], int]) -> None:
        """Add to the counts of refused items by (line, ISO day, reason)."""
        self._db.executemany(_SQL["count_refused"], ((*key, count) for key, count in counts.items()))

    def stream(self, lookup: bytes) -> bytes | None:
        """The stream of a keyed address, if it has one."""
        rows: list[Any] = self._db.execute(_SQL["stream"], (lookup,)).fetchall()
        return rows[0][0] if rows else None

    def add_stream(self, lookup: bytes, stream: bytes) -> None:
        """Give a keyed address its stream."""
        self._db.execute(_SQL["add_stream"], (lookup, stream))

    def subject_version(self, subject: str) -> int:
        """How many decisions there have been about `subject`."""
        return _subject_version(self._db, subject)

    def touch_subject(self, subject: str) -> None:
        """Note one more decision about `subject`."""
        self._db.execute(_SQL["touch_subject"], (subject,))


def _batches(db: apsw.Connection, log: int, start: int, stop: int) -> list[SealedBatch]:
    return [SealedBatch(*row) for row in db.execute(_SQL["batches"], (log, start, stop))]


def _headers(db: apsw.Connection, log: int, start: int, stop: int) -> list[bytes]:
    return [row[0] for row in db.execute(_SQL["headers"], (log, start, stop))]


def _subject_version(db: apsw.Connection, subject: str) -> int:
    return _number(db, _SQL["subject_version"], (subject,))


def _number(db: apsw.Connection, query: str, values: tuple[object, ...] = ()) -> int:
    """The one number that a query gives; 0 when it gives none."""
    rows: list[Any] = db.execute(query, values).fetchall()
    return int(rows[0][0]) if rows else 0
