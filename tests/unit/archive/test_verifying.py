"""A full check on request: asked by whoever may not open messages, answered by whoever holds the keys."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fairwitness.archive.status import VerifyReport
from fairwitness.archive.verify import Progress, verify_record
from fairwitness.archive.verifying import NAMED, Mark, Verifier, ask
from fairwitness.errors import Forbidden, NotDurable
from fairwitness.model.custody import RecordVerified
from fairwitness.testing.record import RecordRig, enrol, item

ANA = "ana@firm.example"


@pytest.fixture
def rig(tmp_path: Path) -> RecordRig:
    """A record with a few messages, published."""
    made = RecordRig(tmp_path)
    enrol(made)
    made.take([item(number, sent_at=made.clock()) for number in range(5)])
    made.publisher.seal_all()
    return made


def verifier(
    rig: RecordRig, *, check: Callable[[Progress], VerifyReport] | None = None,
    mark: Callable[[Mark | None], None] = lambda mark: None,
) -> Verifier:  # fmt: skip
    def whole(progress: Progress) -> VerifyReport:
        return verify_record(files=rig.files, origins=rig.origins, reader=rig.reader, progress=progress)

    return Verifier(tail=rig.tail, custody=rig.custody, check=check or whole, mark=mark, clock=rig.clock)


def answer(rig: RecordRig) -> RecordVerified:
    answered = rig.custody.state().answered
    assert answered is not None
    return answered[1]


def never() -> bool:
    return False


def test_a_request_is_answered_with_every_payload_opened(rig: RecordRig) -> None:
    ask(rig.tail, rig.custody, by=ANA)
    asked = rig.custody.state().asked
    assert asked is not None
    verifier(rig).answer(never)
    found = answer(rig)
    assert (found.by, found.asked, found.faults, found.trouble) == (ANA, asked[0], 0, "")
    assert found.messages == 5
    assert found.payloads == found.messages + found.custody
    assert rig.custody.state().asked is None


def test_nothing_is_checked_that_nobody_asked_for(rig: RecordRig) -> None:
    verifier(rig).answer(never)
    assert rig.custody.state().answered is None


def test_a_request_is_answered_once(rig: RecordRig) -> None:
    ask(rig.tail, rig.custody, by=ANA)
    one = verifier(rig)
    one.answer(never)
    size = rig.custody.state().size
    one.answer(never)
    verifier(rig).answer(never)
    assert rig.custody.state().size == size


def test_two_requests_at_once_are_one(rig: RecordRig) -> None:
    ask(rig.tail, rig.custody, by=ANA)
    with pytest.raises(Forbidden, match="already asked"):
        ask(rig.tail, rig.custody, by="ivo@firm.example")


def test_a_check_that_is_cut_short_is_begun_again_by_the_next_keeper(rig: RecordRig) -> None:
    ask(rig.tail, rig.custody, by=ANA)
    verifier(rig).answer(lambda: True)
    assert rig.custody.state().asked is not None
    assert rig.custody.state().answered is None
    verifier(rig).answer(never)
    assert answer(rig).faults == 0


def test_faults_are_counted_and_the_first_are_named(rig: RecordRig) -> None:
    for number in range(NAMED + 3):
        rig.files.publish(f"stray{number:04d}", b"x")
    ask(rig.tail, rig.custody, by=ANA)
    verifier(rig).answer(never)
    found = answer(rig)
    assert found.faults == NAMED + 3
    assert len(found.named) == NAMED
    assert found.named[0].file == "stray0000"


def test_a_check_that_cannot_be_finished_says_why_and_is_no_verification(rig: RecordRig) -> None:
    def fails(progress: Progress) -> VerifyReport:
        raise NotDurable("the disk is gone")

    ask(rig.tail, rig.custody, by=ANA)
    verifier(rig, check=fails).answer(never)
    assert answer(rig).trouble == "the disk is gone"
    assert rig.custody.state().verified is None
    assert rig.custody.state().asked is None


def test_a_fault_of_ours_ends_the_keeper_but_not_the_next_one(rig: RecordRig) -> None:
    def breaks(progress: Progress) -> VerifyReport:
        raise ZeroDivisionError

    ask(rig.tail, rig.custody, by=ANA)
    with pytest.raises(ZeroDivisionError):
        verifier(rig, check=breaks).answer(never)
    assert "keeper's log" in answer(rig).trouble
    verifier(rig, check=breaks).answer(never)


def test_progress_is_marked_and_the_mark_is_taken_away(rig: RecordRig) -> None:
    marks: list[Mark | None] = []
    ask(rig.tail, rig.custody, by=ANA)
    asked = rig.custody.state().asked
    assert asked is not None
    verifier(rig, mark=marks.append).answer(never)
    first = marks[0]
    assert first is not None
    assert (first.asked, marks[-1]) == (asked[0], None)
    assert 0 < first.done <= first.total
