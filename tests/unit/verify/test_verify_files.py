import os

import pytest
from tests.unit.verify.records import FILES, Record, where
from tests.vectors import naive

NAMES = sorted(FILES)
BUNDLE = "messages/0/tile/entries/001"
TILE = "messages/0/tile/0/001"
SEGMENT = "messages/0/segment/000000000000-000000000299"


def test_a_whole_record_has_no_fault(record):
    report = record.check()

    assert report.faults == []
    assert {log.log: (log.size, log.signed, log.segments) for log in report.logs} == {
        "messages/0": (700, True, 2), "custody": (303, True, 1),
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_file_is_named(record, name):
    record.remove(name)
    faults = record.faults()

    assert name in {fault.file for fault in faults} or name.endswith(".json")
    assert all("missing" in fault.what for fault in faults if fault.file == name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("keep", [0.0, 0.5, 0.999])
def test_a_file_cut_short_is_named(record, name, keep):
    record.write(name, FILES[name][: int(len(FILES[name]) * keep)])

    assert name in {fault.file for fault in record.faults()}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_with_a_byte_more_is_named(record, name):
    record.write(name, FILES[name] + b"\n")

    assert name in {fault.file for fault in record.faults()}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_zeros_is_named(record, name):
    record.write(name, bytes(len(FILES[name])))

    assert name in {fault.file for fault in record.faults()}


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_became_a_folder_is_named(record, name):
    record.remove(name)
    (record.folder / name).mkdir()

    assert {name, name.removesuffix(".parquet") + ".json"} & {fault.file for fault in record.faults()}


def test_a_deleted_manifest_is_named_with_its_entries(record):
    record.remove(f"{SEGMENT}.json")

    assert where(record.faults()) == {(f"{SEGMENT}.json", 0, 299)}


def test_a_segment_deleted_with_its_manifest_leaves_a_hole_and_a_name(record):
    for ending in ("json", "parquet"):
        record.remove(f"{SEGMENT}.{ending}")

    assert where(record.faults()) == {
        ("messages/0/segment", 0, 299), ("custody/tile/entries/001.p/47", 300, 300),
    }  # fmt: skip


def test_the_last_segment_deleted_with_its_manifest_is_missed(record):
    for ending in ("json", "parquet"):
        record.remove(f"messages/0/segment/000000000300-000000000511.{ending}")

    assert where(record.faults()) == {("custody/tile/entries/001.p/47", 301, 301)}


@pytest.mark.parametrize(
    "name",
    [
        "readme", "custody/notes", "Keys", "custody/Checkpoint", "messages/0/tile/0/000.p/0", "messages/0/tile/0/0000",
        "messages/0/tile/00/000", "messages/0/tile/x/000", "messages/00/checkpoint", "messages/0/segment/1-2.json",
        "messages/0/segment/000000000000-000000000299.parquet.bak", "tail.db", "custody/tile/0/000.p/47/x",
        "custody/.tmp-folder/evil", "messages/5/evil", ".hidden", "messages/0/tile/entries/X000", "messages/0/tile/0/000.P/9",
        "messages/0/tile/0/x999/x999/x999/x999/x999/x999/x999/x999/x999/999",
    ],
)  # fmt: skip
def test_a_file_that_no_record_has_is_named(record, name):
    record.write(name, b"x" * 32)

    assert [(fault.file, fault.what) for fault in record.faults()] == [(name, "is no file that a record has")]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("messages/0/tile/0/003", 768, 1023), ("messages/0/tile/entries/003", 768, 1023),
        ("messages/0/tile/0/002.p/189", 512, 700), ("messages/0/tile/0/002", 512, 767),
        ("messages/0/tile/1/000.p/3", 0, 767), ("messages/0/tile/2/000", 0, 256**3 - 1),
        ("custody/tile/0/x001/000", 256_000, 256_255), ("messages/0/tile/63/000.p/1", None, None),
    ],
)  # fmt: skip
def test_a_tile_beyond_the_checkpoint_is_named_with_its_entries(record, name, first, last):
    record.write(name, b"x" * 32)

    assert where(record.faults()) == {(name, first, last)}


def test_a_log_that_no_key_is_named_for_is_a_fault(record):
    for name, data in naive.log_files(naive.Plan(name="other.example/r", seed="x"), "messages/7", []).items():
        record.write(name, data)

    assert [(fault.file, fault.what) for fault in record.faults()] == [
        ("messages/7/checkpoint", "belongs to a log that no key is named for")
    ]


@pytest.mark.parametrize("log", ["messages/0", "custody"])
def test_a_log_deleted_whole_is_missed(record, log):
    for name in NAMES:
        if name.startswith(log):
            record.remove(name)

    assert f"{log}/checkpoint" in {fault.file for fault in record.faults()}


def test_a_partial_tile_of_a_smaller_tree_may_stay(record):
    record.write("messages/0/tile/0/001.p/9", FILES[TILE][: 9 * 32])
    record.write("messages/0/tile/1/000.p/1", FILES["messages/0/tile/1/000.p/2"][:32])
    record.write(
        "messages/0/tile/entries/002.p/2", naive.tree_files(_headers()[512:514])["tile/entries/000.p/2"]
    )

    assert record.faults() == []


def _headers() -> list[bytes]:
    found, data = [], b"".join(FILES[f"messages/0/tile/entries/{n}"] for n in ("000", "001", "002.p/188"))
    while data:
        length = int.from_bytes(data[:2], "big")
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return found


@pytest.mark.parametrize(
    ("name", "data", "first", "last"),
    [
        ("messages/0/tile/0/001.p/9", bytes(9 * 32), 256, 264),
        ("messages/0/tile/0/001.p/9", FILES[TILE][: 8 * 32], 256, 264),
        ("messages/0/tile/entries/001.p/2", b"\0\1a\0\1b", 256, 257),
        ("messages/0/tile/entries/001.p/2", FILES[BUNDLE], 256, 257),
        ("messages/0/tile/entries/001.p/2", b"\xff", 256, 257),
        ("messages/0/tile/1/000.p/1", bytes(32), 0, 255),
    ],
)
def test_a_partial_tile_of_a_smaller_tree_that_is_no_part_of_today_s_is_named(
    record, name, data, first, last
):
    record.write(name, data)

    assert where(record.faults()) == {(name, first, last)}


def test_temporary_files_are_ignored_and_counted(record):
    record.write("messages/0/segment/.tmp-1234", b"half a file")
    report = record.check()

    assert report.faults == []
    assert "1 temporary file(s) were ignored." in report.notes


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_became_a_link_to_itself_elsewhere_is_named(record, tmp_path_factory, name):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "file"
    elsewhere.write_bytes(FILES[name])
    record.remove(name)
    (record.folder / name).symlink_to(elsewhere)

    assert any(fault.file == name and "symbolic link" in fault.what for fault in record.faults())


def test_a_folder_that_became_a_link_is_not_followed(record, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "tile"
    (record.folder / "custody/tile").rename(elsewhere)
    (record.folder / "custody/tile").symlink_to(elsewhere)
    faults = record.faults()

    assert any(fault.file == "custody/tile" and "symbolic link" in fault.what for fault in faults)
    assert any(fault.file == "custody/tile/entries/000" and "missing" in fault.what for fault in faults)


@pytest.mark.parametrize(
    "name", ["custody/checkpoint", TILE, BUNDLE, f"{SEGMENT}.parquet", f"{SEGMENT}.json", "keys"]
)
def test_a_pipe_in_place_of_a_file_does_not_hold_the_verifier_up(record, name):
    record.remove(name)
    os.mkfifo(record.folder / name)

    assert any(fault.file == name and "plain file" in fault.what for fault in record.faults())


def test_names_that_are_not_text_are_named(record):
    (record.folder / "custody" / os.fsdecode(b"\xff\x1b[31m")).write_bytes(b"")
    report = record.check()

    assert len(report.faults) == 1
    assert all(line.isprintable() for line in report.lines())


def test_an_empty_record_folder_is_no_record(tmp_path):
    assert where(Record(tmp_path, {}).faults()) == {("keys", None, None)}
