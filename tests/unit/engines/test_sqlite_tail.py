"""What the tail says when its disk fails: each error of SQLite's is one of ours, and a lost commit is final."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import pytest

from fairwitness.archive.ports import NewEntry
from fairwitness.engines.sqlite.tail import SqliteTail
from fairwitness.errors import NotDurable, Overloaded
from fairwitness.model.entry import CUSTODY, MESSAGES


class _Failing:
    """A connection that fails one statement, as often as it is asked."""

    def __init__(self, real: apsw.Connection, statement: str, error: type[apsw.Error]) -> None:
        self._real, self._statement, self._error = real, statement, error

    def execute(self, statement: str, *rest: Any) -> Any:
        if statement.startswith(self._statement):
            raise self._error("as the test wants it")
        return self._real.execute(statement, *rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@pytest.fixture
def tail(tmp_path: Path) -> Iterator[SqliteTail]:
    made = SqliteTail(tmp_path / "tail.db", bytes(32), logs=(MESSAGES, CUSTODY))
    yield made
    made.close()


def append(tail: SqliteTail) -> None:
    with tail.transaction() as transaction:
        transaction.append(MESSAGES, [NewEntry(b"header")], b"sealed")


def test_a5_after_a_failed_commit_nothing_is_written_until_the_tail_is_opened_again(tail: SqliteTail) -> None:
    real = tail._db
    tail._db = _Failing(real, "COMMIT", apsw.IOError)  # type: ignore[assignment]
    with pytest.raises(NotDurable):
        append(tail)
    tail._db = real

    with pytest.raises(NotDurable):
        append(tail)

    assert tail.size(MESSAGES) == 0


def test_a6_a_full_disk_is_waited_for_and_then_gone_on_with(tail: SqliteTail) -> None:
    real = tail._db
    tail._db = _Failing(real, "COMMIT", apsw.FullError)  # type: ignore[assignment]
    with pytest.raises(Overloaded):
        append(tail)
    tail._db = real

    append(tail)

    assert tail.size(MESSAGES) == 1


def test_a4_a_page_that_can_not_be_read_is_an_error_of_ours(tail: SqliteTail) -> None:
    tail._db = _Failing(tail._db, "SELECT", apsw.IOError)  # type: ignore[assignment]

    for asked in (
        lambda: tail.size(MESSAGES),
        lambda: tail.headers(MESSAGES, 0, 1),
        lambda: tail.segments(MESSAGES),
        lambda: append(tail),
    ):
        with pytest.raises(NotDurable):
            asked()
