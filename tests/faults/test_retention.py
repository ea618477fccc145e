"""C6, E6, E7: what is due goes by two people, what is held stays, and a clock that jumped moves nothing."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults.typing_commands import done, follow, readable

from fairwitness.archive.custody import Draft
from fairwitness.clock import DAY_MS, system_clock
from fairwitness.compose import House
from fairwitness.compose.retention import Retention
from fairwitness.errors import Forbidden
from fairwitness.model.custody import LineAdded, LineAssigned
from fairwitness.testing.deployment import Deployment, text_delivery

OLD, NEW = range(12), range(12, 18)
ANA = "+5511940000001"


@pytest.fixture
def filled(make_deployment: Callable[..., Deployment], tmp_path: Path) -> Deployment:
    """Twelve messages sent twenty days ago, six sent now, two lines, and a schedule of seven days."""
    deployment = make_deployment()
    deployment.enrol("Ana", aliases=("pnid:1", f"phone:{ANA}"))
    deployment.enrol("Bia", aliases=("pnid:2", "phone:+5511940000002"))
    publish(deployment, tmp_path, "7 days")
    deployment.start("door")
    for number in (*OLD, *NEW):
        at = system_clock() - (20 * DAY_MS if number in OLD else 0)
        body = text_delivery(
            [(f"wamid.{number}", f"texto {number} {'jaguatirica' if number == 4 else ''}")],
            number_id=str(1 + number % 2), at=at,
        )  # fmt: skip
        assert deployment.post(body) == 200
    deployment.stop()
    follow(deployment)
    return deployment


def publish(deployment: Deployment, folder: Path, period: str) -> None:
    file = folder / "schedule.yaml"
    file.write_text(f"schedule:\n  - {{id: all, period: {period}}}\n")
    done(deployment, "ana", "retention", "publish", str(file))


def propose(deployment: Deployment, *more: str) -> str:
    return done(deployment, "ana", "retention", "run", "--propose", *more).split()[-1]


def carry_out(deployment: Deployment, disposal: str) -> None:
    done(deployment, "bia", "retention", "run", "--approve", disposal)
    done(deployment, "bia", "retention", "run", "--execute", disposal)


def test_what_is_due_goes_and_what_is_not_stays(filled: Deployment) -> None:
    before = readable(filled)
    told = done(filled, "ana", "retention", "simulate")
    assert readable(filled) == before == list(range(18))
    assert sum(int(line.split()[1]) for line in told.splitlines()[1:] if line.split()) == 18
    carry_out(filled, propose(filled))
    assert readable(filled) == list(NEW)
    house = House(filled.settings, filled.keys)
    assert house.messages.message_count() == len(NEW)
    assert (house.verify().faults, house.verify().unreadable) == ((), len(OLD))
    assert "Nothing is due." in done(filled, "ana", "retention", "run", "--propose")


def test_e6_what_is_held_by_person_or_words_is_left_out(filled: Deployment) -> None:
    done(filled, "ana", "holds", "place", "case 1", "--person", "+5511940000002")
    said = done(filled, "ana", "holds", "place", "case 2", "--query", "Jaguatirica")
    hold = said.split()[1]
    held = [n for n in OLD if n % 2 == 1 or n == 4]
    carry_out(filled, propose(filled))
    assert readable(filled) == sorted([*held, *NEW])
    done(filled, "ana", "holds", "acknowledge", hold, ANA)
    assert "acknowledged by Ana" in done(filled, "ana", "holds", "list")
    done(filled, "ana", "holds", "release", hold, "--reason", "case 2 is closed")
    carry_out(filled, propose(filled))
    assert readable(filled) == sorted([*(n for n in held if n != 4), *NEW])


def test_e6_a_hold_that_comes_after_the_approval_is_left_out(filled: Deployment) -> None:
    disposal = propose(filled)
    done(filled, "bia", "retention", "run", "--approve", disposal)
    done(filled, "eva", "holds", "place", "case 1", "--person", "+5511940000002")
    done(filled, "bia", "retention", "run", "--execute", disposal)
    assert readable(filled) == sorted([*(n for n in OLD if n % 2 == 1), *NEW])
    run = House(filled.settings, filled.keys).custody().disposals[disposal].run
    assert run is not None
    assert run.left_out == 6


def test_a_hold_on_a_person_reaches_a_line_that_becomes_theirs_later(filled: Deployment) -> None:
    state = filled.house.custody()
    bia = next(person for person in state.people.values() if person.name == "Bia")
    line = state.aliases["pnid:1"]
    done(filled, "ana", "holds", "place", "case 1", "--person", bia.person)
    later = LineAssigned(person=bia.person, line=line, from_at=system_clock())
    alias = LineAdded(line=line, name="Ana", aliases=("waha:later",))
    filled.house.decide_all([Draft(decision=later, subject=line), Draft(decision=alias, subject=line)])
    assert "Nothing is due." in done(filled, "ana", "retention", "run", "--propose")


def test_e7_a_shorter_schedule_takes_nothing_that_is_here(filled: Deployment, tmp_path: Path) -> None:
    publish(filled, tmp_path, "1 days")
    assert "Nothing is due." not in done(filled, "ana", "retention", "run", "--propose")
    publish(filled, tmp_path, "9 years")
    publish(filled, tmp_path, "1 days")
    assert "Nothing is due." in done(filled, "ana", "retention", "run", "--propose")
    assert readable(filled) == list(range(18))


def test_c6_a_clock_fifty_years_ahead_disposes_of_nothing(filled: Deployment) -> None:
    disposal = propose(filled)
    done(filled, "bia", "retention", "run", "--approve", disposal)
    size = filled.house.custody().size
    ahead = House(filled.settings, filled.keys, clock=lambda: system_clock() + 50 * 366 * DAY_MS)
    for attempt in (
        lambda: Retention(ahead).propose_due(reason="", today="", by="ana"),
        lambda: Retention(ahead).propose_due(reason="", today="2026-11-25", by="ana"),
        lambda: Retention(ahead).execute(disposal, by="bia"),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert filled.house.custody().size == size
    assert readable(filled) == list(range(18))


def test_c6_a_jump_that_lies_in_the_log_already_still_moves_nothing(filled: Deployment) -> None:
    ahead = House(filled.settings, filled.keys, clock=lambda: system_clock() + 50 * 366 * DAY_MS)
    line = filled.house.custody().aliases["pnid:1"]
    ahead.decide(LineAdded(line=line, name="Ana", aliases=("waha:x",)), subject=line)
    with pytest.raises(Forbidden, match="gap"):
        Retention(ahead).propose_due(reason="", today="", by="ana")
    with pytest.raises(Forbidden, match="behind"):
        Retention(House(filled.settings, filled.keys)).propose_due(reason="", today="", by="ana")
    assert readable(filled) == list(range(18))


def test_a_lost_passphrase_is_survived_with_two_of_three_shares(filled: Deployment, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for file, share in zip(files, filled.shares, strict=True):
        file.write_text(share.words)
    home = ("--home", str(filled.settings.home))
    assert "a drill is due" in done(filled, "ana", "recovery", "status")
    drill = ["recovery", "drill", "--share-file", str(files[0])]
    assert "do not restore" in typed(*drill, *home, code=2)
    assert "noted" in typed(*drill, "--share-file", str(files[2]), *home)
    assert "a drill is due" not in done(filled, "ana", "recovery", "status")
    new = tmp_path / "new"
    new.write_text("another passphrase altogether")
    shares = ("--share-file", str(files[1]), "--share-file", str(files[2]))
    typed("recovery", "restore", *shares, "--passphrase-file", str(new), *home)
    assert "does not open" in done(filled, "ana", "people", code=2)
    assert "Ana" in typed("people", "--passphrase-file", str(new), *home)


def typed(*arguments: str, code: int = 0) -> str:
    """A command as it stands, with nothing added."""
    told = subprocess.run([sys.executable, "-m", "fairwitness", *arguments], capture_output=True, text=True)
    assert told.returncode == code, told.stdout + told.stderr
    return told.stdout + told.stderr


def test_a_deployment_without_a_recovery_kit_is_none(tmp_path: Path) -> None:
    home, passphrase = tmp_path / "home", tmp_path / "passphrase"
    passphrase.write_text("x" * 20)
    command = [
        sys.executable,
        "-m",
        "fairwitness",
        "init",
        "--home",
        str(home),
        "--passphrase-file",
        str(passphrase),
    ]
    refused = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "--officer" in refused.stderr
    unseen = subprocess.run(
        [*command, "--officer", "Ana"], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    assert unseen.returncode == 2
    assert "--kit-folder" in unseen.stderr
    assert not (home / "fairwitness.toml").exists()
    kit = ("--officer", "Ana Lima", "--officer", "Bia", "--kit-folder", str(tmp_path / "kit"))
    made = subprocess.run([*command, *kit], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    assert [path.name for path in sorted((tmp_path / "kit").iterdir())] == ["01-ana-lima.txt", "02-bia.txt"]
    assert "sealed and signed" in typed("seal", "--home", str(home), "--passphrase-file", str(passphrase))
    again = subprocess.run([*command, *kit], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert again.returncode == 2
    assert "a deployment here already" in again.stderr
