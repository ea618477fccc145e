"""A20, E6, E8: a disposal in real processes and real views, killed and resumed, leaves no word anywhere."""

import fcntl
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.faults.typing_commands import command, done, follow, readable

from fairwitness.compose import House, open_keeper
from fairwitness.engines.sqlite.views import open_views
from fairwitness.errors import FairwitnessError, Misconfigured
from fairwitness.model.custody import HoldPlaced
from fairwitness.testing.deployment import Deployment, text_delivery

KILLS = int(os.environ.get("FAIRWITNESS_KILLS", "20"))
CANARY = "zwyxkanarie"
GONE = "5511900000077"
MakeDeployment = Callable[..., Deployment]


@pytest.fixture
def filled(make_deployment: MakeDeployment) -> Deployment:
    """Thirty messages of two conversations: every third is in the one that goes, with words of its own."""
    deployment = make_deployment()
    deployment.enrol("Ana", aliases=("pnid:106540352242922", "phone:+5511940000001"))
    deployment.start("door")
    for number in range(30):
        goes = number % 3 == 0
        text = f"telegram {CANARY}{number}" if goes else f"telegram bom dia {number}"
        contact = GONE if goes else "5511900000001"
        assert deployment.post(text_delivery([(f"wamid.{number}", text)], contact=contact)) == 200
    deployment.stop()
    follow(deployment)
    return deployment


def view_bytes(deployment: Deployment) -> bytes:
    """Everything that any table of any view holds, in clear: live rows, index blocks, all of it."""
    assert deployment.keys.views is not None
    stores = open_views(deployment.settings.views, deployment.keys.views)
    found = []
    for store in (stores.messages, stores.search, stores.findings, stores.alerts):
        db = store.place.db
        tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in tables:
            if table != "word":
                found += [repr(row).encode() for row in db.execute(f'SELECT * FROM "{table}"')]
        # Every page as it is once decrypted, free ones too.
        found.append(db.serialize("main"))
    stores.close()
    return b"".join(found)


def propose(deployment: Deployment, entry: int, *more: str) -> str:
    said = done(deployment, "ana", "dispose-message", str(entry), "--reason", "private", *more)
    return said.split()[-1]


def test_a_message_that_was_captured_in_error_leaves_no_word_in_any_view(filled: Deployment) -> None:
    follow(filled)
    words = f"{CANARY}9"
    assert filled.house.search.search(words).total == 1
    assert b"kanarie9" in view_bytes(filled)
    disposal = propose(filled, 9)
    assert "second person" in done(filled, "ana", "retention", "run", "--approve", disposal, code=1)
    assert "second person" in done(filled, "bia", "retention", "run", "--execute", disposal, code=1)
    done(filled, "bia", "retention", "run", "--approve", disposal)
    done(filled, "bia", "retention", "run", "--execute", disposal)

    assert readable(filled) == [n for n in range(30) if n != 9]
    house = House(filled.settings, filled.keys)
    assert house.search.search(words).total == 0
    assert house.search.search(f"{CANARY}6").total == 1
    assert house.messages.message_count() == 29
    assert b"kanarie9" not in view_bytes(filled)
    assert "is done already" in done(filled, "bia", "retention", "run", "--execute", disposal, code=1)
    report = house.verify()
    assert (report.faults, report.unreadable) == ((), 1)
    done(filled, "bia", "seal")
    offline = [sys.executable, "-m", "fairwitness_verify", str(filled.settings.record)]
    told = subprocess.run(offline, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout
    assert "1 disposal(s) are recorded" in told.stdout
    assert "Entries whose key was destroyed: 1." in done(filled, "bia", "verify")


def test_views_after_a_disposal_are_those_that_a_rebuild_gives(filled: Deployment) -> None:
    disposal = propose(filled, 9)
    done(filled, "bia", "retention", "run", "--approve", disposal)
    done(filled, "bia", "retention", "run", "--execute", disposal)
    before = answers(House(filled.settings, filled.keys))
    shutil.rmtree(filled.settings.views)
    filled.settings.views.mkdir(mode=0o700)
    follow(filled)
    assert answers(House(filled.settings, filled.keys)) == before


def answers(house: House) -> object:
    rows = house.alerts.queue(limit=1_000)
    return (
        rows,
        [house.alerts.alert(row.alert) for row in rows],
        [house.search.search(words) for words in ("telegram", CANARY, "bom dia")],
        [
            (c, house.messages.window(c.stream, around=c.last_index, before=99))
            for c in house.messages.conversations()
        ],
        house.messages.not_understood(),
    )


def test_e6_what_is_held_goes_by_no_command(filled: Deployment) -> None:
    done(filled, "ana", "holds", "place", "case 7", "--contact", f"phone:+{GONE}")
    said = done(filled, "ana", "dispose-message", "9", "--reason", "private", code=1)
    assert "a hold covers this entry" in said
    said = done(filled, "ana", "dispose-message", "9", "--reason", "private", "--early", code=1)
    assert "a hold covers this entry" in said
    assert readable(filled) == list(range(30))


def test_e6_a_hold_that_comes_after_the_approval_still_stops_the_disposal(filled: Deployment) -> None:
    disposal = propose(filled, 9)
    done(filled, "bia", "retention", "run", "--approve", disposal)
    hold = HoldPlaced(hold="88" * 16, matter="case 7", query=f"{CANARY}9", by="eva")
    filled.house.decide(hold, subject=hold.hold)
    assert "a hold covers this entry" in done(
        filled, "bia", "retention", "run", "--execute", disposal, code=1
    )
    assert readable(filled) == list(range(30))


def test_a20_a_disposal_that_is_killed_is_finished_when_the_keeper_side_is_opened_next(
    filled: Deployment,
) -> None:
    chance = random.Random(20)
    left = list(range(30))
    for _ in range(max(3, KILLS // 4)):
        entry = left[len(left) // 2]
        disposal = propose(filled, entry)
        done(filled, "bia", "retention", "run", "--approve", disposal)
        running = command(filled, "bia", "retention", "run", "--execute", disposal)
        time.sleep(chance.uniform(0.3, 1.4))
        running.kill()
        running.communicate()
        assert readable(filled) in (left, [n for n in left if n != entry])
        done(filled, "bia", "seal")
        state = House(filled.settings, filled.keys).custody()
        if state.disposals[disposal].run is None:
            assert readable(filled) == left
            done(filled, "bia", "retention", "run", "--execute", disposal)
        left.remove(entry)
        assert readable(filled) == left
    report = House(filled.settings, filled.keys).verify()
    assert (report.faults, report.unreadable) == ((), 30 - len(left))


def test_e9_keys_change_under_load_and_everything_is_readable(make_deployment: MakeDeployment) -> None:
    deployment = make_deployment(segment_entries=20, checkpoint_seconds=0.1)
    deployment.enrol("Ana", aliases=("pnid:106540352242922",))
    deployment.start("door", "keeper")
    sent = 0
    for round_ in range(4):
        rotating = command(deployment, "ana", "rotate-keys")
        while rotating.poll() is None:
            assert deployment.post(text_delivery([(f"wamid.{sent}", f"texto {sent}")])) == 200
            sent += 1
        if round_ == 1:
            deployment.kill("keeper")
            deployment.start("keeper")
        said = rotating.communicate()
        assert rotating.returncode == 0, said
    deployment.stop()
    assert readable(deployment) == list(range(sent))
    done(deployment, "ana", "seal")
    assert readable(deployment) == list(range(sent))
    assert [path.name for path in (deployment.settings.keys / "kek").glob("*.key")] == ["000005.key"]
    assert len(list((deployment.settings.keys / "sealing").glob("*.key"))) == 1
    assert House(deployment.settings, deployment.keys).verify().faults == ()


def copies(source: Path, target: Path, folders: Sequence[str]) -> None:
    for folder in folders:
        shutil.copytree(source / folder, target / folder)


def unreadable_tail(deployment: Deployment) -> list[int]:
    """What is in a tail whose sealing key is gone: nothing can be read of it."""
    with pytest.raises(FairwitnessError, match="key that is not here"):
        readable(deployment)
    return []


def test_e8_a_disposed_message_is_in_no_old_backup_that_the_current_keys_open(
    filled: Deployment, tmp_path: Path
) -> None:
    home, backup = filled.settings.home, tmp_path / "backup"
    copies(home, backup, ("record", "tail"))
    done(filled, "ana", "seal")
    copies(home, tmp_path / "later", ("record", "tail"))
    disposal = propose(filled, 9)
    done(filled, "bia", "retention", "run", "--approve", disposal)
    done(filled, "bia", "retention", "run", "--execute", disposal)
    for old in (backup, tmp_path / "later"):
        for folder in ("record", "tail"):
            shutil.rmtree(home / folder)
        copies(old, home, ("record", "tail"))
        assert 9 not in (readable(filled) if old != backup else unreadable_tail(filled))


def test_no_keeper_follows_while_a_disposal_runs(filled: Deployment) -> None:
    lock = filled.settings.home / "publisher.lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Misconfigured, match="another process publishes"):
            open_keeper(filled.settings, filled.keys)
