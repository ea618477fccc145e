"""May this reviewer see, decide or reopen this alert? The row, or the reason why not."""

from django.http import Http404
from django.utils.translation import gettext as _

from fairwitness.errors import Forbidden
from fairwitness.followers.views import AlertDetail
from fairwitness_hub.inbox import queries
from fairwitness_hub.wiring import house

UNDO_MS = 10_000
_GRACE_MS = 3_000


def access_alert(alert: str) -> AlertDetail:
    """The alert, or 404."""
    detail = queries.find(alert)
    if detail is None:
        raise Http404("no such alert")
    return detail


def access_to_decide(alert: str, *, account: str) -> AlertDetail:
    """The alert if this reviewer may close it now: it waits, and nobody else has claimed it."""
    detail = access_alert(alert)
    row = detail.row
    if row.state == "closed":
        raise Forbidden(_("%(who)s closed this alert already.") % {"who": detail.history[-1].by})
    if row.state == "claimed" and row.claimed_by != account:
        raise Forbidden(_("%(who)s has claimed this alert. Claim it yourself to take it over.") % {
            "who": row.claimed_by
        })  # fmt: skip
    return detail


def access_to_claim(alert: str, *, account: str) -> AlertDetail:
    """The alert if it waits and is not this reviewer's already."""
    detail = access_alert(alert)
    if detail.row.state == "closed":
        raise Forbidden(_("%(who)s closed this alert already.") % {"who": detail.history[-1].by})
    if detail.row.claimed_by == account and detail.row.state == "claimed":
        raise Forbidden(_("You have claimed this alert already."))
    return detail


def access_to_reopen(alert: str, *, account: str, undo: bool, reason: str) -> AlertDetail:
    """The alert if it is closed: an undo is one's own and quick, anything else has a reason."""
    detail = access_alert(alert)
    if detail.row.state != "closed":
        raise Forbidden(_("This alert is open already."))
    last = detail.history[-1]
    mine = last.by == account and house().clock() - last.at <= UNDO_MS + _GRACE_MS
    if undo and not mine:
        raise Forbidden(_("Ten seconds have passed. Open the alert and reopen it with a reason."))
    if not undo and not reason:
        raise Forbidden(_("Say why the alert is reopened."))
    return detail
