"""The selected messages, told in order and in parts of bounded size, and what must be said besides."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from fairwitness.flow.facts import Gathered, Part
from fairwitness.flow.reading import read_entry
from fairwitness.mandate.state import CustodyState
from fairwitness.model.entry import MESSAGES
from fairwitness.produce.catalogue import Conversation, Message
from fairwitness.produce.picking import pick, stored
from fairwitness.produce.ports import Entries, Telling
from fairwitness.produce.said import Flag, Said
from fairwitness.produce.trail import Decisions

PART = 1_000
"""How many messages are told, and shown on one page, together."""


@dataclass(slots=True)
class Tally:
    """What is counted on the way: messages, those that never came, those nobody read, files."""

    messages: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    unread: Counter[str] = field(default_factory=Counter)
    files: int = 0

    def count(self, said: Said) -> None:
        """Count one message."""
        self.files += len(said.media)
        if not said.held:
            self.missing["never_came"] += 1
        elif said.kind == "unreadable":
            self.missing["not_delivered"] += 1
        else:
            self.messages += 1
        if said.unread:
            self.unread[said.unread] += 1


def parts_of(conversation: Conversation) -> int:
    """How many parts a conversation is told in; at least one."""
    return max(1, -(-len(conversation.messages) // PART))


def told(
    conversation: Conversation, part: int, *, entries: Entries, telling: Telling, decisions: Decisions
) -> list[Said]:
    """The messages of one part (from 0) of a conversation, in the order in which they stand."""
    messages = conversation.messages[part * PART : (part + 1) * PART]
    if not messages:
        return []
    numbers = sorted({number for message in messages for number in message.entries})
    by_entry: dict[int, Sequence[Part]] = {}
    sizes: dict[int, int] = {}
    for opened in pick(entries, MESSAGES, numbers):
        entry = stored(MESSAGES, opened)
        by_entry[opened.index] = telling.parts(read_entry(entry))
        sizes[opened.index] = entry.header.custody_size
    gathered = [_gather(number, message, by_entry) for number, message in enumerate(messages)]
    return [_with_facts(said, sizes, decisions) for said in telling.said(gathered)]


def _gather(number: int, message: Message, by_entry: Mapping[int, Sequence[Part]]) -> Gathered:
    parts = (part for index in message.entries for part in by_entry[index])
    alone = message.key is None
    own = (part for part in parts if part.key == message.key)
    mine = tuple(part for part in own if not alone or part.ordinal == message.ordinal)
    return Gathered(
        number=number, key=message.key, position=message.position, held=message.held, stream=mine[0].stream,
        parts=mine,
    )  # fmt: skip


def _with_facts(said: Said, sizes: Mapping[int, int], decisions: Decisions) -> Said:
    flags: tuple[Flag, ...] = tuple(flag for index in said.entries for flag in decisions.flags.get(index, ()))
    unread = _why_unread(said, sizes[said.entry], decisions.state)
    return msgspec.structs.replace(said, alerts=flags, unread=unread)


def _why_unread(said: Said, custody_size: int, state: CustodyState) -> str:
    if not said.held or said.kind == "unreadable":
        return ""
    if state.plan_at(custody_size) is None:
        return "no_policy"
    if said.kind != "message":
        return "notice"
    return "file_only" if said.media and not said.text else ""


def everything(
    conversations: Sequence[Conversation], *, entries: Entries, telling: Telling, decisions: Decisions
) -> Iterator[tuple[int, Said]]:
    """Every message of every conversation, with the number (from 1) of the conversation."""
    for number, one in enumerate(conversations, 1):
        for part in range(parts_of(one)):
            for said in told(one, part, entries=entries, telling=telling, decisions=decisions):
                yield number, said
