"""Witnesses within reach of a test: real ones behind their doors, and some that misbehave."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.vectors import naive

from fairwitness.archive.asking import WitnessAddress
from fairwitness.archive.halt import Halt
from fairwitness.archive.ports import Answer
from fairwitness.archive.witness import Witness
from fairwitness.archive.witnessing import Witnessing
from fairwitness.doors.witness import WitnessDoor
from fairwitness.engines.filesystem import FolderStore, make_folder
from fairwitness.errors import Unreachable
from fairwitness.testing import RecordRig
from fairwitness.tlog import Cosigner, VerifierKey, WitnessKey

Behaviour = Callable[[str, bytes | None], Answer]


def cosigner(number: int) -> Cosigner:
    """The key of a witness."""
    name = naive.witness_name(number)
    private = naive.private_key(name)
    return Cosigner(WitnessKey(name, private.public_key().public_bytes_raw()), private.sign)


def through(door: WitnessDoor, path: str, body: bytes | None = None, *, method: str = "") -> Answer:
    """Ask a door as a server would."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body or b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method or ("GET" if body is None else "POST"), "path": path}
    asyncio.run(door(scope, receive, send))  # type: ignore[arg-type]
    kind = dict(sent[0]["headers"])[b"content-type"].decode().partition(";")[0]
    return Answer(sent[0]["status"], kind, sent[1]["body"])



def made(folder: Path) -> Path:
    """`folder`, which is there from now on."""
    make_folder(folder)
    return folder

class Net:
    """Some witnesses of a rig's record. What they remember outlives the rig."""

    def __init__(self, folder: Path, keys: Sequence[VerifierKey], rig: RecordRig, *, count: int = 1) -> None:
        self.doors = {
            f"http://w{n}": WitnessDoor(
                Witness(logs=keys, cosigner=cosigner(n), states=FolderStore(made(folder / f"w{n}")), clock=rig.clock),
                about="a witness",
            )
            for n in range(count)
        }
        self.addresses = [WitnessAddress(url, cosigner(n).key) for n, url in enumerate(self.doors)]
        self.behaviour: dict[str, Behaviour] = {}
        self.asked: list[tuple[str, str, bytes | None]] = []

    def __call__(self, url: str, body: bytes | None = None, *, kind: str = "") -> Answer:
        host, _, path = url.removeprefix("http://").partition("/")
        self.asked.append((host, f"/{path}", body))
        if behave := self.behaviour.get(host):
            return behave(f"/{path}", body)
        return through(self.doors[f"http://{host}"], f"/{path}", body)

    def witnessing(self, rig: RecordRig, *, quorum: int = 1) -> Witnessing:
        """The rig's side."""
        return Witnessing(
            files=rig.files, origins=rig.origins, witnesses=self.addresses, quorum=quorum, outside=self,
            halt=Halt(FolderStore(rig.home)), clock=rig.clock,
        )


def down(path: str, body: bytes | None) -> Answer:
    """A witness that is not there."""
    raise Unreachable("no answer")


def answering(status: int, body: bytes = b"", kind: str = "text/plain") -> Behaviour:
    """A witness that always says the same."""
    return lambda path, asked: Answer(status, kind, body)
