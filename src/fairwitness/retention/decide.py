"""One entry, all that is known of it, and the verdict: held, kept until, or due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from fairwitness.model.holding import Hold
from fairwitness.retention.facts import Facts as Facts
from fairwitness.retention.holds import holds_on
from fairwitness.retention.schedule import Schedule, due_at


@dataclass(frozen=True, slots=True)
class Held:
    """Holds cover it: it stays, whatever a schedule says. `due_at` is when it would have been due."""

    holds: tuple[str, ...]
    due_at: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """It stays until `due_at`; None says that nothing has set an end."""

    due_at: int | None


@dataclass(frozen=True, slots=True)
class Due:
    """Nothing keeps it since `due_at`."""

    due_at: int


Verdict: TypeAlias = Held | Kept | Due


def decide(facts: Facts, *, schedules: Sequence[Schedule], holds: Iterable[Hold], now: int) -> Verdict:
    """Whether an entry is held, kept or due at `now`."""
    end = due_at(schedules, facts)
    if held := holds_on(facts, holds):
        return Held(held, end)
    return Due(end) if end is not None and end <= now else Kept(end)
