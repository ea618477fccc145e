"""Reads conversations: parts laid together into messages. Fulfils `MessagesView`.

What is shown depends on the parts alone, not on the order in which they came: copies of a
message by entry, edits by the time WhatsApp gives, the newest reaction of each person, the
first receipt of each kind, the first revocation.
"""

from collections.abc import Iterable, Mapping, Sequence

from fairwitness.flow.facts import Gathered, Part, Thread
from fairwitness.followers.naming import message_key
from fairwitness.followers.ports import MessageStore
from fairwitness.followers.views import (
    ConversationRow,
    MessageRow,
    NotUnderstood,
    Reaction,
    Receipt,
    Revocation,
    Version,
)

_LARGEST = 2**62
_MOST = 1_000


class Conversations:
    """Conversations over a `MessageStore`."""

    def __init__(self, store: MessageStore) -> None:
        self._store = store

    def conversations(self, *, line: str = "", limit: int = 50, offset: int = 0) -> Sequence[ConversationRow]:
        """Conversations, the one that moved last first."""
        return self._named(
            self._store.threads(line=line, limit=_within(limit), offset=_within(offset, _LARGEST))
        )

    def conversation(self, stream: str) -> ConversationRow | None:
        """One conversation."""
        thread = self._store.thread(stream)
        return self._named([thread])[0] if thread else None

    def window(self, stream: str, *, around: int, before: int = 20, after: int = 20) -> Sequence[MessageRow]:
        """Messages of `stream` in log order around entry `around`."""
        numbers = self._store.numbers_around(
            stream, around=_within(around, _LARGEST), before=_within(before), after=_within(after)
        )
        return self._rows(numbers)

    def messages(self, indexes: Sequence[int]) -> Sequence[MessageRow]:
        """The messages of these entries, in the order asked."""
        asked = [index for index in indexes if 0 <= index < _LARGEST]
        numbers = self._store.numbers_of(asked)
        return self._rows([number for index in asked for number in numbers.get(index, ())])

    def first_of(self, indexes: Sequence[int]) -> Mapping[int, MessageRow]:
        """The first message of each of these entries that has one, all read at once."""
        numbers = {index: found[0] for index, found in self._store.numbers_of(indexes).items()}
        rows = self._by_number(list(numbers.values()))
        return {index: rows[number] for index, number in numbers.items() if number in rows}

    def not_understood(self, *, limit: int = 50, offset: int = 0) -> Sequence[NotUnderstood]:
        """What is kept and was not understood, newest first."""
        return [
            NotUnderstood(u.index, u.kind, u.source, u.reason, u.received_at)
            for u in self._store.unclear(limit=_within(limit), offset=_within(offset, _LARGEST))
        ]

    def not_understood_count(self) -> int:
        """How many entries are not understood."""
        return self._store.unclear_count()

    def message_count(self) -> int:
        """How many messages are held."""
        return self._store.message_count()

    def _named(self, threads: Sequence[Thread]) -> list[ConversationRow]:
        names = self._store.names([(thread.line, thread.chat) for thread in threads])
        return [
            ConversationRow(
                stream=t.stream, line=t.line, chat=t.chat,
                chat_name=names.get((t.line, t.chat)) or t.chat.removeprefix("name:"),
                messages=t.messages, last_index=t.last_index, last_at=t.last_at,
            )
            for t in threads
        ]  # fmt: skip

    def _rows(self, numbers: Sequence[int]) -> list[MessageRow]:
        rows = self._by_number(numbers)
        return [rows[number] for number in numbers if number in rows]

    def _by_number(self, numbers: Sequence[int]) -> dict[int, MessageRow]:
        found = self._store.gather(list(dict.fromkeys(numbers)))
        shown = {number: _main(message) for number, message in found.items()}
        names = self._store.names([(part.line, part.event.sender) for part in shown.values()])
        answered = {
            number: (part.stream, message_key(part.event.reply_to))
            for number, part in shown.items()
            if part.event.reply_to
        }
        originals = self._store.gather_keys(list(set(answered.values())))
        return {
            number: message_row(
                message, names=names, answered=originals.get(answered.get(number, ("", b"")))
            )
            for number, message in found.items()
        }  # fmt: skip


def message_row(
    message: Gathered, *, names: Mapping[tuple[str, str], str], answered: Gathered | None = None
) -> MessageRow:
    """`message` as a conversation shows it; `answered` is the message it replies to."""
    main = _main(message)
    event = main.event
    versions = text_versions(message.parts)
    return MessageRow(
        index=message.position, stream=message.stream, line=main.line, chat=event.chat,
        id=event.id if message.held else event.target, direction=event.direction, sender=event.sender,
        sender_name=event.sender_name or names.get((main.line, event.sender), ""),
        at=event.at if message.held else None, received_at=main.received_at,
        kind=event.kind if message.held else "message", subtype=event.subtype if message.held else "",
        text=versions[-1].text if versions else "", held=message.held, forwarded=event.forwarded,
        reply_to=event.reply_to, reply_text=_text_of(answered), versions=versions,
        revoked=_revocation(message.parts), reactions=_reactions(message.parts),
        receipts=_receipts(message.parts), media=event.media, details=event.details if message.held else (),
    )  # fmt: skip


def text_versions(parts: Iterable[Part]) -> tuple[Version, ...]:
    """Every text in order: copies that can be read, then edits; repeats are left out."""
    copies = [part for part in parts if part.base]
    bases = [part for part in copies if part.event.kind != "unreadable"] or copies
    edits = sorted(_of_kind(parts, "edit"), key=_when)
    versions: list[Version] = []
    for part in (*sorted(bases, key=_standing), *edits):
        if not versions or versions[-1].text != part.event.text:
            versions.append(Version(part.index, part.event.at, part.event.text))
    return tuple(versions)


def _main(message: Gathered) -> Part:
    """The part that is the message, or the first that speaks of it."""
    return min(message.parts, key=_standing)


def _standing(part: Part) -> tuple[bool, bool, int, int]:
    # A copy that can be read goes before one that WhatsApp did not deliver, whichever came first.
    return not part.base, part.event.kind == "unreadable", part.index, part.ordinal


def _when(part: Part) -> tuple[int, int, int]:
    return part.received_at if part.event.at is None else part.event.at, part.index, part.ordinal


def _of_kind(parts: Iterable[Part], kind: str) -> list[Part]:
    return [part for part in parts if part.event.kind == kind]


def _text_of(message: Gathered | None) -> str:
    versions = text_versions(message.parts) if message else ()
    return versions[-1].text if versions else ""


def _revocation(parts: Iterable[Part]) -> Revocation | None:
    first = min(_of_kind(parts, "revoke"), key=_when, default=None)
    return Revocation(first.index, first.event.sender, first.event.at) if first else None


def _reactions(parts: Iterable[Part]) -> tuple[Reaction, ...]:
    newest = {part.event.sender: part for part in sorted(_of_kind(parts, "reaction"), key=_when)}
    return tuple(
        Reaction(part.index, part.event.sender, part.event.emoji, part.event.at)
        for part in sorted(newest.values(), key=_when)
        if part.event.emoji
    )


def _receipts(parts: Iterable[Part]) -> tuple[Receipt, ...]:
    first: dict[str, Part] = {}
    for part in sorted(_of_kind(parts, "receipt"), key=_when):
        first.setdefault(part.event.subtype, part)
    return tuple(Receipt(part.index, status, part.event.at) for status, part in first.items())


def _within(number: int, most: int = _MOST) -> int:
    return min(max(0, number), most)
