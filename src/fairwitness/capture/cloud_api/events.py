"""What one kept item of Meta's webhooks tells, in the vocabulary of `docs/spec/event.md`.

Raises `Unsupported` for what is kept but not read yet, `Malformed` for an item that is
not JSON; neither loses a byte, and a later version may read it.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from fairwitness.capture import addresses
from fairwitness.capture.cloud_api import who
from fairwitness.capture.cloud_api.build import recipient
from fairwitness.capture.cloud_api.content import Content, Details, pairs, read_content
from fairwitness.capture.exact import is_object
from fairwitness.capture.values import (
    flag,
    items,
    loads_members,
    moment,
    obj,
    peek,
    peek_object,
    text,
)
from fairwitness.errors import Unsupported
from fairwitness.model.envelope import Envelope
from fairwitness.model.event import Direction, Event, saying_unread

_RECEIPTS = frozenset({"sent", "delivered", "read", "played", "failed", "deleted", "warning", "pending"})


class _Scene(msgspec.Struct, frozen=True):
    """An item with what the envelope says about where it happened."""

    envelope: Envelope
    kind: str
    item: Mapping[str, Any]
    contact: Mapping[str, Any]
    own: str
    field: str


def read_events(envelope: Envelope, kind: str) -> Sequence[Event]:
    """The events of an item that the door kept under `kind`."""
    raw = envelope.slice("item")
    if raw is None:
        raise Unsupported("kept whole: it did not parse, or names a member twice", kind=kind)
    item, unread = loads_members(raw) if is_object(raw) else ({}, ())
    scene = _Scene(
        envelope,
        kind,
        item,
        peek_object(envelope.slice("contact") or b""),
        _own_number(envelope.slice("metadata") or b""),
        _field_name(envelope.slice("field") or b"null"),
    )
    return [saying_unread(event, unread) for event in _events(scene)]


def _events(scene: _Scene) -> Sequence[Event]:
    kind = scene.kind
    match kind:
        case "message" | "echo":
            return (_message(scene),)
        case "history":
            return (_history(scene),)
        case "status":
            return (_receipt(scene),)
        case "contact" if isinstance(scene.item.get("user_id"), dict):
            return (_user_id_update(scene),)
        case _:
            what = f"{kind} of field {scene.field}" if scene.field else kind
            raise Unsupported(f"kept whole, not read yet: {what}", kind=kind, **_errors_said(scene.item))


@lru_cache(maxsize=4096)
def _own_number(metadata: bytes) -> str:
    """The line's own number; few lines send, so each is read once."""
    return addresses.phone(text(peek_object(metadata), "display_phone_number"))


@lru_cache(maxsize=256)
def _field_name(field: bytes) -> str:
    return text({"field": peek(field)}, "field")


def _errors_said(item: Mapping[str, Any]) -> dict[str, object]:
    said = pairs(item, "code", "title")
    return dict(said) if "code" in item else {}


def _message(scene: _Scene) -> Event:
    item = scene.item
    if "message" in item and "type" not in item:
        scene = msgspec.structs.replace(scene, item=who.sent_by_program(item))
        item = scene.item
    kind = text(item, "type")
    event = _frame(scene)
    match kind:
        case "reaction":
            return _with(
                event, kind="reaction", target=text(item, "reaction", "message_id"),
                emoji=text(item, "reaction", "emoji"), text=text(item, "reaction", "emoji"),
            )  # fmt: skip
        case "edit":
            inner = obj(item, "edit", "message")
            target = text(item, "edit", "original_message_id")
            return _filled(_with(event, kind="edit", target=target, subtype=text(inner, "type")), inner)
        case "revoke":
            return _with(event, kind="revoke", target=text(item, "revoke", "original_message_id"))
        case "system":
            return _system(event, item)
        case "request_welcome":
            return _with(event, kind="system")
        case "unsupported" | "errors" | "media_placeholder" | "unknown":
            return _unreadable(event, item)
        case _:
            return _filled(event, item)


def _frame(scene: _Scene) -> Event:
    """What every message says, whatever it holds."""
    item, contact = scene.item, scene.contact
    outward = scene.kind == "echo" or who.is_own(item, scene.own, contact=contact)
    direction: Direction = "out" if outward else "in"
    context = obj(item, "context")
    named = text(contact, "profile", "name") or text(contact, "profile", "username")
    often = flag(context, "frequently_forwarded")
    return Event(
        kind="message",
        subtype=text(item, "type"),
        id=text(item, "id"),
        line=scene.envelope.line,
        chat=who.other_side(item, scene.kind, own=scene.own, contact=contact),
        direction=direction,
        sender=_own_address(scene) if outward else who.sender(item, contact=contact),
        sender_name="" if outward else named,
        at=moment(item.get("timestamp")),
        reply_to=text(context, "id") or text(context, "message_id"),
        forwarded=flag(context, "forwarded") or often,
        details=(
            *((("forwarded often", "yes"),) if often else ()),
            *pairs(obj(context, "referred_product"), "catalog_id", "product_retailer_id"),
            *_advertisement(obj(item, "referral")),
            *((("feed", "standby"),) if scene.field == "standby" else ()),
        ),
    )


def _advertisement(referral: Mapping[str, Any]) -> Details:
    """Where the person came from: what they had seen before they wrote."""
    named = (
        "headline", "body", "source_url", "source_type", "source_id", "media_type", "image_url", "video_url",
        "thumbnail_url", "ctwa_clid",
    )  # fmt: skip
    welcome = text(referral, "welcome_message", "text")
    said = (("advertisement welcome message", welcome),) if welcome else ()
    return (*_prefixed("advertisement", referral, *named), *said)


def _own_address(scene: _Scene) -> str:
    return addresses.phone(text(scene.item, "from")) or scene.own


def _filled(event: Event, message: Mapping[str, Any]) -> Event:
    """`event` with the words and files of `message`, or `Unsupported` for a type not known."""
    content, named = read_content(message), text(message, "type") or "none"
    if content is None:
        raise Unsupported(f"kept whole, not read yet: message of type {named[:60]}", type=named)
    if content == Content() and obj(message, named).get("body") != "":
        raise Unsupported(f"kept whole, not read yet: {named} that holds nothing where it should", type=named)
    return _with_content(event, content, _said(items(message, "errors")))


def _with_content(event: Event, content: Content, more: Details = ()) -> Event:
    return _with(
        event, text=content.text, media=content.media,
        details=(*event.details, *content.details, *more),
    )  # fmt: skip


def _system(event: Event, item: Mapping[str, Any]) -> Event:
    system = obj(item, "system")
    changed = pairs(
        system, "wa_id", "new_wa_id", "user_id", "parent_user_id", "previous_user_id",
        "previous_parent_user_id", "customer", "identity",
    )  # fmt: skip
    return _with(
        event,
        kind="system",
        subtype=text(system, "type") or "system",
        direction="none",
        text=text(system, "body"),
        details=(*event.details, *changed),
    )


def _unreadable(event: Event, item: Mapping[str, Any]) -> Event:
    subtype = text(item, "unsupported", "type") or text(item, "type")
    content = read_content(item)
    event = _with_content(event, content) if content else event
    said = _said(items(item, "errors"))
    return _with(event, kind="unreadable", subtype=subtype, details=(*event.details, *said))


def _receipt(scene: _Scene) -> Event:
    item = scene.item
    status = text(item, "status").lower()
    about = text(item, "type")
    if about not in ("", "message"):
        raise Unsupported(f"kept whole, not read yet: status of a {about[:60]}", type=about)
    if status not in _RECEIPTS:
        raise Unsupported(f"kept whole, not read yet: status {status[:60]}", status=status)
    by_them = status in ("delivered", "read", "played")
    reader = addresses.person(number=recipient(item)) if by_them else ""
    return Event(
        kind="receipt",
        subtype=status,
        line=scene.envelope.line,
        chat=who.other_side(item, "status", own=scene.own, contact=scene.contact),
        sender=_same_person(scene, reader),
        at=moment(item.get("timestamp")),
        target=text(item, "id"),
        details=(
            *_said(items(item, "errors")),
            *_prefixed("price", _price(item), "category", "type"),
            *pairs(item, "biz_opaque_callback_data"),
        ),
    )


def _price(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Prices stand in the status; Meta's samples for groups have them in its conversation."""
    return obj(item, "pricing") or obj(item, "conversation", "pricing")


def _same_person(scene: _Scene, reader: str) -> str:
    """The reader by user id where the status or its contact gives one."""
    item = scene.item
    user_id = text(item, "recipient_participant_user_id") or text(item, "participant_recipient_user_id")
    if text(item, "recipient_type") != "group":
        user_id = user_id or text(item, "recipient_user_id") or text(scene.contact, "user_id")
    return addresses.person(user_id=user_id) if reader and user_id else reader


def _history(scene: _Scene) -> Event:
    """A message from before capture began: the thread says who the other side is."""
    item = scene.item
    if not text(item, "id") or not text(item, "type"):
        raise Unsupported("kept whole, not read yet: history that is no message", **_errors_said(item))
    event = _message(scene)
    contact = scene.contact
    thread = next(
        (s.data for s in scene.envelope.slices if s.name == "envelope" and s.pointer.endswith("/id")), b""
    )
    number = text({"id": peek(thread)}, "id") if thread else ""
    if thread or contact:
        chat = addresses.person(user_id=text(contact, "user_id"), number=text(contact, "wa_id") or number)
        event = _with(event, chat=chat or event.chat)
    if _from_line(scene, number):
        event = _with(event, direction="out", sender=_own_address(scene), sender_name="")
    elif event.direction == "in":
        event = _with(event, sender_name=event.sender_name or text(contact, "username"))
    status = text(item, "history_context", "status")
    return _with(event, details=(*event.details, *((("status", status),) if status else ())))


def _from_line(scene: _Scene, thread: str) -> bool:
    """True when the line itself wrote it, by flag, by number, or because it went to the thread."""
    item = scene.item
    said = obj(item, "history_context").get("from_me")
    if isinstance(said, bool):
        return said
    to = addresses.phone(text(item, "to"))
    return who.is_own(item, scene.own, contact={}) or bool(to and to == addresses.phone(thread))


def _user_id_update(scene: _Scene) -> Event:
    item = scene.item
    old, new = text(item, "user_id", "previous"), text(item, "user_id", "current")
    changed = (("previous user id", old), ("user id", new), ("wa id", text(item, "wa_id")))
    return Event(
        kind="system",
        subtype="user_changed_user_id",
        line=scene.envelope.line,
        chat=addresses.person(user_id=old, number=text(item, "wa_id")),
        at=moment(item.get("timestamp")),
        text=text(item, "detail"),
        details=tuple((name, value) for name, value in changed if value),
    )


def _said(errors: Sequence[Any]) -> Details:
    """Errors as details: code, title, and what they explain."""
    found = []
    for error in errors:
        why = text(error, "error_data", "details") or text(error, "message")
        words = " ".join(part for part in (text(error, "code"), text(error, "title")) if part)
        found.append(("error", f"{words}: {why}" if why and why != text(error, "title") else words))
    return tuple(found)


def _prefixed(prefix: str, value: Any, *names: str) -> Details:
    return tuple((f"{prefix} {name}", said) for name, said in pairs(value, *names))


def _with(event: Event, **changes: Any) -> Event:
    return msgspec.structs.replace(event, **changes)
