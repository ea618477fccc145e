"""Who an item is about: the other side, and the contact record that belongs to them.

Contacts are matched by user id, then by number, never by their place in the list.
The door and the reader use the same functions, so that both name the same address.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fairwitness.capture import addresses
from fairwitness.capture.values import items, obj, text


def other_side(item: Mapping[str, Any], kind: str, *, own: str, contact: Mapping[str, Any]) -> str:
    """The address of the other side of `item`, or '' when it names nobody.

    `own` is the line's own number as an address; `contact` the record that belongs to the item.
    """
    group = text(item, "group_id")
    if text(item, "recipient_type") == "group" and "recipient_id" in item:
        group = text(item, "recipient_id")
    if group:
        return addresses.group(group)
    number, user_id = _counterpart(item, kind, own, contact)
    if not number and not user_id:
        return ""
    return addresses.person(user_id=user_id or text(contact, "user_id"), number=number)


def names(item: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[str]]:
    """The user ids and the numbers that `item` names, by which its contact can be found."""
    ids = [text(item, key) for key in _USER_IDS if key in item]
    numbers = [text(item, key) for key in _NUMBERS if key in item]
    if "system" in item:
        ids.append(text(item, "system", "previous_user_id"))
    return [i for i in ids if i], [addresses.same_number(n) for n in numbers if n]


def sender(item: Mapping[str, Any], *, contact: Mapping[str, Any]) -> str:
    """The address of whoever wrote `item`."""
    number = text(item, "from")
    user_id = text(item, "from_user_id") or text(item, "system", "previous_user_id")
    if not number and not user_id:
        return addresses.person(user_id=text(contact, "user_id"), number=text(contact, "wa_id"))
    return addresses.person(user_id=user_id or text(contact, "user_id"), number=number)


def is_own(item: Mapping[str, Any], own: str, *, contact: Mapping[str, Any]) -> bool:
    """True when the line itself is the author. `from_user_id` may name the customer even then.

    A contact's record with the same number says that it is the contact who wrote.
    """
    number = addresses.phone(text(item, "from"))
    return bool(own) and number == own and addresses.phone(text(contact, "wa_id")) != own


def sent_by_program(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """An echo of another program: the body it sent, with the id and time that WhatsApp gave."""
    sent = dict(obj(item, "message"))
    sent.setdefault("type", "text")
    if text(sent, "recipient_type") == "group":
        sent["group_id"] = text(sent, "to")
    written = items(item, "template", "components")
    if text(sent, "type") == "template" and written:
        template = dict(obj(sent, "template"))
        template["components"] = [written, template.get("components", [])]
        sent["template"] = template
    return {**sent, "id": text(item, "id"), "timestamp": item.get("timestamp")}


_USER_IDS = (
    "from_user_id", "to_user_id", "recipient_participant_user_id", "participant_recipient_user_id",
    "recipient_user_id", "user_id",
)  # fmt: skip
_NUMBERS = (
    "from", "to", "recipient_participant_id", "participant_recipient_id", "recipient_id", "wa_id",
)  # fmt: skip


def _counterpart(item: Mapping[str, Any], kind: str, own: str, contact: Mapping[str, Any]) -> tuple[str, str]:
    """Number and user id of the other side."""
    if kind == "status":
        return text(item, "recipient_id"), text(item, "recipient_user_id")
    outgoing_call = text(item, "direction") == "BUSINESS_INITIATED"
    outward = kind == "echo" or is_own(item, own, contact=contact) or outgoing_call
    near, far = ("from", "to") if outward else ("to", "from")
    if text(item, far) or text(item, f"{far}_user_id"):
        return text(item, far), text(item, f"{far}_user_id") or text(item, "system", "previous_user_id")
    if text(item, "recipient_id") or text(item, "recipient_user_id"):
        return text(item, "recipient_id"), text(item, "recipient_user_id")
    if outward and text(item, "recipient"):
        return "", text(item, "recipient")
    if kind == "message":
        return "", text(obj(item, "system"), "previous_user_id") or text(obj(item, "system"), "user_id")
    number, user_id = text(item, "wa_id") or text(item, "phone_number"), text(item, "user_id")
    if not number and not user_id and addresses.phone(text(item, near)) not in ("", own):
        return text(item, near), text(item, f"{near}_user_id")
    return number, user_id
