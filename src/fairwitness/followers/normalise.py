"""Keeps conversations: every message with what happened to it, in whatever order it arrived."""

from collections.abc import Iterator, Sequence

from fairwitness.flow.facts import Naming, Part, Skipped
from fairwitness.flow.follower import Batch, Cursor, Read
from fairwitness.followers.following import lead_past, letting_go, taking
from fairwitness.followers.naming import is_base, is_shown, key_of, named, tidy
from fairwitness.followers.ports import MessageStore
from fairwitness.followers.unclear import unclear_of
from fairwitness.followers.words import whole
from fairwitness.model.entry import MESSAGES, LogName
from fairwitness.model.event import Event

_COUNTED = frozenset({"message", "unreadable"})


class Normalise:
    """Follows the message log and keeps a `MessageStore`."""

    name = "normalise"
    logs: tuple[LogName, ...] = (MESSAGES,)

    def __init__(self, store: MessageStore) -> None:
        self._store = store

    def cursor(self) -> Cursor:
        return self._store.place.cursor()

    def handle(self, batch: Batch) -> None:
        with taking(self._store.place, batch) as reads:
            self._store.add_parts([part for read in reads for part in parts_of(read)])
            self._store.add_names([name for read in reads for name in _namings(read)])
            self._store.add_unclear([unclear for read in reads for unclear in unclear_of(read)])

    def skip(self, log: LogName, index: int, problem: str) -> None:
        lead_past(self._store.place, log, index, problem)

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        return self._store.place.skipped(limit=limit)

    def forget(self, disposal: str, entries: Sequence[int]) -> None:
        with letting_go(self._store.place, disposal):
            nameless = set(self._store.forget(entries))
            for line in {line for line, _ in nameless}:
                parts = list(self._store.parts_of_line(line))
                named_again = (
                    naming
                    for part in parts
                    for naming in _naming_of(part.event, part.index, part.received_at)
                )
                self._store.add_names([n for n in named_again if (n.line, n.address) in nameless])

    def has_forgotten(self, disposal: str) -> bool:
        return self._store.place.acknowledged(disposal)


def parts_of(read: Read) -> Iterator[Part]:
    """The events of an entry that have a place in a conversation, each as part of its message."""
    header = read.stored.header
    for ordinal, event in enumerate(read.events):
        if is_shown(event):
            base = is_base(event)
            yield Part(
                index=read.stored.index, ordinal=ordinal, key=key_of(event),
                stream=header.stream, line=event.line, base=base, counts=base and event.kind in _COUNTED,
                received_at=header.received_at, event=tidy(event),
            )  # fmt: skip


def _namings(read: Read) -> Iterator[Naming]:
    for event in read.events:
        yield from _naming_of(event, read.stored.index, read.stored.header.received_at)


def _naming_of(event: Event, index: int, received_at: int) -> Iterator[Naming]:
    address, name = named(event)
    if address:
        at = received_at if event.at is None else event.at
        yield Naming(line=event.line, address=whole(address), name=whole(name), at=at, index=index)
