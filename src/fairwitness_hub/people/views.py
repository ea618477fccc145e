"""The roster, one person, and the forms that change what may be captured."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fairwitness.errors import Forbidden
from fairwitness_hub.gate import may
from fairwitness_hub.people import actions, queries
from fairwitness_hub.people.access import access_line, access_person
from fairwitness_hub.people.forms import (
    BASIS_NOTES,
    JURISDICTIONS,
    LANGUAGES,
    LineForm,
    MandateForm,
    PersonForm,
    RosterForm,
    SeenForm,
    WithdrawForm,
    common_zones,
)
from fairwitness_hub.permissions import allows

PAGE = 50


@may("people.read")
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who is enrolled, what covers them, and filters."""
    form = RosterForm(request.GET)
    wanted, page = form.wanted(), form.page_number()
    found = queries.roster(wanted, offset=(page - 1) * PAGE, limit=PAGE)
    chosen = {name: value for name, value in _filter_pairs(wanted) if value}
    context = {
        "found": found,
        "wanted": wanted,
        "filtered": bool(set(chosen) - {"sort"}),
        "address": urlencode(chosen),
        "page": page,
        "pages": max(1, -(-found.matched // PAGE)),
        "may_manage": _may(request, "people.manage"),
    }
    return render(request, "people/people.html", context)


@may("people.read")
@require_GET
def person(request: HttpRequest, person: str) -> HttpResponse:
    """One person: lines, mandates, what was refused, and everything that was decided."""
    return _person_page(request, access_person(person))


@may("people.manage")
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """A new person with a line and what allows it to be captured."""
    forms = _Forms(request, who=PersonForm, line=LineForm, mandate=MandateForm)
    if forms.valid():
        who = forms["who"].facts()
        try:
            new = actions.do_enrol(
                by=request.user.email,
                who=who,
                line=forms["line"].facts(owner=who.name),
                mandate=forms["mandate"].facts(language=who.language),
            )
        except Forbidden as error:
            return _form_page(request, "enrol", forms, conflict=_words(error))
        messages.success(request, _("%(name)s is enrolled.") % {"name": who.name})
        return redirect("person", new)
    return _form_page(request, "enrol", forms)


@may("people.manage")
@require_http_methods(["GET", "POST"])
def add_line(request: HttpRequest, person: str) -> HttpResponse:
    """One more line for somebody who is enrolled."""
    row = access_person(person)
    forms = _Forms(request, seen=SeenForm, line=LineForm, mandate=MandateForm, start=_start(row))
    if forms.valid():
        try:
            actions.do_add_line(
                by=request.user.email,
                person=person,
                seen=forms["seen"].cleaned_data["seen"],
                line=forms["line"].facts(owner=row.name),
                mandate=forms["mandate"].facts(language=row.language),
            )
        except Forbidden as error:
            return _form_page(request, "add_line", forms, row=row, conflict=_words(error))
        messages.success(request, _("The line was added."))
        return redirect("person", person)
    return _form_page(request, "add_line", forms, row=row)


@may("people.manage")
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person: str) -> HttpResponse:
    """Correct a name, a department, a region; the earlier words stay in the record."""
    row = access_person(person)
    forms = _Forms(request, seen=SeenForm, who=PersonForm, start=_start(row))
    if forms.valid():
        try:
            actions.do_correct(
                by=request.user.email,
                person=person,
                seen=forms["seen"].cleaned_data["seen"],
                who=forms["who"].facts(),
            )
        except Forbidden as error:
            return _form_page(request, "correct", forms, row=row, conflict=_words(error))
        messages.success(request, _("Corrected."))
        return redirect("person", person)
    return _form_page(request, "correct", forms, row=row)


@may("mandates.manage")
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, person: str, line: str) -> HttpResponse:
    """A mandate for a line that has none, or has one no longer."""
    row, line_row = access_line(person, line)
    start = {**_start(row), **_as_before(line_row)}
    forms = _Forms(request, seen=SeenForm, mandate=MandateForm, start=start)
    if forms.valid():
        try:
            actions.do_grant(
                by=request.user.email,
                person=person,
                line=line,
                seen=forms["seen"].cleaned_data["seen"],
                mandate=forms["mandate"].facts(language=row.language),
            )
        except Forbidden as error:
            return _form_page(request, "grant", forms, row=row, line=line_row, conflict=_words(error))
        messages.success(request, _("The mandate is granted."))
        return redirect("person", person)
    return _form_page(request, "grant", forms, row=row, line=line_row)


@may("mandates.manage")
@require_POST
def withdraw(request: HttpRequest, person: str, line: str) -> HttpResponse:
    """Withdraw what allows a line to be captured: one press, from the next item on."""
    row, line_row = access_line(person, line)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _person_page(request, row, conflict=_("The page was out of date. Look again."), status=409)
    try:
        count = actions.do_withdraw(
            by=request.user.email,
            person=person,
            line=line_row.line,
            seen=form.cleaned_data["seen"],
            reason=form.cleaned_data["reason"],
        )
    except Forbidden as error:
        return _person_page(request, access_person(person), conflict=_words(error), status=409)
    said = ngettext(
        "Withdrawn. The next message of this line is refused.",
        "%(count)s mandates withdrawn. The next message of this line is refused.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("person", person)


class _Forms:
    """The forms of one page, filled from the same request."""

    def __init__(
        self,
        request: HttpRequest,
        *,
        start: dict[str, Any] | None = None,
        **kinds: Callable[..., Any],
    ) -> None:
        self.sent = request.method == "POST"
        first = {**{name: request.GET[name] for name in _PREFILLED if name in request.GET}, **(start or {})}
        self.forms = {
            name: kind(request.POST if self.sent else None, initial=first) for name, kind in kinds.items()
        }

    def valid(self) -> bool:
        """Whether all were sent and say what they must; every form says its own errors."""
        checked = [form.is_valid() for form in self.forms.values()] if self.sent else [False]
        return all(checked)

    def __getitem__(self, name: str) -> Any:
        return self.forms[name]

    def errors(self) -> int:
        """How many fields want another look."""
        return sum(len(form.errors) for form in self.forms.values()) if self.sent else 0


_PREFILLED = ("phone", "phone_number_id", "waha_session")


def _person_page(
    request: HttpRequest, row: queries.PersonRow, *, conflict: str = "", status: int = 200
) -> HttpResponse:
    lines = [line.line for line in row.lines]
    context = {
        "row": row,
        "seen": queries.version(row.person),
        "history": tuple(reversed(queries.history(person=row.person, lines=lines))),
        "line_names": queries.line_names(),
        "refused": queries.refused_of(lines),
        "withdraw_form": WithdrawForm(),
        "conflict": conflict,
        "may_manage": _may(request, "people.manage"),
        "may_mandate": _may(request, "mandates.manage"),
        "may_read_messages": _may(request, "search.run") and _may(request, "alerts.read"),
    }
    return render(request, "people/person.html", context, status=status)


def _form_page(
    request: HttpRequest,
    task: str,
    forms: _Forms,
    *,
    row: queries.PersonRow | None = None,
    line: queries.LineRow | None = None,
    conflict: str = "",
) -> HttpResponse:
    errors = forms.errors()
    context = {
        "task": task,
        "row": row,
        "line": line,
        "errors": errors,
        "conflict": conflict,
        "languages": LANGUAGES,
        "jurisdictions": JURISDICTIONS,
        "zones": common_zones(),
        "seen": queries.version(row.person) if row else 0,
        "basis_notes": BASIS_NOTES,
        **{f"{name}_form": form for name, form in forms.forms.items()},
    }
    status = 409 if conflict else 422 if errors else 200
    return render(request, "people/form.html", context, status=status)


def _words(error: Forbidden) -> str:
    """What was refused, in the viewer's language."""
    if isinstance(error, actions.AliasTaken):
        return _("Meanwhile this number was given to another line. Nothing more was changed.")
    if isinstance(error, actions.Changed):
        return _(
            "Somebody else changed this person while the page was open. Nothing was changed by you. "
            "Look at the history below or on the person’s page, and repeat what is still right."
        )
    return _("That cannot be done now: %(why)s. Nothing was changed.") % {"why": error.message}


def _start(row: queries.PersonRow) -> dict[str, Any]:
    """What a form about this person begins with."""
    return {
        "seen": queries.version(row.person),
        "name": row.name,
        "email": row.email,
        "department": row.department,
        "region": row.region,
        "language": row.language,
        "zone": row.lines[0].zone if row.lines else "UTC",
    }


def _as_before(line: queries.LineRow) -> dict[str, Any]:
    """A new mandate begins with the words of the last one; when it was acknowledged is asked again."""
    if not line.mandates:
        return {}
    granted = line.mandates[0].granted
    return {
        "basis": granted.basis,
        "jurisdiction": granted.jurisdiction,
        "notice_version": granted.notice_version,
        "notice_language": granted.language,
    }


def _filter_pairs(wanted: queries.RosterFilter) -> tuple[tuple[str, str], ...]:
    return (
        ("q", wanted.text),
        ("state", wanted.state),
        ("department", wanted.department),
        ("region", wanted.region),
        ("language", wanted.language),
        ("sort", wanted.sort if wanted.sort != "name" else ""),
    )


def _may(request: HttpRequest, action: str) -> bool:
    return allows(action, signed_in=True, roles=request.roles)
