"""What the library writes, the verifier finds whole, and what is spoilt in it, it names."""

from pathlib import Path

import pytest

from fairwitness.testing.record import RecordRig, enrol, item
from fairwitness_verify import verify


@pytest.fixture
def folder(tmp_path):
    """A record that grew in steps, with segments of both logs and entries after them."""
    rig = RecordRig(tmp_path, segment_entries=300)
    enrol(rig)
    for step in range(7):
        rig.take([item(100 * step + number, sent_at=rig.clock()) for number in range(100)])
        rig.publisher.checkpoint()
        rig.publisher.seal_due()
    rig.publisher.seal_all()
    rig.take([item(9_000, sent_at=rig.clock())])
    rig.publisher.checkpoint()
    rig.close()
    return tmp_path / "record"


def check(folder: Path):
    return verify(str(folder), pause=lambda seconds: None)


def test_a_record_that_the_library_keeps_has_no_fault(folder):
    report = check(folder)

    assert report.faults == []
    assert {log.log: (log.size, log.signed) for log in report.logs}["messages/0"] == (701, True)
    assert all(log.segments for log in report.logs)


def test_every_file_that_the_library_keeps_is_held_to_its_bytes(folder):
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        at = len(data) // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        assert str(path.relative_to(folder)) in {fault.file for fault in check(folder).faults}
        path.write_bytes(data)


def test_a_new_deployment_has_signed_that_its_logs_are_empty(tmp_path):
    rig = RecordRig(tmp_path)
    rig.publisher.checkpoint()
    rig.close()
    report = check(tmp_path / "record")

    assert report.faults == []
    assert {(log.size, log.signed) for log in report.logs} == {(0, True)}
