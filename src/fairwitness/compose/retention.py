"""Holds, schedules and disposals of a deployment, as the commands ask for them."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from fairwitness.archive.custody import subject_of
from fairwitness.archive.dispose import entries_under
from fairwitness.compose import House, open_custody, open_key_store, open_reader, open_tail
from fairwitness.compose.keeping import changing_keys, open_disposer, open_keeper_side
from fairwitness.engines.filesystem import FolderStore
from fairwitness.engines.sqlite.views import open_views
from fairwitness.errors import Forbidden, Misconfigured, Overloaded
from fairwitness.followers.retention import Survey, choose, may_be_due
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import (
    DisposalApproved,
    DisposalBasis,
    DisposalProposed,
    HoldPlaced,
    HoldReleased,
    SchedulePublished,
)
from fairwitness.model.entry import CUSTODY, MESSAGES, read_header
from fairwitness.model.holding import Disposal
from fairwitness.retention import (
    Due,
    Evidence,
    Held,
    check_approved,
    check_clock,
    check_proposal,
    load_schedule,
    ranges_of,
    said_today,
)

MOST_TOGETHER = 100_000
"""How many entries one proposal names; what is due beyond goes with the next."""


class Month(msgspec.Struct, frozen=True):
    """Entries whose period ends in a month (`YYYY-MM`, or '' for never), and how many of them are held."""

    month: str
    entries: int
    held: int


class Retention:
    """What stays and what may go, in one deployment. Belongs to the thread that made it."""

    def __init__(self, house: House) -> None:
        assert house.keys.keeper is not None
        self._house = house
        self._settings, self._clock = house.settings, house.clock
        self._tail = open_tail(house.settings, house.keys.door)
        self._custody = open_custody(house.settings, house.keys.door, self._tail, clock=house.clock)
        self._reader = open_reader(house.settings, house.keys, self._tail, self._custody)
        self._store = open_key_store(house.settings, house.keys.keeper)

    def simulate(self) -> list[Month]:
        """What would go when, by month; touches nothing."""
        entries: Counter[str] = Counter()
        held: Counter[str] = Counter()
        everything = range(self._tail.size(MESSAGES))
        for _, verdict in self._survey().judged(everything, now=self._clock()):
            month = "" if verdict.due_at is None else _month(verdict.due_at)
            entries[month] += 1
            held[month] += isinstance(verdict, Held)
        return [Month(month, entries[month], held[month]) for month in sorted(entries)]

    def propose_due(self, *, reason: str, today: str, by: str) -> DisposalProposed | None:
        """Propose that what is due goes, at most so much together; None when nothing is."""
        now = self._clock()
        check_clock(self._evidence((today, today)))
        survey = self._survey()
        keys = may_be_due(self._store.states(), survey.schedules, now=now)
        sealed = entries_under(self._tail, FolderStore(self._settings.record), keys)
        size = self._tail.size(MESSAGES)
        candidates = [*sealed, *range(self._sealed_size(), size)]
        due = [
            facts.index for facts, verdict in survey.judged(candidates, now=now) if isinstance(verdict, Due)
        ]
        if not due:
            return None
        return self._propose("schedule", due[:MOST_TOGETHER], reason=reason, today=today, by=by)

    def propose_message(
        self, index: int, *, basis: DisposalBasis, reason: str, today: str, by: str
    ) -> DisposalProposed:
        """Propose that one message goes, with everything that later happened to it."""
        entries = self._entries_of(index)
        return self._propose(basis, entries, reason=reason, today=today, by=by)

    def approve(self, disposal: str, *, reason: str, today: str, by: str) -> None:
        """Approve a proposal of somebody else."""
        known = self._known(self._custody.state(), disposal)
        approval = DisposalApproved(disposal=disposal, reason=reason, today=today, by=by)
        now = self._clock()
        check_approved(_with(known, now, approval), now=now)
        self._house.decide(approval, subject=disposal)

    def execute(self, disposal: str, *, by: str) -> None:
        """Carry out an approved proposal. The keeper must not be running."""
        keys, clock = self._house.keys, self._clock
        check_approved(self._known(self._custody.state(), disposal), now=clock())
        _, side = open_keeper_side(self._settings, keys, clock=clock)

        def may_go(state: CustodyState) -> list[int]:
            known = self._known(state, disposal)
            check_clock(self._evidence(said_today(known)))
            survey = Survey(self._reader.read, state)
            return choose(known, list(survey.judged(_entries(known), now=clock())), now=clock())

        asked = len(_entries(self._known(self._custody.state(), disposal)))
        with changing_keys(self._settings):
            open_disposer(self._settings, keys, side).run(disposal, choose=may_go, asked=asked, by=by)

    def _propose(
        self, basis: DisposalBasis, entries: Sequence[int], *, reason: str, today: str, by: str
    ) -> DisposalProposed:
        proposed = DisposalProposed(
            disposal=self._house.new_id(), basis=basis, entries=ranges_of(entries), reason=reason,
            today=today, by=by,
        )  # fmt: skip
        now = self._clock()
        draft = Disposal(proposed, index=-1, at=now)
        judged = list(self._survey().judged(entries, now=now))
        if not judged:
            raise Forbidden("nothing of this is here to be disposed of")
        for facts, verdict in judged:
            check_proposal(draft, facts, verdict)
        self._house.decide(proposed, subject=proposed.disposal, expect=0)
        return proposed

    def _survey(self) -> Survey:
        return Survey(self._reader.read, self._custody.state())

    def _known(self, state: CustodyState, disposal: str) -> Disposal:
        known = state.disposals.get(disposal)
        if known is None:
            raise Forbidden("no disposal has this id", disposal=disposal)
        return known

    def _evidence(self, said: tuple[str, str]) -> Evidence:
        custody = self._tail.headers(CUSTODY, 0, self._tail.size(CUSTODY))
        messages = self._tail.headers(MESSAGES, 0, self._tail.size(MESSAGES))
        times = tuple([read_header(raw).received_at for raw in log] for log in (custody, messages))
        published = [log.checkpoint_at for log in self._house.status().logs if log.checkpoint_at]
        return Evidence(self._clock(), times, max(published, default=None), said)

    def _entries_of(self, index: int) -> list[int]:
        if self._house.behind()["normalise"]:
            raise Overloaded("the views have not taken everything in yet; ask again")
        assert self._house.keys.views is not None
        stores = open_views(self._settings.views, self._house.keys.views)
        found = stores.messages.gather(stores.messages.numbers_of([index]).get(index, ()))
        stores.close()
        return sorted({index, *(part.index for message in found.values() for part in message.parts)})

    def _sealed_size(self) -> int:
        return max((segment.last + 1 for segment in self._tail.segments(MESSAGES)), default=0)


def _with(known: Disposal, now: int, approval: DisposalApproved) -> Disposal:
    return replace(known, approved=(*known.approved, (now, approval)))


def _entries(disposal: Disposal) -> list[int]:
    return [index for first, last in disposal.proposed.entries for index in range(first, last + 1)]


def _month(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).strftime("%Y-%m")


def place_hold(house: House, hold: HoldPlaced) -> None:
    """Place a hold. It covers what is there and what is still to come."""
    if not any((hold.person, hold.stream, hold.contact, hold.query, hold.from_at, hold.to_at)):
        raise Misconfigured(
            "a hold names what it covers", setting="--person", hint="Or --contact, --query, a date."
        )
    if hold.person and hold.person not in house.custody().people:
        raise Forbidden(
            "nobody is enrolled under this id, so the hold would cover nothing", person=hold.person
        )
    house.decide(hold, subject=hold.hold, expect=0)


def release_hold(house: House, hold: str, *, reason: str, by: str) -> None:
    """Release a hold, from now on."""
    known = house.custody().holds.get(hold)
    if known is None or known.released_at is not None:
        raise Forbidden("no hold in force has this id", hold=hold)
    house.decide(HoldReleased(hold=hold, reason=reason, by=by), subject=hold)


def publish_schedule(house: House, text: str, *, path: str, by: str) -> str:
    """Put a schedule in force for what is captured from now on; gives its hash."""
    load_schedule(text, path=path)
    digest = hashlib.sha256(text.encode()).hexdigest()
    house.decide(SchedulePublished(schedule=digest, text=text, by=by), subject=subject_of("schedule"))
    return digest
