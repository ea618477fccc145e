"""Today, people, search and record in a real browser: axe, the phone, keys, progress, withdrawing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.hub.browser import Desk
from tests.hub.fake_house import FakeHouse, identity

from fairwitness.archive.status import Fault, RefusedCount
from fairwitness.model.custody import AlertClaimed, LineAdded, MandateWithdrawn, PersonEnrolled

ANA, ANA_LINE = identity("person Ana Lima"), identity("line +5511940000001")
FOR_BOTH = (
    "/today/",
    "/people/",
    "/people/?q=nobody",
    f"/people/{ANA}/",
    "/record/",
    "/record/refused/",
    "/record/not-understood/",
)
FOR_REVIEWERS = ("/search/", "SEARCH", "NOTHING")
FOR_ADMINISTRATORS = (
    "/people/enrol/",
    f"/people/{ANA}/correct/",
    f"/people/{ANA}/lines/new/",
    f"/people/{ANA}/lines/{ANA_LINE}/grant/",
)


@pytest.fixture
def busy(firm: FakeHouse) -> FakeHouse:
    """The firm with something to worry about on every screen, and names that do not wrap."""
    today = datetime.fromtimestamp(firm.clock() / 1000, UTC).date()
    for ago in range(20):
        day = (today - timedelta(days=ago)).isoformat()
        firm.refusals.append(RefusedCount(line=ANA_LINE, day=day, reason="no_mandate", count=ago * 7 + 1))
        firm.refusals.append(RefusedCount(line="pnid:99", day=day, reason="unknown_line", count=1))
    long = identity("long")
    firm.decide(PersonEnrolled(person=long, name="x" * 90, department="y" * 90, region="z" * 90), subject=long)
    firm.decide(LineAdded(line=long, name="Shop", aliases=("waha:" + "s" * 60,)), subject=long)
    granted = firm.state.mandates[identity("line +5511940000002")][0].granted
    firm.decide(
        MandateWithdrawn(mandate=granted.mandate, person=granted.person, line=granted.line, reason="r" * 200),
        subject=granted.line,
    )
    alert = next(iter(firm.findings))
    firm.decide(AlertClaimed(alert=alert, by="rita@firm.example"), subject=alert[:32])
    firm.faults = (Fault(what="a block differs", file="f" * 120, log="messages/0", first=64, last=127),)
    firm.lag["judge"] = 5_000
    return firm


@pytest.mark.parametrize(("width", "dark"), [(1440, True), (390, False)], ids=["desktop dark", "phone light"])
@pytest.mark.parametrize("role", ["reviewer", "administrator"])
def test_axe_finds_nothing_here_and_nothing_is_cut_off(
    width: int, dark: bool, role: str, busy: FakeHouse, desk: Desk
) -> None:
    page = desk.page(role, width=width, dark=dark)
    busy.ask_verification(by="adm@firm.example")
    for place in FOR_BOTH + (FOR_REVIEWERS if role == "reviewer" else FOR_ADMINISTRATORS):
        page.goto(place if place.startswith("/") else "/search/")
        if not place.startswith("/"):
            page.locator("#q").fill("guaranteed" if place == "SEARCH" else "absent")
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(r"/search/\d+/"))
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], place
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
        assert page.evaluate("window.ran") == [], place


def test_a_slash_leads_to_the_search_field_from_anywhere(busy: FakeHouse, desk: Desk) -> None:
    page = desk.page()
    page.goto("/today/")
    page.keyboard.press("/")
    page.wait_for_url("**/search/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("garantido")
    page.keyboard.press("Enter")
    expect(page.locator(".hit mark").first).to_have_text("Garantido")
    assert "garantido" not in page.url
    page.locator(".result .where").first.click()
    expect(page.locator("main")).to_contain_text("retorno garantido")


def test_going_back_to_results_finds_them_still_there(busy: FakeHouse, desk: Desk) -> None:
    page = desk.page()
    page.goto("/search/")
    page.locator("#q").fill("Signal")
    page.keyboard.press("Enter")
    page.locator(".result .where").first.click()
    page.wait_for_url("**/conversations/**")
    page.go_back()
    expect(page.locator(".hit mark").first).to_have_text("Signal")


def test_a_mandate_is_withdrawn_with_one_press_and_granted_again(firm: FakeHouse, desk: Desk) -> None:
    page = desk.page("administrator")
    page.goto(f"/people/{ANA}/")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.locator(".said")).to_contain_text("The next message of this line is refused")
    page.get_by_role("link", name="Grant again").click()
    page.get_by_label("Acknowledged at").fill("2026-01-02T10:30")
    page.get_by_role("button", name="Grant").click()
    expect(page.locator(".line-head .tag")).to_have_text("Covered")
    assert len(firm.state.mandates[ANA_LINE]) == 2


def test_progress_moves_by_itself_until_the_faults_are_named(busy: FakeHouse, desk: Desk) -> None:
    busy.keeper_runs = False
    page = desk.page("administrator")
    page.goto("/record/")
    page.keyboard.press("v")
    expect(page.locator("#verification")).to_contain_text("The keeper begins in a moment")
    busy.moved = (50, 200)
    expect(page.locator("progress")).to_have_attribute("value", "25")
    busy.answer_verification()
    expect(page.locator(".verdict")).to_contain_text("1 fault")
    expect(page.locator("#verification")).to_contain_text("a block differs")


def test_a_filter_changes_the_list_without_a_button(firm: FakeHouse, desk: Desk) -> None:
    page = desk.page("administrator")
    page.goto("/people/")
    page.get_by_label("Department").select_option("Desk")
    page.wait_for_url("**department=Desk**")
    expect(page.locator(".roster tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Show everybody").click()
    expect(page.locator(".roster tbody tr")).to_have_count(3)
