"""Periods as rules name them: so many days, months or years of the calendar (UTC)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_WRITTEN = re.compile(r"([1-9][0-9]{0,4}) (day|month|year)s?")
_MOST_YEARS = 200


@dataclass(frozen=True, slots=True)
class Period:
    """`count` of `unit` (`day`, `month` or `year`)."""

    count: int
    unit: str

    def after(self, ms: int) -> int:
        """The end of the period that begins at `ms`. A day that a month lacks is the first of the next."""
        start = datetime.fromtimestamp(ms / 1000, tz=UTC)
        if self.unit == "day":
            return _ms(start + timedelta(days=self.count))
        months = self.count * (12 if self.unit == "year" else 1)
        years, month = divmod(start.month - 1 + months, 12)
        try:
            end = start.replace(year=start.year + years, month=month + 1)
        except ValueError:
            years, month = divmod(start.month + months, 12)
            end = start.replace(year=start.year + years, month=month + 1, day=1)
        return _ms(end)


def read_period(text: str) -> Period | None:
    """The period that `text` names, such as `6 years`; None when it names none."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    period = Period(int(match[1]), match[2])
    days = {"day": 1, "month": 31, "year": 366}[period.unit]
    return period if period.count * days <= _MOST_YEARS * 366 else None


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
