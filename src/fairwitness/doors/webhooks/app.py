"""Routes of the door: the Cloud API's verification and deliveries, WAHA's deliveries, health.

Order of work for a delivery (`record.md`, "The door's order"): size, signature over the
raw bytes, split, then the writer's transaction: mandate, dedupe, encrypt, append.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import structlog

from fairwitness.archive.append import Delivery
from fairwitness.clock import Clock
from fairwitness.config import Settings
from fairwitness.doors.webhooks.sources import SOURCES, Source
from fairwitness.doors.webhooks.writer import Writer
from fairwitness.errors import (
    BadSignature,
    FairwitnessError,
    Forked,
    Malformed,
    Misconfigured,
    NotDurable,
    Overloaded,
    TooLarge,
)
from fairwitness.ids import NewId
from fairwitness.model.envelope import Item, Slice

_LOG = structlog.get_logger(__name__)
_STATUS: tuple[tuple[type[FairwitnessError], int], ...] = (
    (TooLarge, 413),
    (BadSignature, 403),
    (Overloaded, 503),
    (NotDurable, 503),
    (Misconfigured, 503),
    # The record is stopped. Nothing is lost: WhatsApp comes back for days.
    (Forked, 503),
)
_BODY_SECONDS = 30.0
"""How long a body may take to arrive: a sender that never ends must not hold memory for ever."""
_UNFORESEEN = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class _Held:
    """How many bytes of one delivery are in memory."""

    size: int = 0


class Door:
    """The ASGI application. `secrets` holds tokens and signing secrets by name."""

    def __init__(
        self, *, settings: Settings, secrets: Mapping[str, tuple[str, ...]], writer: Writer,
        clock: Clock, new_id: NewId,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._secrets = secrets
        self._writer = writer
        self._clock = clock
        self._new_id = new_id
        self._waiting_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            status, body, headers = await self._answer(scope, receive)
            await _respond(send, status, body, headers)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._writer.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._writer.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes, dict[str, str]]:
        method, path = scope["method"], scope["path"]
        if path == "/health" and method == "GET":
            return 200, b"ok\n", {}
        source = SOURCES.get(path)
        if source is None:
            return 404, b"not found\n", {}
        try:
            if method == "GET" and source.challenge is not None:
                return 200, self._challenge(source, scope), {}
            if method != "POST":
                return 405, b"method not allowed\n", {"allow": "GET, POST" if source.challenge else "POST"}
            await self._deliver(source, scope, receive)
        except FairwitnessError as error:
            return _refusal(error, source)
        return 200, b"ok\n", {}

    def _challenge(self, source: Source, scope: Scope) -> bytes:
        assert source.challenge is not None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        tokens = self._secret(f"{source.name}.verify_token")
        return source.challenge(query, tokens).encode()

    async def _deliver(self, source: Source, scope: Scope, receive: Receive) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if sum(name == source.signature_header for name, _ in scope["headers"]) > 1:
            raise BadSignature("the delivery is signed twice")
        secrets = self._secret(source.secret)
        source.expect_signature(headers)
        declared = headers.get(b"content-length", "0")
        limit = self._settings.max_body_bytes
        if not (declared.isascii() and declared.isdigit()) or int(declared) > limit:
            raise TooLarge("the delivery is larger than the door accepts", limit=limit)
        held = _Held()
        try:
            body = await self._body(receive, held)
            checked = source.check(body, headers, secrets)
            await self._writer.append(self._split(source, body, checked))
        finally:
            self._waiting_bytes -= held.size

    async def _body(self, receive: Receive, held: "_Held") -> bytes:
        """The body of a request. What has arrived of it counts as waiting, finished or not."""
        parts = []
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise Overloaded("the sender went away")
                    part = message.get("body", b"")
                    self._hold(len(part), held)
                    parts.append(part)
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError as error:
            raise Overloaded("the sender was too slow") from error

    def _hold(self, size: int, held: "_Held") -> None:
        limit = self._settings.max_body_bytes
        if held.size + size > limit:
            raise TooLarge("the delivery is larger than the door accepts", limit=limit)
        if self._waiting_bytes + size > self._settings.max_waiting_bytes:
            raise Overloaded("too much is waiting to be written", waiting=self._waiting_bytes)
        held.size += size
        self._waiting_bytes += size

    def _split(self, source: Source, body: bytes, checked: tuple[tuple[str, str], ...]) -> Delivery:
        delivery, received_at = self._new_id(), self._clock()
        try:
            items = tuple(source.split(body))
        except Malformed as error:
            _LOG.error("signed body does not parse", source=source.name, size=len(body), cause=error.message)
            return _unparsed(source, body, error, delivery=delivery, received_at=received_at)
        except _UNFORESEEN as error:
            # A fault of ours must not turn a delivery away until its sender gives up: it is kept whole.
            _LOG.exception("a signed body could not be split", source=source.name, size=len(body))
            failed = Malformed("it could not be split", reason=type(error).__name__)
            return _unparsed(source, body, failed, delivery=delivery, received_at=received_at)
        return Delivery(delivery=delivery, received_at=received_at, checked=checked, items=items)

    def _secret(self, name: str) -> tuple[str, ...]:
        secrets = self._secrets.get(name, ())
        if not secrets:
            raise Misconfigured(
                "no such secret is set", setting=name, hint=f"Run `fairwitness secret set {name}`."
            )
        return secrets


def _unparsed(source: Source, body: bytes, error: Malformed, *, delivery: str, received_at: int) -> Delivery:
    lines = tuple(sorted(source.scan_lines(body)))
    item = Item(
        source=source.name,
        kind="unparsed",
        line=lines[0] if lines else "",
        identity=(source.name, "", "unparsed", "", hashlib.sha256(body).hexdigest()),
        slices=(Slice("body", "", body),),
    )
    return Delivery(
        delivery=delivery,
        received_at=received_at,
        checked=(("unparsed", error.code),),
        items=(item,),
        requires=lines,
    )


def _refusal(error: FairwitnessError, source: Source) -> tuple[int, bytes, dict[str, str]]:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if isinstance(error, BadSignature) and error.data.get("missing"):
        status = 401
    _LOG.warning("delivery refused", source=source.name, status=status, code=error.code, reason=error.message)
    return status, f"{error.code}\n".encode(), {"retry-after": "5"} if status == 503 else {}


async def _respond(send: Send, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    lines: Iterable[tuple[str, str]] = (
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", str(len(body))),
        *headers.items(),
    )
    encoded = [(name.encode(), value.encode()) for name, value in lines]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
