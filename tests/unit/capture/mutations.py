"""Payloads spoiled at one place each: every node replaced, removed or named twice.

Bodies are made as text, so that what is no JSON (`NaN`) or deeper than a parser goes can stand
in them. Every string of the originals is a marker of its own, so that a test can see whether
one was lost.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

DEEP = "[" * 2_000 + "]" * 2_000
INSTEAD = (
    "null", "true", "0", "-1", "7.5", "1e400", "9" * 40, '"odd"', '""', "[]", "{}", "[1]", '{"odd":1}', "[[],[]]",
    '"\\ud800"', "NaN", "-Infinity", DEEP, '{"odd":' * 2_000 + "1" + "}" * 2_000, '{"odd":1,"odd":2}', '"' + "x" * 5_000 + '"',
)  # fmt: skip
Path = tuple[str | int, ...]


class Spoiled(NamedTuple):
    """A body with one node changed: which, and to what."""

    body: bytes
    at: Path
    how: str


def spoiled(payload: Any) -> Iterator[Spoiled]:
    """Every body that differs from `payload` at one node."""
    for at in _paths(payload):
        for instead in INSTEAD:
            yield Spoiled(_written(payload, at, instead).encode(), at, f"{instead[:20]} at {at}")
        yield Spoiled(_written(payload, at, None).encode(), at, f"nothing at {at}")
        if at and isinstance(at[-1], str):
            yield Spoiled(_written(payload, at, "", twice=True).encode(), at, f"twice {at}")


def _paths(value: Any, at: Path = ()) -> Iterator[Path]:
    yield at
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from _paths(part, (*at, key))


def _written(value: Any, at: Path, instead: str | None, *, twice: bool = False) -> str:
    """`value` as JSON with the node at `at` replaced, left out (None), or there two times."""
    if not at:
        return json.dumps(value) if twice else instead or ""
    first, *rest = at
    parts = []
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        name = f"{json.dumps(key)}:" if isinstance(value, dict) else ""
        if key != first:
            parts.append(name + json.dumps(part))
        elif rest:
            parts.append(name + _written(part, tuple(rest), instead, twice=twice))
        elif twice:
            parts += [name + json.dumps("shadow"), name + json.dumps(part)]
        elif instead is not None:
            parts.append(name + instead)
    return ("{%s}" if isinstance(value, dict) else "[%s]") % ",".join(parts)


def cloud_api() -> dict[str, Any]:
    """A delivery for two lines with messages, an edit, a status, an echo and contacts."""
    ana = {"from": "5521970000001", "from_user_id": "BR.100", "timestamp": "1767312000"}
    messages = [
        {**ana, "id": "wamid.m1", "type": "text", "text": {"body": "first words"}, "context": {"id": "wamid.c1"}},
        {**ana, "id": "wamid.m2", "type": "edit", "edit": {
            "original_message_id": "wamid.o2", "message": {"type": "text", "text": {"body": "second words"}}}},
        {**ana, "id": "wamid.m3", "type": "document", "document": {
            "id": "media3", "filename": "third.pdf", "caption": "third words", "mime_type": "application/pdf"}},
        {**ana, "id": "wamid.m4", "type": "interactive", "interactive": {
            "type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "sent", "response_json": '{"q":"fourth words"}'}}},
    ]  # fmt: skip
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "5511940000001", "phone_number_id": "101"},
        "contacts": [{"profile": {"name": "Ana Um"}, "wa_id": "5521970000001", "user_id": "BR.100"}],
        "messages": messages,
        "statuses": [{"id": "wamid.s1", "status": "read", "timestamp": "1767312001", "recipient_id": "5521970000001"}],
    }
    echo = {"from": "5511940000002", "to": "5521970000009", "id": "wamid.e1", "timestamp": "1767312002", "type": "text", "text": {"body": "echoed words"}}
    other = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "5511940000002", "phone_number_id": "102"},
        "message_echoes": [echo],
    }
    return {
        "object": "whatsapp_business_account",
        "entry": [
            {"id": "900", "changes": [{"value": value, "field": "messages"}]},
            {"id": "901", "changes": [{"value": other, "field": "smb_message_echoes"}]},
        ],
    }


def waha() -> dict[str, Any]:
    """One message of WAHA with everything that is read of it."""
    return {
        "id": "evt_1", "timestamp": 1767312000123, "event": "message.any", "session": "main",
        "me": {"id": "5511940000001@c.us", "pushName": "Loja"},
        "payload": {
            "id": "false_5521970000001@c.us_AAA1", "timestamp": 1767312000, "from": "5521970000001@c.us", "fromMe": False,
            "to": "5511940000001@c.us", "body": "first words", "hasMedia": True, "ack": 1, "vCards": ["BEGIN:VCARD\nFN:Rui\nEND:VCARD"],
            "media": {"url": "http://gateway/f.pdf", "mimetype": "application/pdf", "filename": "f.pdf", "error": None},
            "location": {"latitude": -23.5, "longitude": -46.6, "description": "here"},
            "replyTo": {"id": "true_5521970000001@c.us_AAA0", "body": "quoted"},
            "_data": {"notifyName": "Ana", "isForwarded": True, "type": "document"},
        },
        "engine": "NOWEB",
    }  # fmt: skip
