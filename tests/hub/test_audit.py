"""Nobody reads unseen: what a response shows is on record before it leaves."""

from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from tests.hub.fake_house import FakeHouse, identity

from fairwitness.model.custody import ContentShown, Decision
from fairwitness_hub import wiring

CANARY = "Zanzibar-quokka-7731"


def _shown(firm: FakeHouse) -> list[ContentShown]:
    return [decision for _at, decision, _subject in firm.log if isinstance(decision, ContentShown)]


def test_opening_an_alert_names_every_message_that_is_shown(firm: FakeHouse, reviewer: Client):
    alert, (index, _finding) = next(iter(firm.findings.items()))

    page = reviewer.get(
        f"/inbox/{alert}/", headers={"HX-Request": "true", "HX-Target": "detail"}
    ).content.decode()

    (shown,) = _shown(firm)
    in_view = {row.index for row in firm.rows.values() if f'id="entry-{row.index}"' in page}
    assert index in in_view
    assert in_view <= set(shown.entries)
    assert (shown.by, shown.alert, shown.route) == ("rita@firm.example", alert, "alert")
    assert "alert opened" in shown.reason


def test_the_texts_before_an_edit_are_named_too(firm: FakeHouse, reviewer: Client):
    edited = next(row for row in firm.rows.values() if len(row.versions) > 1)

    reviewer.get(f"/conversations/{edited.stream}/?entry={edited.index}")

    assert {version.index for version in edited.versions} <= set(_shown(firm)[0].entries)


def test_a_response_is_one_entry_whatever_it_shows(firm: FakeHouse, reviewer: Client):
    alert = next(iter(firm.findings))
    reviewer.get(f"/inbox/{alert}/")

    assert len(_shown(firm)) == 1
    assert {row.index for row in firm.alerts.queue()} <= set(_shown(firm)[0].entries)


def test_the_first_words_of_the_queue_count(firm: FakeHouse, reviewer: Client):
    reviewer.get("/inbox/queue/?severity=critical")

    (shown,) = _shown(firm)
    assert set(shown.entries) == {row.index for row in firm.alerts.queue(severity="critical")}


def test_nothing_leaves_when_it_cannot_be_recorded(firm: FakeHouse, reviewer: Client):
    alert = next(iter(firm.findings))
    firm.broken = True

    for place in ("/inbox/", f"/inbox/{alert}/", "/inbox/queue/"):
        response = reviewer.get(place)
        assert response.status_code == 503
        assert "retorno" not in response.content.decode()


def test_the_entry_is_there_before_the_response_is(firm: FakeHouse, reviewer: Client):
    """The house is asked while the view's response is still in the hub's hands."""
    order: list[str] = []

    class Watching:
        def __getattr__(self, name: str) -> object:
            return getattr(firm, name)

        def decide(self, decision: Decision, *, subject: str, expect: int | None = None) -> int:
            order.append("recorded")
            return firm.decide(decision, subject=subject, expect=expect)

    wiring.use(Watching())  # type: ignore[arg-type]
    reviewer.get("/inbox/")
    order.append("arrived")

    assert order == ["recorded", "arrived"]


def test_a_page_without_words_leaves_no_entry(firm: FakeHouse, reviewer: Client):
    for alert in list(firm.findings):
        del firm.findings[alert]
    reviewer.get("/inbox/")
    reviewer.get("/account/two-step/")
    reviewer.get("/inbox/" + "0" * 64 + "/")

    assert _shown(firm) == []


def test_reading_an_alert_does_not_change_its_version(firm: FakeHouse, reviewer: Client):
    alert = next(iter(firm.findings))
    before = firm.subject_version(alert[:32])
    reviewer.get(f"/inbox/{alert}/")

    assert firm.subject_version(alert[:32]) == before


def test_no_word_of_anybody_reaches_djangos_database(firm: FakeHouse, reviewer: Client):
    line = identity("line +5511940000001")
    firm.names["phone:+5511955550000"] = f"Contact {CANARY}"
    index = firm.message(line, "phone:+5511955550000", f"garantido {CANARY}")
    alert = firm.raise_alert(index, "garantido", title=f"Title {CANARY}")
    stream = firm.rows[index].stream

    reviewer.get("/inbox/")
    page = reviewer.get(f"/inbox/{alert}/")
    assert CANARY in page.content.decode()
    reviewer.get(f"/conversations/{stream}/")
    reviewer.post("/search/", {"q": CANARY}, follow=True)
    reviewer.get("/search/", {"q": CANARY}, follow=True)
    version = firm.subject_version(alert[:32])
    close = {
        "decision": "violation",
        "action": "other",
        "action_text": CANARY,
        "reason": CANARY,
        "reviewed": str(index),
    }
    reviewer.post(f"/inbox/{alert}/close/", {**close, "reason": "", "expect": version})
    assert reviewer.post(f"/inbox/{alert}/close/", {**close, "expect": version}).status_code == 302
    reviewer.post(f"/inbox/{alert}/reopen/", {"expect": version + 1, "reason": CANARY})

    for path in Path(settings.HUB_FOLDER).iterdir():
        assert CANARY.encode() not in path.read_bytes(), path.name
    assert Session.objects.count() == 1
    assert all(CANARY not in str(session.get_decoded()) for session in Session.objects.all())
