"""What the linked device's own record of a message (`_data`) says beyond WAHA's fields.

Its shape depends on the engine: WEBJS and WPP give what WhatsApp Web holds, NOWEB and GOWS the
message as it went over the wire, under `message` and `Message`. Nothing here is promised by
WAHA, so whatever is missing is simply not said.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fairwitness.capture import addresses
from fairwitness.capture.values import flag, obj, sha256_hex, text

_WRAPPERS = frozenset(
    {
        "deviceSentMessage", "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2",
        "viewOnceMessageV2Extension", "documentWithCaptionMessage", "editedMessage",
    }
)  # fmt: skip
_DEEPEST = 6
_OTHER_ADDRESSES = (
    ("key", "remoteJidAlt"), ("key", "participantAlt"), ("key", "senderPn"), ("key", "participantPn"),
    ("Info", "SenderAlt"), ("Info", "RecipientAlt"),
)  # fmt: skip


def shown_name(raw: Mapping[str, Any]) -> str:
    """The name that the sender gave themselves."""
    return text(raw, "notifyName") or text(raw, "pushName") or text(raw, "Info", "PushName")


def forwarded(raw: Mapping[str, Any]) -> bool:
    """True when the message bears WhatsApp's mark for forwarded ones."""
    return flag(raw, "isForwarded") or any(flag(context, "isForwarded") for context in _contexts(raw))


def answered(raw: Mapping[str, Any]) -> str:
    """The id of the message that is answered."""
    found = (text(context, "stanzaId") or text(context, "stanzaID") for context in _contexts(raw))
    return next(filter(None, found), "")


def is_voice(raw: Mapping[str, Any]) -> bool:
    """True for a voice note."""
    return text(raw, "type") == "ptt" or any(flag(part, "ptt") or flag(part, "PTT") for _, part in parts(raw))


def is_sticker(raw: Mapping[str, Any]) -> bool:
    """True for a sticker."""
    return text(raw, "type") == "sticker" or any(name == "stickerMessage" for name, _ in parts(raw))


def file_digest(raw: Mapping[str, Any]) -> str:
    """The SHA-256 of the file, in hex, where the engine gives it as text."""
    given = [text(raw, "filehash")]
    given += [text(part, name) for _, part in parts(raw) for name in ("fileSha256", "fileSHA256")]
    return next(filter(None, map(sha256_hex, given)), "")


def phone(raw: Mapping[str, Any]) -> str:
    """The phone behind an address of WhatsApp's own (`lid`), where the device knows it."""
    for path in _OTHER_ADDRESSES:
        written = text(raw, *path)
        address = addresses.jid(written) if written else ""
        if address.startswith("phone:"):
            return address
    return ""


def is_view_once(raw: Mapping[str, Any]) -> bool:
    """True when the message was to be seen once: companions do not get what it holds."""
    return flag(raw, "isViewOnce") or any(name.startswith("viewOnceMessage") for name, _ in parts(raw))


def parts(raw: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What stands in the message by WhatsApp's own names, with what is wrapped in something else."""
    pending = [(obj(raw, "message") or obj(raw, "Message"), 0)]
    while pending:
        message, depth = pending.pop()
        for name, value in message.items():
            if isinstance(value, dict):
                yield name, value
                if name in _WRAPPERS and depth < _DEEPEST:
                    pending.append((obj(value, "message"), depth + 1))


def _contexts(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (obj(part, "contextInfo") for _, part in parts(raw))
