"""Messages as an examiner reads them. A reading: worked out from the entries it names, never evidence."""

import msgspec

from fairwitness.model.event import Media


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """One text of a message: the entry that brought it, when it was sent, the words."""

    entry: int
    at: int | None
    text: str


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to a message, in the order of the log."""

    entry: int
    kind: str
    subtype: str
    sender: str
    at: int | None
    emoji: str = ""


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that a policy raised on an entry of a message."""

    alert: str
    entry: int
    policy: str
    severity: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One message with all that is known of it. `versions` holds every text, the latest last.

    `held` is False for a message that never came, though something speaks of it. `entries` are its
    entries in the message log. `unread` says why no detector read it; empty where one did.
    """

    entry: int
    conversation: str
    line: str
    chat: str
    id: str
    direction: str
    sender: str
    sender_name: str
    at: int | None
    received_at: int
    kind: str
    subtype: str
    text: str
    held: bool
    forwarded: bool
    reply_to: str
    versions: tuple[Wording, ...]
    happened: tuple[Happened, ...]
    media: tuple[Media, ...]
    details: tuple[tuple[str, str], ...]
    entries: tuple[int, ...]
    alerts: tuple[Flag, ...] = ()
    unread: str = ""
