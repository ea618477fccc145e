"""May this reviewer see or decide this alert? The row, or the reason why not. The rules are casework's."""

from collections.abc import Callable

from django.http import Http404
from django.utils.translation import gettext as _

from fairwitness.casework import AlertDecision, check, check_undo
from fairwitness.errors import Forbidden
from fairwitness.followers.views import AlertDetail
from fairwitness_hub.inbox import queries
from fairwitness_hub.wiring import house


def access_alert(alert: str) -> AlertDetail:
    """The alert, or 404."""
    detail = queries.find(alert)
    if detail is None:
        raise Http404("no such alert")
    return detail


def access_to(decision: AlertDecision) -> AlertDetail:
    """The alert if `decision` may be made about it now, by whoever makes it."""
    detail = access_alert(decision.alert)
    _ask(detail, lambda: check(queries.case_of(detail), decision))
    return detail


def access_to_undo(alert: str, *, account: str) -> AlertDetail:
    """The alert if this reviewer closed it a moment ago."""
    detail, now = access_alert(alert), house().clock()
    last = detail.history[-1]
    case = queries.case_of(detail)
    _ask(detail, lambda: check_undo(case, by=account, closed_by=last.by, closed_at=last.at, now=now))
    return detail


def _ask(detail: AlertDetail, rule: Callable[[], None]) -> None:
    """Ask casework; what it says no to is said in the viewer's language."""
    try:
        rule()
    except Forbidden as error:
        raise Forbidden(_said(error, detail), **error.data) from error


def _said(error: Forbidden, detail: AlertDetail) -> str:
    who = {"who": detail.history[-1].by if detail.history else ""}
    match error.data.get("rule"):
        case "own_messages":
            return _("This alert is about your own messages. A colleague decides it.")
        case "closed":
            return _("%(who)s closed this alert already.") % who
        case "claimed":
            return _("%(who)s has claimed this alert. Claim it yourself to take it over.") % {
                "who": detail.row.claimed_by
            }
        case "claimed_by_you":
            return _("You have claimed this alert already.")
        case "not_closed":
            return _("This alert is open already.")
        case "too_late":
            return _("Ten seconds have passed. Open the alert and reopen it with a reason.")
        case "no_action":
            return _("Say what is done.")
        case "no_reason":
            return _("Say why: this decision needs a reason.")
        case _:
            return error.message
