"""The compiled lexicon: every needle of a set in one Hyperscan database, found in one scan.

The only module that knows Hyperscan. Literals are searched as bytes of UTF-8 and checked
for whole words as they are found, which compiles some sixty times faster than `\\b`.
Patterns are searched in a rendering of one byte per character, so that `.` is a character
and a repeat counts characters; for ASCII text the two are the same bytes and one scan does.
A lexicon is immutable and may be used from several threads.
"""

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import hyperscan

from fairwitness.errors import PolicyError
from fairwitness.signals.lexicon.fold import is_word_character
from fairwitness.signals.lexicon.loosen import HINT, loosen
from fairwitness.signals.lexicon.needles import Needle, fault
from fairwitness.signals.lexicon.patterns import NEVER

PLACES_LIMIT = 32
Places = list[tuple[int, int]]
_Found = dict[int, Places]
_State = tuple[bytes, str, _Found, bool, bool]
_OnMatch = Callable[[int, int, int, int, Any], None]
_EXTRA_LIMIT = 100
_CACHED = 50_000
_OTHER, _WORD, _FIRST = 0x80, 0x81, 0x82
# Vectorscan 5.4.12 misses some matches that end with the data (`b[a-c]+` in 19 bytes); none before a pad.
_PAD = b"\x02" * 64
_ESCAPED = re.compile(rb"[^0-9a-z]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_EDGE = bytes(1 if chr(code).isalnum() else 0 for code in range(128)) + b"\x02" * 128


class Lexicon:
    """Needles, compiled. `scan` names those found by their number in the sequence given."""

    def __init__(self, needles: Sequence[Needle]) -> None:
        distinct = tuple(dict.fromkeys(needles))
        self._index = {needle: number for number, needle in enumerate(distinct)}
        self._alphabet = _Alphabet(distinct)
        self._patterned = any(n.kind != "literal" for n in distinct)
        self._hint = len(distinct)
        self._distinct = (*distinct, Needle("pattern", HINT))
        self._sizes = [len(n.text.encode()) if n.kind == "literal" else 0 for n in self._distinct]
        self._whole = [(n.whole_left, n.whole_right) for n in self._distinct]
        self._engine = _Engine([self._alphabet.forward(needle) for needle in self._distinct])

    def number(self, needle: Needle) -> int:
        """The number by which `scan` names `needle`; equal needles share one."""
        return self._index[needle]

    def scan(self, folded: str) -> dict[int, Places]:
        """Where each needle stands in `folded`: number to places, in order, at most 32 of each.

        Text with stretched, spaced or disguised words is read a second time with these undone; what was not
        found as it stands is then found where it was written.
        """
        if not folded:
            return {}
        found = self._scanned(folded)
        if self._hint not in found:
            return found
        loose = loosen(folded)
        more = self._scanned(loose.text) if loose.text != folded else {}
        missing = more.keys() - found.keys()
        del found[self._hint]
        return found | {number: [loose.place(*place) for place in more[number]] for number in sorted(missing)}

    def _scanned(self, folded: str) -> dict[int, Places]:
        data = folded.encode()
        found: _Found = {}
        one_byte_each = len(data) == len(folded)
        self._engine.scan(data, self._on_match, (data, folded, found, one_byte_each, True))
        rendered = data
        if self._patterned and not one_byte_each:
            rendered = self._alphabet.render(folded)
            self._engine.scan(rendered, self._on_match, (rendered, folded, found, True, False))
        if not found:
            return {}
        return {
            number: self._literal(number, ends, folded, data)
            if self._sizes[number]
            else self._expression(self._distinct[number], ends, folded=folded, rendered=rendered)
            if ends
            else []
            for number, ends in sorted(found.items())
        }

    def _on_match(self, number: int, start: int, end: int, flags: int, state: _State) -> None:
        # Called for every occurrence, most of them inside other words: no call is made that can be spared.
        data, folded, found, expressions, literals = state
        size = self._sizes[number]
        if size:
            start = end - size
            left, right = self._whole[number]
            before = _EDGE[data[start - 1]] if left and start else 0
            after = _EDGE[data[end]] if right and end < len(data) else 0
            if before == 1 or after == 1 or not literals:
                return
            if (before and _continues_before(data, start)) or (after and _continues_after(data, end)):
                return
        elif number == self._hint:
            found[number] = []
            return
        else:
            end = min(end, len(folded))
            if not expressions or not _ends_whole(folded, end, self._distinct[number]):
                return
        _note(found, number, end)

    def _literal(self, number: int, ends: Places, folded: str, data: bytes) -> Places:
        needle, size = self._distinct[number], self._sizes[number]
        runs = ((first, last) for first, last in sorted(ends))
        places = [(end - size, end) for first, last in runs for end in range(first, last + 1)][:PLACES_LIMIT]
        if len(data) != len(folded):
            places = [(_characters(data, start), _characters(data, end)) for start, end in places]
        if needle.open_left or needle.open_right:
            places = _grown(folded, places, needle)
        return places

    def _expression(self, needle: Needle, ends: Places, folded: str, rendered: bytes) -> Places:
        """Read each match back to its leftmost start; ends inside a place already named are passed over."""
        engines = tuple(map(_backwards, self._alphabet.back(needle)))
        places: Places = []
        for first, last in sorted(ends):
            run: Places = []
            end = last
            floor = max(first, places[-1][1] + 1 if places else 0)
            while end >= floor and len(places) + len(run) < PLACES_LIMIT:
                start = _start(needle, engines, end, folded, rendered)
                run.append((start, end))
                end = min(start, end - 1)
            while run and places and places[-1][0] >= run[-1][0]:
                places.pop()
            places += reversed(run)
        return places


class _Engine:
    """Expressions in one Hyperscan database, with scratch space for every thread that scans."""

    def __init__(self, expressions: Sequence[bytes]) -> None:
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._database.compile(
            expressions=expressions or _NOTHING,
            ids=list(range(max(len(expressions), 1))),
            elements=max(len(expressions), 1),
            flags=hyperscan.HS_FLAG_CASELESS,
        )
        self._spare = [self._database.scratch.clone()]

    def scan(self, data: bytes, on_match: _OnMatch, state: object) -> None:
        """Call `on_match` for every end of every match; one past the end of `data` was found by `$`."""
        try:
            scratch = self._spare.pop()  # one scan at a time may use it; pop and append are atomic
        except IndexError:
            scratch = self._database.scratch.clone()
        try:
            self._database.scan(data + _PAD, on_match, 0, state, scratch)
        finally:
            self._spare.append(scratch)


_NOTHING = (NEVER.encode(),)  # Hyperscan does not compile nothing


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
        self._bytes = _Bytes({ord(char): _FIRST + place for place, char in enumerate(ordered)})
        self._word_class = f"0-9a-z\\x81-\\x{_WORD + len(words):x}"

    def render(self, folded: str) -> bytes:
        """`folded`, one byte per character."""
        return folded.translate(self._bytes).encode("latin-1")

    def forward(self, needle: Needle) -> bytes:
        """The expression that finds the ends of `needle`."""
        if needle.kind == "literal":
            return _ESCAPED.sub(lambda found: b"\\x%02x" % found[0][0], needle.text.encode())
        if needle.kind == "pattern":
            return self._rendered(f"(?:{needle.text})")
        before = f"(?:^|[^{self._word_class}])" if needle.whole_left else ""
        return self._rendered(before + self._starred(needle.text))

    def back(self, needle: Needle) -> tuple[bytes, bytes]:
        """What leads from an end back to the starts: from the end of the text, and elsewhere."""
        from_end, elsewhere = needle.back
        if needle.kind == "wildcard":
            from_end = elsewhere = self._starred(from_end)
        return self._rendered(f"^(?:{from_end})"), self._rendered(f"^.(?:{elsewhere})")

    def _starred(self, text: str) -> str:
        return f"[{self._word_class}]*".join(map(re.escape, text.split("*")))

    def _rendered(self, expression: str) -> bytes:
        return _NOT_ASCII.sub(lambda found: f"\\x{self._bytes[ord(found[0])]:02x}", expression).encode(
            "ascii"
        )


class _Bytes(dict[int, int]):
    """The byte of each code point; those that no pattern names are worked out when first met."""

    def __missing__(self, code: int) -> int:
        byte = code if code < 0x80 else _WORD if is_word_character(chr(code)) else _OTHER
        if len(self) < _CACHED:
            self[code] = byte
        return byte


_FEWER = f"At most {_EXTRA_LIMIT} in a set; use words, phrases or wildcards for other scripts."


_PLAIN = {
    "Pattern is too large.": "its repeats make it too large.",
    "Pattern too large.": "its repeats make it too large.",
}


@functools.lru_cache(maxsize=4)
def compiled(needles: tuple[Needle, ...]) -> Lexicon:
    """The lexicon of `needles`: the one made last time, if it was made lately."""
    return Lexicon(needles)


def refusals(needles: Sequence[Needle]) -> dict[Needle, str]:
    """The needles that the engine does not take, with the reason; one trial for all unless it fails."""
    try:
        compiled(tuple(needles))
    except hyperscan.error:
        reasons = {needle: _refusal(needle) for needle in needles if needle.kind != "literal"}
        return {needle: reason for needle, reason in reasons.items() if reason}
    except PolicyError as error:
        return {
            needle: f"{error.message} {error.hint}" for needle in needles if _NOT_ASCII.search(needle.text)
        }
    return {}


def _names_others(needle: Needle) -> bool:
    return needle.kind != "literal" and _NOT_ASCII.search(needle.text) is not None


def _refusal(needle: Needle) -> str:
    try:
        Lexicon((needle,))
    except hyperscan.error as error:
        return _PLAIN.get(str(error), str(error))
    return ""


@functools.lru_cache(maxsize=1024)
def _backwards(expression: bytes) -> _Engine:
    """Compiled when first needed: few patterns of a set are ever found."""
    try:
        return _Engine([expression])
    except hyperscan.error:  # too large this way round: the place is then its last character
        return _Engine([b"^[^\\x01]{1,2}"])


def _start(needle: Needle, engines: Sequence[_Engine], end: int, folded: str, rendered: bytes) -> int:
    """The leftmost start of the matches of `needle` that end at `end`.

    Hyperscan could report starts itself (SOM_LEFTMOST), but crashes on patterns as plain as `x+y`.
    """
    starts = [end]

    def on_match(number: int, start: int, place: int, flags: int, state: object) -> None:
        left = max(reach - place, 0)
        inside = left > 0 and all(map(is_word_character, folded[left - 1 : left + 1]))
        if not (needle.whole_left and inside):
            starts[0] = min(left, starts[0])

    reach = min(end + 1, len(rendered))
    engines[reach - end].scan(rendered[:reach][::-1], on_match, None)
    return starts[0]


def _note(found: _Found, number: int, end: int) -> None:
    """Remember that something ended here; ends in a row are one run, so that no text fills the memory."""
    runs = found.get(number)
    if runs is None:
        found[number] = [(end, end)]
    elif runs[-1][1] == end - 1:
        runs[-1] = (runs[-1][0], end)
    elif len(runs) < PLACES_LIMIT and end != runs[-1][1]:
        runs.append((end, end))


def _continues_before(data: bytes, place: int) -> bool:
    first = place - 1
    while data[first] & 0xC0 == 0x80:
        first -= 1
    return is_word_character(data[first:place].decode())


def _continues_after(data: bytes, place: int) -> bool:
    return is_word_character(data[place : place + 4].decode(errors="ignore")[0])


def _ends_whole(folded: str, end: int, needle: Needle) -> bool:
    """The same for the end of what an expression found, in characters of the folded text."""
    if not needle.whole_right or end == len(folded):
        return True
    return not (is_word_character(folded[end]) and is_word_character(folded[end - 1]))


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
