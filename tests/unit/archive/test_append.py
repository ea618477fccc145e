"""The door's order after the signature: mandate, dedupe, encrypt, append."""

import msgspec
import pytest

from fairwitness.archive.append import Outcome
from fairwitness.archive.custody import Draft
from fairwitness.model.custody import MandateWithdrawn
from fairwitness.model.entry import MESSAGES
from fairwitness.model.envelope import Slice, unpack
from fairwitness.testing import RecordRig, enrol, item
from fairwitness.testing.record import ALIAS, LINE, MANDATE, PERSON

DAY = 86_400_000


def refused(rig: RecordRig) -> dict[tuple[str, str], int]:
    return {(row.line, row.reason): row.count for row in rig.tail.refused()}


def test_without_a_mandate_only_a_count_is_kept(rig: RecordRig) -> None:
    assert rig.take([item(1), item(2)]) == Outcome(refused=2)
    assert rig.tail.size(MESSAGES) == 0
    assert refused(rig) == {(ALIAS, "unknown_line"): 2}


def test_a_refused_item_that_comes_again_is_counted_once(rig: RecordRig) -> None:
    rig.take([item(1)])
    assert rig.take([item(1)]) == Outcome(refused=1)
    assert refused(rig) == {(ALIAS, "unknown_line"): 1}


@pytest.mark.parametrize("alias", ["pnid:words of mine", "pnid:" + "9" * 300, "waba:secreto", "phone:olá", "x:a b"])
def test_what_is_written_where_a_line_should_stand_is_counted_and_not_kept(rig: RecordRig, alias: str) -> None:
    assert rig.take([item(1, alias=alias)]) == Outcome(refused=1)
    assert refused(rig) == {("", "unknown_line"): 1}


def test_a_refused_item_that_a_later_mandate_covers_is_kept_when_it_comes_again(rig: RecordRig) -> None:
    rig.take([item(1)])
    enrol(rig)
    assert rig.take([item(1)]) == Outcome(kept=1)
    assert rig.take([item(1)]) == Outcome(duplicates=1)
    (stored,) = rig.reader.read(MESSAGES, 0, 1)
    assert stored.payload
    assert ("conflict", "1") not in unpack(stored.payload).checked


def test_an_item_that_came_another_way_is_the_same_item(open_rig: RecordRig) -> None:
    first = item(1)
    other_way = msgspec.structs.replace(first, slices=(*first.slices, Slice("field", "/event", b'"message.any"')))
    assert open_rig.take([first, other_way]) == Outcome(kept=1, duplicates=1)


@pytest.mark.parametrize("sent_at", [None, 1_700_000_000_000, 4_000_000_000_000])
def test_an_exported_message_is_known_again_on_another_day(open_rig: RecordRig, sent_at: int | None) -> None:
    exported = item(1, kind="export", sent_at=sent_at)
    enrol(open_rig, line="66" * 16, alias="phone:+5511940000009", past_days=9_000)
    exported = msgspec.structs.replace(exported, line="phone:+5511940000009")
    assert open_rig.take([exported]) == Outcome(kept=1)
    open_rig.clock.advance(3 * DAY)
    assert open_rig.take([exported]) == Outcome(duplicates=1)


def test_a_kept_item_reads_back_byte_for_byte(open_rig: RecordRig) -> None:
    sent = item(1, text="olá, doutora 🙂", sent_at=open_rig.clock())
    assert open_rig.take([sent]) == Outcome(kept=1)
    (stored,) = open_rig.reader.read(MESSAGES, 0, 1)
    assert stored.payload is not None
    envelope = unpack(stored.payload)
    assert envelope.slices == sent.slices
    assert (envelope.source, envelope.line, envelope.sent_at) == ("cloud_api", LINE, sent.sent_at)
    assert stored.header.custody_size == 4


def test_the_same_item_again_is_dropped(open_rig: RecordRig) -> None:
    open_rig.take([item(1)])
    assert open_rig.take([item(1), item(1)]) == Outcome(duplicates=2)
    assert open_rig.tail.size(MESSAGES) == 1


def test_the_same_item_twice_in_one_delivery_is_one_entry(open_rig: RecordRig) -> None:
    assert open_rig.take([item(1), item(1)]) == Outcome(kept=1, duplicates=1)


def test_the_same_identity_with_other_content_is_kept_and_flagged(open_rig: RecordRig) -> None:
    open_rig.take([item(1, text="a")])
    assert open_rig.take([item(1, text="b")]) == Outcome(kept=1)
    first, second = open_rig.reader.read(MESSAGES, 0, 2)
    assert first.payload
    assert second.payload
    assert ("conflict", "1") not in unpack(first.payload).checked
    assert ("conflict", "1") in unpack(second.payload).checked


def test_one_conversation_is_one_stream_and_another_is_another(open_rig: RecordRig) -> None:
    open_rig.take([item(1), item(2), item(3, contact="phone:+5511900000009")])
    streams = [stored.header.stream for stored in open_rig.reader.read(MESSAGES, 0, 3)]
    assert streams[0] == streams[1] != streams[2]


def test_a_stream_is_the_same_after_opening_again(open_rig: RecordRig) -> None:
    open_rig.take([item(1)])
    again = RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)
    again.take([item(2)])
    first, second = again.reader.read(MESSAGES, 0, 2)
    assert first.header.stream == second.header.stream
    again.close()


def test_withdrawal_works_from_the_next_item_on(open_rig: RecordRig) -> None:
    assert open_rig.take([item(1)]) == Outcome(kept=1)
    decision = MandateWithdrawn(mandate=MANDATE, person=PERSON, line=LINE)
    open_rig.custody.append([Draft(decision=decision, subject=LINE)])
    assert open_rig.take([item(2)]) == Outcome(refused=1)
    assert refused(open_rig) == {(LINE, "no_mandate"): 1}


def test_another_process_sees_a_withdrawal_before_its_next_item(open_rig: RecordRig) -> None:
    door = RecordRig(open_rig.home, keys=open_rig.keys, clock=open_rig.clock)
    assert door.take([item(1)]) == Outcome(kept=1)
    decision = MandateWithdrawn(mandate=MANDATE, person=PERSON, line=LINE)
    open_rig.custody.append([Draft(decision=decision, subject=LINE)])
    assert door.take([item(2)]) == Outcome(refused=1)
    door.close()


@pytest.mark.parametrize("late_by", [0, DAY, 2 * DAY])
def test_an_edit_of_a_refused_message_is_refused(rig: RecordRig, late_by: int) -> None:
    from fairwitness.testing import enrol

    original = item(1, sent_at=rig.clock())
    rig.take([original])
    enrol(rig)
    edit = item(2, sent_at=rig.clock() + late_by, refers_to=original.identity)
    rig.clock.advance(late_by)
    assert rig.take([edit]) == Outcome(refused=1)


def test_an_edit_of_a_message_never_seen_is_kept(open_rig: RecordRig) -> None:
    unseen = ("cloud_api", ALIAS, "message", "wamid.unseen", "")
    assert open_rig.take([item(2, refers_to=unseen)]) == Outcome(kept=1)


def test_a_body_that_does_not_parse_needs_a_mandate_for_every_line_in_it(open_rig: RecordRig) -> None:
    body = item(1, kind="unparsed")
    assert open_rig.take([body], requires=(ALIAS, "pnid:unknown")) == Outcome(refused=1)
    assert open_rig.take([item(2, kind="unparsed")], requires=(ALIAS,)) == Outcome(kept=1)
    assert open_rig.take([item(3, kind="unparsed")], requires=()) == Outcome(refused=1)
    assert refused(open_rig) == {("", "unparsed"): 2}


def test_an_error_inside_the_transaction_leaves_nothing(open_rig: RecordRig) -> None:
    def fail() -> None:
        with open_rig.tail.transaction() as transaction:
            transaction.count_refused({("x", "2025-01-01", "no_mandate"): 1})
            transaction.add_stream(b"a" * 16, b"b" * 16)
            raise RuntimeError("power")

    with pytest.raises(RuntimeError, match="power"):
        fail()
    assert refused(open_rig) == {}


def test_old_refusals_are_forgotten_and_kept_items_never(open_rig: RecordRig) -> None:
    open_rig.take([item(1), item(2, alias="pnid:9")])
    open_rig.tail.forget_refused(open_rig.clock() // DAY + 1)
    assert open_rig.take([item(1)]) == Outcome(duplicates=1)
    assert open_rig.take([item(2, alias="pnid:9")]) == Outcome(refused=1)
