"""Joins the record to the retention room: what is known of each entry, and what may go.

Nothing here destroys anything. A survey reads entries and says what decides about them;
`choose` holds a proposal against the decisions as they stand.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from fairwitness.archive.key_ports import KeyState
from fairwitness.errors import OnHold, Unreadable
from fairwitness.flow.facts import Term
from fairwitness.flow.reading import read_entry
from fairwitness.followers.words import parse, searchable
from fairwitness.mandate.decide import believable_sent
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import PersonEnrolled
from fairwitness.model.entry import MESSAGES, Stored
from fairwitness.model.envelope import unpack
from fairwitness.model.event import Event
from fairwitness.model.holding import Disposal
from fairwitness.retention import (
    Facts,
    Held,
    Schedule,
    Verdict,
    check_approved,
    check_proposal,
    decide,
    in_force,
    read_published,
)

ReadEntries = Callable[[str, int, int], Sequence[Stored]]
Judged = tuple[Facts, Verdict]
_STEP = 1_024


class Survey:
    """Says of entries what keeps them, as of one state of the custody log."""

    def __init__(self, read: ReadEntries, state: CustodyState) -> None:
        self._read = read
        self._state = state
        self._schedules = read_published(state.schedules)
        self._holds = in_force(state.holds.values())
        self._queries = {
            hold.placed.hold: [word for term in parse(hold.placed.query) for word in _asked(term)]
            for hold in self._holds
            if hold.placed.query
        }
        self._people = {line: self._people_of(line) for line in state.lines}

    @property
    def schedules(self) -> Sequence[Schedule]:
        """The schedules that were published, oldest first."""
        return self._schedules

    def facts(self, indexes: Iterable[int]) -> Iterator[Facts]:
        """What is known of these entries, in order; those that are gone are left out."""
        for _, together in groupby(sorted(set(indexes)), key=lambda index: index // _STEP):
            wanted = list(together)
            chosen = set(wanted)
            for stored in self._read(MESSAGES, wanted[0], wanted[-1] + 1):
                if stored.index in chosen and stored.payload is not None:
                    yield self._facts(stored)

    def judged(self, indexes: Iterable[int], *, now: int) -> Iterator[Judged]:
        """The same, each with its verdict."""
        for facts in self.facts(indexes):
            yield facts, decide(facts, schedules=self._schedules, holds=self._holds, now=now)

    def _facts(self, stored: Stored) -> Facts:
        line, sent_at = _envelope(stored)
        events = read_entry(stored).events
        contacts = frozenset(address for event in events for address in (event.chat, event.sender) if address)
        people = self._people.get(line, frozenset()) | frozenset(
            person
            for address in contacts
            if (other := self._state.aliases.get(address)) is not None
            for person in self._people[other]
        )
        return Facts(
            index=stored.index, stream=stored.header.stream, line=line, kind=stored.header.kind,
            sent_at=sent_at, received_at=stored.header.received_at, custody_size=stored.header.custody_size,
            people=frozenset(person.person for person in people),
            departments=frozenset(person.department for person in people if person.department),
            regions=frozenset(person.region for person in people if person.region),
            contacts=contacts, matched=self._matched(events),
        )  # fmt: skip

    def _matched(self, events: Sequence[Event]) -> frozenset[str]:
        if not self._queries:
            return frozenset()
        said = " ".join(searchable(text) for event in events for text in _texts(event))
        return frozenset(hold for hold, words in self._queries.items() if all(w in said for w in words))

    def _people_of(self, line: str) -> frozenset[PersonEnrolled]:
        state = self._state
        assigned = state.assignments.get(line, ())
        return frozenset(state.people[one.person] for one in assigned if one.person in state.people)


def choose(disposal: Disposal, judged: Sequence[Judged], *, now: int) -> list[int]:
    """The entries of an approved proposal that may go now.

    Raises `Forbidden` or `OnHold` where it must not be carried out at all. Of a proposal by
    schedule, what has come under a hold meanwhile is left out, and the rest goes.
    """
    check_approved(disposal, now=now)
    chosen = []
    for facts, verdict in judged:
        if disposal.proposed.basis == "schedule" and isinstance(verdict, Held):
            continue
        check_proposal(disposal, facts, verdict)
        chosen.append(facts.index)
    if judged and not chosen:
        raise OnHold("holds cover everything in this proposal", disposal=disposal.proposed.disposal)
    return chosen


def may_be_due(states: Iterable[KeyState], schedules: Sequence[Schedule], *, now: int) -> list[bytes]:
    """The data keys under which something may be due: their month began long enough ago."""
    if not schedules:
        return []
    return [
        state.key_id
        for state in states
        if any(rule.period.after(_start_of(state.scope.month)) <= now for rule in schedules[-1].rules)
    ]


def _asked(term: Term) -> tuple[str, ...]:
    # What a search excludes is held all the same: a hold may cover too much, never too little.
    return () if term.excluded else term.words


def _texts(event: Event) -> Iterator[str]:
    yield event.text
    yield from (media.filename for media in event.media)


def _envelope(stored: Stored) -> tuple[str, int]:
    received_at = stored.header.received_at
    try:
        envelope = unpack(stored.payload or b"")
    except Unreadable:
        return "", received_at
    return envelope.line, believable_sent(envelope.sent_at, received_at=received_at)


def _start_of(month: str) -> int:
    return round(datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC).timestamp() * 1000)
