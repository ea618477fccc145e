"""The door: signature first, durable before 200, and nothing of what is refused."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from tests.unit.capture import mutations

from fairwitness.archive.append import Intake
from fairwitness.archive.custody import CustodyLog
from fairwitness.archive.ports import Tail
from fairwitness.config import Settings
from fairwitness.doors.webhooks import Door, Writer, app
from fairwitness.errors import NotDurable, Overloaded
from fairwitness.ids import random_id
from fairwitness.model.entry import MESSAGES
from fairwitness.model.envelope import Item, unpack
from fairwitness.testing import RecordRig, enrol
from fairwitness.testing.deployment import APP_SECRET, VERIFY_TOKEN, WAHA_KEY, sign, text_delivery

PATH = "/webhooks/cloud-api"
NUMBER = "106540352242922"
SECRETS = {
    "cloud_api.app_secret": (APP_SECRET, "the one before"),
    "cloud_api.verify_token": (VERIFY_TOKEN,),
    "waha.hmac_key": (WAHA_KEY,),
}
Asked = Callable[[httpx.AsyncClient], Awaitable[Any]]


class Served:
    """A door over a record, asked from a test that is not async."""

    def __init__(self, rig: RecordRig, **settings: Any) -> None:
        self.rig = rig
        self.died = False
        self.settings = Settings(home=rig.home, **settings)
        self.opening: Callable[[], tuple[Tail, CustodyLog, Intake]] = self._open
        self.secrets = SECRETS

    def _open(self) -> tuple[Tail, CustodyLog, Intake]:
        mine = RecordRig(self.rig.home, keys=self.rig.keys, clock=self.rig.clock)
        return mine.tail, mine.custody, mine.intake

    def ask(self, asked: Asked) -> Any:
        """Run `asked` against the door, started and stopped around it."""
        return asyncio.run(self._ask(asked))

    async def _ask(self, asked: Asked) -> Any:
        def die() -> None:
            self.died = True

        writer = Writer(lambda: self.opening(), fatal=die)
        door = Door(
            settings=self.settings,
            secrets=self.secrets,
            writer=writer,
            clock=self.rig.clock,
            new_id=random_id,
        )
        writer.start()
        transport = httpx.ASGITransport(app=door)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            result = await asked(client)
        await writer.stop()
        return result

    def post(self, body: bytes, *, path: str = PATH, **headers: str) -> httpx.Response:
        """POST one delivery, signed unless headers say otherwise."""
        given = headers or {"x-hub-signature-256": sign(body)}
        named = {name.replace("_", "-"): value for name, value in given.items()}
        response: httpx.Response = self.ask(lambda client: client.post(path, content=body, headers=named))
        return response


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    rig = RecordRig(tmp_path / "home")
    enrol(rig)
    yield Served(rig)
    rig.close()


def one(
    text: str = "bom dia", wamid: str = "wamid.1", number_id: str = NUMBER, at: int = 1_764_000_000_000
) -> bytes:
    return text_delivery([(wamid, text)], number_id=number_id, at=at)


def kept(served: Served) -> int:
    return served.rig.tail.size(MESSAGES)


def refused(served: Served) -> dict[str, int]:
    return {row.reason: row.count for row in served.rig.tail.refused()}


def test_a_signed_delivery_is_kept_and_answered_200(served: Served) -> None:
    body = one()
    assert served.post(body).status_code == 200
    (stored,) = served.rig.reader.read(MESSAGES, 0, 1)
    assert stored.payload is not None
    item = unpack(stored.payload).slice("item")
    assert item is not None
    assert item in body
    assert stored.header.kind == "message"


@pytest.mark.parametrize("secret", [APP_SECRET, "the one before"])
def test_each_secret_of_a_rotation_is_accepted_and_noted(served: Served, secret: str) -> None:
    body = one()
    assert served.post(body, x_hub_signature_256=sign(body, secret)).status_code == 200
    (stored,) = served.rig.reader.read(MESSAGES, 0, 1)
    assert stored.payload is not None
    assert dict(unpack(stored.payload).checked)["signature"] == "x-hub-signature-256"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x_other": "1"}, 401),
        ({"x_hub_signature_256": ""}, 401),
        ({"x_hub_signature_256": "sha256=" + "0" * 64}, 403),
        ({"x_hub_signature_256": "sha1=" + "0" * 40}, 403),
        ({"x_hub_signature_256": "sha256=zz"}, 403),
        ({"x_hub_signature_256": sign(b"other")}, 403),
    ],
)
def test_a_wrong_or_missing_signature_stores_nothing(
    served: Served, headers: dict[str, str], status: int
) -> None:
    assert served.post(one(), **headers).status_code == status
    assert kept(served) == 0
    assert refused(served) == {}


def test_the_signature_is_over_the_raw_bytes(served: Served) -> None:
    body = one("café").replace(b"caf\\u00e9", b"caf\\u00E9")
    assert served.post(body).status_code == 200
    assert (
        served.post(json.dumps(json.loads(body)).encode(), x_hub_signature_256=sign(body)).status_code == 403
    )


def test_verification_echoes_the_challenge_only_for_the_token(served: Served) -> None:
    def asked(token: str, mode: str = "subscribe") -> httpx.Response:
        query = {"hub.mode": mode, "hub.challenge": "1158201444", "hub.verify_token": token}
        response: httpx.Response = served.ask(lambda client: client.get(PATH, params=query))
        return response

    right = asked(VERIFY_TOKEN)
    assert (right.status_code, right.text) == (200, "1158201444")
    assert asked("wrong").status_code == 403
    assert asked(VERIFY_TOKEN, "unsubscribe").status_code == 403
    assert served.ask(lambda client: client.get(PATH)).status_code == 403


def test_a_line_without_mandate_is_answered_200_and_counted(served: Served) -> None:
    assert served.post(one(number_id="999")).status_code == 200
    assert kept(served) == 0
    assert refused(served) == {"unknown_line": 1}


def test_several_lines_in_one_delivery_are_judged_apart(served: Served) -> None:
    body = json.loads(one("kept"))
    body["entry"] += json.loads(one("refused", "wamid.2", "999"))["entry"]
    assert served.post(json.dumps(body).encode()).status_code == 200
    assert kept(served) == 1
    assert refused(served) == {"unknown_line": 1}


def test_a_redelivery_is_one_entry(served: Served) -> None:
    body = one()

    async def twice(client: httpx.AsyncClient) -> list[int]:
        posts = [
            client.post(PATH, content=body, headers={"x-hub-signature-256": sign(body)}) for _ in range(20)
        ]
        return [response.status_code for response in await asyncio.gather(*posts)]

    assert served.ask(twice) == [200] * 20
    assert kept(served) == 1


def test_a_signed_body_that_does_not_parse_is_kept_for_an_enrolled_line(served: Served) -> None:
    body = one()[:-2]
    assert served.post(body).status_code == 200
    (stored,) = served.rig.reader.read(MESSAGES, 0, 1)
    assert stored.payload is not None
    assert stored.header.kind == "unparsed"
    assert unpack(stored.payload).slice("body") == body


def test_an_odd_delivery_is_answered_200_and_kept_or_counted(served: Served) -> None:
    bodies = [
        one.body.replace(b'"101"', f'"{NUMBER}"'.encode())
        for one in [*mutations.spoiled(mutations.cloud_api())][::17]
    ]

    async def all_of_them(client: httpx.AsyncClient) -> list[tuple[int, int]]:
        seen = []
        for body in bodies:
            before = kept(served) + sum(refused(served).values())
            response = await client.post(PATH, content=body, headers={"x-hub-signature-256": sign(body)})
            seen.append((response.status_code, kept(served) + sum(refused(served).values()) - before))
        return seen

    answers = served.ask(all_of_them)
    assert len(answers) > 100
    assert {status for status, _ in answers} == {200}
    assert sum(taken for _, taken in answers) > 100


def test_a_fault_in_splitting_keeps_the_body_whole(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(body: bytes) -> list[Item]:
        raise IndexError("a fault of ours")

    monkeypatch.setitem(app.SOURCES, PATH, msgspec.structs.replace(app.SOURCES[PATH], split=failing))  # type: ignore[misc]
    body = one()
    assert served.post(body).status_code == 200
    (stored,) = served.rig.reader.read(MESSAGES, 0, 1)
    assert stored.payload is not None
    assert unpack(stored.payload).slice("body") == body


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"NaN", one(number_id="999")[:-2]])
def test_a_signed_body_without_an_enrolled_line_is_counted(served: Served, body: bytes) -> None:
    assert served.post(body).status_code == 200
    assert kept(served) == 0
    assert refused(served) == {"unparsed": 1}


def test_too_large_is_413_whatever_is_declared(tmp_path: Path, served: Served) -> None:
    small = Served(served.rig, max_body_bytes=1_000)
    body = one("x" * 2_000)

    async def undeclared(client: httpx.AsyncClient) -> int:
        async def chunks() -> Any:
            for start in range(0, len(body), 100):
                yield body[start : start + 100]

        headers = {"x-hub-signature-256": sign(body)}
        return (await client.post(PATH, content=chunks(), headers=headers)).status_code

    assert small.post(body).status_code == 413
    assert small.ask(undeclared) == 413
    assert kept(served) == 0


def test_overload_is_503_with_retry_after(served: Served) -> None:
    response = Served(served.rig, max_waiting_bytes=10).post(one())
    assert response.status_code == 503
    assert response.headers["retry-after"]
    assert kept(served) == 0


def test_a_lost_promise_is_503_and_ends_the_process(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[Tail, CustodyLog, Intake]:
        tail, custody, intake = served._open()

        def transaction() -> None:
            raise NotDurable("no space left")

        monkeypatch.setattr(tail, "transaction", transaction)
        return tail, custody, intake

    served.opening = broken
    assert served.post(one()).status_code == 503
    assert served.died


def test_a_busy_tail_is_503_and_the_process_goes_on(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> tuple[Tail, CustodyLog, Intake]:
        tail, custody, intake = served._open()

        def transaction() -> None:
            raise Overloaded("busy")

        monkeypatch.setattr(tail, "transaction", transaction)
        return tail, custody, intake

    served.opening = busy
    assert served.post(one()).status_code == 503
    assert not served.died


def test_without_a_secret_the_door_takes_nothing(served: Served) -> None:
    served.secrets = {}
    assert served.post(one()).status_code == 503


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/", 404), ("POST", "/webhooks/other", 404), ("PUT", PATH, 405), ("GET", "/webhooks/waha", 405),
    ("GET", "/health", 200),
])  # fmt: skip
def test_other_routes_give_nothing_away(served: Served, method: str, path: str, status: int) -> None:
    assert served.ask(lambda client: client.request(method, path)).status_code == status


def test_a_waha_message_needs_its_own_signature(served: Served) -> None:
    import hashlib
    import hmac

    enrol(served.rig, line="55" * 16, alias="waha:default")
    message = {
        "id": "evt_1", "timestamp": 1_764_000_000_000, "event": "message.any", "session": "default",
        "me": {"id": "5511940000001@c.us"}, "engine": "NOWEB",
        "payload": {
            "id": "false_5511900000001@c.us_AAA", "timestamp": 1_764_000_000, "from": "5511900000001@c.us",
            "fromMe": False, "to": "5511940000001@c.us", "body": "olá", "hasMedia": False, "ack": 1,
        },
    }  # fmt: skip
    body = json.dumps(message).encode()
    signature = hmac.digest(WAHA_KEY.encode(), body, hashlib.sha512).hex()
    headers = {"x_webhook_hmac": signature, "x_webhook_hmac_algorithm": "sha512"}
    assert served.post(body, path="/webhooks/waha", **headers).status_code == 200
    assert kept(served) == 1
    wrong = {**headers, "x_webhook_hmac": "0" * 128}
    assert served.post(body, path="/webhooks/waha", **wrong).status_code == 403
    assert served.post(body, path="/webhooks/waha", x_other="1").status_code == 401


def test_a15_a_door_that_can_not_open_the_tail_ends_and_keeps_nobody_waiting() -> None:
    ended = threading.Event()

    def opening() -> tuple[Tail, CustodyLog, Intake]:
        raise NotDurable("too many open files")

    async def start() -> None:
        Writer(opening, fatal=ended.set).start()

    asyncio.run(start())
    assert ended.wait(5)


def unfinished(served: Served, size: int, *, forever: bool = False) -> tuple[list[int], Door]:
    """Statuses of two senders whose bodies never end: `size` bytes have come of each."""
    door = Door(
        settings=served.settings, secrets=SECRETS, writer=Writer(served.opening, fatal=lambda: None),
        clock=served.rig.clock, new_id=random_id,
    )  # fmt: skip
    statuses: list[int] = []

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def sender(gone: asyncio.Event) -> None:
        parts = [{"type": "http.request", "body": bytes(size), "more_body": True}]

        async def receive() -> Any:
            if parts:
                return parts.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        headers = [(b"x-hub-signature-256", b"sha256=00")]
        await door({"type": "http", "method": "POST", "path": PATH, "headers": headers}, receive, send)

    async def both() -> None:
        gone = asyncio.Event()
        tasks = [asyncio.create_task(sender(gone)) for _ in range(2)]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert done
        if not forever:
            gone.set()
        await asyncio.gather(*tasks)

    asyncio.run(both())
    return statuses, door


def test_what_has_arrived_of_a_body_counts_before_it_is_whole(tmp_path: Path) -> None:
    rig = RecordRig(tmp_path / "home")
    statuses, door = unfinished(Served(rig, max_waiting_bytes=1_500), 1_000)
    assert statuses == [503, 503], "the second was too much, the first went away"
    assert door._waiting_bytes == 0
    rig.close()


def test_a_body_that_never_ends_is_given_up(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "_BODY_SECONDS", 0.05)
    statuses, door = unfinished(served, 10, forever=True)
    assert statuses == [503, 503]
    assert door._waiting_bytes == 0


def test_a_delivery_that_is_signed_twice_is_refused(served: Served) -> None:
    body = one()
    twice = [("x-hub-signature-256", sign(body)), ("x-hub-signature-256", sign(body))]
    response = served.ask(lambda client: client.post(PATH, content=body, headers=twice))
    assert response.status_code == 403
    assert kept(served) == 0


def test_a_delivery_of_too_many_parts_is_kept_whole(served: Served) -> None:
    value = {"metadata": {"phone_number_id": NUMBER}, "messages": [1] * 10_001}
    body = json.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}).encode()
    assert served.post(body).status_code == 200
    (stored,) = served.rig.reader.read(MESSAGES, 0, 1)
    assert stored.payload is not None
    assert stored.header.kind == "unparsed"
    assert unpack(stored.payload).slice("body") == body
