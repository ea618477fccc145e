"""Words pulled apart, stretched or spelt with digits are found, where they were written."""

import time

import pytest

from fairwitness.signals.lexicon import Lexicon, Locator, Needle, fold, literal, pattern, wildcard
from fairwitness.signals.lexicon.loosen import loosen

NEEDLES: tuple[Needle, ...] = (
    literal("telegram"), literal("apaga isso"), wildcard("garanti*"), pattern(r"\bsignal (app|me)\b"), literal("AAA"), literal("iii"),
)  # fmt: skip


def found(text: str) -> list[str]:
    places = Lexicon(NEEDLES).scan(fold(text))
    return [text[span.start : span.end] for some in places.values() for span in Locator(text).spans(some)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no t e l e g r a m, tá", "t e l e g r a m"),
        ("no T.E.L.E.G.R.A.M!", "T.E.L.E.G.R.A.M"),
        ("t-e-l-e-g-r-a-m", "t-e-l-e-g-r-a-m"),
        ("é ótimo: t\u00a0e l e g r a m", "t\u00a0e l e g r a m"),
        ("apagaaaa isso", "apagaaaa isso"),
        ("APAGA iissssoooo? apaga issoooo", "apaga issoooo"),
        ("garantidooooo!!!", "garantidooooo"),
        ("gar4ntid0", "gar4ntid0"),
        ("t3l3gr4m", "t3l3gr4m"),
        ("т3l3gr4м", "т3l3gr4м"),
        ("siiignaaal me", "siiignaaal me"),
    ],
)
def test_a_disguised_word_is_found_where_it_stands(text: str, words: str):
    assert found(text) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "a b c d",
        "kkkkkkkk",
        "www.x.com",
        "t e l",
        "tele gram",
        "AAAA",
        "a a a a",
        "10 000",
        "VIII",
        "t-e l-e g-r a-m",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str):
    assert found(text) == []


def test_words_of_one_letter_stay_what_they_are():
    assert found("rated AAA by all") == ["AAA"]
    assert found("phase III") == ["III"]


@pytest.mark.parametrize("text", ["", "plain words", "kkkk", "10mg b2b covid19", "x" * 50])
def test_nothing_to_loosen_stays_as_it_is(text: str):
    loose = loosen(text)

    assert loose.text == text or set(text) == {"x"}
    assert [loose.place(at, at + 1) for at in range(len(loose.text))][:3] == [
        (at, at + 1) for at in range(len(loose.text))
    ][:3]


@pytest.mark.parametrize("unit", ["a ", "a.b", "aaab", "a0", "a$", "aaa ", "ab0c", "a-"])
def test_hostile_text_is_read_in_time_that_grows_with_its_length(unit: str):
    text = unit * 20_000
    began = time.perf_counter()
    found(text)

    assert time.perf_counter() - began < 2
