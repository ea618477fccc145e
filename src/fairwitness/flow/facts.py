"""What followers hand to the stores that keep their views, and are handed back.

These are facts out of the record with no screen in mind: a store keeps them, a follower
decides what they mean. None of them is evidence; all of them can be worked out again.
"""

import msgspec

from fairwitness.model.event import Event
from fairwitness.model.finding import Finding


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One event as a part of a message: the message itself, or something that happened to it.

    `key` is the same for all parts of one message of a stream, None when the event stands alone.
    `base` says that the part is the message; `counts` that people would count it as one.
    `index` and `ordinal` are its entry and its place in it.
    """

    index: int
    ordinal: int
    key: bytes | None
    stream: str
    line: str
    base: bool
    counts: bool
    received_at: int
    event: Event


class Naming(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, or a group, was called `name` at a time, on this line."""

    line: str
    address: str
    name: str
    at: int
    index: int


class Unclear(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was not, or not fully, understood, and why."""

    index: int
    kind: str
    source: str
    reason: str
    received_at: int


class Gathered(msgspec.Struct, frozen=True, kw_only=True):
    """A message with every part that is known of it, in log order. `number` is the store's own."""

    number: int
    key: bytes | None
    position: int
    held: bool
    stream: str
    parts: tuple[Part, ...]


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as a store counts it."""

    stream: str
    line: str
    chat: str
    messages: int
    last_index: int
    last_at: int | None


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """One text to be found again: `text` is folded, `key` the same for each version of a message."""

    index: int
    key: bytes
    stream: str
    line: str
    text: str


class Term(msgspec.Struct, frozen=True):
    """Words, folded, that must (or, excluded, must not) follow each other in a text."""

    words: tuple[str, ...]
    prefix: bool = False
    excluded: bool = False


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A finding on an entry, under the plan that was in force, and the alert it raises."""

    alert: str
    index: int
    stream: str
    line: str
    plan: str
    finding: Finding


class AlertFact(msgspec.Struct, frozen=True, kw_only=True):
    """Where an alert stands, by the custody log."""

    alert: str
    index: int
    policy: str
    severity: str
    state: str
    claimed_by: str
    raised_at: int
    raised_index: int


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was decided about an alert, as the custody log has it."""

    custody_index: int
    kind: str
    by: str
    at: int
    decision: str = ""
    action: str = ""
    reason: str = ""
    reviewed: tuple[int, ...] = ()


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that a follower could not handle, and was led past."""

    log: str
    index: int
    problem: str
