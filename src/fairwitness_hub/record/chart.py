"""A small bar chart as numbers for an SVG: places and sizes, no markup."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT, GAP, FLOOR = 600, 72, 3, 2


@dataclass(frozen=True, slots=True)
class Bar:
    """One day: its bar, in the units of the view box."""

    day: date
    count: int
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars by day, the tallest day's count, and all together."""

    bars: tuple[Bar, ...]
    highest: int
    total: int
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def last_day(self) -> date | None:
        """The day of the last bar."""
        return self.bars[-1].day if self.bars else None


def bars(counts: Sequence[tuple[date, int]]) -> Chart:
    """A bar a day; a day with anything at all has a bar that can be seen."""
    highest = max((count for _, count in counts), default=0)
    step = WIDTH // max(1, len(counts))
    drawn = []
    for place, (day, count) in enumerate(counts):
        height = max(FLOOR, round(HEIGHT * count / highest)) if count else 0
        drawn.append(Bar(day, count, place * step, HEIGHT - height, step - GAP, height))
    return Chart(tuple(drawn), highest, sum(count for _, count in counts))
