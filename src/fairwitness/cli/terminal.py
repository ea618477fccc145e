"""Text of strangers on a terminal: shown, never obeyed.

Escape sequences, other control characters, direction overrides and lone surrogates are
replaced by visible ones, so that a message can neither move the cursor nor read backwards.
"""

import unicodedata
from collections.abc import Sequence

from rich.text import Text

from fairwitness.model.finding import Span

_UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp", "Co", "Cn"})
_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def plain(text: str, *, keep: str = "") -> str:
    """`text` with everything that a terminal could obey made visible; `keep` is left as it is."""
    return "".join(_safe(character) if character not in keep else character for character in text)


def _safe(character: str) -> str:
    """One character for one character, so that spans stay where they are."""
    if character in "\n\t\r\v\f\u2028\u2029\x85":
        return " "
    if character in _DIRECTION:
        return "·"
    if ord(character) < 0x20:
        return chr(0x2400 + ord(character))
    return "�" if unicodedata.category(character) in _UNSEEN else character


def marked(text: str, spans: Sequence[Span], *, coloured: bool, most: int = 0) -> Text:
    """`text` made safe and its `spans` set off: by style, or in »« where there are no colours.

    With `most`, only so many characters about the first span are shown.
    """
    safe, merged = plain(text), merge(spans)
    first, last = _window(merged, size=len(safe), most=most)
    shown = Text("…" if first else "")
    at = first
    for span in merged:
        start, end = max(span.start, at), min(span.end, last)
        if start >= end:
            continue
        shown.append(safe[at:start])
        shown.append(safe[start:end] if coloured else f"»{safe[start:end]}«", style="bold reverse")
        at = end
    shown.append(safe[at:last])
    return shown.append("…" if last < len(safe) else "")


def merge(spans: Sequence[Span]) -> list[Span]:
    """The same places without overlaps, in order."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _window(spans: Sequence[Span], *, size: int, most: int) -> tuple[int, int]:
    if not most or size <= most:
        return 0, size
    middle = spans[0].start if spans else 0
    first = max(0, min(middle - most // 3, size - most))
    return first, first + most
