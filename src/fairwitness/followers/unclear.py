"""What was kept and not understood, and why: said, never dropped."""

from collections.abc import Iterator

from fairwitness.errors import Unreadable
from fairwitness.flow.facts import Unclear
from fairwitness.flow.follower import Read
from fairwitness.followers.words import whole
from fairwitness.model.envelope import unpack
from fairwitness.model.event import UNREAD, Event


def unclear_of(read: Read) -> Iterator[Unclear]:
    """Why `read` was not, or not fully, understood; nothing when it was."""
    if read.stored.payload is None:
        return  # Disposed of: nothing is there to be understood.
    reason = read.problem or next(filter(None, map(_why, read.events)), "")
    if not read.events and not reason:
        reason = "nothing in it was understood"
    if reason:
        header = read.stored.header
        yield Unclear(
            index=read.stored.index, kind=whole(header.kind), source=_source(read), reason=whole(reason),
            received_at=header.received_at,
        )  # fmt: skip


def _why(event: Event) -> str:
    if event.kind == "unreadable":
        said = "; ".join(value for key, value in event.details if key == "error")
        return said or f"WhatsApp did not deliver it: {event.subtype or 'no reason given'}"
    unread = next((value for key, value in event.details if key == UNREAD), "")
    if unread:
        return f"kept whole; a part of it could not be read: {unread}"
    if event.kind in ("edit", "revoke", "reaction", "receipt") and not event.target:
        return f"a {event.kind} that does not say of what"
    return ""


def _source(read: Read) -> str:
    try:
        return unpack(read.stored.payload).source if read.stored.payload is not None else ""
    except Unreadable:
        return ""
