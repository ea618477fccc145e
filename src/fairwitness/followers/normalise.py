"""Keeps conversations: every message with what happened to it, in whatever order it arrived."""

from collections.abc import Iterator, Sequence

from fairwitness.errors import Unreadable
from fairwitness.flow.facts import Naming, Part, Skipped, Unclear
from fairwitness.flow.follower import Batch, Cursor, Read
from fairwitness.followers.following import lead_past, taking
from fairwitness.followers.naming import is_base, is_shown, key_of, named, tidy
from fairwitness.followers.ports import MessageStore
from fairwitness.followers.words import whole
from fairwitness.model.entry import MESSAGES, LogName
from fairwitness.model.envelope import unpack
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
            self._store.add_parts([part for read in reads for part in _parts(read)])
            self._store.add_names([name for read in reads for name in _namings(read)])
            self._store.add_unclear([unclear for read in reads for unclear in _unclear(read)])

    def skip(self, log: LogName, index: int, problem: str) -> None:
        lead_past(self._store.place, log, index, problem)

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        return self._store.place.skipped(limit=limit)


def _parts(read: Read) -> Iterator[Part]:
    header = read.stored.header
    for ordinal, event in enumerate(read.events):
        if is_shown(event):
            base = is_base(event)
            yield Part(
                index=read.stored.index, ordinal=ordinal, key=key_of(header.stream, event),
                stream=header.stream, line=event.line, base=base, counts=base and event.kind in _COUNTED,
                received_at=header.received_at, event=tidy(event),
            )  # fmt: skip


def _namings(read: Read) -> Iterator[Naming]:
    for event in read.events:
        address, name = named(event)
        if address:
            at = read.stored.header.received_at if event.at is None else event.at
            yield Naming(
                line=event.line, address=whole(address), name=whole(name), at=at, index=read.stored.index
            )


def _unclear(read: Read) -> Iterator[Unclear]:
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
    if event.kind in ("edit", "revoke", "reaction", "receipt") and not event.target:
        return f"a {event.kind} that does not say of what"
    return ""


def _source(read: Read) -> str:
    try:
        return unpack(read.stored.payload).source if read.stored.payload is not None else ""
    except Unreadable:
        return ""
