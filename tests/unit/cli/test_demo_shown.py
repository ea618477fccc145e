"""What the demo prints tells the truth, and its folder is never somebody else's."""

import fcntl
import io
import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from fairwitness.archive.status import Fault, LogStatus, VerifyReport
from fairwitness.cli.demo import stage
from fairwitness.cli.demo.outcome import Alert, Outcome
from fairwitness.cli.demo.pilot import Pilot, make_pilot
from fairwitness.cli.demo.show import agrees, counts, introduce, report
from fairwitness.errors import Forbidden

NOW = int(datetime(2026, 11, 24, 15, 30, tzinfo=UTC).timestamp() * 1000)
PROOF = VerifyReport(messages=1, custody=1, payloads=2, unreadable=0, faults=())


@pytest.fixture(scope="module")
def pilot() -> Pilot:
    return make_pilot(seed=1, now=NOW)


@pytest.fixture
def outcome(pilot) -> Outcome:
    """What a system that does everything right would say."""
    expected = pilot.expected
    caught = next(one for one in pilot.planted if one.risky and one.family == "adverse_event")
    log = LogStatus(
        log="messages/0", origin="demo/messages/0", size=expected.kept, checkpoint_size=expected.kept,
        checkpoint_at=NOW, root="AAAA", sealed_size=expected.kept, segments=1,
    )  # fmt: skip
    alert = Alert(policy="pharma.adverse-event", title="Adverse event", severity="critical", message=caught.id)
    return Outcome(
        posted=expected.items, kept=expected.kept, refused=expected.refused, messages=expected.shown,
        not_understood=expected.not_understood, alerts=(alert,), logs=(log,), verified=PROOF,
        apart={"faults": []}, apart_code=0, seconds=1.5,
    )  # fmt: skip


def shown(pilot: Pilot, outcome: Outcome, *, width: int = 120) -> str:
    console = Console(width=width, record=True, force_terminal=False, file=io.StringIO())
    introduce(console, pilot, home="demo-data")
    console.print(report(pilot, outcome))
    return console.export_text()


def test_what_is_right_agrees_and_is_ticked(pilot, outcome):
    out = shown(pilot, outcome)

    assert agrees(pilot, outcome)
    assert out.count("✓") == len(counts(pilot, outcome))
    assert "differs" not in out
    assert f"{pilot.expected.kept:,}" in out
    assert "no fault" in out


@pytest.mark.parametrize("wrong", ["kept", "messages", "not_understood", "posted"])
def test_a_count_that_differs_is_said(pilot, outcome, wrong):
    off = replace(outcome, **{wrong: getattr(outcome, wrong) - 1})

    assert not agrees(pilot, off)
    assert "differs" in shown(pilot, off)


def test_a_refusal_of_anybody_else_is_said(pilot, outcome):
    agreed = pilot.rep("agreed").line
    off = replace(outcome, refused={**outcome.refused, agreed: 1}, posted=outcome.posted + 1)

    assert not agrees(pilot, off)


def test_a_fault_found_by_either_verifier_is_said(pilot, outcome):
    ours = replace(
        outcome, verified=VerifyReport(messages=1, custody=1, payloads=2, unreadable=0, faults=(Fault(what="x", file="y"),))
    )
    theirs = replace(outcome, apart={"faults": [{}, {}]}, apart_code=1)
    crashed = replace(outcome, apart={}, apart_code=2)

    for off in (ours, theirs, crashed):
        assert not agrees(pilot, off)
        assert "faults" in shown(pilot, off)


def test_planted_messages_are_counted_against_the_policy_that_looks_for_them(pilot, outcome):
    other = replace(outcome, alerts=(replace(outcome.alerts[0], policy="finance.guarantees"),))
    line = next(line for line in shown(pilot, outcome).splitlines() if line.startswith("adverse events"))
    without = next(line for line in shown(pilot, other).splitlines() if line.startswith("adverse events"))

    assert line.split()[3] == "1"
    assert without.split()[3] == "0"


@pytest.mark.parametrize("width", [80, 120])
def test_the_report_fits_the_terminal(pilot, outcome, width):
    assert max(len(line) for line in shown(pilot, outcome, width=width).splitlines()) <= width


def test_a_folder_that_is_no_demo_is_left_as_it_is(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")

    with pytest.raises(Forbidden, match="not a demo"):
        stage.make_room(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_file_where_the_folder_should_be_is_left_as_it_is(tmp_path):
    (tmp_path / "demo-data").write_text("a file")

    with pytest.raises(Forbidden):
        stage.make_room(tmp_path / "demo-data")
    assert (tmp_path / "demo-data").read_text() == "a file"


def earlier_demo(home: Path) -> Path:
    home.mkdir()
    (home / stage.MARK).write_text("")
    (home / "publisher.lock").write_bytes(b"")
    (home / "old").write_text("")
    return home


def test_an_earlier_demo_makes_room(tmp_path):
    home = earlier_demo(tmp_path / "demo-data")
    stage.make_room(home)

    assert list(home.iterdir()) == []


def test_a_demo_that_is_running_is_not_removed(tmp_path):
    home = earlier_demo(tmp_path / "demo-data")
    with (home / "publisher.lock").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Forbidden, match="is running"):
            stage.make_room(home)

    assert (home / "old").exists()


def test_a_port_that_is_taken_is_replaced():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert stage.free_port(port) != port
