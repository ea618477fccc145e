"""Words, phrases, wildcards and patterns, seen in a message however they are disguised."""

from fairwitness.signals.lexicon.engine import PLACES_LIMIT, Lexicon, Places, compiled, refusals
from fairwitness.signals.lexicon.fold import Locator, fold, is_word_character
from fairwitness.signals.lexicon.needles import ENTRY_LIMIT, Needle, literal, pattern, wildcard

__all__ = [
    "ENTRY_LIMIT",
    "PLACES_LIMIT",
    "Lexicon",
    "Locator",
    "Needle",
    "Places",
    "compiled",
    "fold",
    "is_word_character",
    "literal",
    "pattern",
    "refusals",
    "wildcard",
]
