"""Holds beat schedules; two people dispose; the clock must be believed (E6, E7, C6)."""

from dataclasses import replace

import pytest

from fairwitness.clock import DAY_MS
from fairwitness.errors import FairwitnessError, Forbidden, OnHold
from fairwitness.mandate.state import CustodyState
from fairwitness.model import custody as c
from fairwitness.retention import (
    Due,
    Evidence,
    Facts,
    Held,
    Kept,
    check_approved,
    check_clock,
    check_proposal,
    decide,
    holds_on,
    load_schedule,
    ranges_of,
    said_today,
)

NOW = 1_764_000_000_000
YEAR = 366 * DAY_MS
HOLD, DISPOSAL = "1" * 32, "2" * 32
SCHEDULES = (load_schedule("schedule: [{id: a, period: 30 days}]", path="s", index=0),)


def facts(**changed: object) -> Facts:
    given = {
        "index": 1, "stream": "a" * 32, "line": "b" * 32, "kind": "message", "sent_at": NOW - YEAR,
        "received_at": NOW - YEAR, "custody_size": 10, "people": frozenset({"ana"}),
        "contacts": frozenset({"phone:+55"}),
    }  # fmt: skip
    return Facts(**(given | changed))  # type: ignore[arg-type]


def state_of(*decisions: c.Decision, at: int = NOW) -> CustodyState:
    state = CustodyState()
    for decision in decisions:
        state = state.apply(state.size, at, decision)
    return state


def held(**named: object) -> tuple[str, ...]:
    placed = c.HoldPlaced(hold=HOLD, matter="m", **named)  # type: ignore[arg-type]
    return holds_on(facts(matched=frozenset({HOLD})), state_of(placed).holds.values())


@pytest.mark.parametrize(
    "named",
    [
        {"person": "ana"}, {"stream": "a" * 32}, {"contact": "phone:+55"}, {"query": "words"},
        {"from_at": NOW - YEAR}, {"to_at": NOW - YEAR + 1}, {"person": "ana", "contact": "phone:+55"}, {},
    ],
    ids=str,
)  # fmt: skip
def test_a_hold_covers_what_fits_everything_it_names(named: dict[str, object]) -> None:
    assert held(**named) == (HOLD,)


@pytest.mark.parametrize(
    "named",
    [
        {"person": "bia"}, {"stream": "c" * 32}, {"contact": "phone:+44"}, {"from_at": NOW - YEAR + 1},
        {"to_at": NOW - YEAR}, {"person": "ana", "contact": "phone:+44"},
    ],
    ids=str,
)  # fmt: skip
def test_a_hold_covers_nothing_that_does_not_fit(named: dict[str, object]) -> None:
    assert held(**named) == ()


def test_a_query_covers_only_what_answers_it() -> None:
    placed = c.HoldPlaced(hold=HOLD, matter="m", query="words")
    assert holds_on(facts(), state_of(placed).holds.values()) == ()


def test_several_holds_may_cover_one_entry_and_each_is_enough() -> None:
    other = "9" * 32
    placed = [c.HoldPlaced(hold=hold, matter="m", person="ana") for hold in (HOLD, other)]
    both = state_of(*placed)
    one = both.apply(both.size, NOW, c.HoldReleased(hold=HOLD, reason="r"))
    none = one.apply(one.size, NOW, c.HoldReleased(hold=other, reason="r"))
    verdicts = [
        decide(facts(), schedules=SCHEDULES, holds=state.holds.values(), now=NOW)
        for state in (both, one, none)
    ]
    assert [getattr(verdict, "holds", ()) for verdict in verdicts] == [(HOLD, other), (other,), ()]
    assert isinstance(verdicts[2], Due)


def test_e7_a_release_can_not_be_dated_back() -> None:
    assert "at" not in {name.rpartition("_")[2] for name in c.HoldReleased.__struct_fields__}
    state = state_of(c.HoldPlaced(hold=HOLD, matter="m"), c.HoldReleased(hold=HOLD, reason="r"))
    assert state.holds[HOLD].released_at == NOW


def test_a_hold_is_not_placed_twice_under_one_id() -> None:
    state = state_of(
        c.HoldPlaced(hold=HOLD, matter="m", person="ana"),
        c.HoldPlaced(hold=HOLD, matter="m", person="nobody"),
    )
    assert state.holds[HOLD].placed.person == "ana"


def test_without_a_hold_an_entry_stays_until_its_period_is_over() -> None:
    assert decide(facts(), schedules=SCHEDULES, holds=(), now=NOW) == Due(NOW - YEAR + 30 * DAY_MS)
    assert decide(facts(sent_at=NOW), schedules=SCHEDULES, holds=(), now=NOW) == Kept(NOW + 30 * DAY_MS)
    assert decide(facts(), schedules=(), holds=(), now=NOW) == Kept(None)


def proposal(
    basis: c.DisposalBasis = "schedule", *, by: str = "ana", reason: str = "r", at: int = NOW, today: str = ""
):
    proposed = c.DisposalProposed(
        disposal=DISPOSAL, basis=basis, entries=((1, 1),), reason=reason, by=by, today=today
    )
    return state_of(proposed, at=at)


def approved(state: CustodyState, by: str, today: str = ""):
    approval = c.DisposalApproved(disposal=DISPOSAL, by=by, today=today)
    return state.apply(state.size, NOW, approval)


def test_whoever_proposed_a_disposal_does_not_approve_it() -> None:
    alone = approved(proposal(), "ana").disposals[DISPOSAL]
    with pytest.raises(Forbidden, match="second person"):
        check_approved(alone, now=NOW)
    check_approved(approved(proposal(), "bia").disposals[DISPOSAL], now=NOW)


def test_an_old_proposal_is_not_carried_out() -> None:
    disposal = approved(proposal(), "bia").disposals[DISPOSAL]
    for now in (NOW + 31 * DAY_MS, NOW - 1):
        with pytest.raises(Forbidden, match="30 days"):
            check_approved(disposal, now=now)


def test_a_disposal_that_is_done_is_not_done_again() -> None:
    state = approved(proposal(), "bia")
    run = c.DisposalRun(
        disposal=DISPOSAL, entries=((1, 1),), left_out=0, keys=1, survivors=0, generation=2, views=()
    )
    disposal = state.apply(state.size, NOW, run).disposals[DISPOSAL]
    with pytest.raises(Forbidden, match="done already"):
        check_approved(disposal, now=NOW)


@pytest.mark.parametrize("basis", ["schedule", "captured_in_error", "early"])
def test_e6_a_hold_beats_every_basis(basis: c.DisposalBasis) -> None:
    disposal = proposal(basis).disposals[DISPOSAL]
    with pytest.raises(OnHold):
        check_proposal(disposal, facts(received_at=NOW), Held((HOLD,), NOW - 1))


def test_the_schedule_lets_nothing_go_before_its_time() -> None:
    disposal = proposal().disposals[DISPOSAL]
    check_proposal(disposal, facts(), Due(NOW - 1))
    for verdict in (Kept(NOW + 1), Kept(None)):
        with pytest.raises(Forbidden, match="keeps"):
            check_proposal(disposal, facts(), verdict)


def test_captured_in_error_is_said_within_72_hours_and_with_a_reason() -> None:
    disposal = proposal("captured_in_error").disposals[DISPOSAL]
    check_proposal(disposal, facts(received_at=NOW - 3 * DAY_MS), Kept(None))
    with pytest.raises(Forbidden, match="72 hours"):
        check_proposal(disposal, facts(received_at=NOW - 3 * DAY_MS - 1), Kept(None))
    silent = proposal("captured_in_error", reason=" ").disposals[DISPOSAL]
    with pytest.raises(Forbidden, match="reason"):
        check_proposal(silent, facts(received_at=NOW), Kept(None))


def test_entries_are_written_as_ranges() -> None:
    assert ranges_of([5, 1, 2, 2, 3, 9]) == ((1, 3), (5, 5), (9, 9))
    assert ranges_of([]) == ()


def hourly(until: int = NOW, days: int = 20) -> list[int]:
    return list(range(until - days * DAY_MS, until, 3_600_000))


GOOD = Evidence(now=NOW, log_times=(hourly(), []), published_at=NOW - 1000)


def test_a_clock_that_the_log_leads_up_to_is_believed() -> None:
    assert check_clock(GOOD) is None


@pytest.mark.parametrize(
    "evidence",
    [
        replace(GOOD, now=NOW + 50 * YEAR),
        replace(GOOD, now=NOW + 50 * YEAR, published_at=NOW + 50 * YEAR),
        replace(GOOD, now=NOW + 50 * YEAR, log_times=([*hourly(), *hourly(NOW + 50 * YEAR)], [])),
        replace(GOOD, now=NOW - DAY_MS),
        replace(GOOD, published_at=NOW + DAY_MS),
        replace(GOOD, log_times=([], [])),
        replace(GOOD, now=NOW + 50 * YEAR, said=("2025-11-24", "2025-11-24")),
        replace(GOOD, said=("2075-11-24", "")),
        replace(GOOD, now=NOW + 8 * DAY_MS, said=("2025-12-02", "")),
        replace(GOOD, said=("yesterday", "2025-11-24")),
    ],
    ids=["jump", "jump, published", "jump, with entries since", "behind", "published ahead", "empty",
         "jump, people know", "one knows", "a week of silence, one says", "no date"],
)  # fmt: skip
def test_c6_a_clock_that_may_have_jumped_disposes_of_nothing(evidence: Evidence) -> None:
    with pytest.raises(FairwitnessError):
        check_clock(evidence)


def test_two_people_who_say_what_day_it_is_are_believed() -> None:
    quiet = replace(GOOD, now=NOW + 8 * DAY_MS, said=("2025-12-02", "2025-12-02"))
    assert check_clock(quiet) is None
    disposal = approved(approved(proposal(today="2025-11-24"), "ana", "x"), "bia", "2025-11-25").disposals[
        DISPOSAL
    ]
    assert said_today(disposal) == ("2025-11-24", "2025-11-25")
