"""An encrypted file opens under its key, is nobody else's to read, and several may make it at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest
from tests.conformance.views.builders import KEY

from fairwitness.engines.sqlite.connect import open_encrypted
from fairwitness.errors import Misconfigured, NotDurable


def test_an_opened_file_has_the_settings_that_were_asked_for(tmp_path: Path) -> None:
    db = open_encrypted(tmp_path / "a.db", KEY, synchronous="FULL")
    said = [
        db.pragma(name)
        for name in ("cipher", "algorithm", "journal_mode", "synchronous", "secure_delete", "temp_store")
    ]
    assert said == ["aegis", "aegis-256", "wal", 2, 1, 2]
    assert (tmp_path / "a.db").stat().st_mode & 0o777 == 0o600


def test_what_was_written_is_read_again_under_the_same_key(tmp_path: Path) -> None:
    first = open_encrypted(tmp_path / "a.db", KEY, synchronous="NORMAL")
    first.execute("CREATE TABLE t (a); INSERT INTO t VALUES (7)")
    first.close()
    assert open_encrypted(tmp_path / "a.db", KEY, synchronous="NORMAL").execute("SELECT a FROM t").get == 7


@pytest.mark.parametrize("key", [b"", KEY[:31], KEY + b"x", bytes(32)])
def test_a_key_that_does_not_fit_is_said(tmp_path: Path, key: bytes) -> None:
    open_encrypted(tmp_path / "a.db", KEY, synchronous="FULL").execute("CREATE TABLE t (a)")
    with pytest.raises(Misconfigured) as caught:
        open_encrypted(tmp_path / "a.db", key, synchronous="FULL")
    assert key.hex() not in caught.value.diagnosis() or not key


def test_a_plain_database_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
    with pytest.raises(Misconfigured):
        open_encrypted(tmp_path / "a.db", KEY, synchronous="FULL")


def test_a_changed_byte_of_any_page_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    db = open_encrypted(file, KEY, synchronous="NORMAL")
    db.execute("CREATE TABLE t (a)")
    db.executemany("INSERT INTO t VALUES (?)", [(bytes(200),)] * 200)
    db.pragma("wal_checkpoint(truncate)")
    db.close()
    sound = file.read_bytes()
    # The first 24 bytes say how to read the file: a salt that a raw key has no use for, and page sizes.
    for at in range(24, len(sound), 509):
        file.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
        with pytest.raises((Misconfigured, NotDurable, apsw.Error)):
            open_encrypted(file, KEY, synchronous="NORMAL").execute("SELECT sum(length(a)) FROM t").fetchall()
    file.write_bytes(sound)
    db = open_encrypted(file, KEY, synchronous="NORMAL")
    assert db.execute("SELECT sum(length(a)) FROM t").get == 40_000


def test_a_folder_that_is_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.db-wal").mkdir()
    with pytest.raises(NotDurable):
        open_encrypted(tmp_path / "a.db", KEY, synchronous="FULL").execute("CREATE TABLE t (a)")


def test_several_that_make_the_same_file_at_once_share_it(tmp_path: Path) -> None:
    start = threading.Barrier(6)

    def make() -> None:
        start.wait()
        db = open_encrypted(tmp_path / "a.db", KEY, synchronous="NORMAL")
        db.execute("BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS t (a); INSERT INTO t VALUES (1); COMMIT")
        db.close()

    with ThreadPoolExecutor(6) as threads:
        for made in [threads.submit(make) for _ in range(6)]:
            made.result()
    assert (
        open_encrypted(tmp_path / "a.db", KEY, synchronous="NORMAL").execute("SELECT count(*) FROM t").get
        == 6
    )
