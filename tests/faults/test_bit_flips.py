"""B1: one flipped bit anywhere in the sealed record is found and named by both verifiers.

`FAIRWITNESS_FLIPS` sets how many (100 in `make test`, 1,000 in `make faults`).
"""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import fairwitness_verify
from fairwitness.archive.columns import SegmentFile
from fairwitness.errors import HashMismatch
from fairwitness.testing import RecordRig, enrol, item

FLIPS = int(os.environ.get("FAIRWITNESS_FLIPS", "100"))


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordRig]:
    """A record with full and partial tiles, several segments, and nothing left to seal."""
    rig = RecordRig(tmp_path_factory.mktemp("flips") / "home", segment_entries=200)
    enrol(rig)
    for start in range(0, 600, 50):
        rig.take([item(number) for number in range(start, start + 50)])
    rig.publisher.seal_all()
    rig.clock.advance(120_000)
    rig.publisher.checkpoint()
    yield rig
    rig.close()


def outcome(rig: RecordRig) -> tuple[set[str], set[str]]:
    """The files that each of the two verifiers finds fault with."""
    record = str(rig.home / "record")
    theirs = fairwitness_verify.verify(record, pause=lambda seconds: None)
    return {fault.file for fault in rig.verify().faults}, {fault.file for fault in theirs.faults}


def test_an_untouched_record_has_no_fault(sealed: RecordRig) -> None:
    assert outcome(sealed) == (set(), set())


def test_every_flipped_bit_is_found_and_its_file_named(sealed: RecordRig) -> None:
    chance = random.Random(20261124)
    files = sorted(path for path in (sealed.home / "record").rglob("*") if path.is_file())
    missed = []
    for _ in range(FLIPS):
        path = chance.choice(files)
        data = path.read_bytes()
        bit = chance.randrange(len(data) * 8)
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        name = str(path.relative_to(sealed.home / "record"))
        # A flip in `keys` shows as a signature that no longer holds; the fault names `keys` or a checkpoint.
        named = {name} if name != "keys" else {"keys", "custody/checkpoint", "messages/0/checkpoint"}
        ours, theirs = outcome(sealed)
        if not (named & ours and named & theirs):
            missed.append((name, bit, ours, theirs))
        path.write_bytes(data)
    assert missed == []
    assert outcome(sealed) == (set(), set())


def test_a_flip_in_a_segment_or_bundle_names_its_entries(sealed: RecordRig) -> None:
    for name, inside in (
        ("messages/0/segment/000000000200-000000000399.parquet", range(200, 400)),
        ("messages/0/tile/entries/001", range(256, 512)),
        ("messages/0/tile/0/001", range(256, 512)),
    ):
        path = sealed.home / "record" / name
        data = path.read_bytes()
        path.write_bytes(data[:100] + bytes([data[100] ^ 4]) + data[101:])
        for fault in (
            *sealed.verify().faults,
            *fairwitness_verify.verify(str(sealed.home / "record")).faults,
        ):
            if fault.file == name:
                assert fault.first is not None
                assert fault.last is not None
                assert fault.first in inside
                assert fault.last in inside
                break
        else:
            pytest.fail(f"{name} is not named")
        path.write_bytes(data)


def test_no_damage_to_a_segment_ends_the_verifier(sealed: RecordRig) -> None:
    path = sorted((sealed.home / "record" / "messages/0/segment").glob("*.parquet"))[1]
    data = path.read_bytes()
    name = str(path.relative_to(sealed.home / "record"))
    # Page headers, lengths and the footer are where a Parquet reader can be led astray.
    places = [*range(4, 64), *range(len(data) - 400, len(data), 8), *range(64, len(data), len(data) // 40)]
    unnamed = []
    try:
        for place in places:
            path.write_bytes(data[:place] + bytes([data[place] ^ 0x80]) + data[place + 1 :])
            if name not in {fault.file for fault in sealed.verify().faults}:
                unnamed.append(place)
    finally:
        path.write_bytes(data)
    assert unnamed == []
    assert outcome(sealed) == (set(), set())


def test_a_damaged_segment_that_is_read_anyway_is_an_error_of_ours(sealed: RecordRig, tmp_path: Path) -> None:
    path = sorted((sealed.home / "record" / "messages/0/segment").glob("*.parquet"))[1]
    data = path.read_bytes()
    copy, refused = tmp_path / "segment.parquet", 0
    for place in [*range(4, 400), *range(len(data) - 200, len(data))]:
        copy.write_bytes(data[:place] + bytes([data[place] ^ 0x80]) + data[place + 1 :])
        try:
            list(SegmentFile(str(copy), first=200).rows(200, 400))
        except HashMismatch:
            refused += 1
    assert refused > 0, "none of this damage is seen by the reader, so nothing was tried"


@pytest.mark.parametrize(
    "name",
    ["custody/tile/entries/000.p", "messages/0/segment", "messages/0/tile/0/000", "custody/checkpoint"],
)
def test_what_is_deleted_is_missed(sealed: RecordRig, tmp_path: Path, name: str) -> None:
    path = sealed.home / "record" / name
    kept = tmp_path / "kept"
    shutil.move(path, kept)
    ours, theirs = outcome(sealed)
    shutil.move(kept, path)
    assert ours
    assert theirs


def test_two_swapped_segments_are_found(sealed: RecordRig) -> None:
    folder = sealed.home / "record" / "messages/0/segment"
    first, second = sorted(folder.glob("*.parquet"))[:2]
    a, b = first.read_bytes(), second.read_bytes()
    first.write_bytes(b)
    second.write_bytes(a)
    ours, theirs = outcome(sealed)
    first.write_bytes(a)
    second.write_bytes(b)
    names = {str(path.relative_to(sealed.home / "record")) for path in (first, second)}
    assert names <= ours
    assert names <= theirs


def test_a_planted_file_is_found(sealed: RecordRig) -> None:
    path = sealed.home / "record" / "messages/0/segment/000000000600-000000000700.json"
    path.write_bytes(b"{}")
    ours, theirs = outcome(sealed)
    path.unlink()
    assert str(path.relative_to(sealed.home / "record")) in ours & theirs
