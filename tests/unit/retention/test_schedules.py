"""How long entries stay: periods, rules, and schedules that only lengthen (E7)."""

from datetime import UTC, datetime

import pytest

from fairwitness.errors import PolicyErrors
from fairwitness.retention import Facts, Schedule, due_at, load_schedule
from fairwitness.retention.periods import Period, read_period


def ms(year: int, month: int, day: int) -> int:
    return round(datetime(year, month, day, tzinfo=UTC).timestamp() * 1000)


def schedule(index: int, *rules: str) -> Schedule:
    return load_schedule(
        "schedule:\n" + "".join(f"  - {{{rule}}}\n" for rule in rules), path="s", index=index
    )


def facts(**changed: object) -> Facts:
    given = {
        "index": 1, "stream": "a" * 32, "line": "b" * 32, "kind": "message", "sent_at": ms(2024, 2, 29),
        "received_at": ms(2024, 2, 29), "custody_size": 10, "regions": frozenset({"BR"}),
        "departments": frozenset({"desk"}),
    }  # fmt: skip
    return Facts(**(given | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ((2024, 2, 29), Period(1, "year"), (2025, 3, 1)),
        ((2024, 2, 29), Period(4, "year"), (2028, 2, 29)),
        ((2026, 1, 31), Period(1, "month"), (2026, 3, 1)),
        ((2026, 12, 31), Period(2, "month"), (2027, 3, 1)),
        ((2026, 11, 30), Period(18, "month"), (2028, 5, 30)),
        ((2026, 3, 1), Period(90, "day"), (2026, 5, 30)),
    ],
)
def test_a_period_follows_the_calendar(
    start: tuple[int, int, int], period: Period, end: tuple[int, int, int]
) -> None:
    assert period.after(ms(*start)) == ms(*end)


@pytest.mark.parametrize(
    "text", ["", "6", "years", "0 years", "-1 days", "6 weeks", "201 years", "1.5 years", "6  years"]
)
def test_a_period_that_is_not_written_so_is_not_read(text: str) -> None:
    assert read_period(text) is None


@pytest.mark.parametrize(
    "text",
    ["", "schedule: []", "schedule: [{id: a}]", "schedule: [{id: a, period: soon}]", "a: [", "schedule: 7",
     "schedule: [{id: a, period: 6 years, kind: message}]",
     "schedule: [{id: a, period: 6 years}, {id: a, period: 7 years}]"],
)  # fmt: skip
def test_a_schedule_with_a_fault_is_refused(text: str) -> None:
    with pytest.raises(PolicyErrors):
        load_schedule(text, path="s")


def test_the_longest_rule_that_fits_counts() -> None:
    found = schedule(
        1, "id: all, period: 3 years", "id: brazil, period: 6 years, regions: [BR]",
        "id: calls, period: 9 years, kinds: [call]", "id: other, period: 8 years, departments: [legal]",
    )  # fmt: skip
    assert due_at([found], facts()) == ms(2030, 3, 1)
    assert due_at([found], facts(kind="call")) == ms(2033, 3, 1)
    assert due_at([found], facts(regions=frozenset())) == ms(2027, 3, 1)


def test_what_no_rule_speaks_of_stays() -> None:
    assert due_at([], facts()) is None
    assert due_at([schedule(1, "id: us, period: 1 years, regions: [US]")], facts()) is None


def test_e7_a_shorter_schedule_counts_only_for_what_comes_after_it() -> None:
    schedules = [schedule(5, "id: a, period: 6 years"), schedule(20, "id: a, period: 30 days")]
    assert due_at(schedules, facts(custody_size=10)) == ms(2030, 3, 1)
    assert due_at(schedules, facts(custody_size=21)) == ms(2024, 3, 30)


def test_a_longer_schedule_counts_for_what_is_there_already() -> None:
    schedules = [schedule(5, "id: a, period: 3 years"), schedule(20, "id: a, period: 6 years")]
    assert due_at(schedules, facts(custody_size=10)) == ms(2030, 3, 1)


def test_e7_a_schedule_in_between_that_was_taken_back_still_binds_what_came_under_it() -> None:
    schedules = [
        schedule(5, "id: a, period: 30 days"), schedule(8, "id: a, period: 6 years"),
        schedule(20, "id: a, period: 30 days"),
    ]  # fmt: skip
    assert due_at(schedules, facts(custody_size=7)) == ms(2030, 3, 1)
    assert due_at(schedules, facts(custody_size=9)) == ms(2030, 3, 1)


def test_what_was_captured_before_any_schedule_is_bound_by_all() -> None:
    schedules = [schedule(50, "id: a, period: 3 years"), schedule(60, "id: a, period: 1 years")]
    assert due_at(schedules, facts(custody_size=10)) == ms(2027, 3, 1)


def test_a_rule_that_was_dropped_keeps_what_it_spoke_of() -> None:
    schedules = [
        schedule(5, "id: a, period: 1 years"),
        schedule(20, "id: us, period: 1 years, regions: [US]"),
    ]
    assert due_at(schedules, facts(custody_size=10)) is None
