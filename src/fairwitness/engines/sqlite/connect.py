"""Opens encrypted SQLite files, and says no to anything less.

Pages are AEGIS-256's: encrypted and authenticated under a raw 256-bit key, with a fresh nonce
whenever a page is written (ADR 14). No passphrase is stretched on opening. Every parameter
is set here and none is left to a default that could move. A database, its write-ahead log and
its shared memory hold no plain byte; temporary tables stay in memory.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import apsw

from fairwitness.errors import Misconfigured, NotDurable

OLDEST_SQLITE = 3_051_003
"""3.51.3 mends a fault in which two processes that checkpoint a WAL can lose pages."""

Synchronous = Literal["FULL", "NORMAL", "OFF"]

_BROKEN_STORE = (
    apsw.BusyError, apsw.LockedError, apsw.FullError, apsw.IOError, apsw.CantOpenError, apsw.NoMemError,
    apsw.ReadOnlyError, apsw.CorruptError, apsw.NotADBError, apsw.ProtocolError, apsw.PermissionsError,
    OSError,
)  # fmt: skip


def open_encrypted(
    path: Path,
    key: bytes,
    *,
    synchronous: Synchronous,
    busy_timeout_ms: int = 10_000,
    cache_kib: int = 8_192,
    autocheckpoint_pages: int = 4_000,
    query_only: bool = False,
) -> apsw.Connection:
    """Open the database at `path` under the 32-byte `key`, making it when it is not there.

    The file is readable by its owner only. Raises `Misconfigured` for a key that does not
    fit or a SQLite that is too old, `NotDurable` when the file cannot be opened just now.
    """
    _check_library()
    if len(key) != 32:
        raise Misconfigured("a database key has 32 bytes", setting="key", length=len(key))
    with store_errors(path), _alone(path):
        connection = _unlock(path, key, busy_timeout_ms)
        _set_up(connection, synchronous, cache_kib, autocheckpoint_pages)
        if synchronous == "FULL":
            _sync_folder(path.parent)
        connection.pragma("query_only", int(query_only))
        return connection


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn what the store cannot do just now into `NotDurable`; faults of a statement pass."""
    try:
        yield
    except _BROKEN_STORE as error:
        raise NotDurable(f"the database {path.name} says: {error}", path=str(path)) from error


def _check_library() -> None:
    if apsw.SQLITE_VERSION_NUMBER < OLDEST_SQLITE or not hasattr(apsw, "mc_version"):
        raise Misconfigured(
            "this SQLite is too old, or can not encrypt",
            setting="apsw",
            hint="install apsw-sqlite3mc 3.51.3 or later",
            found=apsw.sqlite_lib_version(),
        )


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one thread of one process at a time open the database, and make its file where there is none.

    Two that make one file would each draw a salt, and turning a new file to WAL does not wait
    for another that is at it. The lock is a file of its own and goes with its descriptor.
    """
    guard = os.open(path.with_name(f"{path.name}.opening"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(guard, fcntl.LOCK_EX)
        _make(path)
        yield
    finally:
        os.close(guard)


def _make(path: Path) -> None:
    # Never opened when it is there: to close any descriptor of a file ends every POSIX lock that
    # this process holds on it, those of its other connections too (sqlite.org, howtocorrupt, 2.2).
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def _sync_folder(folder: Path) -> None:
    """Make the names of the database and its log durable: SQLite syncs them, and ignores if that fails."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unlock(path: Path, key: bytes, busy_timeout_ms: int) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.set_busy_timeout(busy_timeout_ms)
        connection.pragma("cipher", "aegis")
        connection.pragma("algorithm", "aegis-256")
        connection.pragma("key", f"raw:{key.hex()}")
        connection.pragma("journal_mode", "wal")
    except apsw.NotADBError as error:
        connection.close()
        raise Misconfigured(
            "the database does not open with this key",
            setting="key",
            hint="check the keys in use; a view may be deleted, it is built again from the record",
            path=str(path),
        ) from error
    except apsw.Error:
        connection.close()
        raise
    return connection


def _set_up(connection: apsw.Connection, synchronous: Synchronous, cache_kib: int, pages: int) -> None:
    for option, value in (
        (apsw.SQLITE_DBCONFIG_DEFENSIVE, 1),
        (apsw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
        (apsw.SQLITE_DBCONFIG_DQS_DML, 0),
        (apsw.SQLITE_DBCONFIG_DQS_DDL, 0),
    ):
        connection.config(option, value)
    connection.pragma("synchronous", synchronous)
    connection.pragma("secure_delete", 1)
    connection.pragma("temp_store", "memory")
    connection.pragma("mmap_size", 0)
    connection.pragma("cache_size", -cache_kib)
    connection.pragma("wal_autocheckpoint", pages)
