"""From tail to segment and back: nothing is lost on the way, whenever it is cut short."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fairwitness.archive.columns import SegmentFile
from fairwitness.errors import HashMismatch, Overloaded
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.testing import RecordRig, item


def payloads(rig: RecordRig) -> list[bytes | None]:
    return [stored.payload for stored in rig.reader.read(MESSAGES, 0, rig.tail.size(MESSAGES))]


def test_sealing_changes_nothing_that_is_read(open_rig: RecordRig) -> None:
    for start in range(0, 2_500, 250):
        open_rig.take([item(number) for number in range(start, start + 250)])
    before = payloads(open_rig)
    open_rig.publisher.seal_all()
    assert payloads(open_rig) == before
    assert open_rig.tail.batches(MESSAGES, 0, 2_500) == []
    assert [(s.first, s.last) for s in open_rig.tail.segments(MESSAGES)] == [(0, 1_999), (2_000, 2_499)]


def test_a_range_across_segment_and_tail_reads_in_order(open_rig: RecordRig) -> None:
    open_rig.take([item(number) for number in range(30)])
    open_rig.publisher.seal_all()
    open_rig.take([item(number) for number in range(30, 60)])
    assert [stored.index for stored in open_rig.reader.read(MESSAGES, 25, 40)] == list(range(25, 40))


def test_a_batch_cut_by_a_segment_boundary_is_read_whole(tmp_path: Path) -> None:
    from fairwitness.testing import enrol

    rig = RecordRig(tmp_path / "home", segment_entries=10)
    enrol(rig)
    rig.take([item(number) for number in range(25)])
    before = payloads(rig)
    rig.publisher.checkpoint()
    rig.publisher.seal_due()
    assert rig.tail.segments(MESSAGES)[-1].last == 19
    assert payloads(rig) == before
    rig.close()


def test_a_full_segment_is_due_and_a_young_one_is_not(open_rig: RecordRig) -> None:
    open_rig.take([item(number) for number in range(1_999)])
    open_rig.publisher.checkpoint()
    open_rig.publisher.seal_due()
    assert open_rig.tail.segments(MESSAGES) == []
    open_rig.take([item(5_000)])
    open_rig.publisher.checkpoint()
    open_rig.publisher.seal_due()
    assert len(open_rig.tail.segments(MESSAGES)) == 1


def test_after_a_day_a_segment_is_due_however_small(open_rig: RecordRig) -> None:
    open_rig.take([item(1)])
    open_rig.publisher.checkpoint()
    open_rig.clock.advance(86_400_000)
    open_rig.publisher.seal_due()
    assert len(open_rig.tail.segments(MESSAGES)) == 1


def test_data_keys_are_one_per_conversation_and_month(open_rig: RecordRig) -> None:
    now, month = open_rig.clock(), 31 * 86_400_000
    open_rig.take(
        [
            item(1, sent_at=now),
            item(2, sent_at=now - 5_000),
            item(3, sent_at=now - month + 86_400_000 * 5),
            item(4, sent_at=now, contact="phone:+5511900000009"),
        ]
    )
    open_rig.publisher.seal_all()
    name = open_rig.files.path(f"{MESSAGES}/segment/000000000000-000000000003.parquet")
    keys = [row.key_id for row in SegmentFile(name, first=0).rows(0, 4)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_without_its_data_key_an_entry_is_unreadable_and_the_record_still_verifies(
    open_rig: RecordRig,
) -> None:
    open_rig.take([item(1), item(2, contact="phone:+5511900000009")])
    open_rig.publisher.seal_all()
    first = next(SegmentFile(
        open_rig.files.path(f"{MESSAGES}/segment/000000000000-000000000001.parquet"), first=0
    ).rows(0, 1))  # fmt: skip
    open_rig.store._db.execute("DELETE FROM data_key WHERE key_id = ?", (first.key_id,))
    again = RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)
    assert [stored.payload is None for stored in again.reader.read(MESSAGES, 0, 2)] == [True, False]
    report = again.verify()
    assert (report.faults, report.unreadable) == ((), 1)
    again.close()


@pytest.mark.parametrize("cut", ["stage", "custody", "release", "forget"])
def test_a_crash_while_sealing_is_mended_by_opening_again(
    open_rig: RecordRig, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    open_rig.take([item(number) for number in range(40)])
    before = payloads(open_rig)
    open_rig.publisher.checkpoint()

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("crash")

    target, name = {
        "stage": (open_rig.sealer, "_manifest"),
        "custody": (open_rig.sealer._custody, "append"),
        "release": (open_rig.files, "release"),
        "forget": (open_rig.tail, "forget"),
    }[cut]
    with monkeypatch.context() as patch:
        patch.setattr(target, name, crash)
        with pytest.raises(RuntimeError, match="crash"):
            open_rig.sealer.seal(MESSAGES, 40)
    again = RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)
    again.publisher.seal_all()
    assert payloads(again) == before
    assert again.verify().faults == ()
    assert sum(segment.last - segment.first + 1 for segment in again.tail.segments(MESSAGES)) == 40
    leftovers = [path.name for path in (open_rig.home / "record").rglob(".tmp-*")]
    assert leftovers == []
    again.close()


def test_custody_entries_stay_in_the_tail_for_the_doors(open_rig: RecordRig) -> None:
    open_rig.publisher.seal_all()
    assert len(list(open_rig.custody.entries(0, 4))) == 4
    assert open_rig.tail.segments(CUSTODY)


def test_sealing_refuses_a_payload_that_is_not_what_its_header_commits_to(
    open_rig: RecordRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_rig.take([item(1), item(2)])
    open_rig.publisher.checkpoint()
    real: Callable[..., list[bytes]] = open_rig.tail.headers
    monkeypatch.setattr(open_rig.tail, "headers", lambda *args: list(reversed(real(*args))))
    with pytest.raises(HashMismatch):
        open_rig.sealer.seal(MESSAGES, 2)


def test_a6_a_segment_that_was_named_and_not_finished_is_finished_and_not_sealed_again(
    open_rig: RecordRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_rig.take([item(number) for number in range(2_000)])
    before = payloads(open_rig)
    open_rig.publisher.checkpoint()

    def full(*_: object, **__: object) -> None:
        raise Overloaded("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(open_rig.tail, "forget", full)
        with pytest.raises(Overloaded):
            open_rig.publisher.seal_due()
    open_rig.publisher.seal_due()
    open_rig.publisher.checkpoint()

    assert len(open_rig.tail.segments(MESSAGES)) == 1
    assert payloads(open_rig) == before
    assert open_rig.verify().faults == ()


def test_a8_a_segment_whose_writing_was_lost_is_not_counted(
    open_rig: RecordRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_rig.take([item(number) for number in range(2_000)])
    before = payloads(open_rig)
    open_rig.publisher.checkpoint()
    stage = open_rig.files.stage

    def lie(name: str, write: Callable[[str], None]) -> None:
        stage(name, write)
        if name.endswith(".parquet"):
            with Path(open_rig.files.staged_path(name)).open("r+b") as file:
                file.seek(10_000)
                file.write(bytes(4_096))

    with monkeypatch.context() as patched:
        patched.setattr(open_rig.files, "stage", lie)
        with pytest.raises(HashMismatch):
            open_rig.publisher.seal_due()

    assert open_rig.tail.segments(MESSAGES) == []
    assert payloads(open_rig) == before
