"""A view can be deleted: following the record again gives the same rows, however it is cut."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conformance.views.builders import (
    ANA,
    BIA,
    KEY,
    NOON,
    House,
    batch_of,
    custody_batch,
    decided,
    event,
    read,
)

from fairwitness.engines.sqlite.views import open_views
from fairwitness.errors import Misconfigured
from fairwitness.followers import read_views

IDS = st.sampled_from(["m1", "m2", "m3", ""])
EVENTS = st.one_of(
    st.builds(
        lambda i, text, at: event(id=i, text=text, at=at, sender_name=text[:1]),
        IDS, st.sampled_from(["hello", "guaranteed", "so\ud800", ""]), st.sampled_from([None, NOON, NOON + 5]),
    ),
    st.builds(
        lambda kind, i, at: event(kind, target=i, text="guaranteed later", emoji="x", at=at),
        st.sampled_from(["edit", "revoke", "reaction", "receipt", "call", "unreadable"]), IDS,
        st.sampled_from([None, NOON, NOON + 5]),
    ),
)  # fmt: skip
ENTRIES = st.lists(
    st.tuples(st.lists(EVENTS, max_size=2), st.sampled_from([ANA, BIA]), st.integers(0, 2)), max_size=14
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=ENTRIES, sizes=st.lists(st.integers(1, 4)))
def test_however_the_record_is_cut_the_rows_are_the_same(
    new_house: Callable[[], House], entries: list[tuple[list, str, int]], sizes: list[int]
) -> None:
    reads = [read(n, *events, stream=s, custody_size=size) for n, (events, s, size) in enumerate(entries)]
    once, cut = new_house(), new_house()
    if reads:
        once.follow(reads)
        cut.follow(reads, sizes)
    assert cut.dump() == once.dump()
    words = [read_views(house.stores).search.search("guaranteed") for house in (once, cut)]
    assert words[0] == words[1]


def test_replay_from_zero_raises_no_alert_again(new_house: Callable[[], House]) -> None:
    reads = [read(n, event(id=str(n), text="guaranteed")) for n in range(5)]
    first, again = new_house(), new_house()
    first.follow(reads)
    again.custody = list(first.custody)
    again.follow_custody()
    again.follow(reads, [2])
    assert again.custody == first.custody
    assert again.dump() == first.dump()


def test_a_batch_that_was_handled_changes_nothing(house: House) -> None:
    reads = [read(n, event(id=str(n), text="guaranteed")) for n in range(4)]
    house.follow(reads)
    before = house.dump()
    for follower in (house.normalise, house.search, house.judge):
        follower.handle(batch_of(reads))
        follower.handle(batch_of(reads[1:3]))
    house.feed.handle(custody_batch([decided(n, d) for n, d in enumerate(house.custody)]))
    assert house.dump() == before


def test_a_batch_beyond_the_cursor_is_refused(house: House) -> None:
    with pytest.raises(ValueError, match="begins at 3, 0 is wanted"):
        house.normalise.handle(batch_of([read(3, event(id="3"))]))
    assert house.normalise.cursor().messages == 0


def test_two_that_drive_the_same_followers_leave_one_view(new_house: Callable[[], House]) -> None:
    reads = [read(n, event(id=str(n % 7), text=f"guaranteed {n}")) for n in range(60)]
    house, alone = new_house(), new_house()
    start = threading.Barrier(2)

    def drive(size: int) -> None:
        mine = House(house.folder)
        start.wait()
        for follower in (mine.normalise, mine.search):
            while (at := follower.cursor().messages) < len(reads):
                follower.handle(batch_of(reads[max(0, at - 1) : at + size]))
        mine.stores.close()

    with ThreadPoolExecutor(2) as threads:
        for driven in [threads.submit(drive, size) for size in (3, 5)]:
            driven.result()
    for follower in (alone.normalise, alone.search):
        follower.handle(batch_of(reads))
    assert house.dump() == alone.dump()


def test_an_entry_that_is_led_past_is_noted_in_the_view(house: House) -> None:
    house.normalise.skip("messages/0", 0, "it will not do")
    house.normalise.skip("messages/0", 0, "again")
    assert house.normalise.cursor().messages == 1
    assert [(s.index, s.problem) for s in house.normalise.skipped()] == [(0, "it will not do")]
    assert house.search.cursor().messages == 0


def test_no_file_of_a_view_holds_a_clear_word(house: House) -> None:
    canary = "xyzzycanary guaranteed"
    house.follow([read(n, event(id=f"xyzzycanary{n}", text=canary, sender_name=canary)) for n in range(50)])
    files = list(house.folder.iterdir())
    assert {file.suffix for file in files} >= {".db", ".db-wal", ".db-shm"}
    for file in files:
        content = file.read_bytes()
        assert b"xyzzycanary" not in content
        assert b"SQLite format" not in content
        assert file.stat().st_mode & 0o077 == 0


def test_a_view_does_not_open_with_another_key(house: House) -> None:
    house.follow([read(0, event(id="1", text="x"))])
    with pytest.raises(Misconfigured):
        open_views(house.folder, bytes(32))
    with pytest.raises(Misconfigured):
        open_views(house.folder, KEY[:16])


def test_a_view_made_by_another_version_is_not_misread(house: House) -> None:
    house.stores.messages.place.db.pragma("user_version", 7)
    with pytest.raises(Misconfigured, match="another version"):
        open_views(house.folder, KEY)


def test_a_changed_byte_in_any_page_of_a_view_is_noticed(tmp_path: Path) -> None:
    house = House(tmp_path / "v")
    house.follow([read(n, event(id=str(n), text="x")) for n in range(50)])
    house.stores.close()
    file = tmp_path / "v" / "messages.db"
    content = file.read_bytes()
    for place in range(100, len(content), 4096):
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises((Misconfigured, apsw.Error)):
            open_views(file.parent, KEY).messages.place.db.execute("PRAGMA integrity_check").fetchall()
