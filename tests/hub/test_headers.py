"""What every response carries, and where the hub keeps its own things."""

import json
import re
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from tests.hub.fake_house import FakeHouse

from fairwitness_hub import first_start

PLACES = ("/inbox/", "/account/sign-in/", "/nowhere/", "/static/hub/base.css", "/preferences/")


@pytest.mark.parametrize("place", PLACES)
def test_every_response_forbids_what_it_does_not_need(place: str, firm: FakeHouse, reviewer: Client):
    response = reviewer.get(place)
    policy = dict(
        part.partition(" ")[::2] for part in response.headers["Content-Security-Policy"].split("; ")
    )

    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"


def test_pages_are_never_kept_by_a_browser_and_files_are(firm: FakeHouse, reviewer: Client):
    assert "no-store" in reviewer.get("/inbox/").headers["Cache-Control"]
    assert "no-store" in reviewer.get("/account/sign-in/").headers["Cache-Control"]
    assert "max-age=31536000" in reviewer.get("/static/hub/base.js").headers["Cache-Control"]


def test_no_page_has_a_script_a_style_or_a_handler_of_its_own(firm: FakeHouse, reviewer: Client):
    alert = next(iter(firm.findings))
    for place in (
        "/today/",
        "/inbox/",
        f"/inbox/{alert}/",
        "/search/",
        "/people/",
        "/record/",
        "/account/two-step/",
    ):
        page = reviewer.get(place).content.decode()
        ours = re.sub(r"&lt;.*?&gt;", "", page)
        assert not re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son\w+=\"|javascript:", ours), (
            place
        )


def test_htmx_is_told_to_run_nothing_and_keep_nothing(firm: FakeHouse, reviewer: Client):
    from html import unescape

    page = reviewer.get("/inbox/").content.decode()
    told = json.loads(unescape(re.findall(r'name="htmx-config" content="(.*?)"', page)[0]))

    assert told["allowEval"] is told["allowScriptTags"] is told["includeIndicatorStyles"] is False
    assert told["historyCacheSize"] == 0
    assert told["selfRequestsOnly"] is True


def test_pages_are_light(firm: FakeHouse, reviewer: Client):
    alert = next(iter(firm.findings))
    weight = sum(
        Path(str(finders.find(name))).stat().st_size
        for name in (
            "hub/base.css",
            "hub/tokens.css",
            "hub/inbox.css",
            "hub/conversation.css",
            "hub/base.js",
            "hub/inbox.js",
        )
    )

    assert weight + len(reviewer.get(f"/inbox/{alert}/").content) < 100_000


def test_cookies_are_out_of_reach_of_scripts(firm: FakeHouse):
    from tests.hub.conftest import PASSWORD

    from fairwitness_hub.accounts.actions import do_create_account

    do_create_account("rita@firm.example", password=PASSWORD)
    client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    client.post("/account/sign-in/", {"login": "rita@firm.example", "password": PASSWORD})

    session, csrf = client.cookies["fw-session"], client.cookies["fw-csrf"]
    assert session["httponly"]
    assert csrf["httponly"]
    assert session["samesite"] == csrf["samesite"] == "Lax"


def test_a_host_that_is_not_ours_is_refused(firm: FakeHouse):
    assert Client(SERVER_NAME="evil.example").get("/account/sign-in/").status_code == 400


def test_a_form_without_its_token_changes_nothing(firm: FakeHouse, reviewer: Client):
    alert, before = next(iter(firm.findings)), len(firm.log)
    strict = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
    strict.cookies = reviewer.cookies

    response = strict.post(f"/inbox/{alert}/claim/", {"expect": "1"})

    assert response.status_code == 403
    assert b"too old" in response.content
    assert len(firm.log) == before


def test_preferences_are_kept_in_cookies_and_lead_nowhere_else(firm: FakeHouse, reviewer: Client):
    response = reviewer.post(
        "/preferences/", {"theme": "dark", "language": "pt-br", "next": "https://evil.example/"}
    )

    assert response.headers["Location"] == "/"
    page = reviewer.get("/inbox/").content.decode()
    assert 'data-theme="dark"' in page
    assert '<html lang="pt-br"' in page


def test_a_preference_that_nobody_offers_is_ignored(firm: FakeHouse, reviewer: Client):
    reviewer.cookies["fw-theme"] = '"><script>'
    reviewer.cookies["fw-zone"] = "../../etc/passwd"

    assert 'data-theme="system"' in reviewer.get("/inbox/").content.decode()


def test_what_the_hub_keeps_is_readable_by_its_owner_only():
    folder = Path(settings.HUB_FOLDER)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "db.sqlite3").stat().st_mode) == 0o600


def test_the_secret_of_sessions_and_links_is_on_no_disk(tmp_path: Path):
    folder = first_start.hub_folder(tmp_path)
    first_start.database_file(folder)

    assert [path.name for path in folder.iterdir()] == ["db.sqlite3"]
    assert len(settings.SECRET_KEY) > 60
    held = [path for path in Path(settings.HOME).rglob("*") if path.is_file()]
    assert not any(settings.SECRET_KEY.encode() in path.read_bytes() for path in held)
