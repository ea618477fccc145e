"""What a query asks for, and where a text holds it. Strings in, pieces out.

The search view finds messages; this only says which of their words to mark. Text is
folded as policies fold it: case, accents, invisible characters and look-alikes.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairwitness.signals.lexicon.fold import fold, locate

_QUERY = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_WORD = re.compile(r"\w+")
_BEFORE, _LENGTH = 90, 280


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other; with `prefix` the last may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, marked or not."""

    text: str
    hit: bool = False


def terms(query: str) -> tuple[Term, ...]:
    """What `query` looks for; what it excludes is left out."""
    found = []
    for match in _QUERY.finditer(query):
        asked = match["phrase"] if match["phrase"] is not None else match["word"]
        words = tuple(_WORD.findall(fold(asked)))
        if words and not match["minus"]:
            found.append(Term(words, prefix=match["phrase"] is None and asked.endswith("*")))
    return tuple(found)


def snippet(text: str, wanted: Sequence[Term]) -> tuple[Piece, ...]:
    """`text` around its first match, matches marked, with … where it was cut."""
    spans = _spans(text, wanted)
    start = _word_start(text, spans[0][0] - _BEFORE) if spans else 0
    end = len(text) if len(text) <= start + _LENGTH else _word_start(text, start + _LENGTH)
    end = max(end, min(spans[0][1], start + 2 * _LENGTH)) if spans else end
    pieces = list(_cut(text, spans, start, end))
    if start > 0:
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def has_match(text: str, wanted: Sequence[Term]) -> bool:
    """Whether any of what is wanted stands in `text`."""
    return bool(_spans(text, wanted))


def first_words(text: str, limit: int = 120) -> str:
    """The beginning of `text` on one line."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: _word_start(line, limit)].rstrip() + " …"


def _spans(text: str, wanted: Sequence[Term]) -> list[tuple[int, int]]:
    """Where `text` holds what is wanted: sorted, apart from each other."""
    folded = fold(text)
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(folded)]
    found = {place for term in wanted for place in _matches(folded, words, term)}
    merged: list[tuple[int, int]] = []
    for span in locate(text, sorted(found)):
        if merged and span.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(span.end, merged[-1][1]))
        else:
            merged.append((span.start, span.end))
    return merged


def _matches(folded: str, words: Sequence[tuple[int, int, str]], term: Term) -> Iterator[tuple[int, int]]:
    """Where `term` stands as whole words; inside longer runs only where it never does.

    Scripts without spaces have no word borders to respect.
    """
    size, any_found = len(term.words), False
    for place in range(len(words) - size + 1):
        run = words[place : place + size]
        if _same([word for _, _, word in run], term):
            any_found = True
            yield run[0][0], run[-1][1]
    if not any_found and size == 1 and (at := folded.find(term.words[0])) >= 0:
        yield at, at + len(term.words[0])


def _same(words: Sequence[str], term: Term) -> bool:
    *firsts, last = term.words
    if list(words[:-1]) != firsts:
        return False
    return words[-1].startswith(last) if term.prefix else words[-1] == last


def _cut(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Piece]:
    at = start
    for first, last in spans:
        if last <= start or first >= end:
            continue
        if first > at:
            yield Piece(text[at:first])
        yield Piece(text[max(first, at) : min(last, end)], hit=True)
        at = min(last, end)
    if at < end:
        yield Piece(text[at:end])


def _word_start(text: str, near: int) -> int:
    """A place to cut at or before `near`: after a space if one is close, never inside a character."""
    if near <= 0:
        return 0
    space = text.rfind(" ", max(0, near - 30), near)
    place = space + 1 if space >= 0 else near
    while 0 < place < len(text) and _joined(text[place]):
        place -= 1
    return place


def _joined(char: str) -> bool:
    return unicodedata.combining(char) != 0 or char in "\u200d\ufe0e\ufe0f" or 0x1F3FB <= ord(char) <= 0x1F3FF
