"""The compiled lexicon: every needle of a set in one Hyperscan database, found in one scan.

The only module that knows Hyperscan. Literals are searched as bytes of UTF-8 and checked
for whole words as they are found, which compiles some sixty times faster than `\\b`.
Patterns are searched in a rendering of one byte per character, so that `.` is a character
and a repeat counts characters; for ASCII text the two are the same bytes and one scan does.
A lexicon is immutable and may be used from several threads.
"""

import functools
import re
from collections.abc import Iterable, Sequence
from typing import cast

import hyperscan

from fairwitness.errors import PolicyError
from fairwitness.signals.lexicon.fold import is_word_character
from fairwitness.signals.lexicon.needles import Needle, fault

PLACES_LIMIT = 32
Places = list[tuple[int, int]]
_EXTRA_LIMIT = 100
_OTHER, _WORD, _FIRST = 0x80, 0x81, 0x82
_NEVER = (Needle("literal", "\x7f"),)  # an empty lexicon: folded text has no control characters
_PATTERN_FLAGS = hyperscan.HS_FLAG_SOM_LEFTMOST | hyperscan.HS_FLAG_CASELESS
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_EDGE = bytes(1 if chr(code).isalnum() else 0 for code in range(128)) + b"\x02" * 128


class Lexicon:
    """Needles, compiled. `scan` names those found by their number in the sequence given."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        self._distinct = tuple(dict.fromkeys(needles))
        self._index = {needle: number for number, needle in enumerate(self._distinct)}
        self._alphabet = _Alphabet(self._distinct)
        self._sizes = [len(n.text.encode()) if n.kind == "literal" else 0 for n in self._distinct]
        self._patterned = any(n.kind != "literal" for n in self._distinct)
        self._database = _compile(self._distinct or _NEVER, self._alphabet)
        self._spare = [self._database.scratch.clone()]

    def number(self, needle: Needle) -> int:
        """The number by which `scan` names `needle`; equal needles share one."""
        return self._index[needle]

    def scan(self, folded: str) -> dict[int, Places]:
        """Where each needle stands in `folded`: number to places, in order, at most 32 of each."""
        if not folded:
            return {}
        data = folded.encode()
        found: _Found = {}
        state = (data, folded, found, len(data) == len(folded), True)
        self._run(data, state)
        if self._patterned and not state[3]:
            self._run(self._alphabet.render(folded), (b"", folded, found, True, False))
        return {number: self._places(number, ends, folded, data) for number, ends in sorted(found.items())}

    def _run(self, data: bytes, state: "_State") -> None:
        # A scratch serves one scan at a time; taking from and adding to a list is atomic.
        try:
            scratch = self._spare.pop()
        except IndexError:
            scratch = self._database.scratch.clone()
        try:
            self._database.scan(data, match_event_handler=self._on_match, context=state, scratch=scratch)
        finally:
            self._spare.append(scratch)

    def _on_match(self, number: int, start: int, end: int, flags: int, state: object) -> None:
        data, folded, found, patterns, literals = cast("_State", state)
        needle = self._distinct[number]
        size = self._sizes[number]
        if size:
            start = end - size
            if not literals or not _stands_alone(data, start, end, needle):
                return
        elif not patterns or not _is_whole(folded, start, end, needle):
            return
        ends = found.get(number)
        if ends is None:
            found[number] = {start: end}
        elif start in ends or len(ends) < PLACES_LIMIT:
            ends[start] = max(end, ends.get(start, 0))

    def _places(self, number: int, ends: dict[int, int], folded: str, data: bytes) -> Places:
        needle = self._distinct[number]
        places = sorted(ends.items())
        if needle.kind == "literal" and len(data) != len(folded):
            places = [(_characters(data, start), _characters(data, end)) for start, end in places]
        if needle.open_left or needle.open_right:
            places = _grown(folded, places, needle)
        return _outermost(places)


_Found = dict[int, dict[int, int]]
_State = tuple[bytes, str, _Found, bool, bool]


class _Alphabet:
    """One byte for each character that patterns may meet.

    ASCII is itself. Characters that some pattern names have a byte of their own, those that
    continue a word first; every other character is one of two bytes.
    """

    def __init__(self, needles: Iterable[Needle]) -> None:
        named = sorted({char for n in needles if n.kind != "literal" for char in _NOT_ASCII.findall(n.text)})
        words = [char for char in named if is_word_character(char)]
        if len(named) > _EXTRA_LIMIT:
            raise fault(f"the patterns name {len(named)} different characters outside ASCII.", hint=_FEWER)
        ordered = words + [char for char in named if char not in set(words)]
        self._bytes = {ord(char): _FIRST + place for place, char in enumerate(ordered)}
        self.word_class = f"[0-9a-z\\x81-\\x{_WORD + len(words):x}]"

    def render(self, folded: str) -> bytes:
        """`folded`, one byte per character."""
        return bytes(code if code < 0x80 else self._byte(code) for code in map(ord, folded))

    def write(self, needle: Needle) -> bytes:
        """The expression that finds `needle`."""
        if needle.kind == "literal":
            return b"".join(b"%c" % byte if chr(byte).isalnum() and byte < 0x80 else b"\\x%02x" % byte
                            for byte in needle.text.encode())  # fmt: skip
        text = needle.text
        if needle.kind == "wildcard":
            text = f"{self.word_class}*".join(re.escape(part) for part in text.split("*"))
        return _NOT_ASCII.sub(lambda found: f"\\x{self._byte(ord(found[0])):02x}", text).encode("ascii")

    def _byte(self, code: int) -> int:
        return self._bytes.get(code) or (_WORD if is_word_character(chr(code)) else _OTHER)


_FEWER = f"At most {_EXTRA_LIMIT} in a set; use words, phrases or wildcards for other scripts."


_PLAIN = {
    "Pattern matches empty buffer; use HS_FLAG_ALLOWEMPTY to enable support.": "it can match nothing at all.",
    "Pattern is too large.": "its repeats make it too large.",
    "Pattern too large.": "its repeats make it too large.",
}


@functools.lru_cache(maxsize=8192)
def refusal(needle: Needle) -> str:
    """Why the engine would not take `needle`; empty when it would."""
    try:
        _compile((needle,), _Alphabet((needle,)))
    except hyperscan.error as error:
        return _PLAIN.get(str(error), str(error))
    except PolicyError as error:
        return f"{error.message} {error.hint}"
    return ""


def _compile(needles: Sequence[Needle], alphabet: _Alphabet) -> hyperscan.Database:
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[alphabet.write(needle) for needle in needles],
        ids=list(range(len(needles))),
        elements=len(needles),
        flags=[0 if needle.kind == "literal" else _PATTERN_FLAGS for needle in needles],
    )
    return database


def _stands_alone(data: bytes, start: int, end: int, needle: Needle) -> bool:
    """Tell whether no word character touches the literal on a side that must be whole."""
    if needle.whole_left and start:
        edge = _EDGE[data[start - 1]]
        if edge == 1 or (edge == 2 and is_word_character(_before(data, start))):
            return False
    if needle.whole_right and end < len(data):
        edge = _EDGE[data[end]]
        if edge == 1 or (edge == 2 and is_word_character(data[end : end + 4].decode(errors="ignore")[0])):
            return False
    return True


def _is_whole(folded: str, start: int, end: int, needle: Needle) -> bool:
    """The same for what an expression found, in characters of the folded text."""
    if needle.whole_left and start and all(map(is_word_character, folded[start - 1 : start + 1])):
        return False
    return not (
        needle.whole_right and end < len(folded) and all(map(is_word_character, folded[end - 1 : end + 1]))
    )


def _before(data: bytes, place: int) -> str:
    first = place - 1
    while data[first] & 0xC0 == 0x80:
        first -= 1
    return data[first:place].decode()


def _characters(data: bytes, place: int) -> int:
    return len(data[:place].decode())


def _grown(folded: str, places: Places, needle: Needle) -> Places:
    """`places`, each grown over the rest of the word on its open sides, those inside another left out."""
    grown: Places = []
    for start, end in places:
        if grown and end <= grown[-1][1]:
            continue
        while needle.open_left and start and is_word_character(folded[start - 1]):
            start -= 1
        while needle.open_right and end < len(folded) and is_word_character(folded[end]):
            end += 1
        grown.append((start, end))
    return grown


def _outermost(places: Places) -> Places:
    """`places`, without those that lie inside another."""
    kept: Places = []
    for start, end in places:
        if kept and end <= kept[-1][1]:
            continue
        if kept and start == kept[-1][0]:
            kept.pop()
        kept.append((start, end))
    return kept
