"""A deployment in real processes: started, fed over HTTP, killed and started again by tests."""

import hashlib
import hmac
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fairwitness.archive.custody import Draft
from fairwitness.archive.keys import Keys
from fairwitness.archive.recovery import KitPlan, Share
from fairwitness.clock import system_clock
from fairwitness.compose import House, create_home, keys_for, publish_policies, shipped_policies, unlock
from fairwitness.config import Settings
from fairwitness.ids import random_id
from fairwitness.model.custody import (
    LineAdded,
    LineAssigned,
    MandateGranted,
    MandateWithdrawn,
    PersonEnrolled,
    PolicyFile,
)

PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of deployments that live for one test
APP_SECRET = "app-secret-of-a-test"  # noqa: S105
WAHA_KEY = "waha-key-of-a-test"
VERIFY_TOKEN = "verify-token-of-a-test"  # noqa: S105
_COMMANDS: dict[str, Sequence[str]] = {
    "keeper": ("-m", "fairwitness", "keeper"),
    "door": ("-m", "fairwitness.doors.webhooks"),
    "hub": ("-m", "fairwitness_hub", "serve"),
}


class Deployment:
    """One deployment at `home`, on free ports of the loopback interface."""

    def __init__(self, home: Path, *, policies: Sequence[PolicyFile] | None = None, **settings: Any) -> None:
        self.settings = Settings(
            home=home, name="fairwitness.test", door_port=free_port(), hub_port=free_port(), **settings
        )
        secrets: dict[str, tuple[str, ...]] = {
            "cloud_api.app_secret": (APP_SECRET,),
            "cloud_api.verify_token": (VERIFY_TOKEN,),
            "waha.hmac_key": (WAHA_KEY,),
        }
        self.shares: list[Share] = []
        self.keys: Keys = create_home(
            self.settings, passphrase=PASSPHRASE, secrets=secrets,
            kit=KitPlan(("Ana", "Bia", "Caio"), 2), hand_out=self.shares.extend,
        )  # fmt: skip
        self._write_settings(settings)
        self.house = House(self.settings, self.keys)
        publish_policies(self.house, shipped_policies() if policies is None else policies, by="test")
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def _write_settings(self, settings: Mapping[str, object]) -> None:
        ports = {"door_port": self.settings.door_port, "hub_port": self.settings.hub_port}
        lines = [f"{name} = {json.dumps(value)}\n" for name, value in {**ports, **settings}.items()]
        with (self.settings.home / "fairwitness.toml").open("a") as file:
            file.writelines(lines)

    def start(self, *roles: str) -> None:
        """Start processes and wait until the door and the hub answer."""
        for role in roles:
            with (self.settings.home.parent / f"{role}.log").open("ab") as log:
                self.running[role] = self._launch(role, _COMMANDS[role], stdout=log, stderr=log)
        for role in roles:
            if role != "keeper":
                wait_until(lambda role=role: self._answers(role), what=f"the {role} to answer")  # type: ignore[misc]

    def sign_in_link(self, account: str, *roles: str) -> str:
        """A link that signs `account` in once, with these roles."""
        wanted = [part for role in roles for part in ("--role", role)]
        process = self._launch(
            "hub", ("-m", "fairwitness_hub", "link", account, *wanted), stdout=subprocess.PIPE, stderr=None
        )
        printed, _ = process.communicate(timeout=60)
        return printed.decode().split()[-1]

    def _launch(
        self, role: str, command: Sequence[str], *, stdout: Any, stderr: Any
    ) -> subprocess.Popen[bytes]:
        reading, writing = os.pipe()
        environ = {
            **os.environ,
            "FAIRWITNESS_HOME": str(self.settings.home),
            "FAIRWITNESS_KEYS_FD": str(reading),
        }
        process = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, *command],
            env=environ, pass_fds=(reading,), stdout=stdout, stderr=stderr, start_new_session=True,
        )  # fmt: skip
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(keys_for(role, self.keys))
        return process

    def kill(self, *roles: str) -> None:
        """End processes with SIGKILL, as a power cut would."""
        for role in roles:
            self.running[role].send_signal(signal.SIGKILL)
        for role in roles:
            self.running.pop(role).wait()

    def stop(self, *roles: str) -> None:
        """End processes politely; all of them when none is named."""
        for role in roles or tuple(self.running):
            process = self.running.pop(role)
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def enrol(
        self, name: str, *, aliases: tuple[str, ...], past_days: int = 30, zone: str = "America/Sao_Paulo"
    ) -> tuple[str, str]:
        """Enrol a person with one line and a mandate; gives the line and the mandate."""
        now = system_clock()
        person, line, mandate = random_id(), random_id(), random_id()
        decisions = (
            (PersonEnrolled(person=person, name=name), person),
            (LineAdded(line=line, name=name, aliases=aliases, zone=zone), line),
            (LineAssigned(person=person, line=line, from_at=now), line),
            (
                MandateGranted(
                    mandate=mandate, person=person, line=line, basis="legitimate_interest",
                    jurisdiction="BR", notice_version="1", language="pt-BR", acknowledged_at=now,
                    from_at=now, past_from=now - past_days * 86_400_000,
                ),
                line,
            ),
        )  # fmt: skip
        self.house.decide_all([Draft(decision=decision, subject=subject) for decision, subject in decisions])
        return line, mandate

    def withdraw(self, line: str, mandate: str) -> None:
        """Withdraw a mandate."""
        self.house.decide(MandateWithdrawn(mandate=mandate, person="", line=line), subject=line)

    def post(self, body: bytes, *, signature: str | None = None, path: str = "/webhooks/cloud-api") -> int:
        """POST a Cloud API delivery, signed unless told otherwise; gives the status."""
        header = signature if signature is not None else sign(body)
        connection = http.client.HTTPConnection(self.settings.door_host, self.settings.door_port, timeout=30)
        try:
            signed = {"x-hub-signature-256": header} if header else {}
            headers = {"content-type": "application/json", **signed}
            connection.request("POST", path, body, headers)
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def unlocked_again(self) -> Keys:
        """The keys as the passphrase gives them."""
        return unlock(self.settings, passphrase=PASSPHRASE)

    def _answers(self, role: str) -> bool:
        if self.running[role].poll() is not None:
            log = (self.settings.home.parent / f"{role}.log").read_text(errors="replace")
            raise RuntimeError(f"the {role} ended with {self.running[role].returncode}:\n{log[-4000:]}")
        port = self.settings.door_port if role == "door" else self.settings.hub_port
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", port)) == 0


def sign(body: bytes, secret: str = APP_SECRET) -> str:
    """The signature header of a Cloud API delivery."""
    return "sha256=" + hmac.digest(secret.encode(), body, hashlib.sha256).hex()


def free_port() -> int:
    """A port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(holds: Callable[[], bool], *, what: str, seconds: float = 30) -> None:
    """Wait until `holds`, or raise with `what` was waited for."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


def text_delivery(
    texts: Sequence[tuple[str, str]], *, number_id: str = "106540352242922", contact: str = "5511900000001",
    at: int | None = None,
) -> bytes:  # fmt: skip
    """A Cloud API delivery of text messages given as (id, text), sent `at` (ms) or just now."""
    seconds = str((at or system_clock()) // 1000)
    messages = [
        {"from": contact, "id": wamid, "timestamp": seconds, "type": "text", "text": {"body": text}}
        for wamid, text in texts
    ]
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "5511940000001", "phone_number_id": number_id},
        "contacts": [{"profile": {"name": "Dra. Helena"}, "wa_id": contact}],
        "messages": messages,
    }
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}],
    }
    return json.dumps(body, separators=(",", ":")).encode()
