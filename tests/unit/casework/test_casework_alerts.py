"""What may happen next to an alert, as a table."""

import pytest

from fairwitness.casework import AlertCase, after, check, needs_reason
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
    [(OPEN, CLAIM), (OPEN, CLOSE), (MINE, CLOSE), (SHUT, REOPEN)],
)
def test_what_the_table_allows_is_allowed(case: AlertCase, decision: object) -> None:
    assert check(case, decision) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "decision", "why"),
    [
        (MINE, CLAIM, "claimed already"),
        (THEIRS, CLAIM, "claimed already"),
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
        ("low", {"decision": "violation"}, "needs a reason"),
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


def test_what_was_decided_is_followed_whatever_it_is() -> None:
    claimed = after(OPEN, CLAIM)
    closed = after(claimed, CLOSE)
    assert (claimed.state, claimed.claimed_by) == ("claimed", "eva")
    assert (closed.state, closed.claimed_by) == ("closed", "eva")
    assert after(closed, REOPEN) == OPEN
    assert after(closed, RAISE) == closed
