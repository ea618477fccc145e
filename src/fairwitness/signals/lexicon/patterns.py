"""Regular expressions that people wrote, checked and folded before an engine sees them.

`prepare` accepts the small language of section 7 of `docs/spec/policy-language.md`, says in
plain words what it refuses, and bounds how large a pattern can become. It also writes the
pattern that reads the same matches from their end to their start.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from fairwitness.errors import PolicyError
from fairwitness.signals.lexicon.lookalikes import single

LENGTH_LIMIT = 500
SIZE_LIMIT = 600
_DEPTH_LIMIT = 20
_SIMPLE = "bBdDwWsS"
_CLASSES = ("alpha", "digit", "alnum", "upper", "lower", "space", "punct", "xdigit", "word")
# Folded text has no control characters, so that these two are free to mean something.
NEVER = r"\x01"
END = r"\x02"
_OTHERS = {r"\W": rf"[^\w{END}]", r"\D": rf"[^\d{END}]", r"\S": rf"[^\s{END}]"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A pattern and its mirror images: for a match that ends at the end of the text, and elsewhere.

    All are for text that is followed by `END` characters, which nothing but `$` may match.
    """

    forward: str
    back_from_end: str
    back: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a pattern, its mirror images, its size in positions, the least it matches, its anchors."""

    forward: str
    back_from_end: str
    back: str
    size: int
    least: int
    begins: bool = False
    ends: bool = False

    def __add__(self, after: "_Part") -> "_Part":
        return _Part(
            self.forward + after.forward,
            after.back_from_end + self.back_from_end,
            after.back + self.back,
            self.size + after.size,
            self.least + after.least,
            self.begins or after.begins,
            self.ends or after.ends,
        )

    def wrapped(self, before: str, after: str, least: int = 1, most: int = 1) -> "_Part":
        """The part between two strings that stay where they are in the mirror too, so many times."""
        return _Part(
            f"{before}{self.forward}{after}",
            f"{before}{self.back_from_end}{after}",
            f"{before}{self.back}{after}",
            max(self.size, 1) * max(most, 1),
            self.least * least,
            self.begins,
            self.ends,
        )


_NOTHING = _Part("", "", "", 0, 0)


def prepare(source: str) -> Prepared:
    """The folded form of the pattern `source`, or a `PolicyError` that says where it goes wrong."""
    if len(source) > LENGTH_LIMIT:
        raise _refuse(f"the pattern has {len(source)} characters", 0, f"At most {LENGTH_LIMIT}; split it.")
    reader = _Reader(unicodedata.normalize("NFC", source))
    part = reader.alternatives(0)
    if reader.at < len(reader.source):
        raise _refuse("a ) closes nothing", reader.at, r"Write \) for the character itself.")
    if part.size > SIZE_LIMIT:
        raise _refuse(f"the pattern, written out, has {part.size} positions", 0, f"At most {SIZE_LIMIT}.")
    if not part.least:
        raise _refuse(
            "the pattern can match nothing at all", 0, "Add at least one character that must stand there."
        )
    return Prepared(part.forward, part.back_from_end, part.back)


def _refuse(what: str, at: int, hint: str) -> PolicyError:
    return PolicyError(f"{what} (character {at + 1} of the pattern).", path="", line=0, column=at, hint=hint)


class _Reader:
    """One pass over a pattern: each method reads a part and gives it back folded."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0

    def alternatives(self, depth: int) -> _Part:
        """`a|b|…`, up to the end or an unmatched `)`."""
        if depth > _DEPTH_LIMIT:
            raise _refuse("groups are nested too deeply", self.at, f"At most {_DEPTH_LIMIT} deep.")
        branches = [_NOTHING]
        while (char := self.peek()) and char != ")":
            if char == "|":
                self.take(1)
                branches.append(_NOTHING)
            else:
                start, before = self.at, branches[-1]
                piece = self.piece(depth)
                if before.ends or (before.size and piece.begins):
                    hint = r"Write \^ or \$ for the characters themselves."
                    raise _refuse("^ stands only where a match begins, $ where it ends", start, hint)
                branches[-1] = before + piece
        return _Part(
            "|".join(branch.forward for branch in branches),
            "|".join(branch.back_from_end for branch in branches),
            "|".join(branch.back for branch in branches),
            sum(branch.size for branch in branches),
            min(branch.least for branch in branches),
            any(branch.begins for branch in branches),
            any(branch.ends for branch in branches),
        )

    def piece(self, depth: int) -> _Part:
        """An atom and the repeat after it."""
        start, char = self.at, self.peek()
        if char in "*+?{":
            raise _refuse(f"{char} repeats nothing", start, f"Write \\{char} for the character itself.")
        if char == "(":
            atom = self.group(depth)
        elif char == "^":
            self.take(1)
            atom = _Part("^", END, END, 1, 0, begins=True)
        elif char == "$":
            self.take(1)
            atom = _Part(END, "^", NEVER, 1, 0, ends=True)
        else:
            text = self.atom(char)
            atom = _Part(text, text, text, 1, 0 if text in (r"\b", r"\B") else 1)
        repeat, least, most = self.repeat()
        if repeat and (atom.begins or atom.ends or (not atom.least and char != "(")):
            raise _refuse("what has no width cannot be repeated", start, "Leave the repeat out.")
        return atom.wrapped("", repeat, least, most)

    def atom(self, char: str) -> str:
        if char == "[":
            return self.bracket()
        if char == "\\":
            escape = self.escape()
            return _OTHERS.get(escape, escape)
        if char == ".":
            self.take(1)
            return f"[^{END}]"
        return self.letter(inside=False)

    def group(self, depth: int) -> _Part:
        start = self.at
        if self.source.startswith("(?:", start):
            self.take(3)
        elif self.source.startswith(("(?", "(*"), start):
            why = _why(self.source[start : start + 4])
            raise _refuse("only ( ) and (?: ) are allowed as groups", start, why)
        else:
            self.take(1)
        inside = self.alternatives(depth + 1)
        if self.at == len(self.source):
            raise _refuse("a ( is never closed", start, r"Write \( for the character itself.")
        self.take(1)
        return inside.wrapped("(?:", ")")

    def bracket(self) -> str:
        """`[…]`."""
        start = self.at
        negated = self.source.startswith("[^", start)
        written = [f"[^{END}" if negated else "["]
        self.take(2 if negated else 1)
        while len(written) == 1 or self.peek() != "]":
            if not self.peek():
                raise _refuse("a [ is never closed", start, r"Write \[ for the character itself.")
            written.append(self.member())
        return "".join(written) + self.take(1)

    def member(self) -> str:
        """One character, escape, named class or range inside `[…]`."""
        start, char = self.at, self.peek()
        if char == "[":
            written = self.named_class()
        elif char == "\\":
            written = self.escape()
            if written in (*_OTHERS, r"\b", r"\B"):
                raise _refuse(f"{written} is not allowed inside [ ]", start, "Use [^ ] with its opposite.")
        else:
            written = self.letter(inside=True)
        if self.peek() != "-" or self.source[self.at + 1 : self.at + 2] in ("]", ""):
            return written
        ends = (char, self.source[self.at + 1])
        plain = all(end.isascii() and end.isalnum() for end in ends)
        if not plain or len(written) > 1 or ends[0] > ends[1]:
            hint = "List the characters."
            raise _refuse("a range needs a plain letter or digit on both ends, in order", start, hint)
        return written + self.take(2).lower()

    def named_class(self) -> str:
        end = self.source.find(":]", self.at)
        name = self.source[self.at + 2 : max(end, 0)]
        if not self.source.startswith("[:", self.at) or name not in _CLASSES:
            hint = r"Write \[ for the character itself."
            raise _refuse("a [ inside [ ] must begin a class such as [:alpha:]", self.at, hint)
        return self.take(end + 2 - self.at)

    def escape(self) -> str:
        after = self.source[self.at + 1 : self.at + 2]
        if after and after in _SIMPLE:
            return self.take(2)
        if after == "x" and _printable(self.source[self.at + 2 : self.at + 4]):
            return self.take(4)
        if after.isascii() and after.isprintable() and after and not after.isalnum():
            return self.take(2)
        raise _refuse(f"\\{after} is not allowed", self.at, _why("\\" + after))

    def letter(self, *, inside: bool) -> str:
        """A character that stands for itself, folded."""
        char = self.peek()
        folded = single(char)
        if len(folded) != 1:
            raise _refuse(f"{char!r} folds to {folded!r}", self.at, "Write what it folds to, outside [ ].")
        if inside and self.source.startswith(("&&", "--", "~~"), self.at):
            raise _refuse(f"{char * 2} is not allowed inside [ ]", self.at, f"Write {char} once.")
        self.take(1)
        if folded != char and folded.isascii() and not folded.isalnum() and folded != " ":
            return "\\" + folded  # a folded ＊ or – must not turn into a repeat or a range
        return folded

    def repeat(self) -> tuple[str, int, int]:
        """The repeat that follows, if any; the fewest times; how many times it writes its atom out."""
        char = self.peek()
        if not char or char not in "*+?{":
            return "", 1, 1
        repeat, least, most = self.bounds() if char == "{" else (self.take(1), int(char == "+"), 1)
        if self.peek() == "?":
            self.take(1)  # lazy: which matches there are does not depend on it
        if (char := self.peek()) and char in "*+?{":
            hint = "Possessive and stacked repeats are not allowed."
            raise _refuse("a repeat follows a repeat", self.at, hint)
        return repeat, least, most

    def bounds(self) -> tuple[str, int, int]:
        start, end = self.at, self.source.find("}", self.at)
        low, comma, high = self.source[start + 1 : max(end, start)].partition(",")
        numbers = [number for number in (low, high) if number]
        if end < 0 or not low or not all(n.isascii() and n.isdigit() and len(n) <= 4 for n in numbers):
            hint = r"Write \{ for the character itself."
            raise _refuse("{ must begin a repeat such as {2,5}", start, hint)
        least, most = int(low), int(high or low)
        if most < least or (not most and not (comma and not high)):
            raise _refuse("the repeat counts down, or to nothing", start, "Write the smaller number first.")
        return self.take(end + 1 - start), least, most

    def take(self, count: int) -> str:
        """The next `count` characters, read."""
        taken = self.source[self.at : self.at + count]
        self.at += count
        return taken

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]


def _printable(digits: Sequence[str]) -> bool:
    if len(digits) != 2 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        return False
    return 0x20 <= int("".join(digits), 16) < 0x7F


def _why(found: str) -> str:
    if found.startswith(("(?=", "(?!", "(?<")):
        return "Look-around needs an engine that can be made to hang; use all and not instead."
    if found[1:].isdigit():
        return "Back-references need an engine that can be made to hang."
    if found.startswith("(?>"):
        return "Atomic groups are not allowed."
    if found.startswith("\\p"):
        return "Folded text has no case and few scripts; list the characters."
    return r"Allowed are \b \B \d \D \w \W \s \S, \xHH from 20 to 7e, and \ before punctuation."
