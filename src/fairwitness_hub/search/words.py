"""What a query asks for, and where a text holds it. Strings in, pieces out.

The search view finds messages; this only says which of their words to mark. Text is
folded as policies fold it: case, accents, invisible characters and look-alikes.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fairwitness.followers.words import parse
from fairwitness.signals.lexicon import Locator, fold, is_word_character

_BEFORE, _LENGTH = 90, 280


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that stand next to each other; with `prefix` the last may go on."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, marked or not."""

    text: str
    hit: bool = False


def terms(query: str) -> tuple[Term, ...]:
    """What `query` looks for, as search reads it; what it excludes is left out."""
    wanted = ((term, _words(" ".join(term.words))) for term in parse(query) if not term.excluded)
    return tuple(Term(tuple(w for _, _, w in words), prefix=t.prefix) for t, words in wanted if words)


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
    words = _words(folded)
    found = {place for term in wanted for place in _matches(folded, words, term)}
    merged: list[tuple[int, int]] = []
    for span in Locator(text).spans(sorted(found)):
        if merged and span.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(span.end, merged[-1][1]))
        else:
            merged.append((span.start, span.end))
    return merged


def _words(folded: str) -> list[tuple[int, int, str]]:
    """The words of folded text and where they stand; what is written without spaces, sign by sign."""
    found: list[tuple[int, int, str]] = []
    start = None
    for place, char in enumerate(folded + " "):
        inside = is_word_character(char)
        if inside and start is None:
            start = place
        elif not inside and start is not None:
            found.append((start, place, folded[start:place]))
            start = None
        if not inside and (char.isalnum() or unicodedata.category(char) == "So"):
            found.append((place, place + 1, char))
    return found


def _matches(folded: str, words: Sequence[tuple[int, int, str]], term: Term) -> Iterator[tuple[int, int]]:
    """Where `term` stands as whole words; inside a longer word only where it never does."""
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
