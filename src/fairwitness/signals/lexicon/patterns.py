"""Regular expressions that people wrote, checked and folded before an engine sees them.

`prepare` accepts the small language of section 7 of `docs/spec/policy-language.md`, says in
plain words what it refuses, and bounds how large a pattern can become.
"""

import unicodedata

from fairwitness.errors import PolicyError
from fairwitness.signals.lexicon.lookalikes import single

LENGTH_LIMIT = 500
SIZE_LIMIT = 2_000
_DEPTH_LIMIT = 20
_SIMPLE = "bBdDwWsS"
_CLASSES = ("alpha", "digit", "alnum", "upper", "lower", "space", "punct", "xdigit", "word")


def prepare(source: str) -> str:
    """The folded form of the pattern `source`, or a `PolicyError` that says where it goes wrong."""
    if len(source) > LENGTH_LIMIT:
        raise _refuse(f"the pattern has {len(source)} characters", 0, f"At most {LENGTH_LIMIT}; split it.")
    reader = _Reader(unicodedata.normalize("NFC", source))
    size = reader.alternatives(0)
    if reader.at < len(reader.source):
        raise _refuse("a ) closes nothing", reader.at, r"Write \) for the character itself.")
    if size > SIZE_LIMIT:
        raise _refuse(f"the pattern, written out, has {size} positions", 0, f"At most {SIZE_LIMIT}.")
    return "".join(reader.out)


def _refuse(what: str, at: int, hint: str) -> PolicyError:
    return PolicyError(f"{what} (character {at + 1} of the pattern).", path="", line=0, column=at, hint=hint)


class _Reader:
    """One pass over a pattern: each method reads a part, writes it folded and gives its size in positions."""

    def __init__(self, source: str) -> None:
        self.source, self.at = source, 0
        self.out: list[str] = []

    def alternatives(self, depth: int) -> int:
        """`a|b|…`, up to the end or an unmatched `)`."""
        if depth > _DEPTH_LIMIT:
            raise _refuse("groups are nested too deeply", self.at, f"At most {_DEPTH_LIMIT} deep.")
        size = 0
        while self.at < len(self.source) and self.source[self.at] != ")":
            if self.source[self.at] == "|":
                self.copy(1)
            else:
                size += self.piece(depth)
        return size

    def piece(self, depth: int) -> int:
        """An atom and the repeat after it."""
        start, char = self.at, self.source[self.at]
        if char in "*+?{":
            raise _refuse(f"{char} repeats nothing", start, f"Write \\{char} for the character itself.")
        if char == "(":
            size = self.group(depth)
        elif char == "[":
            size = self.bracket()
        elif char == "\\":
            size = self.escape()
        elif char in ".^$":
            size = self.copy(1)
        else:
            size = self.letter(inside=False)
        return size * self.repeat()

    def group(self, depth: int) -> int:
        start = self.at
        if self.source.startswith("(?:", start):
            self.copy(3)
        elif self.source.startswith(("(?", "(*"), start):
            raise _refuse(
                "only ( ) and (?: ) are allowed as groups", start, _why(self.source[start : start + 4])
            )
        else:
            self.copy(1)
        size = self.alternatives(depth + 1)
        if self.at == len(self.source):
            raise _refuse("a ( is never closed", start, r"Write \( for the character itself.")
        self.copy(1)
        return max(size, 1)

    def bracket(self) -> int:
        """`[…]`: one position, whatever it lists."""
        start = self.at
        self.copy(2 if self.source.startswith("[^", start) else 1)
        first = True
        while first or self.peek() != "]":
            self.member(start)
            first = False
        return self.copy(1)

    def member(self, start: int) -> None:
        """One character, escape, named class or range inside `[…]`."""
        char = self.peek()
        if not char:
            raise _refuse("a [ is never closed", start, r"Write \[ for the character itself.")
        low = self.at
        if char == "[":
            self.named_class()
        elif char == "\\":
            self.escape()
        else:
            self.letter(inside=True)
        if self.peek() != "-" or self.source[self.at + 1 : self.at + 2] in ("]", ""):
            return
        ends = (char, self.source[self.at + 1])
        if (
            not all(end.isascii() and end.isalnum() for end in ends)
            or self.at != low + 1
            or ends[0] > ends[1]
        ):
            raise _refuse(
                "a range needs a plain letter or digit on both ends, in order", low, "List the characters."
            )
        self.copy(2)

    def named_class(self) -> None:
        end = self.source.find(":]", self.at)
        name = self.source[self.at + 2 : end]
        if not self.source.startswith("[:", self.at) or name.removeprefix("^") not in _CLASSES:
            raise _refuse(
                "a [ inside [ ] must begin a class such as [:alpha:]", self.at, r"Write \[ for itself."
            )
        self.copy(end + 2 - self.at)

    def escape(self) -> int:
        after = self.source[self.at + 1 : self.at + 2]
        if after and after in _SIMPLE:
            return self.copy(2)
        if after == "x" and self.hex_value() is not None:
            return self.copy(4)
        if after.isascii() and after and not after.isalnum() and after.isprintable():
            return self.copy(2)
        raise _refuse(f"\\{after} is not allowed", self.at, _why("\\" + after))

    def hex_value(self) -> int | None:
        digits = self.source[self.at + 2 : self.at + 4]
        if len(digits) != 2 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
            return None
        value = int(digits, 16)
        return value if 0x20 <= value < 0x7F else None

    def letter(self, *, inside: bool) -> int:
        """A character that stands for itself, folded."""
        char = self.source[self.at]
        folded = single(char)
        if len(folded) != 1:
            raise _refuse(f"{char!r} folds to {folded!r}", self.at, "Write what it folds to, outside [ ].")
        if folded != char and not folded.isalnum() and folded != " " and folded.isascii():
            folded = "\\" + folded  # a folded ＊ or – must not turn into a repeat or a range
        elif inside and char == "&" and self.source.startswith("&&", self.at):
            raise _refuse("&& is not allowed inside [ ]", self.at, "Write & once.")
        self.out.append(folded)
        self.at += 1
        return 1

    def repeat(self) -> int:
        """The repeat that follows, if any: how many times it writes its atom out."""
        char = self.peek()
        times = 1
        if char and char in "*+?":
            self.copy(1)
        elif char == "{":
            times = self.bounds()
        else:
            return 1
        if self.peek() == "?":
            self.copy(1)
        if (char := self.peek()) and char in "*+{":
            raise _refuse(
                "a repeat follows a repeat", self.at, "Possessive and stacked repeats are not allowed."
            )
        return times

    def bounds(self) -> int:
        start, end = self.at, self.source.find("}", self.at)
        low, comma, high = self.source[start + 1 : max(end, start)].partition(",")
        numbers = [number for number in (low, high) if number]
        if end < 0 or not low or not all(n.isascii() and n.isdigit() and len(n) <= 4 for n in numbers):
            raise _refuse("{ must begin a repeat such as {2,5}", start, r"Write \{ for the character itself.")
        if comma and high and int(high) < int(low):
            raise _refuse("the repeat counts down", start, "Write the smaller number first.")
        self.copy(end + 1 - start)
        return max(*map(int, numbers), 1)

    def copy(self, count: int) -> int:
        """Write `count` characters as they are."""
        self.out.append(self.source[self.at : self.at + count])
        self.at += count
        return 1

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]


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
