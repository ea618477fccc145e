"""Which entries of the message log an order means: one walk along the log, numbers kept and no words.

`docs/spec/pack.md`, section 4. What speaks of a message goes where the message goes, whenever it came.
"""

from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from fairwitness.archive.ports import Opened
from fairwitness.errors import HashMismatch, Unreadable
from fairwitness.flow.reading import Read, read_entry
from fairwitness.mandate.decide import believable_sent
from fairwitness.model.entry import MESSAGES, read_header
from fairwitness.model.envelope import unpack
from fairwitness.produce.orders import Order, Scope
from fairwitness.produce.picking import read_span, stored
from fairwitness.produce.ports import Entries, Progress, Telling
from fairwitness.produce.tree import Tree
from fairwitness.tlog import WIDTH


@dataclass(slots=True)
class Message:
    """One message by its entries: where it stands, when it was sent, whether it came itself.

    `key` is that of its parts; one that stands alone has none, and is the part `ordinal` of its entry.
    """

    position: int
    at: int
    held: bool
    key: bytes | None
    ordinal: int
    entries: list[int]


@dataclass(slots=True)
class Conversation:
    """A conversation with what of it is asked for. `bare` are entries that tell of no message."""

    stream: str
    line: str
    messages: list[Message]
    bare: list[int]

    @property
    def first(self) -> int:
        """The first of its entries that is asked for."""
        return min([message.entries[0] for message in self.messages] + self.bare[:1])


@dataclass(frozen=True, slots=True)
class Selection:
    """What an order means in the message log.

    `destroyed` counts entries among them whose key is gone; `unattributable` those of which, for that reason,
    nobody can say whether they are meant.
    """

    conversations: tuple[Conversation, ...]
    entries: "array[int]"
    destroyed: int
    unattributable: int


@dataclass(slots=True)
class _Thread:
    stream: str
    line: str = ""
    wanted: bool | None = None
    messages: list[Message] = field(default_factory=list)
    by_key: dict[bytes, Message] = field(default_factory=dict)
    bare: list[tuple[int, int]] = field(default_factory=list)
    destroyed: list[tuple[int, int]] = field(default_factory=list)


def survey(
    order: Order, scope: Scope, *, tree: Tree, entries: Entries, telling: Telling, flagged: Collection[int],
    progress: Progress,
) -> Selection:  # fmt: skip
    """Walk along the message log of `tree` and select what `order` means."""
    walk = _Walk(scope, telling)
    for bundle in range(-(-tree.size // WIDTH)):
        headers = tree.headers(bundle)
        if any(walk.wants(read_header(header).stream) for header in headers):
            first = bundle * WIDTH
            for opened in read_span(entries, MESSAGES, first, first + len(headers)):
                if opened.header != headers[opened.index - first]:
                    raise HashMismatch("a header is not the published one", log=MESSAGES, index=opened.index)
                walk.take(opened)
        progress("Selecting", min((bundle + 1) * WIDTH, tree.size), tree.size)
    return _select(order, scope, walk.threads, flagged)


class _Walk:
    def __init__(self, scope: Scope, telling: Telling) -> None:
        self._scope = scope
        self._telling = telling
        self.threads: dict[str, _Thread] = {}

    def wants(self, stream: str) -> bool:
        """True unless it is known that nothing of this conversation is asked for."""
        thread = self.threads.get(stream)
        return thread is None or thread.wanted is not False

    def take(self, opened: Opened) -> None:
        """Note an entry with the conversation that it is of."""
        entry = stored(MESSAGES, opened)
        stream, received = entry.header.stream, entry.header.received_at
        thread = self.threads.setdefault(stream, _Thread(stream))
        if thread.wanted is False:
            return
        if entry.payload is None:
            thread.destroyed.append((opened.index, received))
            return
        read = read_entry(entry)
        line, sent = _head(entry.payload)
        thread.line = thread.line or line
        thread.wanted = self._decide(thread, read)
        if not self.wants(stream):
            thread.messages, thread.by_key, thread.bare = [], {}, []
        elif not self._add(thread, read):
            thread.bare.append((opened.index, believable_sent(sent, received_at=received)))

    def _decide(self, thread: _Thread, read: Read) -> bool | None:
        """Whether the conversation is asked for; None while that can not be told."""
        if thread.wanted is not None:
            return thread.wanted
        if not self._scope.whole and thread.line not in self._scope.lines:
            return False
        if not self._scope.conversations or thread.stream in self._scope.conversations:
            return True
        chats = {event.chat for event in read.events if event.chat}
        return bool(chats & self._scope.conversations) if chats else None

    def _add(self, thread: _Thread, read: Read) -> bool:
        parts = self._telling.parts(read)
        for part in parts:
            at = believable_sent(part.event.at, received_at=part.received_at)
            message = thread.by_key.get(part.key) if part.key is not None else None
            if message is None:
                message = Message(part.index, at, part.base, part.key, part.ordinal, [])
                thread.messages.append(message)
                if part.key is not None:
                    thread.by_key[part.key] = message
            elif part.base and not message.held:
                message.position, message.at, message.held = part.index, at, True
            if message.entries[-1:] != [part.index]:
                message.entries.append(part.index)
        return bool(parts)


def _head(payload: bytes) -> tuple[str, int | None]:
    try:
        envelope = unpack(payload)
    except Unreadable:
        return "", None
    return envelope.line, envelope.sent_at


def _select(order: Order, scope: Scope, threads: dict[str, _Thread], flagged: Collection[int]) -> Selection:
    conversations: list[Conversation] = []
    destroyed: set[int] = set()
    lost = 0
    for thread in threads.values():
        gone = [index for index, at in thread.destroyed if order.covers(at)]
        if not _is_wanted(thread, scope):
            lost += len(gone) if thread.wanted is None and not thread.line else 0
            continue
        messages = [message for message in thread.messages if order.covers(message.at)]
        bare = sorted([index for index, at in thread.bare if order.covers(at)] + gone)
        found = Conversation(thread.stream, thread.line, sorted(messages, key=_standing), bare)
        if _has_any(found, flagged if order.asked.alerts else None):
            conversations.append(found)
            destroyed.update(gone)
    conversations.sort(key=lambda one: (one.first, one.stream))
    entries = array("q", sorted(set(_numbers(conversations))))
    return Selection(tuple(conversations), entries, len(destroyed), lost)


def _is_wanted(thread: _Thread, scope: Scope) -> bool:
    if thread.wanted is not None:
        return thread.wanted
    # Nothing of it can be read any more: it is meant where everything is, or where it was named itself.
    return thread.stream in scope.conversations or (scope.whole and not scope.conversations)


def _has_any(found: Conversation, flagged: Collection[int] | None) -> bool:
    if not found.messages and not found.bare:
        return False
    return flagged is None or any(number in flagged for number in _numbers([found]))


def _numbers(conversations: list[Conversation]) -> Iterator[int]:
    for one in conversations:
        yield from one.bare
        for message in one.messages:
            yield from message.entries


def _standing(message: Message) -> tuple[int, int]:
    return message.position, message.entries[0]
