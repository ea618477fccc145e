"""What strangers wrote is shown on a terminal and never obeyed by it."""

import pytest

from fairwitness.cli.terminal import marked, merge, plain
from fairwitness.model.finding import Span


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "a\rb", "\x08\x08", "\u202eevil", "\u2066x\u2069", "\u200f", "\x00", "\ud800", "\x7f", "\u2028"],
)
def test_nothing_a_terminal_obeys_is_left(hostile):
    shown = plain(hostile)

    assert len(shown) == len(hostile)
    assert shown.isprintable()
    assert not set(shown) & set("\x1b\x9b\r\x08\u202e\u2066\u2069\u200f\x00\x7f\u2028")
    shown.encode()


@pytest.mark.parametrize("kept", ["Olá, doutora! 👍", "família 👨‍👩‍👧", "नमस्ते", "مرحبا", "日本語", "e\u0301"])
def test_words_of_every_script_stay_as_they_are(kept):
    assert plain(kept) == kept


def test_a_line_break_is_kept_only_where_it_is_asked_for():
    assert plain("a\nb") == "a b"
    assert plain("a\nb", keep="\n") == "a\nb"


def test_spans_are_set_off_without_colours():
    shown = marked("vamos pro telegram hoje", [Span(6, 18)], coloured=False)

    assert shown.plain == "vamos »pro telegram« hoje"


def test_spans_are_styled_with_colours():
    shown = marked("vamos pro telegram hoje", [Span(6, 18)], coloured=True)

    assert shown.plain == "vamos pro telegram hoje"
    assert [(span.start, span.end) for span in shown.spans] == [(6, 18)]


def test_overlapping_spans_become_one():
    assert merge([Span(4, 9), Span(0, 5), Span(12, 14)]) == [Span(0, 9), Span(12, 14)]


def test_a_long_message_is_cut_about_what_was_found():
    text = "a" * 500 + "FOUND" + "b" * 500
    shown = marked(text, [Span(500, 505)], coloured=False, most=100)

    assert "»FOUND«" in shown.plain
    assert len(shown.plain) <= 104
    assert shown.plain.startswith("…")
    assert shown.plain.endswith("…")


def test_markup_in_a_message_is_text():
    assert marked("[bold]x[/bold]", [], coloured=True).plain == "[bold]x[/bold]"


def test_a_span_stays_on_its_words_when_control_characters_come_first():
    shown = marked("\x1b[31m telegram", [Span(6, 14)], coloured=False)

    assert shown.plain.endswith("»telegram«")
