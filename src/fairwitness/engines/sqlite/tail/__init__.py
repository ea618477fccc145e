"""The tail of the record in one encrypted SQLite database."""

from fairwitness.engines.sqlite.tail.store import SqliteTail

__all__ = ["SqliteTail"]
