"""What happens on WhatsApp in the pilot, one thing at a time, as the webhook would tell it.

A `Happening` knows its own place in the count (`what`, `media`) and how the door will know
it again (`key`), so that what is expected is counted from here and never from the system.
"""

import base64
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fairwitness.cli.demo.cast import Contact, Rep

What = Literal["message", "edit", "revoke", "reaction", "receipt", "unsupported", "unknown"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One item of a webhook. `member` is the list it stands in, `at` is in ms."""

    rep: Rep
    contact: Contact | None
    what: What
    at: int
    value: Mapping[str, Any]
    member: Literal["messages", "message_echoes", "statuses", "label_changes"] = "messages"
    media: bool = False
    text: str = ""
    family: str = ""
    risky: bool = False

    @property
    def outward(self) -> bool:
        """True for what the rep did."""
        return self.member == "message_echoes"

    @property
    def id(self) -> str:
        """WhatsApp's id of the item; of a receipt, the id of its message."""
        return str(self.value.get("id", ""))

    @property
    def webhook_field(self) -> str:
        """The webhook field that brings it."""
        return {"message_echoes": "smb_message_echoes", "label_changes": "smb_label_changes"}.get(
            self.member, "messages"
        )

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two deliveries of it the same thing."""
        status = (str(self.value["status"]), str(self.value["timestamp"])) if self.what == "receipt" else ()
        return (self.rep.line, self.member, self.id, *status)


def message_id(rng: random.Random) -> str:
    """An id that looks like WhatsApp's and names nothing."""
    return "wamid." + base64.b64encode(b"\x1c\x18\x0d" + rng.randbytes(27)).decode()


def addressed(rep: Rep, contact: Contact, *, outward: bool, at: int, message: str) -> Json:
    """The members that every message has: who, to whom, id, time."""
    if outward:
        to = {"to": contact.number} if contact.number else {}
        who: Json = {"from": rep.phone, **to, "to_user_id": contact.user_id}
    else:
        who = {"from": contact.number} if contact.number else {}
        who["from_user_id"] = contact.user_id
    return {**who, "id": message, "timestamp": str(at // 1000)}


def content(rng: random.Random, media: str, words: str) -> Json:
    """The content object of a message: text, or the kind of file that `media` names."""
    kind, _, argument = media.partition(" ")
    caption = {"caption": words} if words else {}
    match kind:
        case "":
            return {"type": "text", "text": {"body": words}}
        case "photo":
            return {"type": "image", "image": {**caption, **_file(rng, "image/jpeg")}}
        case "video":
            return {"type": "video", "video": {**caption, **_file(rng, "video/mp4")}}
        case "voice":
            return {"type": "audio", "audio": {**_file(rng, "audio/ogg; codecs=opus"), "voice": True}}
        case "sticker":
            file = _file(rng, "image/webp")
            return {"type": "sticker", "sticker": {**file, "animated": rng.random() < 0.3}}
        case "pdf":
            named = {**caption, "filename": argument, **_file(rng, "application/pdf")}
            return {"type": "document", "document": named}
        case "location":
            return {"type": "location", "location": _place(rng, argument, words)}
        case "contact":
            return {"type": "contacts", "contacts": [_card(rng, argument)]}
        case _:
            raise ValueError(f"no such media: {media}")


FILES = frozenset({"photo", "video", "voice", "sticker", "pdf"})
"""The kinds of content that refer to a file."""


def _file(rng: random.Random, mime: str) -> Json:
    number = str(rng.randint(10**15, 10**16 - 1))
    url = {"url": f"https://lookaside.example/whatsapp_business/attachments/?mid={number}"}
    digest = base64.b64encode(rng.randbytes(32)).decode()
    return {"mime_type": mime, "sha256": digest, "id": number, **(url if rng.random() < 0.7 else {})}


def _place(rng: random.Random, name: str, address: str) -> Json:
    # Points in the open Atlantic: nobody's door.
    place = {
        "latitude": round(-25 - rng.random(), 6),
        "longitude": round(-30 - rng.random(), 6),
        "name": name,
    }
    return {**place, "address": address} if address else place


def _card(rng: random.Random, name: str) -> Json:
    number = f"551190000{rng.randint(0, 9999):04d}"
    phone = {
        "phone": f"+{number[:2]} {number[2:4]} {number[4:9]}-{number[9:]}",
        "wa_id": number,
        "type": "CELL",
    }
    return {"name": {"formatted_name": name, "first_name": name.split()[0]}, "phones": [phone]}
