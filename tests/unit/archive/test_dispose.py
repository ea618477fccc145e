"""A20, E8, E9: a disposal is before or after, never half, and nothing brings the words back."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import fairwitness_verify
from fairwitness.archive.columns import SegmentFile
from fairwitness.archive.custody import Draft
from fairwitness.archive.dispose import Disposer, rotate_keys, rotate_sealing
from fairwitness.errors import FairwitnessError, Misconfigured, OnHold, Overloaded
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import DisposalProposed, HoldPlaced, KeyCreated
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.testing import RecordRig, enrol, item

DISPOSAL = "77" * 16
OTHER = "phone:+5511900000009"


class View:
    """A view that only remembers what it was asked to let go of."""

    name = "view"

    def __init__(self) -> None:
        self.forgotten: dict[str, list[int]] = {}

    def forget(self, disposal: str, entries: Sequence[int]) -> None:
        self.forgotten[disposal] = list(entries)

    def has_forgotten(self, disposal: str) -> bool:
        return disposal in self.forgotten


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[RecordRig]:
    """Ten entries of two conversations in segments, two more in the tail, and a proposal."""
    rig = RecordRig(tmp_path / "home")
    enrol(rig)
    now = rig.clock()
    rig.take([item(n, contact=OTHER if n % 2 else "phone:+5511900000001", sent_at=now) for n in range(10)])
    rig.publisher.seal_all()
    rig.take([item(n, contact=OTHER, sent_at=now) for n in (10, 11)])
    proposed = DisposalProposed(disposal=DISPOSAL, basis="early", entries=((0, 11),), reason="x", by="ana")
    rig.custody.append([Draft(decision=proposed, subject=DISPOSAL)])
    yield rig
    rig.close()


def again(rig: RecordRig) -> RecordRig:
    """The same record, opened by a process that has nothing in memory."""
    return RecordRig(rig.home, keys=rig.keys, clock=rig.clock)


def dispose(rig: RecordRig, entries: Sequence[int], *, view: View | None = None) -> View:
    view = view or View()
    Disposer(rig.keeper_side(), lambda: [view]).run(
        DISPOSAL, choose=lambda _: entries, asked=len(entries), by="bia"
    )
    return view


def readable(rig: RecordRig) -> list[int]:
    size = rig.tail.size(MESSAGES)
    return [stored.index for stored in rig.reader.read(MESSAGES, 0, size) if stored.payload is not None]


def faults_of_both(rig: RecordRig) -> list[Any]:
    rig.publisher.checkpoint()
    rig.clock.advance(120_000)
    rig.publisher.checkpoint()
    return [*rig.verify().faults, *fairwitness_verify.verify(str(rig.home / "record")).faults]


@pytest.mark.parametrize("gone", [[0, 2, 4, 6, 8], [3], [1, 4], list(range(12)), [10], []], ids=str)
def test_what_is_disposed_of_is_unreadable_and_everything_else_stays(
    sealed: RecordRig, gone: list[int]
) -> None:
    view = dispose(sealed, gone)
    opened = again(sealed)
    assert readable(opened) == [n for n in range(12) if n not in gone]
    assert view.forgotten == {DISPOSAL: gone}
    assert opened.custody.state().disposals[DISPOSAL].run is not None
    assert opened.verify().unreadable == len(gone)
    assert faults_of_both(opened) == []
    assert opened.store.notes() == []
    opened.close()


def test_no_segment_is_touched_by_a_disposal(sealed: RecordRig) -> None:
    before = {path: path.read_bytes() for path in (sealed.home / "record").rglob("*.parquet")}
    dispose(sealed, [3])
    assert {path: path.read_bytes() for path in before} == before


def test_what_comes_later_in_the_same_month_is_kept_and_sealed(sealed: RecordRig) -> None:
    dispose(sealed, [1])
    sealed.take([item(20, contact=OTHER, sent_at=sealed.clock())])
    sealed.publisher.seal_all()
    opened = again(sealed)
    assert readable(opened) == [0, *range(2, 13)]
    dispose(opened, [3, 5])
    once_more = again(sealed)
    assert readable(once_more) == [0, 2, 4, *range(6, 13)]
    once_more.close()
    opened.close()


STEPS = [
    "store.destroy", "store.rewrap", "store.begin_generation", "store.scrub", "store.finish", "kek.create",
    "kek.destroy", "sealing.create", "sealing.destroy", "custody.append", "tail.transaction", "seal_all",
    "view.forget",
]  # fmt: skip


class Crash(BaseException):
    """The process ends here."""


def crashing(real: Callable[..., Any], *, at: int, after: bool) -> Callable[..., Any]:
    """`real`, ending the process before or after it was called for the `at`-th time."""
    calls = 0

    def call(*args: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at and not after:
            raise Crash
        result = real(*args, **named)
        if calls == at:
            raise Crash
        return result

    return call


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("step", STEPS)
def test_a20_a_disposal_that_is_cut_short_is_before_or_after(
    sealed: RecordRig, monkeypatch: pytest.MonkeyPatch, step: str, at: int, after: bool
) -> None:
    view, side, gone = View(), sealed.keeper_side(), [1, 4, 10]
    if step == "seal_all":
        object.__setattr__(side, "seal_all", crashing(side.seal_all, at=at, after=after))
    else:
        owner = view if step == "view.forget" else getattr(side, step.partition(".")[0])
        name = step.partition(".")[2]
        monkeypatch.setattr(owner, name, crashing(getattr(owner, name), at=at, after=after), raising=True)
    with suppress(Crash):
        Disposer(side, lambda: [view]).run(DISPOSAL, choose=lambda _: gone, asked=3, by="bia")
    monkeypatch.undo()

    opened = again(sealed)
    everything, rest = list(range(12)), [n for n in range(12) if n not in gone]
    assert readable(opened) in (everything, rest)
    begun = bool(opened.store.notes())
    done = opened.custody.state().disposals[DISPOSAL].run is not None
    assert not done or readable(opened) == rest
    assert not begun or readable(opened) == rest
    Disposer(opened.keeper_side(), lambda: [view]).finish()
    if not begun and not done:
        assert readable(opened) == everything
        dispose(opened, gone, view=view)
    final = again(sealed)
    assert readable(final) == rest
    assert view.forgotten == {DISPOSAL: gone}
    assert final.custody.state().disposals[DISPOSAL].run is not None
    assert len(final.kek.generations()) == 1
    assert faults_of_both(final) == []
    final.close()
    opened.close()


def test_a_hold_that_comes_while_the_disposal_is_prepared_stops_it(
    sealed: RecordRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = sealed.keeper_side()
    real = side.data_keys.survivors

    def placing(places: Any) -> Any:
        hold = HoldPlaced(hold="88" * 16, matter="m", by="eva")
        sealed.custody.append([Draft(decision=hold, subject=hold.hold)])
        return real(places)

    monkeypatch.setattr(side.data_keys, "survivors", placing)
    with pytest.raises(Overloaded):
        Disposer(side, lambda: []).run(DISPOSAL, choose=lambda _: [1], asked=1, by="bia")
    assert readable(again(sealed)) == list(range(12))


def test_a_choice_that_is_refused_destroys_nothing(sealed: RecordRig) -> None:
    def refuse(_: CustodyState) -> Sequence[int]:
        raise OnHold("held")

    with pytest.raises(OnHold):
        Disposer(sealed.keeper_side(), lambda: []).run(DISPOSAL, choose=refuse, asked=1, by="bia")
    assert readable(again(sealed)) == list(range(12))
    assert sealed.kek.generations() == [1]


def restore(home: Path, backup: Path, *folders: str) -> None:
    for folder in folders:
        place = home / folder
        if place.is_dir():
            shutil.rmtree(place)
            shutil.copytree(backup / folder, place)
        else:
            for path in place.parent.glob(f"{place.name}*"):
                path.unlink()
            for path in (backup / folder).parent.glob(f"{place.name}*"):
                shutil.copy2(path, place.parent / path.name)


def test_e8_an_old_backup_of_the_data_opens_nothing_with_the_current_keys(
    sealed: RecordRig, tmp_path: Path
) -> None:
    sealed.tail.close()
    sealed.store.close()
    shutil.copytree(sealed.home, tmp_path / "backup")
    opened = again(sealed)
    dispose(opened, [1, 10])
    opened.close()
    restore(sealed.home, tmp_path / "backup", "record", "tail")

    restored = again(sealed)
    # In the segment the data key is gone; what the old tail holds is sealed to a key that is gone.
    assert [s.index for s in restored.reader.read(MESSAGES, 0, 10) if s.payload is None] == [1]
    with pytest.raises(FairwitnessError):
        restored.reader.read(MESSAGES, 10, 12)
    restored.close()


def test_e8_an_old_copy_of_the_key_store_opens_nothing_with_the_current_keys(
    sealed: RecordRig, tmp_path: Path
) -> None:
    sealed.tail.close()
    sealed.store.close()
    shutil.copytree(sealed.home, tmp_path / "backup")
    opened = again(sealed)
    dispose(opened, [1])
    opened.close()
    restore(sealed.home, tmp_path / "backup", "keys/data.db")

    restored = again(sealed)
    with pytest.raises(Misconfigured, match="generation"):
        restored.reader.read(MESSAGES, 0, 10)
    restored.close()


def test_e9_keys_that_are_stored_while_generations_change_are_readable(
    sealed: RecordRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = sealed.keeper_side()
    real, taken = side.store.rewrap, []

    def rewrap_under_load(*args: Any) -> None:
        if not taken:
            taken.append(1)
            sealed.take([item(100 + n, contact=f"phone:+55119{n:08d}") for n in range(20)])
            sealed.publisher.seal_all()
        real(*args)

    monkeypatch.setattr(side.store, "rewrap", rewrap_under_load)
    rotate_keys(side)
    assert readable(again(sealed)) == list(range(32))
    assert side.kek.generations() == [2]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", ["create", "wrap", "unwrap", "destroy"])
def test_e9_a_rotation_that_is_cut_short_leaves_every_key_readable(
    sealed: RecordRig, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    side = sealed.keeper_side()
    monkeypatch.setattr(side.kek, step, crashing(getattr(side.kek, step), at=1, after=after))
    with pytest.raises(Crash):
        rotate_keys(side)
    monkeypatch.undo()
    opened = again(sealed)
    assert readable(opened) == list(range(12))
    rotate_keys(opened.keeper_side())
    assert readable(again(sealed)) == list(range(12))
    assert len(opened.kek.generations()) == 1
    opened.close()


def test_doors_seal_to_a_new_sealing_key_from_the_entry_that_announces_it_on(sealed: RecordRig) -> None:
    generation = rotate_sealing(sealed.keeper_side())
    assert (generation, sealed.sealing.generations()) == (2, [2])
    sealed.take([item(50)])
    assert readable(again(sealed)) == list(range(13))


def test_a_sealing_key_that_nobody_signed_is_passed_over(sealed: RecordRig) -> None:
    forged = KeyCreated(purpose="sealing", generation=9, public="ab" * 32, signature="cd" * 64)
    sealed.custody.append([Draft(decision=forged, subject="99" * 16)])
    sealed.take([item(50)])
    assert readable(again(sealed)) == list(range(13))


def test_e10_no_key_encrypts_twice_and_no_nonce_comes_back(sealed: RecordRig) -> None:
    rotate_sealing(sealed.keeper_side())
    rows = [
        row
        for segment in sealed.tail.segments(MESSAGES)
        for row in SegmentFile(
            sealed.files.path(f"{MESSAGES}/segment/{segment.first:012d}-{segment.last:012d}.parquet"),
            first=segment.first,
        ).rows(segment.first, segment.last + 1)
    ]
    assert len({row.sealed[:12] for row in rows}) == len(rows) == 12
    assert len({(row.key_id, row.index) for row in rows}) == 12
    assert sealed.tail.size(CUSTODY) > 0
