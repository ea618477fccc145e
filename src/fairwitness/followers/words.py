"""Words as they are searched: one form for what was written and for what is asked.

Text is folded as policies fold it, so that a search finds what a policy sees. Scripts
without spaces between words, and emoji, are cut into single characters, which a search
then asks for in a row.
"""

import re
from collections.abc import Sequence

from fairwitness.flow.facts import Term
from fairwitness.signals.lexicon import fold

MOST_TERMS = 32
MOST_TYPED = 2_000
_SHORTEST_PREFIX = 2
_ALONE = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2190-\u2bff\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U0001f000-\U0001faff\U00020000-\U0003ffff])"
)
_PIECE = re.compile(r'(-?)"([^"]*)"?(\*?)|(\S+)')
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """`text` with every lone surrogate replaced, one for one: it can be encoded, places stay."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def searchable(text: str) -> str:
    """`text` folded and cut into words with one blank between them."""
    once = _searchable(text)
    # A mark that lost what it stood on folds away only when it is looked at again.
    return once if once.isascii() else _searchable(once)


def _searchable(text: str) -> str:
    folded = whole(fold(text))
    if not folded.isascii():
        folded = _ALONE.sub(r" \1 ", folded)
    return " ".join(_CONTROL.sub(" ", folded).split())


def parse(typed: str) -> Sequence[Term]:
    """What a person asks for: words, `"phrases"`, `prefix*` and `-without`. Never raises.

    Everything else is taken as it stands. Terms in which there is no word are left out.
    """
    terms: dict[Term, None] = {}
    for minus, phrase, star, bare in _PIECE.findall(whole(typed[:MOST_TYPED])):
        excluded = bool(minus) or (len(bare) > 1 and bare.startswith("-"))
        said = phrase or bare.removeprefix("-")
        prefix = bool(star) or said.endswith("*")
        words = tuple(word for word in searchable(said.rstrip("*")).split() if any(_says(c) for c in word))
        if words:
            long_enough = sum(map(len, words[-1:])) >= _SHORTEST_PREFIX
            terms[Term(words, prefix=prefix and long_enough, excluded=excluded)] = None
    return tuple(terms)[:MOST_TERMS]


def _says(char: str) -> bool:
    return char.isalnum() or _ALONE.match(char) is not None or ord(char) > 0x2FF
