"""`archive.ports.KeyStore` in one encrypted SQLite database, beside the keyring."""

from collections.abc import Sequence
from pathlib import Path

import apsw

from fairwitness.engines.sqlite.connect import open_encrypted
from fairwitness.engines.sqlite.sql import load_queries, load_schema
from fairwitness.errors import NotDurable

_SQL = load_queries(__package__)


class SqliteKeyStore:
    """Wrapped data keys at `path`. Creates the database where there is none."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._db = open_encrypted(path, key, synchronous="FULL")
        # A transaction that begins as a read can not wait for another that is writing already.
        self._db.execute("BEGIN IMMEDIATE")
        if not self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'scope'").fetchall():
            self._db.execute(load_schema(__package__))
        self._db.execute("COMMIT")

    def put(self, rows: Sequence[tuple[bytes, bytes]], lookups: Sequence[tuple[bytes, bytes]]) -> None:
        """Store wrapped keys with their scopes, durably, all or none."""
        if not rows:
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany(_SQL["put_key"], rows)
            self._db.executemany(_SQL["put_scope"], lookups)
            self._db.execute("COMMIT")
        except apsw.Error as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise NotDurable("data keys could not be written", reason=str(error)) from error

    def find(self, lookups: Sequence[bytes]) -> dict[bytes, bytes]:
        """Key ids by scope look-up, for those that exist."""
        return _select(self._db, _SQL["find"], lookups)

    def wrapped(self, key_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """Wrapped keys by key id, for those that exist."""
        return _select(self._db, _SQL["wrapped"], key_ids)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()


def _select(db: apsw.Connection, query: str, wanted: Sequence[bytes]) -> dict[bytes, bytes]:
    return {key: row[0] for key in wanted for row in db.execute(query, (key,))}
