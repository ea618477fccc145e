"""A record that is written to while it is verified must not look damaged."""

from collections.abc import Callable

from tests.unit.verify.records import Record, where
from tests.vectors import naive


def grow(
    record: Record, messages: int, decisions: int = 300, *, segments: tuple[naive.Segment, ...] = ()
) -> dict[str, bytes]:
    """The files of the same record later on."""
    return naive.record_files(naive.Plan(messages=messages, decisions=decisions, segments=segments))


def after(pauses: int, act: Callable[[], None]) -> Callable[[float], None]:
    """A pause during which, at the given turn, something happens to the record."""
    turns = iter(range(1, 100))
    return lambda seconds: act() if next(turns) == pauses else None


def test_tiles_that_are_signed_a_moment_later_are_no_fault(tmp_path):
    record = Record(tmp_path, grow(None, 700))
    later = grow(record, 900)
    signed = later.pop("messages/0/checkpoint")
    naive.write(later, tmp_path)

    assert record.faults() != []
    assert record.faults(pause=after(1, lambda: record.write("messages/0/checkpoint", signed))) == []


def test_partial_tiles_that_a_newer_tree_replaced_are_read_from_it(tmp_path):
    record = Record(tmp_path, grow(None, 700))
    later = grow(record, 900)
    naive.write({name: data for name, data in later.items() if name != "messages/0/checkpoint"}, tmp_path)
    record.remove("messages/0/tile/entries/002.p/188")
    record.remove("messages/0/tile/0/002.p/188")
    record.remove("messages/0/tile/1/000.p/2")
    faults = where(record.faults())

    # Only what the newer tree has beyond the signed one is named.
    assert faults == {
        ("messages/0/tile/0/002", 512, 767), ("messages/0/tile/0/003.p/132", 768, 899),
        ("messages/0/tile/1/000.p/3", 0, 767), ("messages/0/tile/entries/002", 512, 767),
        ("messages/0/tile/entries/003.p/132", 768, 899),
    }  # fmt: skip


def test_a_wider_partial_tile_stands_in_for_one_that_is_gone(tmp_path):
    record = Record(tmp_path, grow(None, 700))
    later = grow(record, 705)
    wider = {name: data for name, data in later.items() if name.endswith((".p/193",))}
    naive.write(wider, tmp_path)
    for name in wider:
        record.remove(name.replace("193", "188"))

    assert {fault.what for fault in record.faults()} == {"lies beyond what the checkpoint covers"}


def test_a_segment_that_is_sealed_meanwhile_gets_a_second_look(tmp_path):
    record = Record(tmp_path, grow(None, 700))
    later = grow(record, 700, segments=(naive.Segment(naive.MESSAGES, 0, 99, 500),))
    custody = {name: data for name, data in later.items() if name.startswith("custody/")}
    naive.write({name: data for name, data in later.items() if "/segment/" in name}, tmp_path)

    assert where(record.faults()) == {("messages/0/segment/000000000000-000000000099.json", 0, 99)}
    assert record.faults(pause=after(1, lambda: naive.write(custody, tmp_path))) == []


def test_a_segment_whose_file_is_released_meanwhile_gets_a_second_look(tmp_path):
    later = grow(None, 700, segments=(naive.Segment(naive.MESSAGES, 0, 99, 500),))
    segment = {name: data for name, data in later.items() if "/segment/" in name}
    record = Record(tmp_path, {name: data for name, data in later.items() if name not in segment})

    assert where(record.faults()) == {("custody/tile/entries/001.p/45", 300, 300)}
    assert record.faults(pause=after(1, lambda: naive.write(segment, tmp_path))) == []


def test_nothing_is_waited_for_in_a_whole_record(record):
    pauses = []
    record.check(pause=pauses.append)

    assert pauses == []
