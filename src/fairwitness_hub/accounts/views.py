"""The sign-in link. Signing in with a password and second factors are allauth's views, in our dress."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fairwitness_hub.accounts.access import access_link
from fairwitness_hub.accounts.actions import do_use_link
from fairwitness_hub.gate import may


@may("account.sign_in")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose link this is; sign them in when they say so. Following a link changes nothing."""
    link = access_link(token, max_age=settings.SIGN_IN_LINK_SECONDS)
    if link is None:
        return render(request, "account/link_spent.html", status=410)
    if request.method == "GET":
        return render(request, "account/link.html", {"email": link.account.email})
    if not do_use_link(link):
        return render(request, "account/link_spent.html", status=410)
    record_authentication(request, link.account, method="link")
    return perform_login(request, link.account, email_verification="none")
