"""May an item be kept? The default is no."""

from fairwitness.mandate.decide import Keep, Refuse, decide
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import LineAdded, MandateGranted, MandateWithdrawn

NOW = 1_764_000_000_000
DAY = 86_400_000
LINE = "11" * 16


def state_with(**times: int | None) -> CustodyState:
    state = CustodyState().apply(0, NOW, LineAdded(line=LINE, name="Ana", aliases=("pnid:1", "phone:+5511")))
    granted = MandateGranted(
        mandate="33" * 16, person="22" * 16, line=LINE, basis="legitimate_interest", jurisdiction="BR",
        notice_version="1", language="pt-BR", acknowledged_at=NOW, **{"from_at": NOW, **times},
    )  # fmt: skip
    return state.apply(1, NOW, granted)


def asked(
    state: CustodyState, *, received: int = NOW, sent: int | None = NOW, alias: str = "pnid:1"
) -> object:
    return decide(state, alias=alias, received_at=received, sent_at=sent)


def test_an_unknown_line_is_refused_by_its_alias() -> None:
    assert asked(CustodyState(), alias="pnid:9") == Refuse("pnid:9", "unknown_line")


def test_a_line_without_a_mandate_is_refused() -> None:
    state = CustodyState().apply(0, NOW, LineAdded(line=LINE, name="Ana", aliases=("pnid:1",)))
    assert asked(state) == Refuse(LINE, "no_mandate")


def test_a_mandate_keeps_by_any_alias_of_the_line() -> None:
    assert asked(state_with()) == Keep(LINE)
    assert asked(state_with(), alias="phone:+5511") == Keep(LINE)


def test_what_was_sent_before_the_mandate_is_refused() -> None:
    assert asked(state_with(), received=NOW + 5, sent=NOW - 1) == Refuse(LINE, "no_mandate")


def test_past_from_opens_the_past_no_further_than_agreed() -> None:
    state = state_with(past_from=NOW - DAY)
    assert asked(state, sent=NOW - DAY) == Keep(LINE)
    assert asked(state, sent=NOW - DAY - 1) == Refuse(LINE, "no_mandate")


def test_what_is_received_after_the_end_is_refused_whenever_it_was_sent() -> None:
    state = state_with(to_at=NOW + 10)
    assert asked(state, received=NOW + 9) == Keep(LINE)
    assert asked(state, received=NOW + 10) == Refuse(LINE, "no_mandate")
    assert asked(state, received=NOW + 11, sent=NOW + 1) == Refuse(LINE, "no_mandate")


def test_an_impossible_sent_time_counts_as_the_received_time() -> None:
    for sent in (None, 0, -5, NOW + 2 * DAY, 10**18):
        assert asked(state_with(), sent=sent) == Keep(LINE)


def test_a_withdrawn_mandate_keeps_nothing_more() -> None:
    withdrawn = MandateWithdrawn(mandate="33" * 16, person="22" * 16, line=LINE)
    state = state_with().apply(2, NOW + 1, withdrawn)
    assert asked(state, received=NOW + 2) == Refuse(LINE, "no_mandate")


def test_withdrawing_one_mandate_leaves_another_in_force() -> None:
    second = MandateGranted(
        mandate="44" * 16, person="22" * 16, line=LINE, basis="contract", jurisdiction="BR",
        notice_version="1", language="pt-BR", acknowledged_at=NOW, from_at=NOW,
    )  # fmt: skip
    withdrawn = MandateWithdrawn(mandate="33" * 16, person="22" * 16, line=LINE)
    state = state_with().apply(2, NOW, second).apply(3, NOW, withdrawn)
    assert asked(state) == Keep(LINE)


def test_an_older_state_is_not_changed_by_a_newer_decision() -> None:
    before = state_with()
    before.apply(2, NOW, MandateWithdrawn(mandate="33" * 16, person="22" * 16, line=LINE))
    assert asked(before) == Keep(LINE)
