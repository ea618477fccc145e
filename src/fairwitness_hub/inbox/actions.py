"""Claims, closes and reopens alerts. Each is one custody entry; Django has no row of it."""

from collections.abc import Sequence
from typing import Literal

from django.utils.translation import gettext as _

from fairwitness.errors import Forbidden
from fairwitness.model.custody import AlertClaimed, AlertClosed, AlertReopened
from fairwitness_hub.inbox import queries
from fairwitness_hub.inbox.access import access_to_claim, access_to_decide, access_to_reopen
from fairwitness_hub.wiring import house

Verdict = Literal["violation", "no_violation", "false_positive"]


def do_claim(alert: str, *, account: str, expect: int) -> None:
    """Claim the alert, unless somebody decided about it meanwhile."""
    access_to_claim(alert, account=account)
    house().decide(AlertClaimed(alert=alert, by=account), subject=alert[:32], expect=expect)


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
    detail = access_to_decide(alert, account=account)
    if queries.foreign_entries(detail, reviewed):
        raise Forbidden(_("Some of the messages listed as read are not of this conversation."))
    closed = AlertClosed(
        alert=alert,
        reviewed=tuple(sorted({*reviewed, detail.row.index})),
        decision=decision,
        action=action,
        reason=reason,
        by=account,
    )
    house().decide(closed, subject=alert[:32], expect=expect)


def do_reopen(alert: str, *, account: str, expect: int | None, undo: bool = False, reason: str = "") -> None:
    """Open a closed alert again: an undo within ten seconds, or with a reason."""
    access_to_reopen(alert, account=account, undo=undo, reason=reason)
    reopened = AlertReopened(alert=alert, reason="undone" if undo else reason, by=account)
    house().decide(reopened, subject=alert[:32], expect=expect)
