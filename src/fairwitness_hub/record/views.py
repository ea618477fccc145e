"""The record's page: how large, how well proven, what was turned away, what was not understood."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fairwitness.errors import Forbidden
from fairwitness_hub.gate import may
from fairwitness_hub.permissions import allows
from fairwitness_hub.record import actions, chart, queries
from fairwitness_hub.record.access import access_checkpoint
from fairwitness_hub.record.forms import PageForm

PAGE = 50


@may("record.read")
@require_GET
def record(request: HttpRequest) -> HttpResponse:
    """The record at a glance."""
    refused = queries.refused_rows()
    days = queries.refused_days()
    context = {
        "refused": refused[:8],
        "refused_more": max(0, len(refused) - 8),
        "chart": chart.bars([(day.day, day.count) for day in days]),
        "not_understood": queries.not_understood(limit=5),
        **_course(request),
    }
    return render(request, "record/record.html", context)


@may("record.read")
@require_GET
def refused(request: HttpRequest) -> HttpResponse:
    """What was turned away at the door: counts by line and by day, and nothing else exists of it."""
    days = queries.refused_days()
    context = {
        "rows": queries.refused_rows(),
        "days": tuple(reversed(days)),
        "chart": chart.bars([(day.day, day.count) for day in days]),
        "may_enrol": _may(request, "people.manage"),
    }
    return render(request, "record/refused.html", context)


@may("record.read")
@require_GET
def not_understood(request: HttpRequest) -> HttpResponse:
    """Entries that are kept whole and could not be read, or not fully."""
    form = PageForm(request.GET)
    page = form.number()
    found = queries.not_understood(limit=PAGE, offset=(page - 1) * PAGE)
    context = {
        "found": found,
        "page": page,
        "pages": max(1, -(-found.total // PAGE)),
    }
    return render(request, "record/not_understood.html", context)


@may("record.verify")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a check of everything; who presses twice sees the check that is under way."""
    trouble = ""
    try:
        actions.do_ask_verification(by=request.user.email)
    except Forbidden:
        trouble = _("A verification is asked for already; this is how far it is.")
    if not request.htmx:
        return redirect("record")
    return render(request, "record/verification.html", {**_course(request), "trouble": trouble})


@may("record.read")
@require_GET
def verification(request: HttpRequest) -> HttpResponse:
    """How far the check is; asked again and again while it runs."""
    return render(request, "record/verification.html", _course(request))


@may("record.read")
@require_GET
def checkpoint(request: HttpRequest, log: str) -> HttpResponse:
    """The newest signed checkpoint, byte for byte as published."""
    return _text(access_checkpoint(log), name=f"checkpoint-{log.replace('/', '-')}.txt")


@may("record.read")
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys that a check of the checkpoints needs."""
    return _text(queries.verifier_keys(), name="keys.txt")


def _course(request: HttpRequest) -> dict[str, object]:
    check = queries.check()
    answer = check.course.answer
    return {
        "check": check,
        "answer": answer,
        "faults_more": answer.faults - len(answer.named) if answer else 0,
        "overview": queries.overview(),
        "may_verify": _may(request, "record.verify"),
    }


def _text(text: str, *, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _may(request: HttpRequest, action: str) -> bool:
    return allows(action, signed_in=True, roles=request.roles)
