"""The screens as a reviewer uses them, in a real browser: keys, live alerts, two at once, phone, axe."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect
from tests.hub.browser import Desk
from tests.hub.fake_house import FakeHouse, identity

from fairwitness.model.custody import AlertClosed, AlertReopened

SCREENS = (
    "/account/sign-in/",
    "/inbox/",
    "/inbox/?state=closed",
    "ALERT",
    "CONVERSATION",
    "/account/two-step/",
    "/nowhere/",
)


def _address(place: str, firm: FakeHouse) -> str:
    row = firm.alerts.queue()[0]
    return {
        "ALERT": f"/inbox/{row.alert}/",
        "CONVERSATION": f"/conversations/{row.stream}/?entry={row.index}",
    }.get(place, place)


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (390, True)], ids=["desktop light", "phone dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(width: int, dark: bool, firm: FakeHouse, desk: Desk):
    page, anonymous = desk.page(width=width, dark=dark), desk.page("anonymous", width=width, dark=dark)
    for place in SCREENS:
        shown = anonymous if "sign-in" in place else page
        shown.goto(_address(place, firm))
        found = Axe().run(shown).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], place
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    desk.complaints = [said for said in desk.complaints if "404" not in said]


def test_an_alert_is_worked_by_keyboard_alone(firm: FakeHouse, desk: Desk):
    first, second = [row.alert for row in firm.alerts.queue(state="waiting")][:2]
    page = desk.page()
    page.goto("/inbox/")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/inbox/{first}/")
    expect(page.locator("[data-flagged]")).to_be_in_viewport()
    page.keyboard.press("c")
    expect(page.locator("#why .claim .tag")).to_have_text("Yours")
    page.keyboard.press("d")
    expect(page.locator("input[value=violation]")).to_be_focused()
    page.keyboard.press("1")
    page.locator("#id_action").select_option("training")
    page.locator("#id_reason").fill("Promises a result; j and k and ? are typed here")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/inbox/{second}/")

    closed = next(decision for _a, decision, _s in reversed(firm.log) if isinstance(decision, AlertClosed))
    assert (closed.alert, closed.decision, closed.action) == (first, "violation", "training")
    expect(page.locator("#queue")).not_to_contain_text("No alerts here")
    expect(page.locator(f'[data-alert="{first}"]')).to_have_count(0)

    page.keyboard.press("u")
    page.wait_for_url(f"**/inbox/{first}/")
    assert any(isinstance(decision, AlertReopened) for _a, decision, _s in firm.log)
    expect(page.locator(f'[data-alert="{first}"]')).to_have_attribute("aria-current", "true")
    expect(page.locator("#toast")).to_be_empty()


def test_only_what_was_on_screen_is_recorded_as_read(firm: FakeHouse, desk: Desk):
    row = next(row for row in firm.alerts.queue() if "Signal" in row.first_words)
    page = desk.page()
    page.goto(f"/inbox/{row.alert}/")
    shown = page.locator(".line[data-entry]").count()
    expect(page.locator("#read-count")).not_to_have_text("1")
    before = int(page.locator("#read-count").inner_text())
    assert before < shown

    page.locator("text=Older messages").scroll_into_view_if_needed()
    page.locator("text=Older messages").click()
    expect(page.locator(".line[data-entry]")).to_have_count(shown + 20)
    expect(page.locator("#read-count")).not_to_have_text(str(before))

    page.keyboard.press("3")
    page.locator("#id_reason").fill("A joke between friends")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: row.alert not in url)
    closed = next(decision for _a, decision, _s in reversed(firm.log) if isinstance(decision, AlertClosed))
    assert row.index in closed.reviewed
    assert before < len(closed.reviewed) < shown + 20
    assert all(firm.rows[index].stream == row.stream for index in closed.reviewed)


def test_a_new_alert_appears_by_itself(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")
    expect(page.locator("#live")).to_be_visible()
    page.evaluate("window.sameDocument = true")

    index = firm.message(identity("line +5511940000001"), "phone:+5511988887777", "Garanto 40% de lucro")
    alert = firm.raise_alert(index, "Garanto", severity="critical")

    expect(page.locator(f'[data-alert="{alert}"]')).to_contain_text("Garanto 40% de lucro")
    assert page.evaluate("window.sameDocument")


def test_a_stream_that_was_refused_is_asked_for_again(firm: FakeHouse, desk: Desk):
    page = desk.page()
    refused = []

    def once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.fulfill(status=503, body="busy"))

    page.route("**/inbox/stream/", once)
    page.goto("/inbox/")
    expect(page.locator("#live")).to_be_visible()
    assert len(refused) == 1
    _raise(firm)
    expect(page.locator(".queue-row")).to_have_count(10)
    desk.complaints = [said for said in desk.complaints if "503" not in said]


def test_a_queue_that_could_not_be_fetched_is_fetched_again(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")
    expect(page.locator("#live")).to_be_visible()
    broken = []

    def once(route: Route) -> None:
        if broken:
            route.continue_()
        else:
            broken.append(route.abort())

    page.route("**/inbox/queue/", once)
    _raise(firm)
    expect(page.locator(".queue-row")).to_have_count(10)
    assert len(broken) == 1
    desk.complaints = [said for said in desk.complaints if "ERR_FAILED" not in said and not said.startswith("htmx:")]


def test_a_filter_that_is_open_and_a_row_that_is_pressed_survive_a_new_alert(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")
    expect(page.locator("#live")).to_be_visible()
    page.locator("select[name=severity]").focus()
    page.evaluate("document.querySelector('select[name=severity]').mark = 1")
    _raise(firm)
    expect(page.locator(".queue-row")).to_have_count(10)
    assert page.evaluate("document.activeElement.mark") == 1

    second = page.locator(".queue-row").nth(1)
    wanted = second.get_attribute("data-alert")
    box = second.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 10)
    page.mouse.down()
    _raise(firm)
    page.evaluate("document.dispatchEvent(new Event('queue-changed'))")
    page.mouse.up()
    page.wait_for_url(f"**/inbox/{wanted}/")
    expect(page.locator(".queue-row")).to_have_count(11)


def test_a_tab_that_nobody_sees_fetches_nothing(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")
    expect(page.locator("#live")).to_be_visible()
    look = "Object.defineProperty(document, 'hidden', {{configurable: true, value: {}}}); document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(look.format("true"))
    expect(page.locator("#live")).to_be_hidden()
    _raise(firm)
    fetched = "performance.getEntriesByType('resource').filter((e) => e.name.includes('/inbox/queue/')).length"
    assert page.evaluate(fetched) == 0
    page.evaluate(look.format("false"))
    expect(page.locator(".queue-row")).to_have_count(10)


def _raise(firm: FakeHouse) -> str:
    index = firm.message(identity("line +5511940000001"), "phone:+5511988887777", "Garanto lucro")
    return firm.raise_alert(index, "Garanto", severity="critical")


def test_what_is_being_typed_survives_a_new_alert(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto(f"/inbox/{firm.alerts.queue()[0].alert}/")
    expect(page.locator("#live")).to_be_visible()
    page.locator("#id_reason").fill("half a sent")

    index = firm.message(identity("line +5511940000001"), "phone:+5511988887777", "Garanto")
    alert = firm.raise_alert(index, "Garanto", severity="critical")

    expect(page.locator(f'[data-alert="{alert}"]')).to_be_visible()
    expect(page.locator("#id_reason")).to_have_value("half a sent")
    expect(page.locator("#id_reason")).to_be_focused()
    expect(page.locator('.queue-row[aria-current="true"]')).to_have_count(1)


def test_the_second_reviewer_is_told_who_was_first(firm: FakeHouse, desk: Desk):
    alert = firm.alerts.queue(state="waiting")[0].alert
    rita, bruno = desk.page(), desk.page("second reviewer")
    for page in (rita, bruno):
        page.goto(f"/inbox/{alert}/")
        page.keyboard.press("2")
        page.locator("#id_reason").fill("Said before")
    rita.keyboard.press("Control+Enter")
    rita.wait_for_url(lambda url: alert not in url)

    bruno.keyboard.press("Control+Enter")
    expect(bruno.locator("#why .notice")).to_contain_text("rita@firm.example closed this alert meanwhile")
    expect(bruno.locator("#decide")).to_have_count(0)


def test_the_panes_scroll_and_the_page_does_not(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.set_viewport_size({"width": 1440, "height": 500})
    page.goto(f"/inbox/{firm.alerts.queue()[0].alert}/")
    expect(page.locator("[data-flagged]")).to_be_in_viewport()
    assert page.evaluate("[document.documentElement.scrollHeight <= innerHeight, scrollY]") == [True, 0]


def test_a_form_that_is_not_whole_keeps_the_reviewer_where_they_are(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto(f"/inbox/{firm.alerts.queue()[0].alert}/")
    page.keyboard.press("1")
    page.locator("#close-alert").click()

    expect(page.locator("#why")).to_contain_text("A violation needs a reason")
    expect(page.locator("input[value=violation]")).to_be_checked()
    expect(page.locator("#id_action")).to_be_focused()
    expect(page.locator("#read-count")).not_to_be_empty()
    desk.complaints = [said for said in desk.complaints if "422" not in said]


def test_a_phone_goes_from_list_to_alert_and_back(firm: FakeHouse, desk: Desk):
    page = desk.page(width=390)
    page.goto("/inbox/")
    expect(page.locator("#detail")).to_be_hidden()
    page.locator(".queue-row").first.click()
    expect(page.locator("#queue")).to_be_hidden()
    expect(page.locator("[data-flagged]")).to_be_in_viewport(ratio=1)
    page.get_by_role("link", name="Decide").click()
    expect(page.locator("#why h2")).to_be_in_viewport()
    page.get_by_role("link", name="Back to the queue").click()
    expect(page.locator(".queue-row").first).to_be_visible()
    expect(page.locator("#detail")).to_be_hidden()


def test_going_back_asks_the_hub_again(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")
    page.locator(".queue-row").first.click()
    page.wait_for_selector("#why")
    page.go_back()
    expect(page.locator(".nothing")).to_be_visible()
    kept = page.evaluate("[...Object.values(localStorage), ...Object.values(sessionStorage)]")
    assert [value for value in kept if not re.fullmatch(r"/inbox/([0-9a-f]{64}/)?", value)] == []


def test_the_theme_is_chosen_and_kept(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")

    def paper(page: Page) -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = paper(page)
    page.locator(".account summary").click()
    page.locator(".preferences label", has_text="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert paper(page) != light
    assert page.url.endswith("/inbox/")


def test_help_lists_the_keys_and_escape_closes_it(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Undo, within ten seconds")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_times_are_the_viewers(firm: FakeHouse, desk: Desk):
    page = desk.page()
    page.goto("/inbox/")
    page.reload()
    told = page.locator(".q-age time").first.get_attribute("datetime")
    assert re.search(r"-03:00$", told or "")


def test_a_session_that_ended_leads_to_the_sign_in(firm: FakeHouse, desk: Desk):
    from django.contrib.sessions.models import Session

    page = desk.page()
    page.goto("/inbox/")
    Session.objects.all().delete()
    page.locator(".queue-row").first.click()
    page.wait_for_url("**/account/sign-in/")
    assert page.locator("input[type=email], input[name=login]").count() > 0
    desk.complaints = [said for said in desk.complaints if "401" not in said]
