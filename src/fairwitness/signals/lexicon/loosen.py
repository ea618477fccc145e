"""Words that were pulled apart, stretched or spelt with digits, read as they are meant.

`t e l e g r a m`, `t.e.l.e.g.r.a.m`, `apagaaaa` and `t3l3gr4m` are `telegram` and `apaga` to
whoever reads them. Only text in which a hint is seen is loosened, so that other text costs nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LETTERS = "abcdefghijlmnopqrstuvxyz"  # kkkk is laughter, and www an address
_DIGITS = str.maketrans("013457$", "oieasts")
HINT = "|".join(
    (
        *(f"[a-z]{letter}{{3}}|{letter}{{3}}[a-z]" for letter in _LETTERS),
        "[a-z][ ._*-][a-z][ ._*-][a-z][ ._*-][a-z]",
        "[a-z][013457$]{1,2}[a-z]",
    )
)
"""An expression that is found wherever `loosen` might change something, and seldom elsewhere."""

_APART = re.compile(r"(?<![^\W_])[a-z](?P<mark>[ ._*-])[a-z](?:(?P=mark)[a-z]){2,}(?![^\W_])")
_DISGUISED = re.compile(r"(?<![a-z0-9$])[a-z0-9$]*(?:([a-jl-vx-z])\1\1|[a-z][013457$]{1,2}[a-z])[a-z0-9$]*")
_SPELT = re.compile(r"(?<=[a-z])[013457$]{1,2}(?=[a-z])")
_STRETCHED = re.compile(r"([a-jl-vx-z])\1{2,}")


@dataclass(frozen=True, slots=True)
class Loose:
    """Loosened text, and for each of its characters where it begins and ends in the folded text."""

    text: str
    _starts: list[int]
    _ends: list[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The place in the folded text of the place `[start, end)` of this one."""
        return self._starts[start], self._ends[end - 1]


def loosen(folded: str) -> Loose:
    """The loosened form of `folded`."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, kept in sorted((*_apart(folded), *_disguised(folded))):
        if start < at:
            continue
        text.append(folded[at:start])
        starts += range(at, start)
        ends += range(at + 1, start + 1)
        for char, first, last in kept:
            text.append(char)
            starts.append(start + first)
            ends.append(start + last)
        at = end
    text.append(folded[at:])
    starts += range(at, len(folded))
    ends += range(at + 1, len(folded) + 1)
    return Loose("".join(text), starts, ends)


_Piece = tuple[int, int, list[tuple[str, int, int]]]


def _apart(folded: str) -> Iterator[_Piece]:
    """Words pulled apart: four letters or more, the same mark between all of them."""
    for found in _APART.finditer(folded):
        letters = [(char, place, place + 1) for place, char in enumerate(found[0]) if place % 2 == 0]
        yield found.start(), found.end(), letters


def _disguised(folded: str) -> Iterator[_Piece]:
    """Words with digits for letters, or with a letter three times in a row or more."""
    for found in _DISGUISED.finditer(folded):
        word = _SPELT.sub(lambda digits: digits[0].translate(_DIGITS), found[0])
        yield found.start(), found.end(), _shortened(word)


def _shortened(word: str) -> list[tuple[str, int, int]]:
    """Each letter once where it is stretched, if at least two others stand beside it: III stays, and AAA."""
    last = {run.start(): run.end() for run in _STRETCHED.finditer(word) if len(word) - len(run[0]) >= 2}
    dropped = {place for start, end in last.items() for place in range(start + 1, end)}
    return [(char, at, last.get(at, at + 1)) for at, char in enumerate(word) if at not in dropped]
