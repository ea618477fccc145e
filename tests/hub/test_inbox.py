"""The inbox: finding an alert, deciding it, and two reviewers at once."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from tests.hub.fake_house import FakeHouse, identity

from fairwitness.model.custody import AlertClaimed, AlertClosed, AlertReopened, PersonEnrolled

WHY = {"HX-Request": "true", "HX-Target": "why"}
DETAIL = {"HX-Request": "true", "HX-Target": "detail"}


@pytest.fixture
def alert(firm: FakeHouse) -> str:
    """The most urgent alert."""
    return firm.alerts.queue(state="waiting")[0].alert


def _decision(firm: FakeHouse, alert: str, **changes: object) -> dict[str, object]:
    index = firm.findings[alert][0]
    return {
        "decision": "no_violation", "action": "none", "reason": "Said before.", "reviewed": str(index),
        "expect": firm.subject_version(alert[:32]), **changes,
    }  # fmt: skip


def _last(firm: FakeHouse, kind: type) -> object:
    return next((decision for _at, decision, _s in reversed(firm.log) if isinstance(decision, kind)), None)


def _rows(page: str) -> list[str]:
    return re.findall(r'data-alert="([0-9a-f]{64})"', page)


def test_the_queue_lists_what_waits_most_urgent_first(firm: FakeHouse, reviewer: Client):
    page = reviewer.get("/inbox/").content.decode()
    assert _rows(page) == [row.alert for row in firm.alerts.queue(state="waiting")]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("severity=critical", {"severity": "critical"}),
        ("policy=finance/off-channel", {"policy": "finance/off-channel"}),
        (f"line={identity('line +442079460001')}", {"line": identity("line +442079460001")}),
        ("state=all&severity=low", {"severity": "low"}),
        ("order=oldest", {"newest_first": False}),
    ],
)
def test_the_address_says_what_the_queue_shows(
    query: str, wanted: dict[str, object], firm: FakeHouse, reviewer: Client
):
    page = reviewer.get(f"/inbox/?{query}").content.decode()
    assert _rows(page) == [row.alert for row in firm.alerts.queue(**wanted)]  # type: ignore[arg-type]
    assert _rows(page) != [row.alert for row in firm.alerts.queue(state="waiting")]


@pytest.mark.parametrize(
    "query", ["state=nonsense", "severity=%00", "limit=-5", "limit=99999999999", "line=x", "order=[]"]
)
def test_a_filter_that_makes_no_sense_is_left_out(query: str, firm: FakeHouse, reviewer: Client):
    response = reviewer.get(f"/inbox/?{query}")
    assert response.status_code == 200
    assert len(_rows(response.content.decode())) == 9


def test_an_empty_queue_says_what_to_do(firm: FakeHouse, reviewer: Client):
    firm.findings.clear()
    assert b"Nothing waits for you" in reviewer.get("/inbox/").content
    narrowed = reviewer.get("/inbox/?severity=low").content
    assert b"Nothing matches these filters" in narrowed


def test_a_long_queue_is_handed_out_in_parts(firm: FakeHouse, reviewer: Client):
    line = identity("line +5511940000001")
    for number in range(60):
        firm.raise_alert(firm.message(line, "phone:+5511988887777", f"garanto {number}"), "garanto")

    page = reviewer.get("/inbox/").content.decode()
    assert len(_rows(page)) == 30
    assert "30 of 69" in page
    assert len(_rows(reviewer.get("/inbox/?limit=100").content.decode())) == 69


def test_nothing_is_opened_until_somebody_opens_it(firm: FakeHouse, reviewer: Client):
    assert b'class="bubble"' not in reviewer.get("/inbox/").content


def test_an_open_alert_shows_the_words_in_their_conversation(firm: FakeHouse, reviewer: Client, alert: str):
    page = reviewer.get(f"/inbox/{alert}/").content.decode()

    assert '<mark class="hit">retorno garantido</mark>' in page
    assert 'The message says “<mark class="hit"><bdi dir="auto">retorno garantido</bdi></mark>”.' in page
    assert "finance/guarantees" in page
    assert "Garantido mesmo?" in page
    assert page.count("data-flagged") == 1


def test_an_alert_on_a_text_that_was_edited_away_marks_the_text_before(firm: FakeHouse, reviewer: Client):
    found = next(
        row.alert
        for row in firm.alerts.queue()
        if row.policy == "finance/off-channel" and "Telegram" in row.first_words
    )
    page = reviewer.get(f"/inbox/{found}/").content.decode()

    assert 'Melhor <mark class="hit">falarmos</mark> no <mark class="hit">Telegram</mark>' in page
    assert "Melhor falarmos amanhã por telefone" in page
    assert "First sent" in page


def test_an_alert_that_an_edit_raised_stands_on_the_message_that_was_edited(
    firm: FakeHouse, reviewer: Client
):
    edited = next(row for row in firm.rows.values() if len(row.versions) > 1)
    firm.rows[edited.versions[-1].index] = edited
    alert = firm.raise_alert(edited.versions[-1].index, "telefone")
    del firm.rows[edited.versions[-1].index]

    page = reviewer.get(f"/inbox/{alert}/").content.decode()
    assert '<mark class="hit">telefone</mark>' in page
    assert f'id="entry-{edited.index}" class="line out flagged' in page


def test_more_of_the_conversation_is_fetched_in_both_directions(firm: FakeHouse, reviewer: Client):
    desk = next(row for row in firm.alerts.queue() if "Signal" in row.first_words)
    page = reviewer.get(f"/inbox/{desk.alert}/").content.decode()
    first = int(re.findall(r"\?before=(\d+)", page)[0])

    older = reviewer.get(f"/inbox/{desk.alert}/messages/?before={first}").content.decode()

    entries = [int(entry) for entry in re.findall(r'id="entry-(\d+)"', older)]
    assert entries == list(range(first - 20, first))
    assert f"/inbox/{desk.alert}/messages/?before={first - 20}" in older
    newer = reviewer.get(f"/inbox/{desk.alert}/messages/?after={first}").content.decode()
    assert [int(entry) for entry in re.findall(r'id="entry-(\d+)"', newer)] == list(
        range(first + 1, first + 21)
    )


def test_an_alert_that_is_not_there_is_a_calm_404(firm: FakeHouse, reviewer: Client):
    assert b"There is nothing at this address" in reviewer.get("/inbox/" + "f" * 64 + "/").content


def test_closing_records_who_what_and_which_entries(firm: FakeHouse, reviewer: Client, alert: str):
    index = firm.findings[alert][0]
    given = _decision(
        firm, alert, decision="violation", action="training", action_text="by Friday", reason="A promise.",
        reviewed=f"{index},{index + 1}",
    )  # fmt: skip

    response = reviewer.post(f"/inbox/{alert}/close/", given)

    assert response.status_code == 302
    assert _last(firm, AlertClosed) == AlertClosed(
        alert=alert, reviewed=(index, index + 1), decision="violation", action="training: by Friday",
        reason="A promise.", by="rita@firm.example",
    )  # fmt: skip
    closed = reviewer.get(f"/inbox/{alert}/").content.decode()
    assert "Closed: violation" in closed
    assert "Training: by Friday" in closed
    assert "2 messages read" in closed


def test_the_flagged_message_is_always_among_those_read(firm: FakeHouse, reviewer: Client, alert: str):
    index = firm.findings[alert][0]
    reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert, reviewed=str(index - 1)))

    assert _last(firm, AlertClosed).reviewed == (index - 1, index)  # type: ignore[attr-defined]


def test_messages_of_another_conversation_cannot_be_called_read(
    firm: FakeHouse, reviewer: Client, alert: str
):
    other = next(row.index for row in firm.rows.values() if row.stream != firm.alerts.alert(alert).row.stream)  # type: ignore[union-attr]
    for reviewed in (str(other), "999999"):
        response = reviewer.post(
            f"/inbox/{alert}/close/", _decision(firm, alert, reviewed=reviewed), headers=WHY
        )
        assert response.status_code == 409
    assert _last(firm, AlertClosed) is None


def test_the_next_alert_comes_with_the_decision(firm: FakeHouse, reviewer: Client, alert: str):
    following = firm.alerts.queue(state="waiting")[1].alert

    response = reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert), headers=WHY)

    assert response.headers["HX-Push-Url"] == f"/inbox/{following}/"
    assert response.headers["HX-Retarget"] == "#detail"
    page = response.content.decode()
    assert f'action="/inbox/{following}/close/"' in page
    assert f'hx-post="/inbox/{alert}/reopen/"' in page
    assert "Closed: No violation" in page


def test_the_last_decision_leaves_an_empty_desk(firm: FakeHouse, reviewer: Client, alert: str):
    for other in [other for other in firm.findings if other != alert]:
        del firm.findings[other]
    response = reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert), headers=WHY)

    assert b"All done" in response.content
    assert response.headers["HX-Push-Url"] == "/inbox/"


def test_filters_stay_from_one_alert_to_the_next(firm: FakeHouse, reviewer: Client):
    high = firm.alerts.queue(state="waiting", severity="high")
    response = reviewer.post(
        f"/inbox/{high[0].alert}/close/?severity=high", _decision(firm, high[0].alert), headers=WHY
    )

    assert response.headers["HX-Push-Url"] == f"/inbox/{high[1].alert}/?severity=high"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"decision": ""}, "Choose what you decide"),
        ({"decision": "violation", "action": "training", "reason": ""}, "A violation needs a reason"),
        ({"reason": " "}, "An alert this grave needs a reason"),
        ({"decision": "violation", "reason": "x"}, "Say what is done about the violation"),
        ({"action": "other"}, "Say what is done."),
        ({"decision": "pardon"}, "pardon"),
        ({"reviewed": "1;drop"}, "lost count"),
        ({"reviewed": ""}, "required"),
    ],
)
def test_a_decision_that_is_not_whole_says_what_it_lacks(
    changes: dict[str, str], complaint: str, firm: FakeHouse, reviewer: Client, alert: str
):
    response = reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert, **changes), headers=WHY)

    assert response.status_code == 422
    assert complaint in response.content.decode()
    assert _last(firm, AlertClosed) is None


def test_what_was_typed_survives_a_complaint(firm: FakeHouse, reviewer: Client, alert: str):
    given = _decision(firm, alert, decision="violation", reason='Half "typed" <b>')
    page = reviewer.post(f"/inbox/{alert}/close/", given, headers=WHY).content.decode()

    assert "Half &quot;typed&quot; &lt;b&gt;</textarea>" in page
    assert re.search(r'value="violation"[^>]* checked', page)


def test_two_reviewers_cannot_both_close(firm: FakeHouse, signed_in: Callable[[str], Client], alert: str):
    rita, bruno = signed_in("reviewer"), signed_in("second reviewer")
    seen_by_both = _decision(firm, alert)

    assert rita.post(f"/inbox/{alert}/close/", seen_by_both, headers=WHY).status_code == 200
    late = bruno.post(f"/inbox/{alert}/close/", {**seen_by_both, "decision": "false_positive"}, headers=WHY)

    assert late.status_code == 409
    assert "rita@firm.example closed this alert meanwhile" in late.content.decode()
    assert [d.by for _a, d, _s in firm.log if isinstance(d, AlertClosed)] == ["rita@firm.example"]


def test_a_version_that_is_out_of_date_is_refused_by_the_record_itself(
    firm: FakeHouse, reviewer: Client, alert: str
):
    stale = _decision(firm, alert)
    firm.decide(AlertClaimed(alert=alert, by="rita@firm.example"), subject=alert[:32])

    assert reviewer.post(f"/inbox/{alert}/close/", stale, headers=WHY).status_code == 409
    assert _last(firm, AlertClosed) is None


def test_a_claim_is_seen_by_colleagues_and_can_be_taken_over(
    firm: FakeHouse, signed_in: Callable[[str], Client], alert: str
):
    rita, bruno = signed_in("reviewer"), signed_in("second reviewer")
    claimed = rita.post(f"/inbox/{alert}/claim/", {"expect": firm.subject_version(alert[:32])}, headers=WHY)
    assert b"Yours" in claimed.content

    page = bruno.get(f"/inbox/{alert}/").content.decode()
    assert "Take it over" in page
    assert f"/inbox/{alert}/close/" not in page
    assert bruno.post(f"/inbox/{alert}/close/", _decision(firm, alert), headers=WHY).status_code == 409

    bruno.post(f"/inbox/{alert}/claim/", {"expect": firm.subject_version(alert[:32])})
    assert firm.alerts.alert(alert).row.claimed_by == "bruno@firm.example"  # type: ignore[union-attr]
    assert bruno.post(f"/inbox/{alert}/close/", _decision(firm, alert)).status_code == 302


def test_two_claims_at_once_leave_one(firm: FakeHouse, signed_in: Callable[[str], Client], alert: str):
    rita, bruno = signed_in("reviewer"), signed_in("second reviewer")
    version = firm.subject_version(alert[:32])
    rita.post(f"/inbox/{alert}/claim/", {"expect": version}, headers=WHY)
    late = bruno.post(f"/inbox/{alert}/claim/", {"expect": version}, headers=WHY)

    assert late.status_code == 409
    assert "rita@firm.example claimed this alert meanwhile" in late.content.decode()


def test_undo_within_ten_seconds_brings_the_alert_back(firm: FakeHouse, reviewer: Client, alert: str):
    reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert), headers=WHY)
    response = reviewer.post(f"/inbox/{alert}/reopen/", {"undo": "1"}, headers=DETAIL)

    assert response.status_code == 200
    assert response.headers["HX-Push-Url"] == f"/inbox/{alert}/"
    assert _last(firm, AlertReopened) == AlertReopened(alert=alert, reason="undone", by="rita@firm.example")
    assert firm.alerts.alert(alert).row.state == "open"  # type: ignore[union-attr]


def test_nobody_decides_about_their_own_messages(firm: FakeHouse, reviewer: Client, alert: str):
    line = firm.alerts.alert(alert).row.line  # type: ignore[union-attr]
    owner = firm.custody().person_of(line)
    assert owner is not None
    own = PersonEnrolled(person=owner.person, name=owner.name, email="Rita@firm.example")
    firm.decide(own, subject=owner.person)

    page = reviewer.get(f"/inbox/{alert}/").content.decode()
    assert "A colleague decides it" in page
    assert f"/inbox/{alert}/close/" not in page
    for what in ("claim", "close"):
        late = reviewer.post(f"/inbox/{alert}/{what}/", _decision(firm, alert), headers=WHY)
        assert late.status_code == 409
        assert "your own messages" in late.content.decode()
    assert _last(firm, AlertClosed) is None
    assert _last(firm, AlertClaimed) is None


def test_an_alert_that_is_not_grave_may_be_closed_without_a_reason(firm: FakeHouse, reviewer: Client):
    low = firm.alerts.queue(state="waiting", severity="low")[0].alert
    answer = reviewer.post(f"/inbox/{low}/close/", _decision(firm, low, reason=""), headers=WHY)

    assert answer.status_code == 200
    assert firm.alerts.alert(low).row.state == "closed"  # type: ignore[union-attr]


def test_a_decision_of_ones_own_in_another_window_is_told(firm: FakeHouse, reviewer: Client, alert: str):
    stale = _decision(firm, alert)
    firm.decide(AlertClaimed(alert=alert, by="rita@firm.example"), subject=alert[:32])

    late = reviewer.post(f"/inbox/{alert}/close/", stale, headers=WHY)
    assert late.status_code == 409
    assert "decided in another window meanwhile" in late.content.decode()


def test_undo_is_over_after_ten_seconds(firm: FakeHouse, reviewer: Client, alert: str):
    now = firm.clock()
    firm.clock = lambda: now
    reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert), headers=WHY)
    firm.clock = lambda: now + 13_001

    assert reviewer.post(f"/inbox/{alert}/reopen/", {"undo": "1"}, headers=DETAIL).status_code == 409
    assert firm.alerts.alert(alert).row.state == "closed"  # type: ignore[union-attr]


def test_undo_is_for_ones_own_decisions(firm: FakeHouse, signed_in: Callable[[str], Client], alert: str):
    signed_in("reviewer").post(f"/inbox/{alert}/close/", _decision(firm, alert), headers=WHY)
    other = signed_in("second reviewer").post(f"/inbox/{alert}/reopen/", {"undo": "1"}, headers=DETAIL)

    assert other.status_code == 409
    assert _last(firm, AlertReopened) is None


def test_reopening_later_wants_a_reason(firm: FakeHouse, signed_in: Callable[[str], Client], alert: str):
    signed_in("reviewer").post(f"/inbox/{alert}/close/", _decision(firm, alert))
    bruno, version = signed_in("second reviewer"), firm.subject_version(alert[:32])

    assert (
        bruno.post(f"/inbox/{alert}/reopen/", {"expect": version, "reason": " "}, headers=WHY).status_code
        == 409
    )
    assert (
        bruno.post(
            f"/inbox/{alert}/reopen/", {"expect": version, "reason": "New facts"}, headers=WHY
        ).status_code
        == 200
    )
    assert _last(firm, AlertReopened).reason == "New facts"  # type: ignore[attr-defined]


def test_a_record_that_cannot_be_written_closes_nothing(firm: FakeHouse, reviewer: Client, alert: str):
    given = _decision(firm, alert)
    firm.broken = True
    response = reviewer.post(f"/inbox/{alert}/close/", given, headers=WHY)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert firm.alerts.alert(alert).row.state == "open"  # type: ignore[union-attr]


def test_everything_works_without_a_script(firm: FakeHouse, reviewer: Client, alert: str):
    page = reviewer.get(f"/inbox/{alert}/").content.decode()
    reviewed = re.findall(r'name="reviewed" value="([\d,]+)"', page)[0]
    bad = reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert, decision="", reviewed=reviewed))
    assert bad.status_code == 422
    assert b"<!doctype html>" in bad.content

    reviewer.post(f"/inbox/{alert}/close/", _decision(firm, alert, reviewed=reviewed), follow=True)
    assert len(_last(firm, AlertClosed).reviewed) > 5  # type: ignore[attr-defined]


def test_why_is_told_in_the_viewers_language(firm: FakeHouse, reviewer: Client, alert: str):
    reviewer.cookies["fw-language"] = "pt-br"
    page = reviewer.get(f"/inbox/{alert}/").content.decode()

    assert 'A mensagem diz “<mark class="hit"><bdi dir="auto">retorno garantido</bdi></mark>”.' in page
    assert "Caixa de entrada" in page
