"""One item from its bytes and what stood around them: kind, address, identity, time."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from fairwitness.capture import addresses
from fairwitness.capture.cloud_api import who
from fairwitness.capture.cloud_api.contacts import Contact, Contacts
from fairwitness.capture.exact import is_object
from fairwitness.capture.values import loads_members, moment, obj, text
from fairwitness.errors import Malformed
from fairwitness.model.envelope import Item, Slice

SOURCE = "cloud_api"
_NOTHING: Mapping[str, Any] = {}
_WITH_ID = frozenset({"message", "echo", "status", "call"})


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an item: its line, the line's own number, and slices to keep with it."""

    line: str = ""
    own: str = ""
    field: Slice | None = None
    metadata: Slice | None = None
    envelope: tuple[Slice, ...] = ()
    standby: bool = False

    def of_line(self, line: str) -> "Around":
        """The same with another line."""
        return replace(self, line=line)

    def plus(self, *slices: Slice) -> "Around":
        """The same with further slices."""
        return replace(self, envelope=(*self.envelope, *slices))

    def with_account(self, entry: Mapping[str, bytes]) -> "Around":
        """The same with the id of the account, which is the only name such an item has."""
        if "id" not in entry:
            return self
        path = next((s.pointer for s in (self.field,) if s), "")
        base = path.rpartition("/changes/")[0]
        return self.plus(Slice("envelope", f"{base}/id", entry["id"]))


def build(
    kind: str,
    raw: bytes,
    at: str,
    around: Around,
    *,
    contacts: Contacts | None = None,
    about_only_contact: bool = False,
    contact: Contact | None = None,
    chat: str = "",
    sent_at: int | None = None,
) -> Item:
    """The item that `raw` is; of kind `unknown` where it lacks what its kind must have."""
    value = _read(raw)
    if contacts is not None and contact is None:
        contact = contacts.only() if about_only_contact else contacts.take(value)
    if not value or (kind in _WITH_ID and not _id(value)):
        kind = "unknown"
    own = addresses.phone(around.own) if around.own else ""
    record = contact.value if contact else _NOTHING
    beside = [s for s in (contact and contact.slice, around.metadata, around.field) if s]
    return Item(
        source=SOURCE,
        kind=kind,
        line=around.line,
        contact=chat or _contact(value, kind, own, record, about_only_contact),
        identity=_identity(kind, value, raw, around),
        refers_to=_refers_to(kind, value, around),
        sent_at=_sent_at(value) if sent_at is None else sent_at,
        slices=(Slice("item", at, raw), *beside, *around.envelope),
    )


def digest(raw: bytes) -> str:
    """What stands for an item that has no id: the SHA-256 of its bytes."""
    return hashlib.sha256(raw).hexdigest()


def recipient(status: Mapping[str, Any]) -> str:
    """Whom a status speaks of: the participant of a group where there is one."""
    keys = (
        "recipient_participant_id", "participant_recipient_id", "recipient_participant_user_id",
        "participant_recipient_user_id", "recipient_id", "recipient_user_id",
    )  # fmt: skip
    return next((text(status, key) for key in keys if text(status, key)), "")


def _read(raw: bytes) -> Mapping[str, Any]:
    """What can be read of an item; nothing where it is no object."""
    if not is_object(raw):
        return _NOTHING
    try:
        return loads_members(raw)[0]
    except Malformed:
        return _NOTHING


def _id(value: Mapping[str, Any]) -> str:
    found = value.get("id")
    return found if isinstance(found, str) else ""


def _contact(
    value: Mapping[str, Any], kind: str, own: str, record: Mapping[str, Any], about_only_contact: bool
) -> str:
    if about_only_contact:
        return addresses.person(user_id=text(record, "user_id"), number=text(record, "wa_id"))
    if kind == "contact" and "contact" in value:
        about = obj(value, "contact")
        return addresses.person(user_id=text(about, "user_id"), number=text(about, "phone_number"))
    if kind == "contact" and isinstance(value.get("user_id"), dict):
        return addresses.person(user_id=text(value, "user_id", "previous"), number=text(value, "wa_id"))
    if kind == "account":
        return ""
    if kind == "unknown" and "sender" in value:
        return addresses.person(number=text(value, "sender", "phone_number"))
    if kind == "echo" and "to" not in value and "message" in value:
        value = who.sent_by_program(value)
    return who.other_side(value, kind, own=own, contact=record)


def _identity(kind: str, value: Mapping[str, Any], raw: bytes, around: Around) -> tuple[str, ...]:
    suffix = ("standby",) if around.standby else ()
    match kind:
        case "message" | "echo":
            named: tuple[str, ...] = (_id(value),)
        case "status":
            named = (_id(value), text(value, "status"), recipient(value), text(value, "timestamp"))
        case "call":
            named = (_id(value), text(value, "event") or text(value, "status"))
        case _:
            named = (digest(raw),)
    return (SOURCE, around.line, kind, *named, *suffix)


def _refers_to(kind: str, value: Mapping[str, Any], around: Around) -> tuple[str, ...] | None:
    """The identity of the message that an edit or a revocation changes."""
    if kind not in ("message", "echo"):
        return None
    named = text(value, "type")
    original = text(value, named, "original_message_id") if named in ("edit", "revoke") else ""
    if not original:
        return None
    return (SOURCE, around.line, kind, original, *(("standby",) if around.standby else ()))


def _sent_at(value: Mapping[str, Any]) -> int | None:
    if "timestamp" in value:
        return moment(value["timestamp"])
    return moment(obj(value, "metadata").get("timestamp"))
