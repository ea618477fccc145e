"""Who wrote a line: the name before the first colon, unless the file says otherwise.

Names may hold a colon, and WhatsApp's own lines may hold one too. The whole file decides:
a name that stands at several lines is a person; a single one that reads like a notice is not.
"""

import re
from collections.abc import Collection, Sequence

from fairwitness.capture.chat_export.grammar import MARKS
from fairwitness.capture.chat_export.wording import SYSTEM_VERBS

_LONGEST_NAME = 150
_QUOTES = (("“", "”"), ("«", "»"))
_low_quoted = re.compile("„[^“”]*[“”]")
_ENOUGH = 5
_NO_MARKS = dict.fromkeys(map(ord, MARKS))


def name_of(written: str) -> str:
    """A name as people know it: no direction marks, plain spaces, no `~` of unknown contacts."""
    bare = written.translate(_NO_MARKS).replace("\u00a0", " ").replace("\u202f", " ").strip()
    return bare.removeprefix("~").strip() if bare.startswith("~") else bare


def split_sender(rest: str, *, start: int = 0) -> tuple[str, int]:
    """The name before the first colon at or after `start`, and where the body begins; ('', 0) without one."""
    at = rest.find(": ", start, _LONGEST_NAME)
    if at > 0:
        return rest[:at], at + 2
    line = rest.rstrip("\r")
    if line.endswith(":") and start < len(line) - 1 <= _LONGEST_NAME:
        return line[:-1], len(line)
    at = rest.find(":\u00a0", start, _LONGEST_NAME)
    return (rest[:at], at + 2) if at > 0 else ("", 0)


def long_names(rests: Sequence[str], known: Collection[str]) -> dict[str, str]:
    """First part → whole name, for names that hold a colon themselves.

    Believed when the whole name is known from elsewhere, or when at least five lines begin
    with the part and every one of them goes on the same way.
    """
    continued: dict[str, dict[str, int]] = {}
    for rest in rests:
        first, at = split_sender(rest)
        if first:
            longer, _ = split_sender(rest, start=at)
            counts = continued.setdefault(first, {})
            counts[longer] = counts.get(longer, 0) + 1
    found = {first: _whole_name(counts, known) for first, counts in continued.items()}
    return {first: whole for first, whole in found.items() if whole and name_of(first) not in known}


def reads_like_notice(sender: str) -> bool:
    """True when what stands before the colon is the beginning of a line of WhatsApp's own.

    A quotation that is still open, as in a new subject with a colon in it, or what WhatsApp
    says that people do.
    """
    rest = _low_quoted.sub("", sender)
    if rest.count('"') % 2 or "„" in rest or any(rest.count(a) > rest.count(b) for a, b in _QUOTES):
        return True
    folded = f"{sender} ".casefold()
    return any(verb in folded for verb in SYSTEM_VERBS)


def _whole_name(counts: dict[str, int], known: Collection[str]) -> str:
    named = next((name for name in counts if name and name_of(name) in known), "")
    if named:
        return named
    (longer, most), *others = counts.items()
    return longer if not others and most >= _ENOUGH else ""
