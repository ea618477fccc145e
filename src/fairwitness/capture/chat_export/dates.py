"""Dates as an export writes them: which number is the day, which calendar, how sure.

The order is inferred from the whole file, never line by line. Where the file itself does
not settle it, the answer says so, and how many dates could be read the other way.
"""

import datetime
import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from fairwitness.capture.chat_export.wording import AFTERNOON, MORNING

Order = Literal["DMY", "MDY", "YMD"]
Confidence = Literal["certain", "likely", "guess", "given"]
_ORDERS: tuple[Order, ...] = ("DMY", "MDY", "YMD")
_PLACES = {"DMY": (2, 1, 0), "MDY": (2, 0, 1), "YMD": (0, 1, 2)}
_ERAS = {
    "R": 2018, "令和": 2018, "H": 1988, "平成": 1988, "S": 1925, "昭和": 1925, "民國": 1911, "民国": 1911,
}  # fmt: skip
_BUDDHIST = 543
_FIRST_YEAR, _LAST_YEAR = 2009, 2099
Written = tuple[str, str, str]


class DateReading(msgspec.Struct, frozen=True, kw_only=True):
    """How the dates of a file are read. `doubtful` counts dates that another order could read too."""

    order: Order
    confidence: Confidence
    reason: str
    doubtful: int = 0
    exceptions: int = 0
    calendar: str = "gregorian"


def infer_order(
    dates: Sequence[Written], *, hint: Order | None = None, wish: Order | None = None
) -> DateReading:
    """The order that makes the most sense of all `dates`, in the order they stand.

    `wish` is what the person says, `hint` what language or form of the file suggests.
    """
    distinct = list(dict.fromkeys(dates))
    if wish:
        return _reading(wish, "given", "as told", distinct)
    if any(_is_year_first(date) for date in distinct):
        return _reading("YMD", "certain", "the year comes first", distinct)
    orders = _ORDERS if all(len(date[2]) <= 2 for date in distinct) else _ORDERS[:2]
    scores = {order: (_bad(distinct, order), _back_steps(dates, order)) for order in orders}
    best = min(scores.values())
    left = [order for order in orders if scores[order] == best]
    if len(left) > 1 and "YMD" in left:
        left.remove("YMD")
    if len(left) == 1:
        return _only_order(left[0], scores, distinct)
    if hint in left:
        return _reading(hint, "likely", "usual for the language or form of this file", distinct)
    span = {order: _span(distinct, order) for order in left}
    densest = min(left, key=lambda order: span[order])
    reason = "so read, the chat is denser" if len(set(span.values())) > 1 else "day first is the usual order"
    return _reading(densest, "guess", reason, distinct)


def _only_order(
    order: Order, scores: Mapping[Order, tuple[int, int]], distinct: Sequence[Written]
) -> DateReading:
    other = [score for name, score in scores.items() if name != order and name != "YMD"]
    if order != "YMD" and not scores[order][0] and all(bad for bad, _ in other):
        return _reading(order, "certain", "a number above 12 is the day", distinct)
    if all(bad > scores[order][0] for bad, _ in other):
        return _reading(order, "likely", "fewest dates are impossible so", distinct)
    return _reading(order, "likely", "so read, time runs forward", distinct)


def read_date(written: Written, order: Order) -> str | None:
    """`YYYY-MM-DD`, or None when `written` is no date in this order."""
    year_at, month_at, day_at = _PLACES[order]
    try:
        year = _year(written[year_at])
        return datetime.date(year, int(written[month_at]), int(written[day_at])).isoformat()
    except ValueError:
        return None


def read_date_leniently(written: Written, order: Order) -> str | None:
    """As `read_date`; a date that is none in this order is read in the other day-month order."""
    found = read_date(written, order)
    if found is None and order != "YMD":
        return read_date(written, "MDY" if order == "DMY" else "DMY")
    return found


def read_time(hour: str, minute: str, second: str | None, half: str | None) -> str | None:
    """`HH:MM:SS` on the 24-hour clock, or None when it is no time."""
    if not half and hour.isascii() and len(hour) == 2 and hour < "24" and minute < "60":
        return f"{hour}:{minute}:{second or '00'}" if not second or second < "60" else None
    hours, minutes, seconds = int(hour), int(minute), int(second or 0)
    word = half_day(half) if half else ""
    if word == "pm" and hours < 12:
        hours += 12
    elif word == "am" and hours == 12:
        hours = 0
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"


def half_day(written: str) -> str:
    """`am`, `pm` or '' for a half-day word in any language that is known."""
    plain = "".join(c for c in written.casefold() if not c.isspace()).rstrip(".")
    spaced = written.casefold().strip().rstrip(".")
    for word in (plain, spaced, plain.replace(".", "")):
        if word in _AM:
            return "am"
        if word in _PM:
            return "pm"
    return ""


_AM = {w.casefold() for w in MORNING}
_PM = {w.casefold() for w in AFTERNOON}


def _year(written: str) -> int:
    for era, start in _ERAS.items():
        if written.upper().startswith(era):
            return start + int(written[len(era) :])
    year = int(written)
    if year < 100:
        year += 2000
    elif 2400 <= year <= 2700:
        year -= _BUDDHIST
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("no year in which WhatsApp was used, or a calendar that is not read")
    return year


def _calendar(dates: Iterable[Written]) -> str:
    for date in dates:
        for part in (date[0], date[2]):
            if not part[0].isdigit():
                return "imperial"
            if len(part) == 4 and 2400 <= int(part) <= 2700:
                return "buddhist"
            if len(part) == 4 and int(part) < 1600:
                return "unknown"
    return "gregorian"


def _is_year_first(date: Written) -> bool:
    return len(date[0]) > 2 or not date[0][0].isdigit()


def _bad(dates: Iterable[Written], order: Order) -> int:
    return sum(1 for date in dates if read_date(date, order) is None)


def _back_steps(dates: Sequence[Written], order: Order) -> int:
    """How often the day goes back from one date to the next."""
    known = {d: read_date_leniently(d, order) for d in set(dates)}
    days = [day for day in (known[d] for d in dates) if day]
    return sum(1 for before, after in itertools.pairwise(days) if after < before)


def _span(dates: Iterable[Written], order: Order) -> int:
    days = [datetime.date.fromisoformat(day) for day in (read_date(d, order) for d in dates) if day]
    return (max(days) - min(days)).days if days else 0


def _reading(order: Order, confidence: Confidence, reason: str, dates: Sequence[Written]) -> DateReading:
    doubtful = 0
    if confidence in ("likely", "guess"):
        doubtful = sum(1 for d in dates if d[0] != d[1] and all(int(p) <= 12 for p in d[:2] if p.isdecimal()))
    return DateReading(
        order=order,
        confidence=confidence,
        reason=reason,
        doubtful=doubtful if order != "YMD" else 0,
        exceptions=_bad(dates, order),
        calendar=_calendar(dates),
    )
