"""Which words of a text a query marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness_hub.search.words import first_words, has_match, snippet, terms


def _marked(text: str, query: str) -> list[str]:
    return [piece.text for piece in snippet(text, terms(query)) if piece.hit]


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Retorno garantido!", "garantido", ["garantido"]),
        ("Reunião em São Paulo", "sao REUNIAO", ["Reunião", "São"]),
        ("guaranteed returns, guarantee", "guarant*", ["guaranteed", "guarantee"]),
        ("guaranteed", "guarant", ["guarant"]),
        ("sem risco e risco sem", '"sem risco"', ["sem risco"]),
        ("sem risco", '"sem risco', ["sem risco"]),
        ("one two", "one -two", ["one"]),
        ("nothing here", "absent", []),
        ("g\u200buaranteed", "guaranteed", ["g\u200buaranteed"]),
        ("我们保证收益", "保证", ["保证"]),
        ("lucro🚀 certo 🚀", "🚀", ["🚀", "🚀"]),
        ("snake_case", "case", ["case"]),
        ("R$ 100 hoje", "R$", ["R"]),
        ("anything", '* - "" -"" \x00', []),
        ("a-b c", "a-b", ["a-b"]),
    ],
)
def test_a_mark_is_what_a_person_would_recognise(text: str, query: str, marked: list[str]) -> None:
    assert _marked(text, query) == marked


def test_a_whole_word_is_preferred_to_a_part_of_another() -> None:
    assert _marked("arte partes arte", "arte") == ["arte", "arte"]


def test_a_snippet_begins_near_the_first_match_and_says_that_it_was_cut() -> None:
    pieces = snippet("palavra " * 200 + "garantido " + "fim " * 200, terms("garantido"))
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert "garantido" in whole
    assert len(whole) < 700


def test_a_short_text_is_shown_whole() -> None:
    assert "".join(piece.text for piece in snippet("um texto", terms("x"))) == "um texto"


@given(st.text(max_size=400), st.text(max_size=40))
def test_no_text_and_no_query_breaks_a_snippet(text: str, query: str) -> None:
    wanted = terms(query)
    pieces = snippet(text, wanted)
    whole = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert whole in text or text.startswith("… ") or text.endswith(" …")
    if any(piece.hit for piece in pieces):
        assert has_match(text, wanted)


@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_no_lone_surrogate_breaks_the_marking(text: str) -> None:
    pieces = snippet(text, terms("a b*"))
    assert len(text) > 280 or "".join(piece.text for piece in pieces) == text
    assert len(first_words(text)) <= 122


def test_first_words_are_one_line() -> None:
    assert first_words("a\n\nb\tc") == "a b c"
    assert len(first_words("palavra " * 90)) < 130
