"""What a person types is read as words, phrases, prefixes and exclusions; nothing of it is an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.flow.facts import Term
from fairwitness.followers.words import MOST_TERMS, parse, searchable, whole


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", ()),
        ("Hello Wörld", (Term(("hello",)), Term(("world",)))),
        ('"two words" one', (Term(("two", "words")), Term(("one",)))),
        ('"never closed', (Term(("never", "closed")),)),
        ("-not", (Term(("not",), excluded=True),)),
        ('-"not this"', (Term(("not", "this"), excluded=True),)),
        ("pre*", (Term(("pre",), prefix=True),)),
        ('"a pre"*', (Term(("a", "pre"), prefix=True),)),
        ("a*", (Term(("a",)),)),
        ('- -- * ** " "" ()', ()),
        ("same same", (Term(("same",)),)),
        ("微信", (Term(("微", "信")),)),
    ],
)
def test_a_query_is_read_as(typed: str, terms: tuple[Term, ...]) -> None:
    assert parse(typed) == terms


@given(st.text(max_size=300))
def test_any_query_gives_a_bounded_number_of_terms_of_words(typed: str) -> None:
    terms = parse(typed)
    assert len(terms) <= MOST_TERMS
    for term in terms:
        assert all(word and not set(word) & set("\0\n ") for word in term.words)


@given(st.text(st.characters(), max_size=60))
def test_text_that_is_searched_can_always_be_stored(text: str) -> None:
    assert searchable(text).encode() is not None
    assert len(whole(text)) == len(text)


@given(st.text(max_size=40))
def test_making_text_searchable_again_changes_nothing(text: str) -> None:
    assert searchable(searchable(text)) == searchable(text)
