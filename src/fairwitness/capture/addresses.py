"""Addresses: how a person, a group or a line is written (`docs/spec/event.md`)."""

import re
from functools import lru_cache

_formatting = re.compile(r"[\s()\-./\u00a0\u202f\u2010\u2011\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_user_id = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,140}")


@lru_cache(maxsize=8192)
def phone(number: str) -> str:
    """`phone:+<digits>` for a number in any usual writing, or '' for what is no number."""
    digits = _formatting.sub("", number).removeprefix("+")
    return f"phone:+{digits}" if digits.isascii() and digits.isdigit() and len(digits) <= 32 else ""


def same_number(written: str) -> str:
    """What two writings of one number have in common."""
    return phone(written) or written


def person(*, user_id: str = "", number: str = "") -> str:
    """The address of a person: by user id where there is one, else by phone.

    Some relays put a user id where the number should be; it is taken as what it is.
    """
    if user_id:
        return f"user:{user_id}"
    if not number:
        return ""
    if _user_id.fullmatch(number):
        return f"user:{number}"
    return phone(number) or f"name:{number}"


def group(group_id: str) -> str:
    """`group:<id>`, or '' without one."""
    return f"group:{group_id}" if group_id else ""


def jid(written: str) -> str:
    """The address of a WhatsApp JID: a phone, a group, or the JID itself.

    A device part (`55…:12@`) and WhatsApp Web's `c.us` are the same person.
    """
    user, at, server = written.partition("@")
    if not at:
        return phone(written) or (f"jid:{written}" if written else "")
    if server == "g.us":
        return f"group:{written}"
    user = user.partition(":")[0]
    if server in ("c.us", "s.whatsapp.net"):
        return phone(user) or f"jid:{written}"
    return f"jid:{user}@{server}"
