"""The gate: no view runs before the permission matrix has said yes.

A view names its action with `may`. One that names none is refused to everybody.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from fairwitness.errors import FairwitnessError, Forbidden
from fairwitness_hub.permissions import FOREIGN_VIEWS, allows
from fairwitness_hub.wiring import house

_View = TypeVar("_View", bound=Callable[..., Any])


def may(action: str) -> Callable[[_View], _View]:
    """Name the action that a view is."""

    def mark(view: _View) -> _View:
        view.action = action  # type: ignore[attr-defined]
        return view

    return mark


def action_of(view: Callable[..., Any], name: str) -> str:
    """The action of a view, or '' when nobody named one."""
    return getattr(view, "action", "") or FOREIGN_VIEWS.get(name, "")


def roles_of(email: str) -> frozenset[str]:
    """The roles that the custody log gives this account."""
    return frozenset(house().custody().roles.get(email, frozenset()))


class Gate:
    """Asks the matrix before each view; says no in words that tell what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let the request through, ask it to sign in, or refuse it."""
        signed_in = request.user.is_authenticated
        roles = roles_of(request.user.email) if signed_in else frozenset()
        request.roles = roles
        action = action_of(view, request.resolver_match.url_name or "")
        if allows(action, signed_in=signed_in, roles=roles):
            return None
        if not signed_in:
            return _ask_to_sign_in(request)
        return render(request, "refused.html", {"action": action}, status=403)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say what the house said no to; anything unforeseen stays an error."""
        if not isinstance(error, FairwitnessError):
            return None
        if isinstance(error, Forbidden):
            return render(request, "conflict.html", {"message": error.message}, status=409)
        if error.retryable:
            response = render(request, "busy.html", status=503)
            response["Retry-After"] = "2"
            return response
        return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return HttpResponse(_("Your session has ended. Sign in again."), status=401, headers={
            "HX-Redirect": resolve_url(settings.LOGIN_URL)
        })  # fmt: skip
    if "text/event-stream" in request.headers.get("Accept", ""):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
