"""The inbox: queue, alert, decisions, and the stream that says that the queue changed."""

from typing import Any

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fairwitness.casework import NO_ACTION, UNDO_MS, needs_reason
from fairwitness.errors import Forbidden
from fairwitness_hub.conversation.forms import PlaceForm
from fairwitness_hub.gate import may, roles_of
from fairwitness_hub.inbox import actions, forms, queries, stream
from fairwitness_hub.inbox.access import access_alert
from fairwitness_hub.inbox.filters import STEP, Filters
from fairwitness_hub.permissions import allows

_watcher = stream.Watcher(queries.change_token)


@may("alerts.read")
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The queue, with nothing opened: an alert is read when somebody opens it."""
    found = queries.queue(request.reading, _filters(request))
    return render(request, "inbox/inbox.html", _in_queue(found))


@may("alerts.read")
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The rows and counts alone, for a page that is open: a filter somebody has open is left alone."""
    found = queries.queue(request.reading, _filters(request))
    return render(request, "inbox/refresh.html", _in_queue(found))


@may("alerts.read")
@require_GET
def alert(request: HttpRequest, alert: str) -> HttpResponse:
    """An alert in its conversation; the whole page, or only the panes that change."""
    desk = _desk(request, alert)
    if request.htmx and request.htmx.target == "detail":
        return render(request, "inbox/detail.html", _on_desk(request, desk))
    found = queries.queue(request.reading, _filters(request))
    return render(request, "inbox/inbox.html", {**_in_queue(found), **_on_desk(request, desk)})


@may("alerts.read")
@require_GET
def messages(request: HttpRequest, alert: str) -> HttpResponse:
    """More of the alert's conversation, before or after an entry."""
    detail = access_alert(alert)
    form = PlaceForm(request.GET)
    place = form.cleaned_data if form.is_valid() else {}
    before, after = place.get("before"), place.get("after")
    if before is None and after is None:
        raise Http404("neither before nor after")
    page = queries.stretch(request.reading, detail, before=before, after=after)
    if page is None:
        raise Http404("no such conversation")
    more = reverse("alert_messages", args=[alert])
    only = {"older_only": True} if before is not None else {"newer_only": True}
    return render(request, "conversation/stretch.html", {"page": page, "more_url": more, **only})


@may("alerts.decide")
@require_POST
def claim(request: HttpRequest, alert: str) -> HttpResponse:
    """Claim an alert, so that colleagues see that it is being worked on."""
    form = forms.VersionForm(request.POST)
    if not form.is_valid():
        raise Forbidden(_("Load the page again: it lost track of the alert."))
    try:
        actions.do_claim(alert, account=request.user.email, expect=form.cleaned_data["expect"])
    except Forbidden as error:
        return _somebody_was_first(request, alert, error)
    return _again(request, alert)


@may("alerts.decide")
@require_POST
def close(request: HttpRequest, alert: str) -> HttpResponse:
    """Close an alert with a decision, and go on to the next."""
    form = forms.CloseForm(request.POST, severity=access_alert(alert).row.severity)
    if not form.is_valid():
        desk = _desk(request, alert, with_conversation=not _only_why(request))
        return render(request, _pane(request), _on_desk(request, desk, form=form), status=422)
    given, following = form.cleaned_data, queries.next_after(_filters(request), alert)
    try:
        actions.do_close(
            alert,
            account=request.user.email,
            expect=given["expect"],
            decision=given["decision"],
            action=form.action_given(),
            reason=given["reason"],
            reviewed=given["reviewed"],
        )
    except Forbidden as error:
        return _somebody_was_first(request, alert, error, form=form)
    return _go_on(request, following, closed=alert, decision=given["decision"])


@may("alerts.decide")
@require_POST
def reopen(request: HttpRequest, alert: str) -> HttpResponse:
    """Open a closed alert again: undo within ten seconds, or with a reason."""
    form = forms.VersionForm({**request.POST.dict(), "expect": request.POST.get("expect") or 0})
    given, account = form.cleaned_data if form.is_valid() else {}, request.user.email
    undo = bool(given.get("undo"))
    try:
        if undo:
            actions.do_undo(alert, account=account)
        else:
            reason = given.get("reason", "")
            actions.do_reopen(alert, account=account, expect=given.get("expect", 0), reason=reason)
    except Forbidden as error:
        return _somebody_was_first(request, alert, error)
    return _again(request, alert, reopened=undo)


@may("alerts.read")
@require_GET
async def changes(request: HttpRequest) -> StreamingHttpResponse:
    """Server-sent events: the queue's token whenever it changes. No content."""
    key, email = request.session.session_key, request.user.email

    def welcome() -> bool:
        exists = bool(key) and request.session.exists(key)
        return exists and allows("alerts.read", signed_in=True, roles=roles_of(email))

    body = stream.events(_watcher.listen(), still_welcome=sync_to_async(welcome))
    response = StreamingHttpResponse(body, content_type="text/event-stream")
    response["X-Accel-Buffering"] = "no"
    return response


def _filters(request: HttpRequest) -> Filters:
    return forms.FilterForm(request.GET).filters()


def _in_queue(found: queries.Queue) -> dict[str, Any]:
    filters = found.filters
    tabs = [
        {
            "word": word,
            "count": found.counts[state],
            "query": filters.but(state=state, limit=STEP) or "?",
            "here": state == filters.state,
        }
        for state, word in forms.STATES
    ]
    return {
        "queue": found,
        "filters": filters,
        "tabs": tabs,
        "severities": forms.SEVERITIES,
        "orders": forms.ORDERS,
        "more_query": filters.but(limit=filters.limit + STEP),
        "without_line": filters.but(line="") or "?",
    }


def _desk(request: HttpRequest, alert: str, *, with_conversation: bool = True) -> queries.Desk:
    desk = queries.desk(request.reading, access_alert(alert), with_conversation=with_conversation)
    if desk is None:
        raise Http404("the alert's conversation is not held")
    return desk


def _on_desk(
    request: HttpRequest, desk: queries.Desk, *, form: forms.CloseForm | None = None, notice: str = ""
) -> dict[str, Any]:
    return {
        "decisions": forms.DECISIONS,
        "actions": forms.ACTIONS,
        "desk": desk,
        "page": desk.page,
        "entry": desk.alert.index,
        "filters": _filters(request),
        "form": form or forms.CloseForm(initial={"action": NO_ACTION}, severity=desk.alert.severity),
        "always_why": needs_reason("no_violation", desk.alert.severity),
        "own": bool(desk.owner) and desk.owner.casefold() == request.user.email.casefold(),
        "reviewed": _reviewed(desk, form),
        "notice": notice,
        "mine": desk.alert.claimed_by == request.user.email,
        "history": [(step, forms.action_words(step.action)) for step in reversed(desk.detail.history)],
        "more_url": reverse("alert_messages", args=[desk.alert.alert]),
    }


def _reviewed(desk: queries.Desk, form: forms.CloseForm | None) -> str:
    """The entries on screen, as the form sends them back; a script narrows them to what was seen."""
    if form is not None and form.data.get("reviewed"):
        return form.data["reviewed"]
    entries = desk.page.entries if desk.page else ()
    return ",".join(str(entry) for entry in sorted({*entries, desk.alert.index}))


def _pane(request: HttpRequest) -> str:
    if _only_why(request):
        return "inbox/why.html"
    return "inbox/detail.html" if request.htmx else "inbox/alone.html"


def _only_why(request: HttpRequest) -> bool:
    return bool(request.htmx) and request.htmx.target == "why"


def _again(request: HttpRequest, alert: str, *, reopened: bool = False) -> HttpResponse:
    """The same alert, as it is now."""
    if not request.htmx:
        return redirect(reverse("alert", args=[alert]) + _filters(request).query)
    whole = request.htmx.target == "detail"
    desk = _desk(request, alert, with_conversation=whole)
    template = "inbox/detail.html" if whole else "inbox/why.html"
    response = render(request, template, {**_on_desk(request, desk), "clear_toast": reopened})
    if whole:
        response["HX-Push-Url"] = reverse("alert", args=[alert]) + _filters(request).query
    response["HX-Trigger"] = "queue-changed"
    return response


def _go_on(request: HttpRequest, following: str, *, closed: str, decision: str) -> HttpResponse:
    """On to the next alert, with ten seconds to undo."""
    query = _filters(request).query
    url = (reverse("alert", args=[following]) if following else reverse("inbox")) + query
    if not request.htmx:
        return redirect(url)
    toast = {
        "toast_alert": closed, "toast_word": dict(forms.DECISIONS)[decision], "undo_ms": UNDO_MS,
        "filters": _filters(request),
    }  # fmt: skip
    if following:
        context, template = _on_desk(request, _desk(request, following)), "inbox/detail.html"
    else:
        context, template = {"all_done": True}, "inbox/nothing_open.html"
    response = render(request, template, {**context, **toast})
    response["HX-Push-Url"] = url
    response["HX-Retarget"] = "#detail"
    response["HX-Reswap"] = "innerHTML show:none"
    response["HX-Trigger"] = "queue-changed"
    return response


def _somebody_was_first(
    request: HttpRequest, alert: str, error: Forbidden, *, form: forms.CloseForm | None = None
) -> HttpResponse:
    """Show the alert as it is now, and who was first."""
    desk = _desk(request, alert, with_conversation=not _only_why(request))
    last = desk.detail.history[-1] if desk.detail.history else None
    words = {
        "alert.claimed": _("%(who)s claimed this alert meanwhile."),
        "alert.closed": _("%(who)s closed this alert meanwhile. Nothing of yours was recorded."),
        "alert.reopened": _("%(who)s reopened this alert meanwhile."),
    }
    other = last is not None and last.by != request.user.email and last.kind in words
    notice = words[last.kind] % {"who": last.by} if last and other else error.message
    if "version" in error.data and not other:
        notice = _("This alert was decided in another window meanwhile. This is how it stands now.")
    context = _on_desk(request, desk, form=form, notice=notice)
    response = render(request, _pane(request), context, status=409)
    response["HX-Trigger"] = "queue-changed"
    return response
