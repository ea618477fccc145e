"""Signing in: with a password, with a link, with a second step; each on record."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.hub.conftest import PASSWORD
from tests.hub.fake_house import FakeHouse

from fairwitness.model.custody import RoleGranted, SignedIn
from fairwitness_hub.accounts.actions import do_create_account, do_grant_role, sign_in_link
from fairwitness_hub.accounts.models import SignInLink
from fairwitness_hub.accounts.sessions import digest_of

EMAIL = "rita@firm.example"


@pytest.fixture
def browser(firm: FakeHouse) -> Client:
    return Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")


def _path(link: str) -> str:
    return re.sub(r"^http://127\.0\.0\.1:8000", "", link)


def _signed_in(client: Client) -> bool:
    return client.get("/account/two-step/").status_code == 200


def _sign_ins(firm: FakeHouse) -> list[SignedIn]:
    return [decision for _at, decision, _subject in firm.log if isinstance(decision, SignedIn)]


def test_a_password_signs_in_and_the_record_says_so(firm: FakeHouse, browser: Client):
    do_create_account("Rita@Firm.example", password=PASSWORD)

    response = browser.post("/account/sign-in/", {"login": EMAIL.upper(), "password": PASSWORD})

    assert response.status_code == 302
    assert _signed_in(browser)
    assert _sign_ins(firm) == [SignedIn(by=EMAIL, address="127.0.0.1")]


def test_nobody_is_signed_in_whom_the_record_does_not_know(firm: FakeHouse, browser: Client):
    do_create_account(EMAIL, password=PASSWORD)
    firm.broken = True

    response = browser.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})

    firm.broken = False
    assert response.status_code == 503
    assert not _signed_in(browser)


def test_guessing_is_stopped_after_five_tries(firm: FakeHouse, browser: Client):
    do_create_account(EMAIL, password=PASSWORD)
    for _ in range(5):
        browser.post("/account/sign-in/", {"login": EMAIL, "password": "a wrong guess"})

    response = browser.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})

    assert "Too many failed login attempts" in response.content.decode()
    assert not _signed_in(browser)


def test_nobody_can_sign_up(firm: FakeHouse, browser: Client):
    assert browser.get("/account/signup/").status_code == 404
    assert b"signup" not in browser.get("/account/sign-in/").content


def test_a_link_signs_in_once(firm: FakeHouse, browser: Client):
    path = _path(sign_in_link(do_create_account(EMAIL)))

    assert EMAIL.encode() in browser.get(path).content
    assert not _signed_in(browser)
    browser.post(path)
    assert _signed_in(browser)

    second = Client(SERVER_NAME="127.0.0.1")
    assert second.get(path).status_code == 410
    assert second.post(path).status_code == 410
    assert not _signed_in(second)
    assert len(_sign_ins(firm)) == 1


def test_following_a_link_does_not_spend_it(firm: FakeHouse, browser: Client):
    path = _path(sign_in_link(do_create_account(EMAIL)))
    for _ in range(3):
        assert browser.get(path).status_code == 200


def test_a_link_is_over_after_fifteen_minutes(firm: FakeHouse, browser: Client):
    path = _path(sign_in_link(do_create_account(EMAIL)))
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert browser.post(path).status_code == 410
    assert SignInLink.objects.get().expires_at - timezone.now() <= timedelta(minutes=15)


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: t.swapcase(), lambda t: "a:b:c"]
)
def test_a_link_that_was_tampered_with_opens_nothing(
    change: Callable[[str], str], firm: FakeHouse, browser: Client
):
    token = sign_in_link(do_create_account(EMAIL)).rstrip("/").rpartition("/")[2]

    assert browser.post(f"/account/sign-in/link/{change(token)}/").status_code == 410


def test_a_closed_account_has_no_way_in(firm: FakeHouse, browser: Client):
    account = do_create_account(EMAIL, password=PASSWORD)
    path = _path(sign_in_link(account))
    account.is_active = False
    account.save()

    assert browser.post(path).status_code == 410
    browser.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    assert not _signed_in(browser)


def test_the_link_itself_is_not_in_the_database(firm: FakeHouse):
    token = sign_in_link(do_create_account(EMAIL)).rstrip("/").rpartition("/")[2]
    from django.core import signing

    secret = signing.loads(token, salt="fairwitness_hub.sign-in-link")
    assert secret not in SignInLink.objects.get().digest


def test_the_link_command_makes_the_account_grants_the_role_and_prints_only_the_link(
    firm: FakeHouse, browser: Client
):
    out = StringIO()
    call_command("link", "New.Person@firm.example", "--role", "reviewer", stdout=out)

    link = out.getvalue().strip()
    assert link.startswith("http://127.0.0.1:8000/account/sign-in/link/")
    assert firm.custody().roles["new.person@firm.example"] == {"reviewer"}
    browser.post(_path(link))
    assert browser.get("/inbox/").status_code == 200


def test_the_link_command_says_what_is_no_address(firm: FakeHouse):
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("link", "nobody", stdout=StringIO())


def test_a_role_is_granted_once(firm: FakeHouse):
    for _ in range(2):
        do_grant_role("new@firm.example", "reviewer")

    granted = [d for _a, d, _s in firm.log if isinstance(d, RoleGranted) and d.account == "new@firm.example"]
    assert len(granted) == 1


def test_a_second_step_is_asked_for_and_its_secret_is_not_in_clear(firm: FakeHouse, browser: Client):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    account = do_create_account(EMAIL, password=PASSWORD)
    TOTP.activate(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    stored = Authenticator.objects.get(user=account)

    assert "JBSWY3DPEHPK3PXP" not in str(stored.data)
    browser.post("/account/sign-in/", {"login": EMAIL, "password": PASSWORD})
    assert not _signed_in(browser)
    assert _sign_ins(firm) == []

    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", counter))
    browser.post("/account/two-step/authenticate/", {"code": code})
    assert _signed_in(browser)
    assert len(_sign_ins(firm)) == 1


def test_a_link_does_not_pass_by_the_second_step(firm: FakeHouse, browser: Client):
    from allauth.mfa.totp.internal.auth import TOTP

    account = do_create_account(EMAIL, password=PASSWORD)
    TOTP.activate(account, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    browser.post(_path(sign_in_link(account)))

    assert not _signed_in(browser)


def test_signing_out_ends_the_session(firm: FakeHouse, reviewer: Client):
    reviewer.post("/account/sign-out/")
    assert reviewer.get("/inbox/").status_code == 302


def test_the_cookie_of_a_session_is_not_in_the_database(firm: FakeHouse, reviewer: Client):
    cookie = reviewer.cookies["fw-session"].value
    (row,) = Session.objects.all()

    assert row.session_key == digest_of(cookie) != cookie
    assert cookie not in row.session_data
    stolen = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    stolen.cookies["fw-session"] = row.session_key
    assert stolen.get("/inbox/").status_code == 302
    assert reviewer.get("/inbox/").status_code == 200
    reviewer.post(reverse("account_logout"))
    assert not Session.objects.filter(session_key=digest_of(cookie)).exists()
