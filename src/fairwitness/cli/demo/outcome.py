"""What the demo's deployment says it holds, gathered after the last delivery."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fairwitness.archive.status import LogStatus, VerifyReport
from fairwitness.cli.demo.pilot import Pilot
from fairwitness.cli.demo.stage import Stage
from fairwitness.compose import House
from fairwitness.followers.views import AlertRow
from fairwitness.model.entry import MESSAGES

_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert, and WhatsApp's id of the message it is about. No words."""

    policy: str
    title: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Counts from the system. `refused` is by line id; `apart` is the other verifier's report."""

    posted: int
    kept: int
    refused: Mapping[str, int]
    messages: int
    not_understood: int
    alerts: Sequence[Alert]
    logs: Sequence[LogStatus]
    verified: VerifyReport
    apart: Mapping[str, Any]
    apart_code: int
    seconds: float

    @property
    def duplicates(self) -> int:
        """What was posted and neither kept nor refused."""
        return self.posted - self.kept - sum(self.refused.values())

    @property
    def flagged(self) -> frozenset[str]:
        """The ids of messages that have an alert."""
        return frozenset(alert.message for alert in self.alerts)

    def flagged_by(self, policy: str) -> frozenset[str]:
        """The ids of messages that this policy has flagged."""
        return frozenset(alert.message for alert in self.alerts if alert.policy == policy)


def gather(stage: Stage, pilot: Pilot, *, seconds: float) -> Outcome:
    """Ask the house, and both verifiers."""
    house = stage.house
    verified = house.verify()
    apart = stage.verify_apart()
    refused: Counter[str] = Counter()
    for row in house.refused():
        refused[row.line] += row.count
    status = house.status()
    return Outcome(
        posted=sum(len(delivery.holds) for delivery in pilot.deliveries),
        kept=next(log.size for log in status.logs if log.log == MESSAGES),
        refused=dict(refused),
        messages=house.messages.message_count(),
        not_understood=house.messages.not_understood_count(),
        alerts=tuple(_alerts(house)),
        logs=status.logs,
        verified=verified,
        apart=json.loads(apart.stdout) if apart.stdout.startswith("{") else {},
        apart_code=apart.returncode,
        seconds=seconds,
    )


def _alerts(house: House) -> list[Alert]:
    rows: list[AlertRow] = []
    while page := house.alerts.queue(limit=_PAGE, offset=len(rows)):
        rows += page
    named = {}
    for start in range(0, len(rows), _PAGE):
        part = rows[start : start + _PAGE]
        shown = house.messages.messages([row.index for row in part])
        named.update({row.index: message.id for row, message in zip(part, shown, strict=True)})
    return [
        Alert(policy=row.policy, title=row.title, severity=row.severity, message=named[row.index])
        for row in rows
    ]
