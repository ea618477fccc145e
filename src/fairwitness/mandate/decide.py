"""May this item be kept? The default is no."""

from dataclasses import dataclass
from typing import Literal

from fairwitness.clock import DAY_MS
from fairwitness.mandate.state import CustodyState, Mandate

FIRST_POSSIBLE_SENT = 1_230_768_000_000
"""2009-01-01: WhatsApp did not exist before. In ms."""

Reason = Literal["unknown_line", "no_mandate", "edit_of_refused", "unparsed"]


@dataclass(frozen=True, slots=True)
class Keep:
    """The item may be kept, for this line."""

    line: str


@dataclass(frozen=True, slots=True)
class Refuse:
    """The item may not be kept; `line` is its line id, or the alias when no line has it."""

    line: str
    reason: Reason


def decide(state: CustodyState, *, alias: str, received_at: int, sent_at: int | None) -> Keep | Refuse:
    """Keep an item of the line `alias` only if a mandate covers it when sent and when received."""
    line = state.aliases.get(alias)
    if line is None:
        return Refuse(alias, "unknown_line")
    sent = believable_sent(sent_at, received_at=received_at)
    for mandate in state.mandates.get(line, ()):
        if _covers(mandate, received_at=received_at, sent_at=sent):
            return Keep(line)
    return Refuse(line, "no_mandate")


def believable_sent(sent_at: int | None, *, received_at: int) -> int:
    """The time the item was sent, or when it was received where the former is impossible."""
    if sent_at is None or not FIRST_POSSIBLE_SENT <= sent_at <= received_at + DAY_MS:
        return received_at
    return sent_at


def _covers(mandate: Mandate, *, received_at: int, sent_at: int) -> bool:
    granted = mandate.granted
    if mandate.withdrawn_index is not None:
        return False
    until = granted.to_at if granted.to_at is not None else max(received_at, sent_at) + 1
    past_from = granted.past_from if granted.past_from is not None else granted.from_at
    return granted.from_at <= received_at < until and past_from <= sent_at < until
