"""What happened, in one vocabulary for every source (`docs/spec/event.md`)."""

from collections.abc import Sequence
from typing import Literal

import msgspec

EventKind = Literal[
    "message", "edit", "revoke", "reaction", "receipt",
    "call", "group", "contact", "account", "system", "unreadable",
]  # fmt: skip
Direction = Literal["in", "out", "none"]


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a message refers to. `sha256` is lowercase hex, or empty when not given."""

    kind: str
    id: str = ""
    mime: str = ""
    sha256: str = ""
    filename: str = ""
    voice: bool = False


UNREAD = "not read"
"""The detail that names members of an item that could not be read."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened in a conversation, as the source tells it.

    `line`, `chat`, `sender` are addresses (`phone:+5511940000001`, `user:BR.1349…`,
    `group:…`, `name:Ana Lima`, `pnid:…`). `chat` is the other side or the group.
    `direction` is seen from the line. `subtype` is WhatsApp's own type (`text`, `image`,
    `delivered`, …). `target` is the WhatsApp id that an edit, revocation, reaction or
    receipt speaks of. `text` is every word a person wrote or chose, captions and button
    titles included. `at` is when WhatsApp says it was sent, in ms. `details` holds the
    rest in reading order, for people.
    """

    kind: EventKind
    subtype: str = ""
    id: str = ""
    line: str
    chat: str = ""
    direction: Direction = "none"
    sender: str = ""
    sender_name: str = ""
    at: int | None = None
    text: str = ""
    target: str = ""
    reply_to: str = ""
    forwarded: bool = False
    emoji: str = ""
    media: tuple[Media, ...] = ()
    details: tuple[tuple[str, str], ...] = ()


def saying_unread(event: Event, names: Sequence[str]) -> Event:
    """`event` with a detail that names what of its item could not be read."""
    if not names:
        return event
    said = (UNREAD, ", ".join(name[:60] for name in names[:20]))
    return msgspec.structs.replace(event, details=(*event.details, said))
