"""Words, phrases, wildcards and patterns, seen in a message however they are disguised."""

from fairwitness.signals.lexicon.engine import PLACES_LIMIT, Lexicon, Places, refusal
from fairwitness.signals.lexicon.fold import fold, is_word_character, locate
from fairwitness.signals.lexicon.needles import ENTRY_LIMIT, Needle, literal, pattern, wildcard

__all__ = [
    "ENTRY_LIMIT",
    "PLACES_LIMIT",
    "Lexicon",
    "Needle",
    "Places",
    "fold",
    "is_word_character",
    "literal",
    "locate",
    "pattern",
    "refusal",
    "wildcard",
]
