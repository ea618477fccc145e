"""What a lexicon looks for: entries that people wrote, made ready to be found in folded text.

Every maker raises `PolicyError` when an entry cannot be looked for; the place it names is
the character within the entry, and whoever read the file puts the file's place on it.
"""

from dataclasses import dataclass
from typing import Literal

from fairwitness.errors import PolicyError
from fairwitness.signals.lexicon.fold import fold, is_word_character
from fairwitness.signals.lexicon.patterns import prepare

Kind = Literal["literal", "wildcard", "pattern", "pair"]

ENTRY_LIMIT = 500
_STARS_LIMIT = 8


@dataclass(frozen=True, slots=True, order=True)
class Needle:
    """One thing to look for in folded text.

    `literal` stands there as it is; in a `wildcard` each `*` is any number of word characters;
    a `pattern` is a regular expression. `whole_left` and `whole_right` ask that no word
    character stands before the start and after the end. An `open` side of a literal lets
    its place grow to the end of the word it is in. `back` is how an expression is read from
    its end to its start: where the text ends with it, and elsewhere. A `pair` is not looked
    for: it stands for two others that were found near each other, and its text is its name.
    """

    kind: Kind
    text: str
    whole_left: bool = False
    whole_right: bool = False
    open_left: bool = False
    open_right: bool = False
    back: tuple[str, str] = ("", "")


def literal(entry: str) -> Needle:
    """Look for `entry` as whole words."""
    text = _folded(entry)
    return Needle("literal", text, is_word_character(text[0]), is_word_character(text[-1]))


def wildcard(entry: str) -> Needle:
    """Look for `entry`, in which each `*` is any number of word characters."""
    text = _folded(entry)
    if "*" not in text:
        raise fault(f"“{entry}” has no *.", hint="Put it under words or phrases.")
    if sum(char.isalnum() for char in text) < 2:
        raise fault(
            f"“{entry}” would match almost anything.", hint="Write at least two letters beside the *."
        )
    while "**" in text:
        text = text.replace("**", "*")
    if text.count("*") > _STARS_LIMIT:
        raise fault(f"“{entry}” has more than {_STARS_LIMIT} *.")
    stem = text.strip("*")
    ends = (text[0] == "*", text[-1] == "*")
    if "*" in stem:
        whole = (ends[0] or is_word_character(text[0]), ends[1] or is_word_character(text[-1]))
        return Needle("wildcard", text, *whole, back=(text[::-1], text[::-1]))
    whole = (not ends[0] and is_word_character(stem[0]), not ends[1] and is_word_character(stem[-1]))
    return Needle("literal", stem, *whole, *ends)


def pattern(entry: str) -> Needle:
    """Look for the regular expression `entry`, letters folded as the text is."""
    made = prepare(entry)
    return Needle("pattern", made.forward, back=(made.back_from_end, made.back))


def fault(message: str, *, hint: str = "", at: int = 0) -> PolicyError:
    """A fault at character `at` of an entry."""
    return PolicyError(message, path="", line=0, column=at, hint=hint)


def _folded(entry: str) -> str:
    if len(entry) > ENTRY_LIMIT:
        raise fault(f"an entry of {len(entry)} characters is too long.", hint=f"At most {ENTRY_LIMIT}.")
    text = fold(entry).strip()
    if not text:
        raise fault("an entry is empty once it is folded.", hint="Write at least one visible character.")
    return text
