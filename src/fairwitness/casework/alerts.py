"""The life of an alert: open, claimed, closed, and open again.

    state     claim                     close                reopen
    open      anyone                    anyone               –
    claimed   anyone else: takes over   whoever claimed it   –
    closed    –                         –                    anyone, with a reason; whoever
                                                             closed it just now, without

Whoever closes says which entries were read, the flagged one among them: opening an
alert is not reviewing it. Nobody decides about an alert on their own messages.
`check` is for what a person is about to decide; `after` follows what was decided.
A refusal names its `rule`, so that a screen can say it in the reader's words.
"""

from dataclasses import dataclass, replace

from fairwitness.errors import Forbidden
from fairwitness.model.custody import AlertClaimed, AlertClosed, AlertRaised, AlertReopened, AlertState

AlertDecision = AlertRaised | AlertClaimed | AlertClosed | AlertReopened
UNDONE = "undone"
NO_ACTION = "none"
UNDO_MS = 10_000
"""How long whoever closed an alert may take that back without a reason."""
_ON_THE_WAY_MS = 3_000
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
    _check_owner(case, decision.by)
    match decision:
        case AlertClaimed():
            _check_claim(case, decision)
        case AlertClosed():
            _check_close(case, decision)
        case AlertReopened():
            _check_reopen(case, decision)
        case AlertRaised():
            raise Forbidden("alerts are raised by policies, not by people", rule="raised")


def check_undo(case: AlertCase, *, by: str, closed_by: str, closed_at: int, now: int) -> None:
    """Check that `by` may open the alert again as if it had never been closed, or raise `Forbidden`.

    1. nobody decides about their own messages; 2. it is closed; 3. by them, a moment ago.
    """
    # 1.
    _check_owner(case, by)
    # 2.
    if case.state != "closed":
        raise Forbidden("the alert is not closed", rule="not_closed")
    # 3. The undo may have been on its way for a while.
    if closed_by != by or now - closed_at > UNDO_MS + _ON_THE_WAY_MS:
        raise Forbidden("only what one closed a moment ago can be undone", rule="too_late")


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


def _check_owner(case: AlertCase, by: str) -> None:
    if case.owner and by.casefold() == case.owner.casefold():
        raise Forbidden("this alert is about your own messages", rule="own_messages")


def _check_claim(case: AlertCase, decision: AlertClaimed) -> None:
    # 2.
    if case.state == "closed":
        raise Forbidden("the alert is closed; reopen it first", rule="closed")
    if case.state == "claimed" and case.claimed_by == decision.by:
        raise Forbidden("the alert is claimed already", rule="claimed_by_you")


def _check_close(case: AlertCase, decision: AlertClosed) -> None:
    # 2.
    if case.state == "closed":
        raise Forbidden("the alert is closed already", rule="closed")
    if case.state == "claimed" and case.claimed_by != decision.by:
        raise Forbidden("somebody else has claimed the alert", rule="claimed", claimed_by=case.claimed_by)
    # 3.
    if case.index not in decision.reviewed:
        raise Forbidden("the flagged message is not among those reviewed", rule="not_read", entry=case.index)
    if not decision.action.strip() or (decision.decision == "violation" and decision.action == NO_ACTION):
        raise Forbidden("what was done is not said", rule="no_action")
    if needs_reason(decision.decision, case.severity) and not decision.reason.strip():
        raise Forbidden("this decision needs a reason", rule="no_reason")


def _check_reopen(case: AlertCase, decision: AlertReopened) -> None:
    # 2.
    if case.state != "closed":
        raise Forbidden("the alert is not closed", rule="not_closed")
    # 3.
    if not decision.reason.strip():
        raise Forbidden("reopening needs a reason", rule="no_reason")
