"""The header lines of exports: bracketed (iOS), with a dash (Android), with a colon (old).

One grammar rules one file: it is taken from the first lines, and every header must have
its shape. A line with another shape is text that somebody pasted.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from fairwitness.capture.chat_export.wording import AFTERNOON, MORNING
from fairwitness.errors import Malformed

MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u061c"
_M = f"[{MARKS}]*"
_S = "[ \u00a0\u202f\u2009\t]"
_SEP = rf"{_M}{_S}?(?:[./\-\u2010\u2011]|年|月|년|월){_M}{_S}?{_M}"
_ERA = r"(?:[RHST]|令和|平成|昭和|民國|民国)?"
_DATE = (
    rf"{_M}(?P<a>{_ERA}\d{{1,4}}){_SEP}(?P<b>\d{{1,2}}){_SEP}(?P<c>{_ERA}\d{{1,4}}){_M}"
    rf"(?:{_S}?(?:BE|AD|CE|г\.?|日|일|\.))?{_M}"
)
_JOIN = rf"{_M}(?P<comma>[,،、]?){_M}{_S}*{_M}(?:(?:à\(s\)|às|às|à|um|at|klo|kl\.?|alle|o){_S})?"


def _tokens(words: Iterable[str]) -> str:
    """A pattern for half-day words, with the spaces and full stops they may be written with."""
    loose = (f"{_S}?".join(re.escape(p) for p in word.replace(".", ". ").split()) for word in words)
    return "|".join(sorted({w + r"\.?" for w in loose}, key=len, reverse=True))


_HALF = f"(?i:{_tokens(MORNING | AFTERNOON)})"
_CLOCK = r"(?P<h>\d{1,2})[:.\u2236](?P<m>\d{2})(?:[:.\u2236](?P<s>\d{2}))?"
_TIME = rf"(?:(?P<before>{_HALF}){_S}?)?{_CLOCK}(?:{_S}?(?P<after>{_HALF}))?(?:{_S}ч\.?)?{_M}"
_TIME_ANY = rf"(?:(?P<before>{_HALF}){_S}?)?{_CLOCK}(?:{_S}?(?P<after>[^\]\[\d\n,،]{{1,14}}?))?{_M}"
_FLAGS = re.MULTILINE

STYLES = {
    "bracket": re.compile(
        rf"^(?P<lead>{_M})\[{_DATE}{_JOIN}{_TIME_ANY}\]{_S}?(?P<rest>[^\n]*)", _FLAGS
    ),
    "bracket_time": re.compile(
        rf"^(?P<lead>{_M})\[{_M}{_TIME}{_JOIN}{_DATE}\]{_S}?(?P<rest>[^\n]*)", _FLAGS
    ),
    "dash": re.compile(rf"^(?P<lead>{_M}){_DATE}{_JOIN}{_TIME}{_S}[-–]{_S}(?P<rest>[^\n]*)", _FLAGS),
    "dash_time": re.compile(
        rf"^(?P<lead>{_M}){_M}{_TIME}{_JOIN}{_DATE}{_S}[-–]{_S}(?P<rest>[^\n]*)", _FLAGS
    ),
    "colon": re.compile(rf"^(?P<lead>{_M}){_DATE}{_JOIN}{_TIME}:{_S}(?P<rest>[^\n]*)", _FLAGS),
}  # fmt: skip
_PARTS = ("lead", "a", "b", "c", "h", "m", "s", "before", "after", "rest")
_FIRST_LINES = 500
_digit = re.compile(r"\d")
_DIGITS = dict.fromkeys(map(ord, "123456789"), "0")


def choose_style(text: str) -> str:
    """The style of the file's headers: that of its first header line, unless it stands alone."""
    found: list[str] = []
    for line in text.split("\n", _FIRST_LINES)[:_FIRST_LINES]:
        found.extend(_style_of(line))
    if not found:
        found = [style for style, pattern in STYLES.items() if pattern.search(text)]
    if not found:
        raise Malformed("no line of this file has the form of a WhatsApp export")
    counted = Counter(found)
    common, most = counted.most_common(1)[0]
    return common if counted[found[0]] == 1 and most > 5 else found[0]


class Header(NamedTuple):
    """A header line: where it stands, the date and time as written, and the rest of the line."""

    start: int
    rest_at: int
    marked: bool
    date: tuple[str, str, str]
    clock: tuple[str, str, str | None, str | None]
    rest: str


def headers(text: str, style: str) -> tuple[list[Header], int]:
    """The header lines of the file, and how many lines look like one but are text."""
    pattern = STYLES[style]
    sample = [match for match, _ in zip(pattern.finditer(text), range(_FIRST_LINES), strict=False)]
    by_shape = Counter(_shape(match) for match in sample)
    first, (common, most) = _shape(sample[0]), by_shape.most_common(1)[0]
    wanted = common if by_shape[first] == 1 and most > 5 else first
    kept, others = [], 0
    shapes: dict[str, bool] = {}
    for match in pattern.finditer(text):
        # Headers of one form differ in their digits only, so each form is looked at once.
        form = text[match.start() : match.start("rest")].translate(_DIGITS)
        if form not in shapes:
            shapes[form] = _shape(match) == wanted
        if shapes[form]:
            kept.append(_header(match))
        else:
            others += 1
    whole = _without_bare_breaks(text, kept)
    return whole, others + len(kept) - len(whole)


def _header(match: re.Match[str]) -> Header:
    lead, a, b, c, h, m, s, before, after, rest = match.group(*_PARTS)
    return Header(match.start(), match.start("rest"), bool(lead), (a, b, c), (h, m, s, before or after), rest)


def pasted_headers(body: str) -> bool:
    """True when a message of several lines has one that looks like a header."""
    newline = body.find("\n")
    if newline < 0 or not _digit.search(body, newline):
        return False
    return any(pattern.search(body, newline) for pattern in STYLES.values())


def _style_of(line: str) -> Iterable[str]:
    if not _digit.search(line, 0, 40):
        return ()
    return (style for style, pattern in STYLES.items() if pattern.match(line))


def _shape(match: re.Match[str]) -> tuple[str, bool, bool, bool]:
    """What does not change between the headers of one file."""
    comma, seconds, before, after = match.group("comma", "s", "before", "after")
    separator = _separator(match.string[match.end("a") : match.start("b")])
    return separator, bool(comma), seconds is None, bool(before or after)


@lru_cache(maxsize=256)
def _separator(written: str) -> str:
    return written.strip(MARKS + " \u00a0\u202f\u2009\t")


def _without_bare_breaks(text: str, found: list[Header]) -> list[Header]:
    """iOS ends a message with CR LF and breaks lines inside one with LF alone.

    Where the file keeps that difference, a header after a bare LF was typed by somebody.
    """
    if len(found) < 3:
        return found
    ended = [header.start < 2 or text[header.start - 2] == "\r" for header in found]
    if sum(ended) < 0.6 * len(ended):
        return found
    return [header for header, whole in zip(found, ended, strict=True) if whole]
