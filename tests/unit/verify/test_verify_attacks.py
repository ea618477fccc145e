"""What somebody can try who may write every file and holds no key."""

from hashlib import sha256

import pytest
from tests.unit.verify.records import FILES, Record, where
from tests.vectors import naive

MESSAGES, CUSTODY = naive.MESSAGES, naive.CUSTODY
PLAN = naive.Plan()
MANIFESTS = [data for name, data in FILES.items() if name.endswith(".json")]


def grown(messages: int, decisions: int, **other: object) -> dict[str, bytes]:
    """The same deployment at another time."""
    return naive.record_files(naive.Plan(messages=messages, decisions=decisions, **other))


def rewritten(log: str, index: int, header: bytes) -> dict[str, bytes]:
    """A record in which one entry was exchanged, its log's tree rebuilt, and the checkpoint kept."""

    def edit(name: str, headers: list[bytes]) -> list[bytes]:
        return [*headers[:index], header, *headers[index + 1 :]] if name == log else headers

    return {**naive.record_files(naive.Plan(edit=edit)), f"{log}/checkpoint": FILES[f"{log}/checkpoint"]}


@pytest.mark.parametrize("log", [MESSAGES, CUSTODY])
def test_a_tree_rebuilt_around_another_entry_does_not_lead_to_the_signed_root(tmp_path, log):
    forged = naive.header(5, kind="echo", custody_size=5 if log == CUSTODY else 1)
    faults = Record(tmp_path, rewritten(log, 5, forged)).faults()

    assert (f"{log}/checkpoint", 0, 699 if log == MESSAGES else 302) in where(faults)


def test_a_bundle_and_its_tile_rewritten_together_are_named(record):
    forged = rewritten(MESSAGES, 300, naive.header(300, kind="echo", custody_size=100))
    for name in ("messages/0/tile/entries/001", "messages/0/tile/0/001"):
        record.write(name, forged[name])

    assert where(record.faults()) == {
        ("messages/0/tile/0/001", 256, 511), ("messages/0/tile/entries/001", 256, 511),
    }  # fmt: skip


def test_entries_in_another_order_are_named(record):
    name = "messages/0/tile/entries/000"
    entries = [naive.header(i, kind="message", custody_size=i // 3) for i in range(256)]
    entries[6], entries[7] = entries[7], entries[6]
    record.write(name, naive.tree_files(entries)["tile/entries/000"])

    assert where(record.faults()) == {(name, 6, 7)}


def test_the_checkpoint_of_the_other_log_is_refused(record):
    record.write("messages/0/checkpoint", FILES["custody/checkpoint"])

    assert [(fault.file, fault.what) for fault in record.faults()] == [
        ("messages/0/checkpoint", "is not signed by the key of firm.example/record/messages/0")
    ]


def test_logs_exchanged_whole_are_refused(record):
    for name, data in FILES.items():
        if name.startswith(MESSAGES):
            record.remove(name)
        if name.startswith(CUSTODY):
            record.write(name.replace(CUSTODY, MESSAGES, 1), data)

    assert "messages/0/checkpoint" in {fault.file for fault in record.faults()}


def test_an_older_checkpoint_put_back_leaves_tiles_that_nothing_signs(record):
    record.write("messages/0/checkpoint", grown(600, 300)["messages/0/checkpoint"])

    assert ("messages/0/tile/0/002.p/188", 512, 699) in where(record.faults())


def test_a_message_log_wound_back_is_betrayed_by_the_segments_of_the_custody_log(tmp_path):
    older = {name: data for name, data in grown(200, 300).items() if name.startswith(f"{MESSAGES}/")}
    rest = {
        name: data for name, data in FILES.items() if "/0/tile" not in name and "/0/checkpoint" not in name
    }
    faults = Record(tmp_path, {**older, **rest}).faults()

    assert ("messages/0/segment/000000000300-000000000511.json", 300, 511) in where(faults)


def test_a_custody_log_wound_back_is_betrayed_by_the_messages_that_name_it(tmp_path):
    older = {
        name: data for name, data in grown(700, 100, segments=()).items() if name.startswith(f"{CUSTODY}/")
    }
    messages = {
        name: data for name, data in grown(700, 300, segments=()).items() if name.startswith(f"{MESSAGES}/")
    }
    faults = Record(tmp_path, {**messages, **older, "keys": FILES["keys"]}).faults()

    assert {fault.what for fault in faults} == {
        "holds an entry that names a custody size that the custody log does not have"
    }
    assert min(fault.first for fault in faults) == 303


def test_a_record_wound_back_whole_is_found_with_an_older_checkpoint_only(tmp_path):
    record = Record(tmp_path, grown(600, 200, segments=()))
    kept = [(log, FILES[f"{log}/checkpoint"]) for log in (MESSAGES, CUSTODY)]

    assert record.faults() == []
    assert where(record.faults(older=kept)) == {(MESSAGES, 600, 699), (CUSTODY, 200, 302)}
    assert any("wound back" in note for note in record.check().notes)
    assert not any("wound back" in note for note in record.check(older=kept).notes)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 600, 699, 700])
def test_a_record_that_continues_an_older_checkpoint_has_no_fault(record, size):
    headers = naive.headers_of(PLAN, MANIFESTS)[MESSAGES]

    assert record.faults(older=[("kept", naive.checkpoint(PLAN, MESSAGES, headers[:size]))]) == []


@pytest.mark.parametrize("size", [1, 256, 300, 512, 700])
def test_a_fork_is_found_with_an_older_checkpoint(record, size):
    headers = naive.headers_of(PLAN, MANIFESTS)[MESSAGES]
    headers[0] = naive.header(0, kind="echo", custody_size=0)
    forked = naive.checkpoint(PLAN, MESSAGES, headers[:size])

    assert where(record.faults(older=[("kept", forked)])) == {("kept", 0, size - 1)}


def test_a_spoilt_entry_does_not_make_an_older_checkpoint_a_fork(record):
    name = "messages/0/tile/entries/001"
    record.write(name, FILES[name].replace(b'"kind":"message"', b'"kind":"missage"', 1))
    kept = naive.checkpoint(PLAN, MESSAGES, naive.headers_of(PLAN, MANIFESTS)[MESSAGES][:600])

    assert where(record.faults(older=[("kept", kept)])) == {(name, 256, 256)}


@pytest.mark.parametrize(
    "data", [b"", b"nonsense", FILES["keys"], FILES["custody/checkpoint"].replace(b"303", b"302")]
)
def test_an_older_checkpoint_that_does_not_hold_is_a_fault(record, data):
    assert where(record.faults(older=[("kept", data)])) == {("kept", None, None)}


def test_an_older_checkpoint_of_another_record_is_a_fault(record):
    other = naive.record_files(naive.Plan(name="other.example/record"))["custody/checkpoint"]

    assert where(record.faults(older=[("kept", other)])) == {("kept", None, None)}


def test_a_record_signed_anew_with_other_keys_is_found_by_keys_from_elsewhere_only(tmp_path):
    record = Record(tmp_path, naive.record_files(naive.Plan(seed="the attacker")))

    assert record.faults() == []
    assert any("keys came from the record itself" in note for note in record.check().notes)
    assert {"keys", "messages/0/checkpoint", "custody/checkpoint"} <= {
        fault.file for fault in record.faults(keys=FILES["keys"])
    }


def test_keys_from_elsewhere_check_a_record_whose_own_are_gone(record):
    record.remove("keys")

    assert where(record.faults(keys=FILES["keys"])) == {("keys", None, None)}
    assert all(log.signed for log in record.check(keys=FILES["keys"]).logs)


def test_keys_that_do_not_name_the_custody_log_are_a_fault(tmp_path):
    files = {name: data for name, data in FILES.items() if not name.startswith(CUSTODY)}
    files["keys"] = FILES["keys"].split(b"\n")[1] + b"\n"

    assert ("keys", None, None) in where(Record(tmp_path, files).faults())


def test_keys_of_two_deployments_are_a_fault(record):
    other = naive.vkey("other.example/messages/1", naive.private_key("other"))
    record.write("keys", FILES["keys"] + other.encode() + b"\n")

    assert any("more than one deployment" in fault.what for fault in record.faults())


def test_a_manifest_that_the_custody_log_does_not_name_is_not_believed(record):
    forged = naive.manifest_files(PLAN, naive.Segment(MESSAGES, 512, 600, 100))
    for name, data in forged.items():
        record.write(name, data)

    assert where(record.faults()) == {("messages/0/segment/000000000512-000000000600.json", 512, 600)}


def test_a_segment_and_its_manifest_rewritten_together_are_found(tmp_path):
    forged = naive.manifest_files(naive.Plan(seed="the attacker"), PLAN.segments[0])
    record = Record(tmp_path, {**FILES, **forged})

    assert where(record.faults()) == {("messages/0/segment/000000000000-000000000299.json", 0, 299)}


def test_a_manifest_named_by_the_custody_log_must_stand_in_its_own_place(record):
    name = "messages/0/segment/000000000000-000000000299"
    record.write("custody/segment/000000000010-000000000020.json", FILES[f"{name}.json"])
    record.write("custody/segment/000000000010-000000000020.parquet", FILES[f"{name}.parquet"])

    assert where(record.faults()) == {("custody/segment/000000000010-000000000020.json", 10, 20)}


def test_segments_that_overlap_are_a_fault(tmp_path):
    overlapping = (naive.Segment(MESSAGES, 0, 299, 10), naive.Segment(MESSAGES, 200, 400, 10))
    record = Record(tmp_path, naive.record_files(naive.Plan(segments=overlapping)))

    assert where(record.faults()) == {("messages/0/segment/000000000200-000000000400.json", 200, 400)}


def test_a_hole_between_segments_is_a_fault(tmp_path):
    apart = (naive.Segment(MESSAGES, 10, 99, 10), naive.Segment(MESSAGES, 200, 400, 10))
    record = Record(tmp_path, naive.record_files(naive.Plan(segments=apart)))

    assert where(record.faults()) == {("messages/0/segment", 0, 9), ("messages/0/segment", 100, 199)}


def test_a_segment_of_entries_that_are_not_signed_is_a_fault(tmp_path):
    record = Record(tmp_path, naive.record_files(naive.Plan(segments=(naive.Segment(MESSAGES, 0, 700, 10),))))

    assert where(record.faults()) == {("messages/0/segment/000000000000-000000000700.json", 0, 700)}


@pytest.mark.parametrize("change", [{"sha256": "00" * 32}, {"size": 9}, {"v": 2}, {"blocks": []}])
def test_a_manifest_that_is_wrong_about_itself_is_a_fault(tmp_path, change):
    segment = naive.Segment(MESSAGES, 0, 299, 10)
    wrong = naive.manifest_files(PLAN, segment, **change)
    files = naive.record_files(naive.Plan(segments=()))
    sealed = naive.headers_of(naive.Plan(), [wrong["messages/0/segment/000000000000-000000000299.json"]])
    files = {name: data for name, data in files.items() if not name.startswith(CUSTODY)}
    files |= naive.log_files(PLAN, CUSTODY, sealed[CUSTODY]) | wrong
    faults = Record(tmp_path, files).faults()

    assert {fault.first for fault in faults} == {0}
    assert {fault.file.rpartition(".")[0] for fault in faults} == {
        "messages/0/segment/000000000000-000000000299"
    }


@pytest.mark.parametrize(
    ("log", "index", "header", "what"),
    [
        (MESSAGES, 5, {"custody_size": 0}, ""),
        (MESSAGES, 600, {"custody_size": 198}, "smaller custody size"),
        (MESSAGES, 600, {"custody_size": 304}, "custody log does not have"),
        (MESSAGES, 600, {"custody_size": -1}, "number that a header can not have"),
        (MESSAGES, 600, {"custody_size": 200, "v": 2}, "version 2"),
        (MESSAGES, 600, {"custody_size": 200, "more": 1}, "not a header of version 1"),
        (CUSTODY, 5, {"custody_size": 4}, "other custody size|another custody size"),
        (CUSTODY, 5, {"custody_size": 5, "kind": "segment.sealed"}, "does not name its manifest"),
    ],
)
def test_a_signed_header_that_breaks_the_rules_is_a_fault(tmp_path, log, index, header, what):
    made = naive.header(index, **{"kind": "message", **header})

    def edit(name: str, headers: list[bytes]) -> list[bytes]:
        if name != log:
            return headers
        return [*headers[:index], made, *headers[index + 1 :]]

    record = Record(tmp_path, naive.record_files(naive.Plan(edit=edit)))
    faults = record.faults()
    if log == MESSAGES and index == 5:
        assert [fault.what for fault in faults] == [
            "holds an entry that names a smaller custody size than an entry before it"
        ]
        return
    assert [(fault.first, fault.last) for fault in faults] == [(index, index)]
    assert any(part in faults[0].what for part in what.split("|"))


def test_a_size_signed_by_whoever_made_the_keys_does_not_run_away(tmp_path):
    plan = naive.Plan(seed="the attacker")
    origin = f"{plan.name}/{MESSAGES}"
    text = f"{origin}\n{2**62}\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    files = naive.record_files(plan)
    files["messages/0/checkpoint"] = naive.note(text, origin, naive.private_key(f"{plan.seed} {MESSAGES}"))
    files["messages/0/tile/entries/x999/x999/x999/999"] = b"far away"
    faults = Record(tmp_path, files).faults()

    assert ("messages/0/tile/entries/003", 768, 2**62 - 1) in where(faults)


def test_a_bundle_far_away_does_not_make_a_log_without_checkpoint_run_away(record):
    record.remove("messages/0/checkpoint")
    record.write("messages/0/tile/entries/x999/x999/x999/999", b"far away")

    assert {"messages/0/checkpoint", "messages/0/tile/entries/x999/x999/x999/999"} == {
        fault.file for fault in record.faults()
    }


def test_a_checkpoint_of_nothing_signs_nothing(tmp_path):
    files = naive.record_files(naive.Plan(messages=0, decisions=0, segments=()))

    assert Record(tmp_path / "empty", files).faults() == []
    assert len(Record(tmp_path / "spoilt", {**files, "custody/tile/0/000.p/1": bytes(32)}).faults()) == 1


def test_a_witness_may_sign_beside_the_log(record):
    witness = naive.note("x\n", "witness.example/1", naive.private_key("w")).decode().split("\n\n")[1]
    record.write("custody/checkpoint", FILES["custody/checkpoint"] + witness.encode())

    assert record.faults() == []


def test_the_same_bytes_under_another_hash_are_not_a_manifest(record):
    name = "custody/segment/000000000000-000000000009.json"
    assert sha256(FILES[name]).hexdigest().encode() in FILES["custody/tile/entries/001.p/47"]
    record.write(name, FILES[name].replace(b":", b": "))

    assert where(record.faults()) == {(name, 0, 9)}


def test_a_tile_that_nothing_speaks_for_is_named_when_the_root_is_not_reached(record):
    record.write("messages/0/tile/entries/002.p/188", b"\xff")
    record.write("messages/0/tile/0/002.p/188", bytes(32 * 188))

    assert where(record.faults()) == {
        ("messages/0/tile/entries/002.p/188", 512, 699), ("messages/0/tile/0/002.p/188", 512, 699),
    }  # fmt: skip


def test_a_newest_bundle_deleted_with_the_checkpoint_spoilt_is_missed(record):
    record.remove("messages/0/tile/entries/002.p/188")
    record.write("messages/0/checkpoint", b"")

    assert where(record.faults()) == {
        ("messages/0/tile/entries/002.p/188", 512, 699), ("messages/0/checkpoint", 0, 699),
    }  # fmt: skip
