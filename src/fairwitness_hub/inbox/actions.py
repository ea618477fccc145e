"""Claims, closes and reopens alerts, as casework allows. Each is one custody entry and no row of Django's."""

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _

from fairwitness.casework import UNDONE
from fairwitness.errors import Forbidden
from fairwitness.model.custody import AlertClaimed, AlertClosed, AlertReopened
from fairwitness_hub.inbox import queries
from fairwitness_hub.inbox.access import access_alert, access_to, access_to_undo
from fairwitness_hub.wiring import house

Verdict = Literal["violation", "no_violation", "false_positive"]


def do_claim(alert: str, *, account: str, expect: int) -> None:
    """Claim the alert, or take it over, unless somebody decided about it meanwhile."""
    claimed = AlertClaimed(alert=alert, by=account)
    access_to(claimed)
    house().decide(claimed, subject=alert[:32], expect=expect)


def do_close(
    alert: str,
    *,
    account: str,
    expect: int,
    decision: Verdict,
    action: str,
    reason: str,
    reviewed: Sequence[int],
) -> None:
    """Close the alert with a decision, naming the entries that were read; the first one wins."""
    index = access_alert(alert).row.index
    closed = AlertClosed(
        alert=alert,
        reviewed=tuple(sorted({*reviewed, index})),
        decision=decision,
        action=action,
        reason=reason,
        by=account,
    )
    detail = access_to(closed)
    if queries.foreign_entries(detail, reviewed):
        raise Forbidden(_("Some of the messages listed as read are not of this conversation."))
    house().decide(closed, subject=alert[:32], expect=expect)


def do_reopen(alert: str, *, account: str, expect: int, reason: str) -> None:
    """Open a closed alert again, with a reason."""
    reopened = AlertReopened(alert=alert, reason=reason, by=account)
    access_to(reopened)
    house().decide(reopened, subject=alert[:32], expect=expect)


def do_undo(alert: str, *, account: str) -> None:
    """Open an alert again that this account closed a moment ago, as if it had not."""
    version = queries.version_of(alert)  # before the rule is asked, so that nobody comes in between
    access_to_undo(alert, account=account)
    undone = AlertReopened(alert=alert, reason=UNDONE, by=account)
    house().decide(undone, subject=alert[:32], expect=version)
