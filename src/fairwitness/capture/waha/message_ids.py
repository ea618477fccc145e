"""WAHA's message ids, taken apart: `<fromMe>_<chat>_<id>[_<participant>]`."""

from collections.abc import Mapping
from typing import Any

import msgspec

from fairwitness.capture.values import obj, text


class MessageId(msgspec.Struct, frozen=True):
    """One message of one chat. `own` is None where the id does not say who sent it."""

    id: str = ""
    chat: str = ""
    participant: str = ""
    own: bool | None = None


def read_id(written: str) -> MessageId:
    """Take an id apart; one that is not in WAHA's form is WhatsApp's bare id."""
    parts = written.split("_", 3)
    if len(parts) < 3 or parts[0] not in ("true", "false") or "@" not in parts[1]:
        return MessageId(id=written)
    participant = parts[3] if len(parts) == 4 and "@" in parts[3] else ""
    return MessageId(id=parts[2], chat=parts[1], participant=participant, own=parts[0] == "true")


def of_payload(event: str, payload: Mapping[str, Any]) -> MessageId:
    """The id of what `payload` tells, with chat and author from wherever they stand."""
    about = payload
    if event == "message.revoked":
        about = obj(payload, "after") or obj(payload, "before")
    elif event.startswith(("poll.vote", "event.response")):
        about = obj(payload, "vote") or payload
    found = read_id(text(about, "id"))
    from_me = about.get("fromMe")
    own = from_me if isinstance(from_me, bool) else found.own
    near, far = ("to", "from") if own else ("from", "to")
    chat = found.chat or next((text(about, k) for k in (near, far) if "@" in text(about, k)), "")
    return MessageId(
        id=found.id,
        chat=chat or text(payload, "group", "id") or text(payload, "chatId"),
        participant=found.participant or text(about, "participant"),
        own=own,
    )
