"""Two at once: on first start, and while a segment is being sealed."""

import threading
from pathlib import Path

import pytest

from fairwitness.archive.ports import SegmentRow
from fairwitness.engines.sqlite.connect import open_encrypted
from fairwitness.engines.sqlite.keystore import SqliteKeyStore
from fairwitness.engines.sqlite.tail import SqliteTail
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName
from fairwitness.testing import RecordRig, item


def together(open_one: object, *, times: int) -> list[BaseException]:
    """Call `open_one` from two threads at the same moment, several times over; what went wrong."""
    failures: list[BaseException] = []

    def run(number: int, barrier: threading.Barrier) -> None:
        barrier.wait()
        try:
            open_one(number).close()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)

    for number in range(times):
        barrier = threading.Barrier(2)
        threads = [threading.Thread(target=run, args=(number, barrier)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return failures


def test_two_threads_may_make_the_key_store_at_once(tmp_path: Path) -> None:
    assert together(lambda n: SqliteKeyStore(tmp_path / f"{n}.db", bytes(32)), times=40) == []


def test_two_threads_may_make_the_tail_at_once(tmp_path: Path) -> None:
    logs = (MESSAGES, CUSTODY)
    assert together(lambda n: SqliteTail(tmp_path / f"{n}.db", bytes(32), logs=logs), times=40) == []


def test_two_threads_may_make_any_encrypted_database_at_once(tmp_path: Path) -> None:
    failures = together(
        lambda n: open_encrypted(tmp_path / f"{n}.db", bytes(32), synchronous="FULL"), times=100
    )
    assert failures == []


def test_opening_again_leaves_the_locks_of_an_open_connection_alone(tmp_path: Path) -> None:
    path = tmp_path / "tail.db"
    first = open_encrypted(path, bytes(32), synchronous="FULL")
    first.execute("CREATE TABLE kept (a)")
    first.execute("SELECT * FROM kept").fetchall()
    mark = f":{path.stat().st_ino} "

    def locks() -> int:
        return sum(mark in line for line in Path("/proc/locks").read_text().splitlines())

    assert locks() > 0, "without a lock there is nothing to lose"
    second = open_encrypted(path, bytes(32), synchronous="FULL")
    assert locks() > 0
    second.close()
    assert locks() > 0
    first.close()


@pytest.mark.parametrize("stop", [40, 25])
def test_what_is_sealed_while_it_is_read_is_read_all_the_same(
    open_rig: RecordRig, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    open_rig.take([item(number) for number in range(40)])
    before = open_rig.reader.read(MESSAGES, 0, stop)
    open_rig.publisher.checkpoint()
    real, asked = open_rig.tail.segments, []

    def sealed_just_after(log: LogName) -> list[SegmentRow]:
        rows = list(real(log))
        if log == MESSAGES and not asked:
            asked.append(log)
            open_rig.sealer.seal(MESSAGES, 30)
        return rows

    monkeypatch.setattr(open_rig.tail, "segments", sealed_just_after)
    assert open_rig.reader.read(MESSAGES, 0, stop) == before


def test_reading_past_the_end_gives_what_there_is(open_rig: RecordRig) -> None:
    open_rig.take([item(number) for number in range(5)])
    assert len(open_rig.reader.read(MESSAGES, 3, 100)) == 2
    assert open_rig.reader.read(MESSAGES, 5, 100) == []
