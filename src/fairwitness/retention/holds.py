"""Holds: which of them cover an entry. A hold beats every schedule."""

from collections.abc import Iterable

from fairwitness.model.custody import HoldPlaced
from fairwitness.model.holding import Hold
from fairwitness.retention.facts import Facts


def in_force(holds: Iterable[Hold]) -> tuple[Hold, ...]:
    """The holds that were not released."""
    return tuple(hold for hold in holds if hold.released_at is None)


def holds_on(facts: Facts, holds: Iterable[Hold]) -> tuple[str, ...]:
    """The ids of the holds in force that cover an entry.

    A person is held with every line that was ever theirs, and so with every alias that the line
    has or will have.
    """
    return tuple(hold.placed.hold for hold in in_force(holds) if _covers(hold.placed, facts))


def _covers(placed: HoldPlaced, facts: Facts) -> bool:
    return (
        (not placed.person or placed.person in facts.people)
        and (not placed.stream or placed.stream == facts.stream)
        and (not placed.contact or placed.contact in facts.contacts)
        and (not placed.query or placed.hold in facts.matched)
        and (placed.from_at is None or placed.from_at <= facts.sent_at)
        and (placed.to_at is None or facts.sent_at < placed.to_at)
    )
