"""No content leaves before it is on record that it does."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairwitness.errors import FairwitnessError
from fairwitness_hub.audit.actions import do_record_shown
from fairwitness_hub.audit.reading import Reading


class Audit:
    """Hands each request a `Reading`, and records it before the response goes out.

    When it cannot be recorded the response is thrown away: nobody reads unseen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reading = reading = Reading()
        response = self.get_response(request)
        if not reading.reasons:
            return response
        try:
            do_record_shown(reading, account=request.user.email, route=_route(request))
        except FairwitnessError:
            refused = render(request, "busy.html", status=503)
            refused["Retry-After"] = "2"
            return refused
        return response


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else request.path
