"""The log's side of witnessing: a quorum, hostile and missing witnesses, and stopping when it is wrong."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.archive.net import Net, answering, cosigner, down, through
from tests.vectors import naive

from fairwitness.archive.checkpoint import read_keys, read_published
from fairwitness.archive.halt import Halt
from fairwitness.archive.ports import Answer
from fairwitness.archive.vouched import open_witnessed, read_witnessed, read_witnesses
from fairwitness.archive.witness import place_of
from fairwitness.engines.filesystem import FolderStore
from fairwitness.errors import Forked
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.testing import RecordRig, enrol, item
from fairwitness.tlog import cosign, open_checkpoint, parse_note

SIZE = "text/x.tlog.size"


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[RecordRig]:
    made = RecordRig(tmp_path / "home", segment_entries=2_000)
    enrol(made)
    made.take([item(number) for number in range(5)])
    made.publisher.checkpoint()
    yield made
    made.close()


def net_of(rig: RecordRig, *, count: int = 1) -> Net:
    return Net(rig.home.parent / "witnesses", read_keys(rig.files), rig, count=count)


def grow(rig: RecordRig, *, first: int, count: int) -> None:
    rig.take([item(number) for number in range(first, first + count)])
    rig.publisher.checkpoint()


def witnessed(rig: RecordRig, log: str = MESSAGES, *, net: Net, quorum: int = 1) -> tuple[int, list[str]]:
    """The size that is witnessed, and by whom."""
    note = read_witnessed(rig.files, log)
    if note is None:
        return 0, []
    held = open_witnessed(
        note, origin=rig.origins[log], keys=read_keys(rig.files),
        witnesses=[address.key for address in net.addresses], quorum=quorum,
    )
    return held.checkpoint.size, [line.name for line in parse_note(note)[1][1:]]


def test_a_checkpoint_that_a_quorum_cosigned_is_published_and_verifies(rig: RecordRig) -> None:
    net = net_of(rig, count=3)
    witnessing = net.witnessing(rig, quorum=2)
    witnessing.round()

    assert witnessed(rig, net=net, quorum=2)[0] == 5
    assert len(witnessed(rig, net=net)[1]) >= 2
    assert read_witnesses(rig.files) == [address.key for address in net.addresses]
    report = rig.verify()
    assert report.faults == ()
    assert {(one.log, one.size) for one in report.witnessed} == {(MESSAGES, 5), (CUSTODY, 4)}


def test_what_is_witnessed_is_not_asked_again_until_an_hour_has_passed(rig: RecordRig) -> None:
    net = net_of(rig)
    witnessing = net.witnessing(rig)
    witnessing.round()
    asked = len(net.asked)
    witnessing.round()
    assert len(net.asked) == asked
    rig.clock.advance(3_600_000)
    witnessing.round()
    assert len(net.asked) == asked + 2
    assert witnessing.troubles == []


def test_without_a_quorum_nothing_is_called_witnessed(rig: RecordRig) -> None:
    net = net_of(rig, count=2)
    net.behaviour["w1"] = down
    witnessing = net.witnessing(rig, quorum=2)
    witnessing.round()

    assert witnessed(rig, net=net) == (0, [])
    assert "messages/0: 1 of 2 witnesses cosigned" in witnessing.troubles


def test_c4_a_witness_that_was_down_catches_up_by_one_proof(rig: RecordRig) -> None:
    net = net_of(rig)
    witnessing = net.witnessing(rig)
    witnessing.round()
    net.behaviour["w0"] = down
    for start in range(5, 905, 100):
        grow(rig, first=start, count=100)
        witnessing.round()
    assert witnessed(rig, net=net)[0] == 5, "the log went on, unwitnessed"
    del net.behaviour["w0"]
    net.asked.clear()
    witnessing.round()

    assert witnessed(rig, net=net)[0] == 905
    assert len([path for _, path, body in net.asked if body and b"/messages/0\n" in body]) == 1


def test_c4_after_a_restart_of_ours_the_witness_says_where_it_was(rig: RecordRig) -> None:
    net = net_of(rig)
    net.witnessing(rig).round()
    grow(rig, first=5, count=300)
    again = net.witnessing(rig)
    again.round()

    assert witnessed(rig, net=net)[0] == 305
    assert again.troubles == []


def test_a_witness_that_hangs_holds_up_nobody(rig: RecordRig) -> None:
    net, let_go = net_of(rig, count=3), threading.Event()

    def hang(path: str, body: bytes | None) -> Answer:
        let_go.wait(60)
        return Answer(500, "text/plain", b"")

    net.behaviour["w2"] = hang
    witnessing = net.witnessing(rig, quorum=2)
    for start in (5, 6, 7):
        witnessing.round()
        assert witnessed(rig, net=net, quorum=2)[0] == start
        grow(rig, first=start, count=1)
    assert "witness.example/w2: has not answered yet" in witnessing.troubles
    let_go.set()
    witnessing.close()


@pytest.mark.parametrize(
    "behaviour",
    [
        answering(500), answering(302), answering(200), answering(200, b"nonsense"), answering(200, b"\xff\n"),
        answering(200, naive.note("x\n", "stranger", naive.private_key("x")).split(b"\n\n")[1]),
        answering(200, b"\n" * 60_000), answering(409, b"many\n", SIZE), answering(409, b"-1\n", SIZE),
        answering(404), answering(403), answering(409, b"9" * 400, SIZE), down,
    ],
)  # fmt: skip
def test_an_answer_that_is_none_hurts_nobody(rig: RecordRig, behaviour: object) -> None:
    net = net_of(rig, count=2)
    net.behaviour["w1"] = behaviour  # type: ignore[assignment]
    witnessing = net.witnessing(rig, quorum=1)
    witnessing.round()

    assert witnessed(rig, net=net) == (5, ["witness.example/w0"])
    assert any("witness.example/w1" in trouble for trouble in witnessing.troubles)
    assert Halt(FolderStore(rig.home)).why() is None


def test_a_cosignature_of_another_text_is_not_taken(rig: RecordRig) -> None:
    net = net_of(rig)
    published = read_published(rig.files, CUSTODY, rig.origins[CUSTODY])
    assert published is not None
    line = cosign(parse_note(published.note)[0].replace("\n4\n", "\n3\n"), cosigner(0), at=1).write().encode()
    net.behaviour["w0"] = answering(200, line)
    witnessing = net.witnessing(rig)
    witnessing.round()

    assert witnessed(rig, net=net) == witnessed(rig, CUSTODY, net=net) == (0, [])
    assert "does not hold" in witnessing.troubles[0]


@pytest.mark.parametrize("answer", [answering(409, b"999999\n", SIZE), answering(422), answering(409)])
def test_a_claim_of_one_witness_stops_nothing_while_a_quorum_is_left(rig: RecordRig, answer: object) -> None:
    net = net_of(rig, count=3)
    net.behaviour["w2"] = answer  # type: ignore[assignment]
    witnessing = net.witnessing(rig, quorum=2)
    witnessing.start()
    witnessing.round()

    assert witnessed(rig, net=net, quorum=2)[0] == 5
    assert any("it remembers" in trouble for trouble in witnessing.troubles) or witnessing.troubles == []
    assert Halt(FolderStore(rig.home)).why() is None


@pytest.mark.parametrize("answer", [answering(409, b"999999\n", SIZE), answering(422), answering(409)])
def test_b6_a_claim_that_leaves_no_quorum_stops_the_record(rig: RecordRig, answer: object) -> None:
    net = net_of(rig)
    net.behaviour["w0"] = answer  # type: ignore[assignment]
    with pytest.raises(Forked, match="nothing is taken in"):
        net.witnessing(rig).round()
    assert Halt(FolderStore(rig.home)).why() is not None
    del net.behaviour["w0"]
    net.witnessing(rig).start()
    assert Halt(FolderStore(rig.home)).why() is None, "a claim is over when a quorum cosigns again"


def test_a_mark_is_not_lifted_while_witnesses_are_away(rig: RecordRig) -> None:
    net = net_of(rig)
    net.behaviour["w0"] = answering(422)
    with pytest.raises(Forked):
        net.witnessing(rig).round()
    net.behaviour["w0"] = down
    with pytest.raises(Forked):
        net.witnessing(rig).start()


def test_the_evidence_of_a_witness_is_a_checkpoint_that_we_signed(rig: RecordRig) -> None:
    net = net_of(rig)
    net.witnessing(rig).round()
    shown = through(net.doors["http://w0"], f"/checkpoint/{place_of(rig.origins[MESSAGES])}")

    assert open_checkpoint(shown.body, origin=rig.origins[MESSAGES], keys=read_keys(rig.files)).size == 5


def test_false_evidence_is_a_claim_and_no_more(rig: RecordRig) -> None:
    """A checkpoint of ours that the log does continue proves nothing, whatever the witness says of it."""
    net = net_of(rig, count=2)
    old = read_published(rig.files, MESSAGES, rig.origins[MESSAGES])
    assert old is not None
    grow(rig, first=5, count=5)
    net.behaviour["w1"] = lambda path, body: Answer(200 if body is None else 422, "text/plain", old.note)
    witnessing = net.witnessing(rig, quorum=1)
    witnessing.round()

    assert witnessed(rig, net=net)[0] == 10
    assert Halt(FolderStore(rig.home)).why() is None
