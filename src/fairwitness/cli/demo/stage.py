"""The deployment that the demo makes, runs and throws away: its folder, people and processes.

This is the only file of the demo that knows the house.
"""

import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from fairwitness.archive.custody import Draft
from fairwitness.archive.recovery import KitPlan, Share
from fairwitness.cli.demo.cast import FIRM, Rep
from fairwitness.cli.demo.pilot import Pilot
from fairwitness.clock import DAY_MS
from fairwitness.compose import (
    Followers,
    House,
    create_home,
    keys_for,
    publish_policies,
    seal_everything,
    shipped_policies,
)
from fairwitness.config import Settings
from fairwitness.errors import Forbidden, Misconfigured
from fairwitness.model.custody import (
    Decision,
    LineAdded,
    LineAssigned,
    MandateGranted,
    MandateWithdrawn,
    PersonEnrolled,
)

REVIEWER = "revisora@aurivita.example"
APP_SECRET = "cloud_api.app_secret"  # noqa: S105 - the name of a secret, not a secret
MARK = "this-is-a-demo"
_BY = "demo"
_START_SECONDS = 60
_GRACE_SECONDS = 60


class Stage:
    """One throw-away deployment at `home`."""

    def __init__(self, home: Path, *, door_port: int, hub_port: int) -> None:
        self.settings = Settings(
            home=home,
            name="demo.fairwitness.local",
            door_port=free_port(door_port),
            hub_port=free_port(hub_port),
        )
        self._passphrase = secrets.token_urlsafe(24)
        made: dict[str, tuple[str, ...]] = {
            name: (secrets.token_urlsafe(32),) for name in (APP_SECRET, "cloud_api.verify_token")
        }
        make_room(home)
        self.keys = create_home(
            self.settings, passphrase=self._passphrase, secrets=made, by=_BY,
            kit=KitPlan((REVIEWER,), 1), hand_out=self._keep_shares,
        )  # fmt: skip
        self._write_files()
        self.house = House(self.settings, self.keys)
        publish_policies(self.house, shipped_policies(), by=_BY)
        self._up: subprocess.Popen[bytes] | None = None

    @property
    def secret(self) -> str:
        """What deliveries are signed with."""
        return self.keys.door.secrets[APP_SECRET][0]

    @property
    def log(self) -> Path:
        """Where the processes write what happens to them. No words of a message are in it."""
        return self.settings.home / "up.log"

    @property
    def passphrase_file(self) -> Path:
        """What unlocks this deployment. Only a demo leaves it lying beside what it locks."""
        return self.settings.home / "passphrase"

    def enrol(self, pilot: Pilot) -> None:
        """Enrol everybody; a mandate for those who agreed."""
        drafts = [draft for rep in pilot.reps for draft in enrolment(rep, pilot, now=self.house.clock())]
        self.house.decide_all(drafts)

    def withdraw(self, rep: Rep) -> None:
        """Record that somebody no longer agrees: it works from the next item on."""
        decision = MandateWithdrawn(
            mandate=rep.mandate, person=rep.person, line=rep.line, reason="asked for it", by=_BY
        )
        self.house.decide(decision, subject=rep.line)

    def start(self, *, told_to_stop: Callable[[], bool]) -> None:
        """Start `fairwitness up` and wait until door and hub answer, or somebody wants to stop."""
        command = ("-m", "fairwitness", "up", "--home", str(self.settings.home))
        with self.log.open("ab") as log:
            self._up = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, *command, "--passphrase-file", str(self.passphrase_file)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + _START_SECONDS
        for port in (self.settings.door_port, self.settings.hub_port):
            while not _answers(port) and not told_to_stop():
                self.expect_up()
                if time.monotonic() > end:
                    raise Misconfigured(
                        "the deployment does not answer.", setting="up", hint=f"See {self.log}.", port=port
                    )
                time.sleep(0.1)

    def expect_up(self) -> None:
        """Say so, calmly, if `fairwitness up` has ended by itself."""
        if self._up is not None and (code := self._up.poll()) is not None:
            self._up = None
            raise Misconfigured(f"`fairwitness up` ended with {code}.", setting="up", hint=f"See {self.log}.")

    def stop(self) -> None:
        """Stop every process and wait until they are gone."""
        if self._up is None:
            return
        up, self._up = self._up, None
        up.send_signal(signal.SIGTERM)
        try:
            up.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(up.pid, signal.SIGKILL)
            up.wait()

    def catch_up(self) -> None:
        """Follow the record to its end. Only while nothing else runs."""
        followers = Followers(self.settings, self.keys, clock=self.house.clock)
        while followers.catch_up():
            pass

    def seal(self) -> None:
        """Seal every entry. Only while nothing else runs."""
        seal_everything(self.settings, self.keys)

    def verify_apart(self) -> subprocess.CompletedProcess[str]:
        """Run the auditor's verifier, as a process that is handed the record's folder and nothing else."""
        return subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "fairwitness_verify", "--json", str(self.settings.record)],
            capture_output=True, text=True, check=False, env=_without_ours(os.environ),
        )  # fmt: skip

    def sign_in_link(self) -> str:
        """A link that signs the demo's reviewer in, once."""
        reading, writing = os.pipe()
        environ = {
            **_without_ours(os.environ), "FAIRWITNESS_HOME": str(self.settings.home),
            "FAIRWITNESS_KEYS_FD": str(reading),
        }  # fmt: skip
        command = ("-m", "fairwitness_hub", "link", REVIEWER, "--role", "reviewer", "--role", "administrator")
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, *command], env=environ, pass_fds=(reading,), text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(keys_for("hub", self.keys))
        said, complaint = process.communicate()
        if process.returncode:
            raise Misconfigured(
                "no sign-in link could be made.", setting="hub", hint=complaint.strip()[-400:]
            )
        return said.strip().splitlines()[-1]

    def _keep_shares(self, shares: Sequence[Share]) -> None:
        """Leave the recovery kit in the demo's folder. Only a demo does that."""
        (self.settings.home / "recovery-kit").write_text("".join(f"{share.words}\n" for share in shares))

    def _write_files(self) -> None:
        home = self.settings.home
        (home / MARK).write_text("Made by `fairwitness demo`; the next demo may remove this folder.\n")
        handle = os.open(self.passphrase_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{self._passphrase}\n")
        ports = {"door_port": self.settings.door_port, "hub_port": self.settings.hub_port}
        with (home / "fairwitness.toml").open("a") as file:
            file.writelines(f"{name} = {json.dumps(value)}\n" for name, value in ports.items())


def enrolment(rep: Rep, pilot: Pilot, *, now: int) -> list[Draft]:
    """The decisions that enrol one rep; without a mandate where there is no agreement."""
    decisions: list[tuple[Decision, str]] = [
        (
            PersonEnrolled(
                person=rep.person, name=rep.name, department=f"Vendas, {FIRM}", region=rep.region,
                language="pt-BR", email=rep.email, by=_BY,
            ),
            rep.person,
        ),
        (LineAdded(line=rep.line, name=rep.name, aliases=rep.aliases, zone=rep.zone, by=_BY), rep.line),
        (LineAssigned(person=rep.person, line=rep.line, from_at=pilot.start, by=_BY), rep.line),
    ]  # fmt: skip
    if rep.standing != "not agreed":
        mandate = MandateGranted(
            mandate=rep.mandate, person=rep.person, line=rep.line, basis="legitimate_interest",
            jurisdiction="BR", notice_version="2026-1", language="pt-BR",
            acknowledged_at=pilot.acknowledged_at, from_at=now - DAY_MS, past_from=pilot.start, by=_BY,
        )  # fmt: skip
        decisions.append((mandate, rep.line))
    return [Draft(decision=decision, subject=subject) for decision, subject in decisions]


def free_port(wanted: int) -> int:
    """`wanted`, or another port when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_room(home: Path) -> None:
    """An empty folder at `home`: an earlier demo is removed, anything else is left alone."""
    if home.exists() and not (home.is_dir() and (not any(home.iterdir()) or (home / MARK).is_file())):
        raise Forbidden(
            f"{home} is not empty and not a demo, so it is left as it is. Choose another folder with --home."
        )
    if home.exists():
        _expect_idle(home)
        shutil.rmtree(home)
    home.mkdir(parents=True, mode=0o700)


def _expect_idle(home: Path) -> None:
    """Refuse to remove a demo that is still running."""
    lock = home / "publisher.lock"
    if not lock.exists():
        return
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Forbidden(f"a demo is running in {home}. Stop it, or choose another folder.") from error


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith("FAIRWITNESS_")}
