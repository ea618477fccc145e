"""Reads conversations. Every function that gives out words is handed a `Reading` and tells it first."""

from collections.abc import Sequence

import msgspec

from fairwitness.followers.views import AlertDetail, ConversationRow, MessageRow
from fairwitness.mandate.state import CustodyState
from fairwitness_hub.audit.reading import Reading
from fairwitness_hub.conversation.bubbles import Bubble, Setting, bubbles
from fairwitness_hub.wiring import house

STEP = 20


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a conversation, and where to go on reading in either direction."""

    stream: str
    person: str
    line_name: str
    chat: str
    chat_name: str
    bubbles: tuple[Bubble, ...]
    entries: tuple[int, ...]
    older: int | None
    newer: int | None


def find(stream: str) -> ConversationRow | None:
    """The conversation of this stream. Says nothing of what is in it but the other side's name."""
    return house().messages.conversation(stream)


def around(
    reading: Reading, row: ConversationRow, *, entry: int, reason: str, focus: AlertDetail | None = None
) -> Page:
    """The messages before, at and after `entry`; `focus` is the alert that they are read for."""
    return _page(reading, row, entry=entry, before=STEP, after=STEP, reason=reason, focus=focus)


def older(reading: Reading, row: ConversationRow, *, entry: int, focus: AlertDetail | None = None) -> Page:
    """The messages just before `entry`."""
    return _page(reading, row, entry=entry, before=STEP, after=0, reason="older messages", focus=focus)


def newer(reading: Reading, row: ConversationRow, *, entry: int, focus: AlertDetail | None = None) -> Page:
    """The messages just after `entry`."""
    return _page(reading, row, entry=entry, before=0, after=STEP, reason="newer messages", focus=focus)


def _page(
    reading: Reading, row: ConversationRow, *, entry: int, before: int, after: int, reason: str,
    focus: AlertDetail | None,
) -> Page:  # fmt: skip
    # One more on each side that is asked for says whether there is more to read.
    rows = house().messages.window(
        row.stream, around=entry, before=before + 1 if before else 0, after=after + 1 if after else 0
    )
    past = [message for message in rows if message.index < entry]
    next_ = [message for message in rows if message.index > entry]
    here = [message for message in rows if message.index == entry] if before and after else []
    kept = [*past[max(len(past) - before, 0) :], *here, *next_[:after]]
    entries = tuple(index for message in kept for index in entries_of(message))
    reading.show(entries, reason=reason, alert=focus.row.alert if focus else "")
    custody = house().custody()
    return Page(
        stream=row.stream,
        person=person_name(custody, row.line),
        line_name=line_name(custody, row.line),
        chat=row.chat,
        chat_name=row.chat_name,
        bubbles=bubbles(kept, _setting(custody, row, kept, focus)),
        entries=entries,
        older=kept[0].index if kept and len(past) > before else None,
        newer=kept[-1].index if kept and len(next_) > after else None,
    )


def entries_of(message: MessageRow) -> tuple[int, ...]:
    """Every entry whose words a bubble shows: the message and its other texts."""
    return tuple(sorted({message.index, *(version.index for version in message.versions)}))


def _setting(
    custody: CustodyState, row: ConversationRow, kept: Sequence[MessageRow], focus: AlertDetail | None
) -> Setting:
    entries = [index for message in kept for index in entries_of(message)]
    details = {detail.row.alert: detail for detail in house().alerts.of_messages(entries)}
    if focus is not None:
        details[focus.row.alert] = focus
    return Setting(
        person=person_name(custody, row.line),
        other=row.chat_name,
        group=row.chat.startswith("group:"),
        line=line_name(custody, row.line),
        alerts=tuple(details.values()),
        focus=focus.row.alert if focus else "",
        in_view={message.id: message.index for message in kept if message.id},
    )


def person_name(custody: CustodyState, line: str) -> str:
    """Whose line it is, or the line's own name while it is nobody's."""
    person = custody.person_of(line)
    return person.name if person else line_name(custody, line)


def line_name(custody: CustodyState, line: str) -> str:
    """The line's name."""
    found = custody.lines.get(line)
    return found.name if found else ""
