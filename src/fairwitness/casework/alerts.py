"""The life of an alert: open, claimed, closed, and open again.

    state     claim            close                          reopen
    open      anyone           anyone                         –
    claimed   nobody else      whoever claimed it             –
    closed    –                –                              anyone, with a reason

Whoever closes says which entries were read, the flagged one among them: opening an
alert is not reviewing it. Nobody decides about an alert on their own messages.
`check` is for what a person is about to decide; `after` follows what was decided.
"""

from dataclasses import dataclass, replace

from fairwitness.errors import Forbidden
from fairwitness.model.custody import AlertClaimed, AlertClosed, AlertRaised, AlertReopened, AlertState

AlertDecision = AlertRaised | AlertClaimed | AlertClosed | AlertReopened
_GRAVE = frozenset({"high", "critical"})


@dataclass(frozen=True, slots=True)
class AlertCase:
    """Where an alert stands: `index` is the flagged entry, `owner` the account of the line's person."""

    index: int
    severity: str
    state: AlertState = "open"
    claimed_by: str = ""
    owner: str = ""


def needs_reason(decision: str, severity: str) -> bool:
    """True when closing so must say why: every violation, and whatever was grave."""
    return decision == "violation" or severity in _GRAVE


def check(case: AlertCase, decision: AlertDecision) -> None:
    """Check that `decision.by` may decide this now, or raise `Forbidden`.

    1. nobody decides about their own messages;
    2. the alert is in a state that allows it, and nobody else was first;
    3. what must be said is said.
    """
    # 1.
    if case.owner and decision.by.casefold() == case.owner.casefold():
        raise Forbidden("this alert is about your own messages", by=decision.by)
    match decision:
        case AlertClaimed():
            _check_claim(case, decision)
        case AlertClosed():
            _check_close(case, decision)
        case AlertReopened():
            _check_reopen(case, decision)
        case AlertRaised():
            raise Forbidden("alerts are raised by policies, not by people", by=decision.by)


def after(case: AlertCase, decision: AlertDecision) -> AlertCase:
    """Where the alert stands once `decision` is in the record, whether or not it should be."""
    match decision:
        case AlertClaimed():
            return replace(case, state="claimed", claimed_by=decision.by)
        case AlertClosed():
            return replace(case, state="closed")
        case AlertReopened():
            return replace(case, state="open", claimed_by="")
        case AlertRaised():
            return case


def _check_claim(case: AlertCase, decision: AlertClaimed) -> None:
    # 2.
    if case.state == "closed":
        raise Forbidden("the alert is closed; reopen it first", state=case.state)
    if case.state == "claimed":
        raise Forbidden("the alert is claimed already", claimed_by=case.claimed_by)


def _check_close(case: AlertCase, decision: AlertClosed) -> None:
    # 2.
    if case.state == "closed":
        raise Forbidden("the alert is closed already", state=case.state)
    if case.state == "claimed" and case.claimed_by != decision.by:
        raise Forbidden("somebody else has claimed the alert", claimed_by=case.claimed_by)
    # 3.
    if case.index not in decision.reviewed:
        raise Forbidden("the flagged message is not among those reviewed", entry=case.index)
    if not decision.action.strip():
        raise Forbidden("what was done is not said", missing="action")
    if needs_reason(decision.decision, case.severity) and not decision.reason.strip():
        raise Forbidden("this decision needs a reason", missing="reason")


def _check_reopen(case: AlertCase, decision: AlertReopened) -> None:
    # 2.
    if case.state != "closed":
        raise Forbidden("the alert is not closed", state=case.state)
    # 3.
    if not decision.reason.strip():
        raise Forbidden("reopening needs a reason", missing="reason")
