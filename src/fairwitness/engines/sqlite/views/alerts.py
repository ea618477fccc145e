"""Keeps where each alert stands: fulfils `followers.ports.AlertStore`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from fairwitness.engines.sqlite.sql import load_queries
from fairwitness.engines.sqlite.views.place import ViewFile
from fairwitness.flow.facts import AlertFact, Moved
from fairwitness.model.finding import SEVERITIES

_SQL = load_queries(__package__, "alerts_queries.sql")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Moved).decode


class SqliteAlerts:
    """Alerts in an encrypted SQLite file."""

    def __init__(self, file: ViewFile) -> None:
        self.place = file
        self._db = file.db

    def get(self, alert: str) -> AlertFact | None:
        """Where one alert stands."""
        row = self._db.execute(_SQL["get"], (alert,)).fetchone()
        return _fact(row) if row else None

    def put(self, fact: AlertFact, step: Moved) -> None:
        """Keep where an alert stands and what led there."""
        self._db.execute(
            _SQL["put"],
            (
                fact.alert, fact.index, fact.policy, _rank(fact.severity), fact.state, fact.claimed_by,
                fact.raised_at, fact.raised_index,
            ),
        )  # fmt: skip
        self._db.execute(_SQL["add_step"], (step.custody_index, fact.alert, _encode(step)))

    def many(
        self, *, state: str, severity: str, policy: str, among: Sequence[str] | None,
        limit: int, offset: int, newest_first: bool,
    ) -> Sequence[AlertFact]:  # fmt: skip
        """By severity, then age."""
        where, values = _where(state=state, severity=severity, policy=policy, among=among)
        query = _SQL["newest" if newest_first else "oldest"].format(where=where)
        return [_fact(row) for row in self._db.execute(query, (*values, limit, offset))]

    def count(self, *, state: str, severity: str, policy: str, among: Sequence[str] | None) -> int:
        """How many `many` would find."""
        where, values = _where(state=state, severity=severity, policy=policy, among=among)
        return int(self._db.execute(_SQL["count"].format(where=where), values).get)

    def of_entries(self, indexes: Sequence[int]) -> Sequence[AlertFact]:
        """The alerts on these message entries."""
        return [_fact(row) for row in self._db.execute(_SQL["of_entries"], (json.dumps(list(indexes)),))]

    def steps(self, alerts: Sequence[str]) -> Mapping[str, Sequence[Moved]]:
        """What was decided about these alerts, oldest first."""
        return {a: [_decode(step) for (step,) in self._db.execute(_SQL["steps"], (a,))] for a in alerts}

    def policies(self) -> Sequence[str]:
        """Ids of the policies that have raised alerts."""
        return [policy for (policy,) in self._db.execute(_SQL["policies"])]

    def last_change(self) -> int:
        """The number after the newest custody entry that changed an alert; 0 before the first."""
        return int(self._db.execute(_SQL["last_change"]).get)


def _where(
    *, state: str, severity: str, policy: str, among: Sequence[str] | None
) -> tuple[str, tuple[Any, ...]]:
    """A condition made of fixed pieces; every value is bound."""
    pieces: list[tuple[str, Any]] = []
    if state == "waiting":
        pieces.append(("state IN (SELECT value FROM json_each(?))", '["open", "claimed"]'))
    elif state:
        pieces.append(("state = ?", state))
    if severity:
        pieces.append(("rank = ?", _rank(severity)))
    if policy:
        pieces.append(("policy = ?", policy))
    if among is not None:
        pieces.append(("alert IN (SELECT value FROM json_each(?))", json.dumps(list(among))))
    clause = " AND ".join(piece for piece, _ in pieces)
    return clause or "TRUE", tuple(value for _, value in pieces)


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1


def _fact(row: Sequence[Any]) -> AlertFact:
    alert, index, policy, rank, state, claimed_by, raised_at, raised_index = row
    return AlertFact(
        alert=alert, index=index, policy=policy, severity=SEVERITIES[rank] if rank >= 0 else "",
        state=state, claimed_by=claimed_by, raised_at=raised_at, raised_index=raised_index,
    )  # fmt: skip
