"""The queue of alerts: raised by policies, moved by people, all of it from the custody log."""

import hashlib

import pytest
from tests.conformance.views.builders import (
    ANA,
    LINE,
    NOON,
    STATE,
    Guaranteed,
    House,
    batch_of,
    event,
    read,
)

from fairwitness.errors import NotDurable
from fairwitness.flow.follower import Batch
from fairwitness.followers import ReadViews, build_followers
from fairwitness.mandate.state import CustodyState
from fairwitness.model import custody as c

SAYING = [read(n, event(id=str(n), text=f"{n} is guaranteed")) for n in range(3)]


def raised(house: House) -> list[c.AlertRaised]:
    return [d for d in house.custody if isinstance(d, c.AlertRaised)]


def test_a_finding_raises_an_alert_with_its_facts(house: House, views: ReadViews) -> None:
    words = "guaranteed " * 30
    house.follow([read(0, event(id="1", text=words, sender_name="Ana"))])
    (row,) = views.alerts.queue()
    assert (row.title, row.severity, row.state, row.stream, row.line) == (
        "Guarantees",
        "high",
        "open",
        ANA,
        LINE,
    )
    assert (row.chat, row.chat_name, row.sent_at, row.raised_index) == ("phone:+5511", "Ana", NOON, 1)
    assert len(row.first_words) <= 80
    assert row.first_words.startswith("guaranteed guaranteed")
    detail = views.alerts.alert(row.alert)
    assert detail is not None
    assert [(span.start, span.end) for span in detail.finding.spans] == [(0, 10)]
    assert [step.kind for step in detail.history] == ["alert.raised"]


def test_the_id_of_an_alert_is_the_hash_of_what_it_is_about(house: House) -> None:
    house.follow(SAYING[:1])
    named = b'{"entry":0,"log":"messages/0","plan":"%s","policy":"finance.guarantees"}' % (b"e" * 64)
    assert raised(house)[0].alert == hashlib.sha256(named).hexdigest()


@pytest.mark.parametrize("kind", ["system", "call", "unreadable"])
def test_what_looks_like_a_notice_is_judged_like_anybodys_words(house: House, kind: str) -> None:
    house.follow([read(0, event(kind, direction="none", text="You added a guaranteed return"))])
    assert len(raised(house)) == 1


def test_a_message_of_unknown_direction_is_judged_both_ways_and_alerted_once(house: House) -> None:
    asked: list[str] = []

    class Listening(Guaranteed):
        def judge_many(self, items):  # type: ignore[no-untyped-def]
            asked.extend(way for _, way in items)
            return super().judge_many(items)

    _, _, judge, _ = build_followers(house.stores, house.raise_alerts, compile_plan=Listening)
    judge.handle(batch_of([read(0, event(direction="none", text="guaranteed"))]))
    assert asked == ["in", "out"]
    assert len(raised(house)) == 1


def test_an_edit_is_judged_by_its_new_text(house: House, views: ReadViews) -> None:
    house.follow(
        [read(0, event(id="m", text="fine")), read(1, event("edit", target="m", text="it is guaranteed"))]
    )
    (row,) = views.alerts.queue()
    assert (row.index, row.first_words) == (1, "it is guaranteed")


def test_without_a_plan_in_force_nothing_is_found(house: House, views: ReadViews) -> None:
    house.judge.handle(batch_of([read(0, event(text="guaranteed"), custody_size=0)], CustodyState()))
    house.judge.handle(batch_of([read(1, event(text="guaranteed"), custody_size=0)], STATE))
    assert raised(house) == []
    assert house.judge.cursor().messages == 2
    assert views.alerts.count() == 0


def test_each_entry_is_judged_by_the_plan_of_its_own_custody_size(house: House) -> None:
    later = STATE.apply(1, NOON, c.PoliciesPublished(plan="f" * 64, files=()))
    reads = [read(n, event(id=str(n), text="guaranteed"), custody_size=1 + n) for n in range(2)]
    house.judge.handle(batch_of(reads, later))
    assert [alert.plan[0] for alert in raised(house)] == ["e", "f"]


def test_people_move_an_alert_and_its_history_tells(house: House, views: ReadViews) -> None:
    house.follow(SAYING)
    alert = views.alerts.queue()[0].alert
    token = views.alerts.change_token()
    house.custody.append(c.AlertClaimed(alert=alert, by="eva"))
    house.follow_custody()
    assert views.alerts.change_token() > token
    assert (views.alerts.count(state="open"), views.alerts.count(state="waiting")) == (2, 3)
    house.custody.append(
        c.AlertClosed(
            alert=alert, reviewed=(2, 1), decision="violation", action="told", reason="said so", by="eva"
        )
    )
    house.custody.append(c.AlertReopened(alert=alert, reason="appeal", by="ivo"))
    house.follow_custody()
    detail = views.alerts.alert(alert)
    assert detail is not None
    assert (detail.row.state, detail.row.claimed_by) == ("open", "")
    assert [(s.kind, s.by, s.reviewed, s.reason) for s in detail.history[1:]] == [
        ("alert.claimed", "eva", (), ""),
        ("alert.closed", "eva", (2, 1), "said so"),
        ("alert.reopened", "ivo", (), "appeal"),
    ]


def test_other_decisions_do_not_change_the_token(house: House, views: ReadViews) -> None:
    house.follow(SAYING)
    token = views.alerts.change_token()
    house.custody.append(c.SearchRun(query="x", results=0, by="eva"))
    house.custody.append(c.AlertClaimed(alert="9" * 64, by="eva"))
    house.follow_custody()
    assert views.alerts.change_token() == token


def test_the_gravest_come_first_then_the_newest(house: House, views: ReadViews) -> None:
    for n, severity in enumerate(("low", "critical", "high", "critical", "medium")):
        house.custody.append(
            c.AlertRaised(
                alert=f"{n}" * 64, log="messages/0", index=n, policy=f"p{n % 2}", plan="e", severity=severity
            )
        )
    house.follow_custody()
    assert [row.alert[0] for row in views.alerts.queue()] == ["3", "1", "2", "4", "0"]
    assert [row.alert[0] for row in views.alerts.queue(newest_first=False)] == ["1", "3", "2", "4", "0"]
    assert [row.alert[0] for row in views.alerts.queue(limit=2, offset=1)] == ["1", "2"]
    assert [row.alert[0] for row in views.alerts.queue(policy="p1", severity="critical")] == ["3", "1"]
    assert (views.alerts.count(severity="critical"), views.alerts.count(policy="p0", state="closed")) == (
        2,
        0,
    )
    assert views.alerts.policies() == ["p0", "p1"]


def test_alerts_are_found_by_line_and_by_message(house: House, views: ReadViews) -> None:
    other = "6" * 32
    house.follow([*SAYING, read(3, event(id="x", text="guaranteed", line=other))])
    assert [row.index for row in views.alerts.of_line(LINE, limit=2)] == [2, 1]
    assert (views.alerts.count(line=other), len(views.alerts.queue(line=LINE))) == (1, 3)
    assert [detail.row.index for detail in views.alerts.of_messages([1, 3, 77])] == [1, 3]
    assert views.alerts.alert("0" * 64) is None


def test_an_alert_is_shown_before_its_message_was_judged_again(house: House, views: ReadViews) -> None:
    house.custody.append(
        c.AlertRaised(alert="d" * 64, log="messages/0", index=5, policy="p", plan="e", severity="high")
    )
    house.follow_custody()
    (row,) = views.alerts.queue()
    assert (row.title, row.first_words, row.stream) == ("p", "", "")


@pytest.mark.parametrize("crash", ["before raising", "after raising"])
def test_a_crash_around_raising_neither_loses_nor_doubles_an_alert(house: House, crash: str) -> None:
    def fails(decisions: list[c.AlertRaised]) -> None:
        if crash == "after raising":
            house.raise_alerts(decisions)
        raise NotDurable("the power went")

    _, _, judge, _ = build_followers(house.stores, fails, compile_plan=Guaranteed)  # type: ignore[arg-type]
    batch: Batch = batch_of(SAYING)
    with pytest.raises(NotDurable):
        judge.handle(batch)
    assert judge.cursor().messages == 0
    house.judge.handle(batch)
    house.judge.handle(batch)
    assert len(raised(house)) == 3
    assert house.judge.cursor().messages == 3


def test_an_alert_raised_twice_in_the_log_is_one_alert(house: House, views: ReadViews) -> None:
    house.follow(SAYING[:1])
    house.custody.append(raised(house)[0])
    house.follow_custody()
    (row,) = views.alerts.queue()
    assert row.raised_index == 1
