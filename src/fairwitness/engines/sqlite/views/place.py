"""The database of one view: opened, made when new, and with its place in the record."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import msgspec

from fairwitness.engines.sqlite.connect import open_encrypted, store_errors
from fairwitness.engines.sqlite.sql import load_queries, load_schema
from fairwitness.errors import Malformed, Misconfigured, NotDurable
from fairwitness.flow.facts import Skipped
from fairwitness.flow.follower import Cursor
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName
from fairwitness.model.event import Event
from fairwitness.model.finding import Finding

_SQL = load_queries(__package__, "place_queries.sql")
_WILL_NOT_FIT = (apsw.TooBigError, apsw.ConstraintError, apsw.MismatchError, apsw.RangeError, apsw.SQLError)
_SHAPE = repr([[(f.name, str(f.type)) for f in msgspec.structs.fields(kind)] for kind in (Event, Finding)])


class ViewFile:
    """One view's database; `db` is for the statements of its own store."""

    def __init__(self, path: Path, key: bytes, *, schema: str, cache_kib: int = 8_192) -> None:
        self._path = path
        made_by = load_schema(__package__, "place.sql") + load_schema(__package__, schema)
        # A page that many batches change is written to the file once per checkpoint.
        self.db = open_encrypted(path, key, synchronous="NORMAL", cache_kib=cache_kib)
        with store_errors(path):
            self._make(made_by, zlib.crc32((made_by + _SHAPE).encode()) & 0x7FFF_FFFF)

    def cursor(self) -> Cursor:
        """How far the view has come."""
        with store_errors(self._path):
            found = dict(self.db.execute(_SQL["place"]))
        return Cursor(messages=found.get(MESSAGES, 0), custody=found.get(CUSTODY, 0))

    @contextmanager
    def writing(self) -> Iterator[Cursor]:
        """Hold the view for writing; what is written lasts when the block ends without an error."""
        with store_errors(self._path):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.cursor()
                self.db.execute("COMMIT")
            except _WILL_NOT_FIT as error:
                raise Malformed("the view can not keep it", kind=type(error).__name__) from error
            finally:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")

    def move(self, log: LogName, index: int) -> None:
        """Set the next index wanted of `log`."""
        self.db.execute(_SQL["move"], (log, index))

    def note_skipped(self, skipped: Skipped) -> None:
        """Keep a note of an entry that was led past."""
        self.db.execute(_SQL["note_skipped"], (skipped.log, skipped.index, skipped.problem))

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        """The entries that were led past, newest first."""
        with store_errors(self._path):
            rows: list[Any] = self.db.execute(_SQL["skipped"], (limit,)).fetchall()
        return [Skipped(log=str(row[0]), index=int(row[1]), problem=str(row[2])) for row in rows]

    def acknowledge(self, disposal: str) -> None:
        """Note that the view holds nothing of a disposal any more."""
        self.db.execute(_SQL["acknowledge"], (disposal,))

    def acknowledged(self, disposal: str) -> bool:
        """Whether that was noted."""
        with store_errors(self._path):
            return bool(self.db.execute(_SQL["acknowledged"], (disposal,)).get)

    def scrub(self) -> None:
        """Leave nothing of what was deleted: pages hold zeros by now, the log is emptied."""
        with store_errors(self._path):
            busy: list[Any] = self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy and busy[0][0]:
            raise NotDurable("a view's log is in use and was not emptied", path=str(self._path))

    def close(self) -> None:
        """Close the database; the view stays."""
        self.db.close()

    def _make(self, made_by: str, version: int) -> None:
        if self.db.pragma("user_version") == version:
            return
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self._check_version(version)
            self.db.execute(made_by)
            self.db.pragma("user_version", version)
            self.db.execute("COMMIT")
        finally:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")

    def _check_version(self, version: int) -> None:
        if self.db.pragma("user_version") not in (0, version):
            raise Misconfigured(
                "the view was made by another version",
                setting="views",
                hint="Stop Fairwitness and delete the file: it is built again from the record.",
                path=str(self._path),
            )


def blob(text: str) -> bytes:
    """An id of hex digits as bytes; any other text as it is."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return text.encode()
