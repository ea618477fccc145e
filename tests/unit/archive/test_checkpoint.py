"""Checkpoints: what is signed was read back, and nothing signed is ever contradicted."""

import pytest

from fairwitness.archive.checkpoint import read_published
from fairwitness.errors import BadCheckpoint, Forked, HashMismatch, Overloaded
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.testing import RecordRig, item


def test_an_empty_log_is_signed_too(rig: RecordRig) -> None:
    rig.publisher.checkpoint()
    published = read_published(rig.files, MESSAGES, rig.origins[MESSAGES])
    assert published is not None
    assert published.checkpoint.size == 0


def test_growing_in_steps_gives_the_same_root_as_at_once(open_rig: RecordRig) -> None:
    for start in range(0, 700, 100):
        open_rig.take([item(number) for number in range(start, start + 100)])
        open_rig.publisher.checkpoint()
    stepwise = read_published(open_rig.files, MESSAGES, open_rig.origins[MESSAGES])
    for path in list(open_rig.files.names(MESSAGES)):
        open_rig.files.remove(path)
    again = RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)
    again.publisher.checkpoint()
    assert read_published(again.files, MESSAGES, again.origins[MESSAGES]) == stepwise
    again.close()


def test_a_restart_goes_on_where_the_last_checkpoint_was(open_rig: RecordRig) -> None:
    open_rig.take([item(number) for number in range(300)])
    open_rig.publisher.checkpoint()
    again = RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)
    again.take([item(number) for number in range(300, 520)])
    again.publisher.checkpoint()
    assert again.verify().faults == ()
    again.close()


def test_a_bit_flipped_between_writing_and_signing_is_not_signed(
    open_rig: RecordRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_rig.publisher.checkpoint()
    open_rig.take([item(1)])
    real = open_rig.files.read

    def flipped(name: str) -> bytes | None:
        data = real(name)
        return data if data is None or "entries" not in name else data[:-1] + bytes([data[-1] ^ 1])

    monkeypatch.setattr(open_rig.files, "read", flipped)
    with pytest.raises(HashMismatch):
        open_rig.publisher.checkpoint()
    monkeypatch.undo()
    published = read_published(open_rig.files, MESSAGES, open_rig.origins[MESSAGES])
    assert published is not None
    assert published.checkpoint.size == 0


def test_a_tail_that_lost_signed_entries_is_refused(open_rig: RecordRig) -> None:
    open_rig.take([item(1), item(2)])
    open_rig.publisher.checkpoint()
    open_rig.tail._db.execute("UPDATE log SET size = 1 WHERE name = ?", (MESSAGES,))
    with pytest.raises(Forked):
        open_rig.publisher.checkpoint()


def test_a_checkpoint_that_does_not_fit_its_tiles_stops_the_start(open_rig: RecordRig) -> None:
    open_rig.take([item(1)])
    open_rig.publisher.checkpoint()
    name = f"{MESSAGES}/tile/0/000.p/1"
    open_rig.files.publish(name, bytes(32), replace=True)
    with pytest.raises(HashMismatch):
        RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)


def test_a_checkpoint_of_the_other_log_is_refused(open_rig: RecordRig) -> None:
    open_rig.publisher.checkpoint()
    other = open_rig.files.read(f"{CUSTODY}/checkpoint")
    assert other is not None
    open_rig.files.publish(f"{MESSAGES}/checkpoint", other, replace=True)
    with pytest.raises(BadCheckpoint):
        RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)


def test_partial_tiles_of_an_older_checkpoint_go_after_a_minute(open_rig: RecordRig) -> None:
    open_rig.take([item(1)])
    open_rig.publisher.checkpoint()
    open_rig.take([item(2)])
    open_rig.publisher.checkpoint()
    assert open_rig.files.read(f"{MESSAGES}/tile/0/000.p/1") is not None
    open_rig.clock.advance(61_000)
    open_rig.publisher.checkpoint()
    assert open_rig.files.read(f"{MESSAGES}/tile/0/000.p/1") is None
    assert open_rig.files.read(f"{MESSAGES}/tile/0/000.p/2") is not None


def test_the_custody_checkpoint_covers_every_size_that_messages_name(open_rig: RecordRig) -> None:
    open_rig.take([item(1)])
    open_rig.publisher.checkpoint()
    assert open_rig.verify().faults == ()


def test_a4_a_tick_that_failed_on_its_way_is_done_again_and_doubles_no_entry(
    open_rig: RecordRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_rig.take([item(number) for number in range(20)])
    open_rig.publisher.checkpoint()
    open_rig.take([item(number) for number in range(20, 50)])
    publish = open_rig.files.publish

    def fail(name: str, data: bytes, *, replace: bool = False) -> None:
        if "tile/0/" in name:
            raise Overloaded("the disk is full")
        publish(name, data, replace=replace)

    with monkeypatch.context() as full:
        full.setattr(open_rig.files, "publish", fail)
        with pytest.raises(Overloaded):
            open_rig.publisher.checkpoint()
    open_rig.publisher.checkpoint()

    assert open_rig.verify().faults == ()
