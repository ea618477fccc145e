"""A conversation as people know it, with what WhatsApp hides shown."""

import re

import pytest
from django.test import Client
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st
from tests.hub.fake_house import FakeHouse, identity

from fairwitness.followers.views import Reaction, Receipt
from fairwitness.model.finding import Span
from fairwitness_hub.conversation.highlight import highlight
from fairwitness_hub.design.templatetags.hub import address, shown

ANA = identity("line +5511940000001")
CARLOS = "phone:+5511988887777"


def _page(firm: FakeHouse, reviewer: Client, index: int) -> str:
    stream = firm.rows[index].stream
    return reviewer.get(f"/conversations/{stream}/?entry={index}").content.decode()


def _bubble(page: str, index: int) -> str:
    found = re.search(
        rf'<li id="entry-{index}".*?</li>\s*(?=<li (?:id="entry|class="day|class="more)|</ol>)',
        page,
        re.DOTALL,
    )
    assert found is not None
    return found[0]


def _of(firm: FakeHouse, words: str) -> int:
    return next(row.index for row in firm.rows.values() if words in row.text)


def test_spans_count_code_points_of_the_original():
    text = "😀é <b>garantido</b> 𝕏"
    start = text.index("garantido")
    assert highlight(text, hits=[Span(start, start + 9)]) == (
        '😀é &lt;b&gt;<mark class="hit">garantido</mark>&lt;/b&gt; 𝕏'
    )


def test_spans_that_overlap_or_lie_outside_do_no_harm():
    marked = highlight("abcdef", hits=[Span(1, 3), Span(2, 4), Span(5, 99), Span(-3, 0)], others=[Span(0, 6)])
    assert marked == (
        '<mark class="other">a</mark><mark class="hit">bcd</mark><mark class="other">e</mark><mark class="hit">f</mark>'
    )


@given(st.text(), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50))))
def test_marking_never_changes_what_is_said(text: str, places: list[tuple[int, int]]):
    marked = highlight(text, hits=[Span(*place) for place in places])

    without = re.sub(r'</?mark(?: class="hit")?>', "", marked)
    from html import unescape

    assert "<" not in without
    assert unescape(without) == unescape(highlight(text))
    marked.encode()


@given(st.text(alphabet=st.characters()))
def test_any_text_can_be_shown_and_keeps_its_length(text: str):
    assert len(shown(text)) == len(text)
    shown(text).encode()


def test_what_a_browser_would_drop_is_made_visible():
    assert shown("a\x00b\x1b[31m\ud800\n") == "a␀b␛[31m\ufffd\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("phone:+5511988887777", "+55 11 98888-7777"), ("phone:nonsense", "nonsense"), ("name:Ana", "Ana"),
        ("+442079460001", "+44 20 7946 0001"), ("user:BR.1", "WhatsApp user BR.1"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_addresses_are_said_as_a_person_would(given: str, said: str):
    assert address(given) == said


def test_a_reply_quotes_and_leads_to_what_it_replies_to(firm: FakeHouse, reviewer: Client):
    reply = _of(firm, "Garantido mesmo?")
    flagged = _of(firm, "retorno garantido")

    bubble = _bubble(_page(firm, reviewer, reply), reply)
    assert f'<a href="#entry-{flagged}"' in bubble
    assert "Pode ficar tranquilo" in bubble


def test_a_deleted_message_is_shown_with_who_and_when(firm: FakeHouse, reviewer: Client):
    index = _of(firm, "Apaga isso")
    bubble = strip_tags(_bubble(_page(firm, reviewer, index), index))

    assert re.search(r"Deleted by Ana Lima, \d", bubble)
    assert "Apaga isso por favor" in bubble


def test_a_message_that_is_not_held_is_a_named_absence(firm: FakeHouse, reviewer: Client):
    absent = next(row.index for row in firm.rows.values() if not row.held)
    page = _page(firm, reviewer, absent)
    assert "We do not hold this message: only a reply names it." in page

    for changes, words in (
        ({"receipts": (Receipt(1, "read", 1),)}, "only its receipts name it"),
        ({"reactions": (Reaction(1, CARLOS, "👍", 1),)}, "only a reaction names it"),
    ):
        index = firm.message(ANA, CARLOS, "", held=False, versions=(), **changes)
        assert words in _page(firm, reviewer, index)


def test_receipts_are_ticks_with_a_word(firm: FakeHouse, reviewer: Client):
    cases = {
        "sent": "Sent",
        "delivered": "Delivered",
        "read": "Read",
        "played": "Played",
        "failed": "Not delivered",
    }
    for status, word in cases.items():
        index = firm.message(
            ANA, CARLOS, f"tick {status}", direction="out",
            receipts=(Receipt(1, "sent", 1), Receipt(2, status, 2), Receipt(3, "warehoused", 3)),
        )  # fmt: skip
        assert f'title="{word}"' in _bubble(_page(firm, reviewer, index), index)
    received = firm.message(ANA, CARLOS, "no tick", receipts=(Receipt(1, "read", 1),))
    assert "tick" not in _bubble(_page(firm, reviewer, received), received).replace("no tick", "")


def test_reactions_say_how_many_and_who(firm: FakeHouse, reviewer: Client):
    index = firm.message(
        ANA,
        CARLOS,
        "nice",
        reactions=(Reaction(1, CARLOS, "👍", 1), Reaction(2, ANA, "👍", 1), Reaction(3, ANA, "", 1)),
    )
    bubble = _bubble(_page(firm, reviewer, index), index)

    assert re.search(r'title="Carlos Menezes, Ana Lima"><bdi>👍</bdi> 2', bubble)


def test_a_file_shows_its_kind_its_name_and_what_it_says_it_is(firm: FakeHouse, reviewer: Client):
    index = next(
        row.index
        for row in firm.rows.values()
        if row.media and row.media[0].filename == "relatorio-abril.pdf"
    )
    bubble = strip_tags(_bubble(_page(firm, reviewer, index), index))

    assert "Document · relatorio-abril.pdf" in bubble
    assert "application/pdf" in bubble


def test_each_bubble_can_show_its_proof(firm: FakeHouse, reviewer: Client):
    index = _of(firm, "Garantido mesmo?")
    bubble = strip_tags(_bubble(_page(firm, reviewer, index), index))

    assert re.search(rf"Entry\s*{index}\b", bubble)
    assert "Received" in bubble
    assert f"wamid.{index}" in bubble


def test_days_and_speakers_are_said_once(firm: FakeHouse, reviewer: Client):
    page = _page(firm, reviewer, _of(firm, "Opa!"))
    assert strip_tags(page).count("Júlia") == 1
    assert page.count('class="day"') <= 2


def test_a_conversation_opens_at_its_end_and_anywhere_else(firm: FakeHouse, reviewer: Client):
    last = max(row.index for row in firm.rows.values() if "Talk number" in row.text)
    stream = firm.rows[last].stream
    assert 'href="#entry' not in reviewer.get(f"/conversations/{stream}/").content.decode()

    middle = last - 30
    page = reviewer.get(f"/conversations/{stream}/?entry={middle}").content.decode()
    assert f'data-entry="{middle}" data-here' in page
    assert f"?before={middle - 20}" in page
    assert f"?after={middle + 20}" in page
    for query in ("entry=-1", "entry=x", f"entry={2**60}", "before=", "after=0"):
        assert reviewer.get(f"/conversations/{stream}/?{query}").status_code == 200


def test_a_conversation_that_is_not_held_is_a_404(firm: FakeHouse, reviewer: Client):
    assert reviewer.get("/conversations/" + "0" * 32 + "/").status_code == 404


def test_impossible_times_are_survived(firm: FakeHouse, reviewer: Client):
    for at in (-5, 2**52, None):
        index = firm.message(ANA, CARLOS, "when?", at=0, versions=())
        import msgspec

        firm.rows[index] = msgspec.structs.replace(firm.rows[index], at=at)
        assert "when?" in _page(firm, reviewer, index)
