"""Keeps findings: fulfils `followers.ports.FindingStore`."""

import json
from collections.abc import Mapping, Sequence

import msgspec

from fairwitness.engines.sqlite.sql import load_queries
from fairwitness.engines.sqlite.views.place import ViewFile, blob
from fairwitness.flow.facts import Judged
from fairwitness.model.finding import Finding

_SQL = load_queries(__package__, "findings_queries.sql")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Finding).decode


class SqliteFindings:
    """Findings in an encrypted SQLite file."""

    def __init__(self, file: ViewFile) -> None:
        self.place = file
        self._db = file.db

    def add(self, judged: Sequence[Judged]) -> None:
        """Add findings; one that is there already stays as it is."""
        self._db.executemany(
            _SQL["add"],
            ((blob(j.alert), j.index, blob(j.stream), j.line, j.plan, _encode(j.finding)) for j in judged),
        )

    def forget(self, indexes: Sequence[int]) -> None:
        """Let go of everything that these entries brought."""
        self._db.execute(_SQL["forget"], (json.dumps(list(indexes)),))

    def of_alerts(self, alerts: Sequence[str]) -> Mapping[str, Judged]:
        """The findings behind these alerts, as far as they are known here."""
        found = (self._db.execute(_SQL["of_alert"], (blob(alert),)).fetchone() for alert in alerts)
        return {
            row[0].hex(): Judged(
                alert=row[0].hex(), index=row[1], stream=row[2].hex(), line=row[3], plan=row[4],
                finding=_decode(row[5]),
            )
            for row in found
            if row
        }  # fmt: skip

    def alerts_of_line(self, line: str) -> Sequence[str]:
        """The alerts on entries of `line`, newest entry first."""
        return [alert.hex() for (alert,) in self._db.execute(_SQL["alerts_of_line"], (line,))]
