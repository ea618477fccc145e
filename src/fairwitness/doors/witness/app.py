"""Routes of a witness: `POST /add-checkpoint`, `GET /checkpoint/<log>`, `GET /` for health."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import structlog

from fairwitness.archive.witness import Witness
from fairwitness.errors import BadCheckpoint, FairwitnessError, NotDurable, NotWitnessed

_LOG = structlog.get_logger(__name__)
LARGEST_BODY = 64 * 1024
_BODY_SECONDS = 10.0
_TEXT = "text/plain; charset=utf-8"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Reply = tuple[int, bytes, str]


class WitnessDoor:
    """The ASGI application. `about` is what `GET /` says: the witness's key, which is public."""

    def __init__(self, witness: Witness, *, about: str) -> None:
        self._witness = witness
        self._about = f"{about}\n".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return
        status, body, kind = await self._answer(scope, receive)
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> Reply:
        method, path = scope["method"], scope["path"]
        if path == "/add-checkpoint":
            return await self._add(receive) if method == "POST" else (405, b"POST it\n", _TEXT)
        if method not in ("GET", "HEAD"):
            return 404, b"not found\n", _TEXT
        if path == "/":
            return 200, self._about, _TEXT
        place = path.removeprefix("/checkpoint/")
        note = await asyncio.to_thread(self._witness.newest, place) if place != path else None
        return (200, note, _TEXT) if note is not None else (404, b"not found\n", _TEXT)

    async def _add(self, receive: Receive) -> Reply:
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _read(receive)
        except TimeoutError:
            return 408, b"too slow\n", _TEXT
        if body is None:
            return 413, b"too large\n", _TEXT
        try:
            line = await asyncio.to_thread(self._witness.add_checkpoint, body)
        except FairwitnessError as error:
            return _refusal(error)
        return 200, line, _TEXT


async def _read(receive: Receive) -> bytes | None:
    """The body of a request; None when it is longer than any submission."""
    parts, size = [], 0
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LARGEST_BODY:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _refusal(error: FairwitnessError) -> Reply:
    match error:
        case NotWitnessed(status=409, size=int(size)):
            return 409, f"{size}\n".encode(), "text/x.tlog.size"
        case NotWitnessed():
            # A log that signs what it should not is found out here: whoever runs the witness must see it.
            level = _LOG.error if error.status == 422 else _LOG.warning
            level("a checkpoint was refused", status=error.status, reason=error.message)
            return error.status, f"{error.message}\n".encode(), _TEXT
        case NotDurable():
            _LOG.critical("nothing can be remembered", diagnosis=error.diagnosis())
            return 503, b"nothing can be remembered\n", _TEXT
        case BadCheckpoint():
            return 400, f"{error.message}\n".encode(), _TEXT
    return 500, b"the witness failed\n", _TEXT
