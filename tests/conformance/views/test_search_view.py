"""Search: finds what was written, and never fails on what is asked."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conformance.views.builders import ANA, BIA, LINE, House, event, read

from fairwitness.followers import ReadViews

TEXTS = (
    "Garantimos retorno de 12% ao mês",
    "call me on my PERSONAL phone",
    "personal matters, not the phone",
    "我们用微信支付吧",
    "ótimo 👍🏽 combinado",
    'she said "NEAR" AND OR NOT (x:y) ^*',
)

HOSTILE = [
    "", " ", '"', '""', '"""', "*", "-", "--", '-"', '-"a', "(", ")", "((((", "a OR", "AND", "NOT", "NEAR(a b, 2)",
    "text:a", "place : x", "{text} : a", "^a", "a^", "a*b", "**", "+a", "a + b", "'; DROP TABLE word;--", "\0", "a\0b",
    "\ud800", "\udfff*", "😀", "😀*", "a" * 10_000, "a " * 5_000, '"' * 999, "(" * 5_000, "-a -b", "%", "\\", "`", "?1",
    "\u202egnihtyreve", "\u200b", "a\u0301", "NEAR", "col:*", "rowid:1", "word MATCH 'x'",
]  # fmt: skip


@pytest.fixture
def full(house: House) -> House:
    house.follow([read(n, event(id=str(n), text=text)) for n, text in enumerate(TEXTS)])
    return house


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ("phone", (2, 1)),
        ("PHONE personal", (2, 1)),
        ('"personal phone"', (1,)),
        ("phone -matters", (1,)),
        ("pers* -call", (2,)),
        ("garantimos", (0,)),
        ("mes", (0,)),
        ("ＧＡＲＡＮＴＩＭＯＳ", (0,)),
        ("12%", (0,)),
        ("支付", (3,)),
        ("支吧", ()),
        ("👍", (4,)),
        ('"NEAR AND OR NOT"', (5,)),
        ("x:y", (5,)),
        ("-phone", ()),
        ("nothing", ()),
    ],
)
def test_words_phrases_prefixes_and_exclusions_find(
    views: ReadViews, query: str, indexes: tuple[int, ...]
) -> None:
    page = views.search.search(query)
    assert (page.indexes, page.total) == (indexes, len(indexes))


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_query_is_only_words(views: ReadViews, query: str) -> None:
    page = views.search.search(query)
    assert page.total == len(page.indexes) <= len(TEXTS)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters() | st.sampled_from('"*-() :^'), max_size=40), scope=st.text(max_size=8))
def test_no_query_fails(views: ReadViews, query: str, scope: str) -> None:
    assert views.search.search(query, stream=scope, line=scope).total == 0


def test_every_version_of_a_text_is_found_once(house: House, views: ReadViews) -> None:
    house.follow(
        [
            read(0, event(id="m", text="first words")),
            read(1, event("edit", target="m", text="second words")),
            read(2, event(id="n", text="other words")),
        ]
    )
    assert views.search.search("first").indexes == (0,)
    assert views.search.search("second").indexes == (1,)
    assert views.search.search("words").indexes == (2, 1)
    assert [row.id for row in views.messages.messages((0, 1))] == ["m", "m"]


def test_a_search_can_be_kept_to_a_conversation_or_a_line(house: House, views: ReadViews) -> None:
    other = "6" * 32
    house.follow(
        [
            read(0, event(id="1", text="hello"), stream=ANA),
            read(1, event(id="1", text="hello", line=other), stream=BIA),
        ]
    )
    assert views.search.search("hello", stream=ANA).indexes == (0,)
    assert views.search.search("hello", line=other).indexes == (1,)
    assert views.search.search("hello", stream=ANA, line=other).indexes == ()
    assert views.search.search(f"l{LINE}").indexes == ()


def test_pages_follow_each_other(house: House, views: ReadViews) -> None:
    house.follow([read(n, event(id=str(n), text="again")) for n in range(7)])
    assert views.search.search("again", limit=3).indexes == (6, 5, 4)
    page = views.search.search("again", limit=3, offset=6)
    assert (page.total, page.indexes) == (7, (0,))


def test_a_file_is_found_by_its_name(house: House, views: ReadViews) -> None:
    from fairwitness.model.event import Media

    house.follow([read(0, event(id="1", media=(Media(kind="document", filename="Prospecto_final.pdf"),)))])
    assert views.search.search("prospecto").indexes == (0,)
