"""Text as it is matched: case, accents, invisible characters and look-alikes folded away.

`fold` gives the folded text; `locate` leads places in it back to code points of the
original. Both follow section 8 of `docs/spec/policy-language.md`, and neither fails on
any string, lone surrogates included.
"""

import re
import unicodedata
from collections.abc import Iterable

from fairwitness.model.finding import Span
from fairwitness.signals.lexicon.lookalikes import single

_CACHED = 50_000
_BLANKS = re.compile("  +")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


class _Table(dict[int, str]):
    """What each code point folds to, worked out when it is first met.

    `marks` collects the marks that survive folding, so that most text need not be searched for them.
    """

    def __init__(self) -> None:
        super().__init__({code: single(chr(code)) for code in range(0x250)})
        self.marks: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = single(chr(code))
        self.marks.update(char for char in folded if unicodedata.category(char)[0] == "M")
        if len(self) < _CACHED:  # hostile text must not fill the memory with a million entries
            self[code] = folded
        return folded


_table = _Table()
_bytes = bytes(
    ord(_table[code]) if len(_table[code]) == 1 and _table[code].isascii() else 0xFF for code in range(256)
)


def fold(text: str) -> str:
    """The folded form of `text`. Folding it again changes nothing."""
    folded = text.lower() if text.isascii() and text.isprintable() else _western(text) or _any(text)
    return _BLANKS.sub(" ", folded) if "  " in folded else folded


class Locator:
    """Leads places in `fold(text)` back to `text`. The way back is worked out once, when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._same = text.isascii() and text.isprintable() and "  " not in text
        self._origins: tuple[list[int], list[int]] | None = None

    def spans(self, places: Iterable[tuple[int, int]]) -> list[Span]:
        """The spans of the original that the places `[start, end)` of the folded text came from."""
        if self._same:
            return [Span(start, end) for start, end in places]
        if self._origins is None:
            self._origins = _origins(self._text)
        firsts, lasts = self._origins
        return [Span(firsts[start], _with_marks(self._text, lasts[end - 1] + 1)) for start, end in places]


def is_word_character(char: str) -> bool:
    """Tell whether `char`, of folded text, continues a word."""
    if char.isascii():
        return char.isalnum()
    if not (char.isalnum() or unicodedata.category(char)[0] == "M"):
        return False
    return _UNSPACED.match(char) is None


def _western(text: str) -> str:
    """The folded form where one byte per character gives it; empty where that does not.

    Portuguese is written with such letters, and a table of bytes is much faster than one of code points.
    """
    try:
        folded = text.encode("latin-1").translate(_bytes)
    except UnicodeEncodeError:
        return ""
    return folded.decode("ascii") if folded.isascii() else ""


def _any(text: str) -> str:
    folded = text.translate(_table)
    if _table.marks and not _table.marks.isdisjoint(folded):
        folded = "".join(char for char, stray in zip(folded, _strays(folded), strict=True) if not stray)
    return folded


def _strays(folded: str) -> list[bool]:
    """Which characters are marks of one script upon a letter of another that has none."""
    strays, borrowed = [], True
    for char in folded:
        if char in _table.marks:
            strays.append(borrowed)
        else:
            strays.append(False)
            borrowed = ord(char) < 0x0530 or 0x1E00 <= ord(char) < 0x2000
    return strays


def _origins(text: str) -> tuple[list[int], list[int]]:
    """For each character of `fold(text)`, the first and last index that it stands for."""
    pieces = [(char, index) for index, original in enumerate(text) for char in _table[ord(original)]]
    strays = _strays("".join(char for char, _ in pieces))
    firsts: list[int] = []
    lasts: list[int] = []
    previous = ""
    for (char, index), stray in zip(pieces, strays, strict=True):
        if stray:
            continue
        if char == previous == " ":
            lasts[-1] = index
            continue
        firsts.append(index)
        lasts.append(index)
        previous = char
    return firsts, lasts


def _with_marks(text: str, end: int) -> int:
    """`end`, moved over the marks that stand on the character before it."""
    while end < len(text) and unicodedata.category(text[end])[0] == "M" and _table[ord(text[end])] == "":
        end += 1
    return end
