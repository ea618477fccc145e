"""What must be known of an entry before it can be said how long it stays."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """One entry of the message log.

    `sent_at` is when it was sent, or received where that can not be believed. `people`,
    `departments` and `regions` are those of everyone who was ever assigned to the line;
    `contacts` are the addresses in it; `matched` the holds whose query its words answer.
    """

    index: int
    stream: str
    line: str
    kind: str
    sent_at: int
    received_at: int
    custody_size: int
    people: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    contacts: frozenset[str] = frozenset()
    matched: frozenset[str] = frozenset()
