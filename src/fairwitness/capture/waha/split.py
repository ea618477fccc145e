"""One delivery of WAHA's webhook into its one item, as exact slices of its bytes.

The payload is the item; whatever stands around it is kept as `envelope` slices. An event
that is not known is kept whole as `unknown`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fairwitness.capture import addresses
from fairwitness.capture.exact import Repeated, below, check_text, is_object, members
from fairwitness.capture.values import loads_members, moment, peek, text
from fairwitness.capture.waha.message_ids import MessageId, of_payload, read_id
from fairwitness.errors import Malformed
from fairwitness.model.envelope import Item, Slice

SOURCE = "waha"
UNKNOWN_LINE = "waha:"
_session = re.compile(rb'"session"\s*:\s*(?:"([^"\\]{1,128})")?')
_MESSAGES = frozenset(
    {"message", "message.any", "message.reaction", "message.edited", "message.revoked", "message.waiting"}
)
_KINDS = {"call": "call", "group": "group", "session": "account", "state": "account", "engine": "account"}


def split(body: bytes) -> Sequence[Item]:
    """The item of `body`; `Malformed` when it is not JSON or not an object."""
    check_text(body)
    try:
        top = members(body)
    except Repeated:
        return [_whole(body)]
    event, session = _said(top, "event"), _said(top, "session")
    line = f"waha:{session}" if session else ""
    payload = top.get("payload", b"")
    if not event or not is_object(payload):
        return [_whole(body, line)]
    return [_item(top, event, line)]


def scan_lines(body: bytes) -> set[str]:
    """The line aliases that a body names that does not parse; `UNKNOWN_LINE` for one cut off."""
    found = set()
    for match in _session.finditer(body):
        name = match.group(1) or b""
        readable = name.isascii() and name.decode("ascii", "replace").isprintable()
        found.add(f"waha:{name.decode('ascii')}" if name and readable else UNKNOWN_LINE)
    return found


def _item(top: Mapping[str, bytes], event: str, line: str) -> Item:
    payload = _read(top["payload"])
    message = of_payload(event, payload)
    kind = _kind(event, message)
    sent = moment(payload.get("timestamp"))
    around = (
        Slice("field" if name == "event" else "envelope", below("", name), raw)
        for name, raw in top.items()
        if name != "payload"
    )
    return Item(
        source=SOURCE,
        kind=kind,
        line=line,
        contact=addresses.jid(message.chat) if message.chat else "",
        identity=(SOURCE, line, kind, *_named(event, kind, payload, message, top)),
        refers_to=_refers_to(event, kind, payload, message, line),
        sent_at=sent if sent is not None else moment(peek(top.get("timestamp", b"null"))),
        slices=(Slice("item", "/payload", top["payload"]), *around),
    )


def _read(raw: bytes) -> Mapping[str, Any]:
    """What can be read of a payload."""
    try:
        return loads_members(raw)[0]
    except Malformed:
        return {}


def _kind(event: str, message: MessageId) -> str:
    if event in _MESSAGES and message.id:
        return "echo" if message.own else "message"
    if event in ("message.ack", "message.ack.group") and message.id:
        return "status"
    return _KINDS.get(event.partition(".")[0], "unknown")


def _named(
    event: str, kind: str, payload: Mapping[str, Any], message: MessageId, top: Mapping[str, bytes]
) -> tuple[str, ...]:
    """What makes two deliveries the same thing; ids are unique per chat and sender only.

    An event that names no message is told from its like by WAHA's own id of the delivery.
    """
    name = (message.chat, message.participant, message.id)
    match kind:
        case "message" | "echo" if event in ("message.edited", "message.revoked"):
            return (*name, event)
        case "message" | "echo":
            return name
        case "status":
            return (*name, text(payload, "ackName") or text(payload, "ack"), text(payload, "timestamp"))
        case _:
            delivery = _said(top, "id") or text({"t": peek(top.get("timestamp", b"null"))}, "t")
            return (event, hashlib.sha256(top["payload"]).hexdigest(), delivery)


def _refers_to(
    event: str, kind: str, payload: Mapping[str, Any], message: MessageId, line: str
) -> tuple[str, ...] | None:
    """The identity of the message that was edited or revoked.

    WAHA may give the bare id; chat and author are then those of the change, which is
    right for whoever changes a message of their own.
    """
    if event == "message.edited":
        original = read_id(text(payload, "editedMessageId"))
    elif event == "message.revoked":
        before = read_id(text(payload, "before", "id"))
        original = before if before.chat else read_id(text(payload, "revokedMessageId") or before.id)
    else:
        return None
    if not original.id:
        return None
    chat, participant = original.chat or message.chat, original.participant or message.participant
    return (SOURCE, line, kind, chat, participant, original.id)


def _said(top: Mapping[str, bytes], name: str) -> str:
    raw = top.get(name, b"")
    return text({"value": peek(raw)}, "value") if raw[:1] == b'"' else ""


def _whole(body: bytes, line: str | None = None) -> Item:
    """A body that is JSON but not in WAHA's form, or that names a member twice."""
    if not is_object(body.lstrip()):
        raise Malformed("not a JSON object")
    if line is None:
        named = scan_lines(body)
        line = named.pop() if len(named) == 1 else ""
    identity = (SOURCE, line, "unknown", hashlib.sha256(body).hexdigest())
    return Item(
        source=SOURCE, kind="unknown", line=line, identity=identity, slices=(Slice("body", "", body),)
    )
