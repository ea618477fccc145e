"""Keeps the queue of alerts: what was raised, and what people decided about it."""

from collections.abc import Iterable, Sequence

import msgspec

from fairwitness.casework import AlertCase, after
from fairwitness.errors import Malformed
from fairwitness.flow.facts import AlertFact, Moved, Skipped
from fairwitness.flow.follower import Batch, Cursor
from fairwitness.followers.following import lead_past, letting_go, taking
from fairwitness.followers.ports import AlertStore
from fairwitness.model import custody as c
from fairwitness.model.entry import CUSTODY, LogName, Stored
from fairwitness.model.envelope import unpack

_Decided = c.AlertRaised | c.AlertClaimed | c.AlertClosed | c.AlertReopened


class AlertsFeed:
    """Follows the custody log and keeps an `AlertStore`."""

    name = "alerts_feed"
    logs: tuple[LogName, ...] = (CUSTODY,)

    def __init__(self, store: AlertStore) -> None:
        self._store = store

    def cursor(self) -> Cursor:
        return self._store.place.cursor()

    def handle(self, batch: Batch) -> None:
        with taking(self._store.place, batch) as reads:
            for stored, decision in _decisions(read.stored for read in reads):
                self._follow(stored, decision)

    def skip(self, log: LogName, index: int, problem: str) -> None:
        lead_past(self._store.place, log, index, problem)

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        return self._store.place.skipped(limit=limit)

    def forget(self, disposal: str, entries: Sequence[int]) -> None:
        with letting_go(self._store.place, disposal):
            pass  # An alert names its entry and its policy, and none of its words.

    def has_forgotten(self, disposal: str) -> bool:
        return self._store.place.acknowledged(disposal)

    def _follow(self, stored: Stored, decision: _Decided) -> None:
        known = self._store.get(decision.alert)
        if isinstance(decision, c.AlertRaised):
            if known is None:
                self._store.put(_raised(stored, decision), _step(stored, decision))
        elif known is not None:
            stood = AlertCase(known.index, known.severity, known.state, known.claimed_by)  # type: ignore[arg-type]
            stands = after(stood, decision)
            moved = msgspec.structs.replace(known, state=stands.state, claimed_by=stands.claimed_by)
            self._store.put(moved, _step(stored, decision))


def _decisions(entries: Iterable[Stored]) -> Iterable[tuple[Stored, _Decided]]:
    for stored in entries:
        if not stored.header.kind.startswith("alert.") or stored.payload is None:
            continue
        try:
            decision = c.read(unpack(stored.payload).slice("body") or b"")
        except msgspec.DecodeError as error:
            raise Malformed("a decision that can not be read", entry=stored.index) from error
        if isinstance(decision, _Decided):
            yield stored, decision


def _raised(stored: Stored, decision: c.AlertRaised) -> AlertFact:
    return AlertFact(
        alert=decision.alert, index=decision.index, policy=decision.policy, severity=decision.severity,
        state="open", claimed_by="", raised_at=stored.header.received_at, raised_index=stored.index,
    )  # fmt: skip


def _step(stored: Stored, decision: _Decided) -> Moved:
    moved = Moved(
        custody_index=stored.index, kind=c.kind_of(decision), by=decision.by, at=stored.header.received_at
    )
    said = {name: getattr(decision, name) for name in ("decision", "action", "reason", "reviewed")
            if hasattr(decision, name)}  # fmt: skip
    return msgspec.structs.replace(moved, **said)
