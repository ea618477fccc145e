"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fairwitness_hub.gate import may
from fairwitness_hub.permissions import allows
from fairwitness_hub.today import queries


@may("today.read")
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What waits for this person, and what the system worries about."""
    reviewer = allows("alerts.read", signed_in=True, roles=request.roles)
    overview = queries.overview()
    checkpoints = [log.status.checkpoint_at for log in overview.logs if log.status.checkpoint_at is not None]
    context = {
        "work": queries.work(request.user.email) if reviewer else None,
        "roster": queries.roster(),
        "refusals": queries.refusals(),
        "overview": overview,
        "late": any(log.late for log in overview.logs),
        "newest_checkpoint": max(checkpoints, default=None),
        "may_enrol": allows("people.manage", signed_in=True, roles=request.roles),
    }
    return render(request, "today/today.html", context)
