"""What one kept event of WAHA tells, in the vocabulary of `docs/spec/event.md`.

Raises `Unsupported` for what is kept but not read yet, `Malformed` for bytes that are
not JSON.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from fairwitness.capture import addresses
from fairwitness.capture.values import (
    flag,
    items,
    loads_members,
    moment,
    obj,
    peek,
    peek_object,
    strings,
    text,
)
from fairwitness.capture.waha import device
from fairwitness.capture.waha.message_ids import MessageId, of_payload, read_id
from fairwitness.errors import Unsupported
from fairwitness.model.envelope import Envelope
from fairwitness.model.event import Event, Media, saying_unread

_ACKS = {
    "-1": "failed", "0": "pending", "1": "sent", "2": "delivered", "3": "read", "4": "played",
    "ERROR": "failed", "PENDING": "pending", "SERVER": "sent", "DEVICE": "delivered",
    "READ": "read", "PLAYED": "played",
}  # fmt: skip
_VCARD_FRAME = ("BEGIN", "END", "VERSION", "PRODID", "PHOTO", "LOGO", "KEY", "SOUND")
_folded = re.compile(r"\n[ \t]")
_picture = re.compile(r"[A-Za-z0-9+/]{100,}={0,2}")
"""WEBJS gives the small picture of a map, in base64, as the body of a place."""


def read_events(envelope: Envelope, kind: str) -> Sequence[Event]:
    """The events of an item that the door kept under `kind`."""
    raw = envelope.slice("item")
    if raw is None:
        raise Unsupported("kept whole: not in WAHA's form, or a member is named twice", kind=kind)
    event = text({"event": peek(envelope.slice("field") or b"null")}, "event")
    payload, unread = loads_members(raw)
    return [saying_unread(found, unread) for found in _events(envelope, kind, event, payload)]


def _events(envelope: Envelope, kind: str, event: str, payload: Mapping[str, Any]) -> Sequence[Event]:
    message = of_payload(event, payload)
    if kind not in ("message", "echo", "status") or not message.id:
        raise Unsupported(f"kept whole, not read yet: event {event[:60]}", event=event)
    if kind == "status":
        return (_receipt(envelope, payload, message),)
    frame = _frame(envelope, payload, message)
    match event:
        case "message" | "message.any":
            return (_message(frame, payload),)
        case "message.reaction":
            target = read_id(text(payload, "reaction", "messageId")).id
            emoji = text(payload, "reaction", "text")
            return (
                _with(frame, kind="reaction", subtype="reaction", target=target, emoji=emoji, text=emoji),
            )
        case "message.edited":
            target = read_id(text(payload, "editedMessageId")).id
            return (_with(_message(frame, payload), kind="edit", target=target),)
        case "message.revoked":
            return (_with(frame, kind="revoke", subtype="revoke", target=_revoked(payload)),)
        case "message.waiting":
            return (_with(frame, kind="unreadable", subtype="waiting"),)
        case _:
            raise Unsupported(f"kept whole, not read yet: event {event[:60]}", event=event)


def _frame(envelope: Envelope, payload: Mapping[str, Any], message: MessageId) -> Event:
    """What every message says, whatever it holds."""
    own = bool(message.own)
    me = _me(envelope)
    author = message.participant or ("" if own else message.chat)
    raw = obj(payload, "_data")
    said_by = text(payload, "from")
    if own and not me and said_by not in ("", message.chat):
        me = addresses.jid(said_by)
    sender = (me or addresses.jid(author)) if own else addresses.jid(author)
    phone = "" if own or sender.startswith("phone:") else device.phone(raw)
    return Event(
        kind="message",
        id=message.id,
        line=envelope.line,
        chat=addresses.jid(message.chat) if message.chat else "",
        direction="out" if own else "in",
        sender=sender,
        sender_name="" if own else device.shown_name(raw),
        at=envelope.sent_at if envelope.sent_at is not None else moment(payload.get("timestamp")),
        reply_to=read_id(text(payload, "replyTo", "id")).id or device.answered(raw),
        forwarded=device.forwarded(raw) or flag(payload, "isForwarded"),
        details=(
            *((("phone", phone.removeprefix("phone:")),) if phone else ()),
            *((("in answer to", quoted),) if (quoted := text(payload, "replyTo", "body")) else ()),
        ),
    )


def _message(frame: Event, payload: Mapping[str, Any]) -> Event:
    """The words and files of a message, or `Unsupported` when there is nothing to read."""
    file, place, body = _file(payload), obj(payload, "location"), text(payload, "body")
    given = items(payload, "vCards") or ([body] if body.startswith("BEGIN:VCARD") else [])
    cards = [line for card in given for line in _card(card)]
    is_words = not body.startswith("BEGIN:VCARD") and not (place and _picture.fullmatch(body))
    words = [body if is_words else "", *(_filename(file)), *cards]
    words.extend(s for s in strings(place, skip=frozenset({"latitude", "longitude", "thumbnail"})))
    subtype = file.kind if file else "contacts" if cards else "location" if place else "text"
    said = "\n".join(dict.fromkeys(word for word in words if word.strip()))
    if not said and device.is_view_once(obj(payload, "_data")):
        return _with(frame, kind="unreadable", subtype="view_once", media=(file,) if file else ())
    if not said and not file and not place:
        inside = ", ".join(name[:40] for name, _ in device.parts(obj(payload, "_data")))
        raise Unsupported(f"kept whole, not read yet: a message without words {inside}".strip())
    where = tuple((key, text(place, key)) for key in ("latitude", "longitude") if text(place, key))
    failed = text(payload, "media", "error") or text(payload, "media", "error", "message")
    missing = (("file not fetched", failed),) if failed else ()
    details = (*frame.details, *where, *missing)
    return _with(frame, subtype=subtype, text=said, media=(file,) if file else (), details=details)


def _file(payload: Mapping[str, Any]) -> Media | None:
    media, raw = obj(payload, "media"), obj(payload, "_data")
    if not media and not flag(payload, "hasMedia"):
        return None
    inner = next((text(part, "mimetype") for _, part in device.parts(raw) if "mimetype" in part), "")
    mime = text(media, "mimetype") or text(raw, "mimetype") or inner
    main = mime.partition("/")[0]
    kind = main if main in ("image", "video", "audio") else "document" if mime else "file"
    return Media(
        kind="sticker" if device.is_sticker(raw) else kind,
        id=text(media, "url"),
        mime=mime,
        filename=text(media, "filename"),
        sha256=device.file_digest(raw),
        voice=device.is_voice(raw),
    )


def _filename(file: Media | None) -> Iterable[str]:
    return (file.filename,) if file and file.filename else ()


def _card(card: Any) -> Iterable[str]:
    """The values of a vCard, line by line, without its frame."""
    if not isinstance(card, str):
        yield from strings(card)
        return
    for line in _folded.sub("", card.replace("\r\n", "\n")).split("\n"):
        name, colon, value = line.partition(":")
        if colon and value.strip() and name.partition(";")[0].upper() not in _VCARD_FRAME:
            yield value.replace(";", " ").strip()


def _receipt(envelope: Envelope, payload: Mapping[str, Any], message: MessageId) -> Event:
    status = _ACKS.get(text(payload, "ackName").upper()) or _ACKS.get(text(payload, "ack"))
    if status is None:
        raise Unsupported(f"kept whole, not read yet: ack {text(payload, 'ackName')[:40]}")
    by_them = status in ("delivered", "read", "played") and message.own is not False
    reader = message.participant or message.chat
    return Event(
        kind="receipt",
        subtype=status,
        line=envelope.line,
        chat=addresses.jid(message.chat) if message.chat else "",
        sender=addresses.jid(reader) if by_them and reader else "",
        at=envelope.sent_at,
        target=message.id,
    )


def _revoked(payload: Mapping[str, Any]) -> str:
    return read_id(text(payload, "revokedMessageId") or text(payload, "before", "id")).id


def _me(envelope: Envelope) -> str:
    """The line's own address, where the delivery names it."""
    raw = next((s.data for s in envelope.slices if s.name == "envelope" and s.pointer == "/me"), b"")
    own = text(peek_object(raw), "id")
    return addresses.jid(own) if own else ""


def _with(event: Event, **changes: Any) -> Event:
    return msgspec.structs.replace(event, **changes)
