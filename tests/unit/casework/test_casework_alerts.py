"""What may happen next to an alert, as a table."""

import pytest

from fairwitness.casework import UNDO_MS, AlertCase, after, check, check_undo, needs_reason
from fairwitness.errors import Forbidden
from fairwitness.model.custody import AlertClaimed, AlertClosed, AlertRaised, AlertReopened

ALERT = "a" * 64
CLAIM = AlertClaimed(alert=ALERT, by="eva")
CLOSE = AlertClosed(alert=ALERT, reviewed=(7, 6), decision="no_violation", action="none needed", by="eva")
REOPEN = AlertReopened(alert=ALERT, reason="new facts", by="eva")
RAISE = AlertRaised(alert=ALERT, log="messages/0", index=7, policy="p", plan="f", severity="low", by="eva")
OPEN = AlertCase(index=7, severity="low")
MINE = AlertCase(index=7, severity="low", state="claimed", claimed_by="eva")
THEIRS = AlertCase(index=7, severity="low", state="claimed", claimed_by="ivo")
SHUT = AlertCase(index=7, severity="low", state="closed", claimed_by="eva")


@pytest.mark.parametrize(
    ("case", "decision"),
    [(OPEN, CLAIM), (THEIRS, CLAIM), (OPEN, CLOSE), (MINE, CLOSE), (SHUT, REOPEN)],
)
def test_what_the_table_allows_is_allowed(case: AlertCase, decision: object) -> None:
    assert check(case, decision) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "decision", "why"),
    [
        (MINE, CLAIM, "claimed already"),
        (SHUT, CLAIM, "closed"),
        (THEIRS, CLOSE, "somebody else"),
        (SHUT, CLOSE, "closed already"),
        (OPEN, REOPEN, "not closed"),
        (MINE, REOPEN, "not closed"),
        (OPEN, RAISE, "raised by policies"),
    ],
)
def test_what_the_table_does_not_allow_is_forbidden(case: AlertCase, decision: object, why: str) -> None:
    with pytest.raises(Forbidden, match=why):
        check(case, decision)  # type: ignore[arg-type]


def close(**changes: object) -> AlertClosed:
    given: dict = {
        "alert": ALERT,
        "reviewed": (7,),
        "decision": "no_violation",
        "action": "none",
        "by": "eva",
    }
    return AlertClosed(**(given | changes))


@pytest.mark.parametrize(
    ("severity", "changes", "why"),
    [
        ("low", {"reviewed": ()}, "not among those reviewed"),
        ("low", {"reviewed": (6, 8)}, "not among those reviewed"),
        ("low", {"action": "  "}, "what was done"),
        ("low", {"decision": "violation", "reason": "a promise"}, "what was done"),
        ("low", {"decision": "violation", "action": "spoke"}, "needs a reason"),
        ("high", {}, "needs a reason"),
        ("critical", {"decision": "false_positive", "reason": " "}, "needs a reason"),
    ],
)
def test_closing_says_what_was_read_and_done(severity: str, changes: dict[str, object], why: str) -> None:
    with pytest.raises(Forbidden, match=why):
        check(AlertCase(index=7, severity=severity), close(**changes))


@pytest.mark.parametrize(
    ("decision", "severity", "needed"),
    [
        ("violation", "low", True), ("no_violation", "low", False), ("false_positive", "medium", False),
        ("no_violation", "high", True), ("false_positive", "critical", True),
    ],
)  # fmt: skip
def test_a_reason_is_needed_where_it_matters(decision: str, severity: str, needed: bool) -> None:
    assert needs_reason(decision, severity) is needed


def test_reopening_needs_a_reason() -> None:
    with pytest.raises(Forbidden, match="reason"):
        check(SHUT, AlertReopened(alert=ALERT, reason="", by="eva"))


@pytest.mark.parametrize("decision", [CLAIM, CLOSE, REOPEN])
def test_nobody_decides_about_their_own_messages(decision: object) -> None:
    case = AlertCase(index=7, severity="low", owner="Eva")
    with pytest.raises(Forbidden, match="your own"):
        check(case, decision)  # type: ignore[arg-type]


def test_whoever_takes_over_is_who_may_close() -> None:
    taken = after(THEIRS, CLAIM)
    assert taken.claimed_by == "eva"
    assert check(taken, CLOSE) is None


@pytest.mark.parametrize(
    ("case", "closed_by", "ago", "why"),
    [
        (OPEN, "eva", 0, "not closed"),
        (SHUT, "ivo", 0, "a moment ago"),
        (SHUT, "eva", UNDO_MS + 3_001, "a moment ago"),
        (AlertCase(index=7, severity="low", state="closed", owner="EVA"), "eva", 0, "your own"),
    ],
)
def test_an_undo_is_ones_own_and_quick(case: AlertCase, closed_by: str, ago: int, why: str) -> None:
    assert check_undo(SHUT, by="eva", closed_by="eva", closed_at=5_000, now=5_000 + UNDO_MS) is None
    with pytest.raises(Forbidden, match=why):
        check_undo(case, by="eva", closed_by=closed_by, closed_at=5_000, now=5_000 + ago)


def test_what_was_decided_is_followed_whatever_it_is() -> None:
    claimed = after(OPEN, CLAIM)
    closed = after(claimed, CLOSE)
    assert (claimed.state, claimed.claimed_by) == ("claimed", "eva")
    assert (closed.state, closed.claimed_by) == ("closed", "eva")
    assert after(closed, REOPEN) == OPEN
    assert after(closed, RAISE) == closed
