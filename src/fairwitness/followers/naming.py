"""Which events belong to one message, and what names stand in them. Nothing here is kept."""

import hashlib

import msgspec

from fairwitness.followers.words import whole
from fairwitness.model.event import Event

_SHAPES_MESSAGE = frozenset({"message", "unreadable", "call", "group", "system"})
_SPEAKS_OF = frozenset({"edit", "revoke", "reaction", "receipt"})
_encode = msgspec.json.Encoder().encode


def message_key(whatsapp_id: str) -> bytes:
    """The same for everything in one conversation that speaks of this message.

    It holds within that conversation only: whoever writes in another one can choose any id,
    and must not reach into this one.
    """
    return hashlib.sha256(whatsapp_id.encode("utf-8", "surrogatepass")).digest()[:12]


def key_of(event: Event) -> bytes | None:
    """The key of the message that `event` is, or speaks of; None when it stands alone."""
    named = event.target if event.kind in _SPEAKS_OF else event.id
    return message_key(named) if named and event.kind != "call" else None


def is_shown(event: Event) -> bool:
    """True for what has a place in a conversation: messages, and what is said about one."""
    if event.kind in _SPEAKS_OF:
        return bool(event.target)
    return event.kind in _SHAPES_MESSAGE


def is_base(event: Event) -> bool:
    """True when `event` is the message itself, not something that happened to one."""
    return event.kind in _SHAPES_MESSAGE


def tidy(event: Event) -> Event:
    """`event` as it can be stored: lone surrogates replaced, one for one."""
    try:
        _encode(event)
    except UnicodeEncodeError:
        return msgspec.convert(_whole(msgspec.to_builtins(event)), Event)
    return event


def named(event: Event) -> tuple[str, str]:
    """The address that `event` gives a name to, and the name; empty when it does not."""
    if event.kind == "group":
        subject = next((value for key, value in event.details if key in ("subject", "group_subject")), "")
        return (event.chat, subject) if subject else ("", "")
    address = event.chat if event.kind == "contact" else event.sender
    return (address or event.chat, event.sender_name) if event.sender_name else ("", "")


def _whole(value: object) -> object:
    match value:
        case str():
            return whole(value)
        case list() | tuple():
            return [_whole(item) for item in value]
        case dict():
            return {key: _whole(item) for key, item in value.items()}
        case _:
            return value
