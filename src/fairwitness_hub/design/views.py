"""Preferences of a browser, kept in its cookies, and the page for a form that came too late."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from fairwitness_hub.design.forms import PreferencesForm
from fairwitness_hub.gate import may

_YEAR = 365 * 24 * 3600


@may("preferences.set")
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember theme, density and language in this browser."""
    form = PreferencesForm(request.POST)
    wanted = form.cleaned_data if form.is_valid() else {}
    target = wanted.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    for field, cookie in (
        ("theme", "fw-theme"), ("density", "fw-density"), ("language", settings.LANGUAGE_COOKIE_NAME)
    ):  # fmt: skip
        if wanted.get(field):
            response.set_cookie(
                cookie, wanted[field], max_age=_YEAR, samesite="Lax", secure=request.is_secure()
            )
    return response


@may("home.open")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Go where this person's day starts, or say that they have no role yet."""
    if request.roles:
        return redirect("today")
    return render(request, "no_role.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page was too old to be believed, and offer a fresh one."""
    return render(request, "stale.html", status=403)
