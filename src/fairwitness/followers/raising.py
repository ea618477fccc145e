"""From a finding to the alert it raises: the same finding always raises the same alert."""

import hashlib
from collections.abc import Sequence

from fairwitness import canonical
from fairwitness.flow.facts import Judged
from fairwitness.model.custody import AlertRaised
from fairwitness.model.entry import MESSAGES
from fairwitness.model.event import Event


def alert_id(index: int, *, policy: str, plan: str) -> str:
    """The id of the alert that `policy` of `plan` raises on message entry `index`."""
    named = {"entry": index, "log": MESSAGES, "plan": plan, "policy": policy}
    return hashlib.sha256(canonical.encode(named)).hexdigest()


def ways_of(event: Event) -> Sequence[str]:
    """The directions that policies are asked about: both, where nobody can say who wrote (exports)."""
    return ("in", "out") if event.direction == "none" else (event.direction,)


def alert_of(judged: Judged) -> AlertRaised:
    """The custody decision that raises it."""
    return AlertRaised(
        alert=judged.alert, log=MESSAGES, index=judged.index, policy=judged.finding.policy,
        plan=judged.plan, severity=judged.finding.severity,
    )  # fmt: skip
