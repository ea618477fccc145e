"""`archive.key_ports.KeyStore` in one encrypted SQLite database, beside the keyring.

`secure_delete` writes zeros over what goes; `scrub` then empties the write-ahead log.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from fairwitness.archive.key_ports import DataKeyRow, Destruction, EntryKeyRow, KeyScope, KeyState, Wrapped
from fairwitness.engines.sqlite.connect import open_encrypted, store_errors
from fairwitness.engines.sqlite.sql import load_queries, load_schema
from fairwitness.errors import NotDurable

_SQL = load_queries(__package__)


class SqliteKeyStore:
    """Wrapped keys at `path`. Creates the database where there is none."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._db = open_encrypted(path, key, synchronous="FULL")
        with self._writing():
            if not self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'data_key'").fetchall():
                self._db.execute(load_schema(__package__))

    def generation(self) -> int:
        """The generation that new keys must be wrapped under."""
        return int(self._rows("generation")[0][0])

    def put(self, rows: Sequence[DataKeyRow]) -> bool:
        """Store data keys; nothing and False when one is wrapped under an older generation."""
        if not rows:
            return True
        with self._writing():
            if min(row.wrapped.generation for row in rows) < self.generation():
                return False
            self._db.executemany(_SQL["put_key"], map(_data_key_row, rows))
        return True

    def find(self, scopes: Sequence[KeyScope]) -> dict[KeyScope, bytes]:
        """Key ids by scope, for those whose data key is here."""
        return {
            scope: row[0]
            for scope in scopes
            for row in self._rows("find", (scope.stream, scope.month, scope.retention))
        }

    def data_keys(self, key_ids: Sequence[bytes]) -> dict[bytes, Wrapped]:
        """Data keys by id, for those that are here."""
        return {k: Wrapped(*row) for k in key_ids for row in self._rows("data_key", (k,))}

    def entry_keys(self, wanted: Sequence[tuple[bytes, int]]) -> dict[tuple[bytes, int], Wrapped]:
        """Entry keys by (key id, index), for those that are here."""
        return {place: Wrapped(*row) for place in wanted for row in self._rows("entry_key", place)}

    def begin_generation(self, generation: int) -> None:
        """From now on nothing is stored under an older generation."""
        with self._writing():
            self._db.execute(_SQL["begin_generation"], (generation,))

    def behind(self, limit: int) -> tuple[Sequence[tuple[bytes, Wrapped]], Sequence[EntryKeyRow]]:
        """Keys that are still wrapped under an older generation."""
        keys = [(k, Wrapped(g, w)) for k, g, w in self._rows("keys_behind", (limit,))]
        entries = self._rows("entries_behind", (limit,))
        return keys, [EntryKeyRow(k, index, Wrapped(g, w)) for k, index, g, w in entries]

    def rewrap(self, keys: Sequence[tuple[bytes, Wrapped]], entries: Sequence[EntryKeyRow]) -> None:
        """Replace how these keys are wrapped."""
        with self._writing():
            self._db.executemany(_SQL["rewrap_key"], ((k, w.generation, w.wrapped) for k, w in keys))
            self._db.executemany(_SQL["rewrap_entry"], map(_entry_key_row, entries))

    def states(self) -> Sequence[KeyState]:
        """Every data key of which something is left, by scope."""
        return [
            KeyState(key_id, KeyScope(stream, month, retention), bool(whole), entries)
            for key_id, stream, month, retention, whole, entries in self._rows("states")
        ]

    def destroyed(self) -> int:
        """How many data keys are gone."""
        return int(self._rows("destroyed")[0][0])

    def destroy(self, destruction: Destruction) -> None:
        """Take keys away and store the survivors' own, in one step; keep the note."""
        with self._writing():
            self._db.executemany(_SQL["put_entry"], map(_entry_key_row, destruction.survivors))
            self._db.executemany(_SQL["destroy_key"], ((key_id,) for key_id in destruction.keys))
            self._db.executemany(_SQL["destroy_entry"], destruction.entries)
            self._db.execute(_SQL["put_note"], (destruction.disposal, destruction.note))

    def notes(self) -> Sequence[tuple[str, bytes]]:
        """(disposal, note) of every disposal that was begun and is not finished, oldest first."""
        return self._rows("notes")

    def finish(self, disposal: str) -> None:
        """Drop the note of a disposal that is done."""
        with self._writing():
            self._db.execute(_SQL["finish"], (disposal,))

    def scrub(self) -> None:
        """Leave nothing of what was taken away: pages hold zeros by now, the log is emptied."""
        busy: list[Any] = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if busy and busy[0][0]:
            raise NotDurable("the key store's log is in use by another process and was not emptied")

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def _rows(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with store_errors(self._path):
            return self._db.execute(_SQL[query], values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        # A transaction that begins as a read can not wait for another that is writing already.
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except apsw.Error as error:
            raise NotDurable("keys could not be written", reason=str(error)) from error
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")


def _data_key_row(row: DataKeyRow) -> tuple[Any, ...]:
    scope, wrapped = row.scope, row.wrapped
    return row.key_id, scope.stream, scope.month, scope.retention, wrapped.generation, wrapped.wrapped


def _entry_key_row(row: EntryKeyRow) -> tuple[Any, ...]:
    return row.key_id, row.index, row.wrapped.generation, row.wrapped.wrapped
