import random
import struct

import pytest
from tests.unit.verify.records import FILES, Record
from tests.vectors import naive

from fairwitness_verify.values import BLOCK

SIZES = {naive.MESSAGES: 700, naive.CUSTODY: 303}
FLIPS = random.Random(20).sample(
    [(name, bit) for name, data in FILES.items() for bit in range(8 * len(data))], 160
)
EVERY_FILE = [(name, random.Random(name).randrange(8 * len(FILES[name]))) for name in sorted(FILES)]


def log_of(name: str) -> str:
    return naive.CUSTODY if name.startswith("custody/") else naive.MESSAGES


def entries_at(name: str, byte: int) -> tuple[int, int]:
    """The first and last entry that a byte of a file speaks of."""
    log, base = log_of(name), int(name.split(".p/")[0].rpartition("/")[2][:3]) if "/tile/" in name else 0
    if "/tile/entries/" in name:
        at, entry, data = 0, base * 256, FILES[name]
        while (following := at + 2 + struct.unpack_from(">H", data, at)[0]) <= byte:
            at, entry = following, entry + 1
        return entry, entry
    if "/tile/" in name:
        level = int(name.split("/tile/")[1][0])
        first = (base * 256 + byte // 32) * 256**level
        return first, min(first + 256**level, SIZES[log]) - 1
    if name.endswith(".parquet"):
        segment = next(s for s in naive.Plan().segments if f"{s.first:012d}-" in name and s.log == log)
        count = -(-segment.size // BLOCK)
        share = (segment.last - segment.first + 1) // count
        first = segment.first + byte // BLOCK * share
        return first, segment.last if byte // BLOCK == count - 1 else first + share - 1
    if name.endswith(".json"):
        first, last = name.rpartition("/")[2][:-5].split("-")
        return int(first), int(last)
    return 0, SIZES[log] - 1


def flipped(name: str, bit: int) -> bytes:
    data = bytearray(FILES[name])
    data[bit // 8] ^= 1 << bit % 8
    return bytes(data)


@pytest.mark.parametrize(("name", "bit"), [*FLIPS, *EVERY_FILE])
def test_a_flipped_bit_is_found_and_named_by_file_and_entries(record, name, bit):
    record.write(name, flipped(name, bit))
    faults = [fault for fault in record.faults() if fault.file == name]

    assert faults
    if name != "keys":
        first, last = entries_at(name, bit // 8)
        assert {fault.log for fault in faults} == {log_of(name)}
        assert all(fault.first <= first and last <= fault.last for fault in faults)


@pytest.mark.parametrize(("name", "bit"), EVERY_FILE)
def test_no_other_file_is_blamed_for_a_flipped_bit(record, name, bit):
    record.write(name, flipped(name, bit))
    others = {fault.file for fault in record.faults()} - {name}

    # A manifest whose custody entry is damaged can not be held against it, and that is said.
    assert all(
        "custody log, of which a part is damaged" in fault.what
        for fault in record.faults()
        if fault.file in others
    )


def test_an_entry_is_named_alone_when_its_tile_vouches_for_it(record):
    name = "messages/0/tile/entries/001"
    record.write(name, FILES[name].replace(b'"kind":"message"', b'"kind":"missage"', 1))

    assert [(fault.file, fault.first, fault.last) for fault in record.faults()] == [(name, 256, 256)]


def test_several_spoilt_files_are_all_named(record):
    # A segment whose manifest is spoilt can not be checked, so no two of the same are spoilt here.
    names = {name for name in FILES if not name.endswith(".json") and name != "keys"}
    spoilt = sorted(random.Random(4).sample(sorted(names), 8))
    for name in spoilt:
        record.write(name, flipped(name, 8 * (len(FILES[name]) // 2)))

    assert set(spoilt) <= {fault.file for fault in record.faults()}


def test_deep_trees_name_the_tile_that_is_wrong(tmp_path):
    plan = naive.Plan(messages=66_000, decisions=3, segments=())
    record = Record(tmp_path, naive.record_files(plan))
    assert record.faults() == []
    for name, entries in {
        "messages/0/tile/1/000": (256 * 7, 256 * 8 - 1),
        "messages/0/tile/2/000.p/1": (0, 65_535),
        "messages/0/tile/1/001.p/1": (65_536, 65_791),
        "messages/0/tile/0/100": (25_600 + 7, 25_600 + 7),
    }.items():
        at = 7 * 32 if len(record.files[name]) > 7 * 32 else 0
        data = bytearray(record.files[name])
        data[at] ^= 128
        record.write(name, bytes(data))
        assert [(fault.file, (fault.first, fault.last)) for fault in record.faults()] == [(name, entries)]
        record.restore(name)
