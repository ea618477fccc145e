"""The record's page: sizes, refusals, what was not understood, and verifying."""

from datetime import date

import msgspec
import pytest
from django.test import Client
from tests.hub.fake_house import DAY, FakeHouse, identity

from fairwitness.archive.status import Fault, RefusedCount
from fairwitness.followers.views import NotUnderstood
from fairwitness.model import custody as c
from fairwitness_hub.record import chart, queries


@pytest.fixture(params=["reviewer", "administrator"])
def anybody(request: pytest.FixtureRequest) -> Client:
    """Either role: the record holds nobody's words."""
    client: Client = request.getfixturevalue(request.param)
    return client


def _checked(client: Client) -> str:
    client.post("/record/verify/", HTTP_HX_REQUEST="true")
    return client.get("/record/").content.decode()


def test_both_roles_see_the_size_and_the_checkpoint_of_each_log(firm: FakeHouse, anybody: Client) -> None:
    page = anybody.get("/record/").content.decode()
    for words in ("Message log", "Custody log", "q83vEjRWeJAS…", f"{firm.next_index} entries signed"):
        assert words in page
    assert "python -m fairwitness_verify" in page


def test_the_record_shows_no_content(firm: FakeHouse, anybody: Client) -> None:
    before = len(firm.log)
    for address in ("/record/", "/record/refused/", "/record/not-understood/"):
        page = anybody.get(address).content.decode()
        assert "Carlos" not in page
    assert not [d for _, d, _ in firm.log[before:] if isinstance(d, c.ContentShown)]


def test_a_late_checkpoint_is_said(
    firm: FakeHouse, anybody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = firm.status()
    late = [
        msgspec.structs.replace(log, checkpoint_size=log.size - 3, checkpoint_at=firm.clock() - 60_000)
        for log in status.logs
    ]
    monkeypatch.setattr(firm, "status", lambda: msgspec.structs.replace(status, logs=tuple(late)))
    assert "late" in anybody.get("/record/").content.decode()
    today = anybody.get("/today/").content.decode()
    assert "checkpoint is late" in today
    assert "3 entries are not signed yet" in today


def test_an_old_checkpoint_of_a_quiet_log_is_not_late(
    firm: FakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = firm.status()
    quiet = [msgspec.structs.replace(log, checkpoint_at=firm.clock() - 9 * DAY) for log in status.logs]
    monkeypatch.setattr(firm, "status", lambda: msgspec.structs.replace(status, logs=tuple(quiet)))
    assert not any(log.late for log in queries.overview().logs)


def test_a_log_without_a_checkpoint_has_none_to_download(
    firm: FakeHouse, anybody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firm, "checkpoint", lambda log: "")
    assert anybody.get("/record/checkpoint/custody/").status_code == 404
    assert anybody.get("/record/checkpoint/../keys/door.key/").status_code == 404


def test_checkpoint_and_keys_come_as_text_files(firm: FakeHouse, anybody: Client) -> None:
    answer = anybody.get("/record/checkpoint/messages/0/")
    assert answer.content.decode() == firm.checkpoint("messages/0")
    assert answer["Content-Disposition"] == 'attachment; filename="checkpoint-messages-0.txt"'
    assert answer["Content-Type"].startswith("text/plain")
    assert anybody.get("/record/keys/").content.decode() == firm.verifier_keys()


def test_what_was_not_understood_is_listed_without_facts_that_may_quote(
    firm: FakeHouse, anybody: Client
) -> None:
    firm.unreadable.insert(
        0, NotUnderstood(77, "edit", "chat_export", "no such <b>field</b> (value='my secret words')", firm.clock())
    )
    page = anybody.get("/record/not-understood/").content.decode()
    assert "no such &lt;b&gt;field&lt;/b&gt;" in page
    assert "my secret words" not in page
    assert "Chat export" in page


def test_a_long_list_of_what_was_not_understood_comes_in_pages(firm: FakeHouse, anybody: Client) -> None:
    firm.unreadable[:] = [NotUnderstood(n, "k", "waha", f"why {n}", 0) for n in range(120)]
    page = anybody.get("/record/not-understood/", {"page": 3}).content.decode()
    assert "why 119" in page
    assert "why 99<" not in page
    assert "Nothing on this page" in anybody.get("/record/not-understood/", {"page": 9}).content.decode()


def test_refused_items_are_counted_by_line_and_day(firm: FakeHouse, anybody: Client) -> None:
    day = queries.refused_days()[-2].day.isoformat()
    firm.refusals[:] = [
        RefusedCount(line=identity("line +5511940000001"), day=day, reason="no_mandate", count=1500),
        RefusedCount(line="pnid:55<b>", day=day, reason="unknown_line", count=7),
        RefusedCount(line="", day=day, reason="unparsed", count=1),
    ]
    page = anybody.get("/record/refused/").content.decode()
    assert "1,508" in page
    assert "Ana Lima" in page
    assert "Phone number ID 55&lt;b&gt;" in page
    assert "No line named" in page


def test_only_an_administrator_is_offered_to_enrol_an_unknown_line(
    firm: FakeHouse, administrator: Client, reviewer: Client
) -> None:
    firm.refusals[:] = [RefusedCount(line="pnid:55&x=1", day="2026-01-01", reason="unknown_line", count=7)]
    assert "?phone_number_id=55%26x%3D1" in administrator.get("/record/refused/").content.decode()
    assert "enrol" not in reviewer.get("/record/refused/").content.decode()


def test_a_sound_record_has_no_fault_and_who_asked_is_on_record(firm: FakeHouse, anybody: Client) -> None:
    page = _checked(anybody)
    assert "No fault" in page
    verified = [d for _, d, _ in firm.log if isinstance(d, c.RecordVerified)]
    assert len(verified) == 1
    assert verified[0].by in ("rita@firm.example", "adm@firm.example")


def test_every_fault_is_named_by_file_and_entries(firm: FakeHouse, anybody: Client) -> None:
    firm.faults = (
        Fault(what="a block differs <script>", file="messages/0/segment/a.parquet", log="messages/0", first=64, last=127),
        Fault(what="not accounted for", file="x.bak"),
    )
    page = _checked(anybody)
    assert "2 faults" in page
    assert "a block differs &lt;script&gt;" in page
    assert "messages/0 64–127" in page
    assert "x.bak" in page
    assert "The last verification found 2 faults" in anybody.get("/today/").content.decode()


def test_what_was_checked_is_said_exactly(firm: FakeHouse, anybody: Client) -> None:
    page = _checked(anybody)
    assert f"{firm.next_index} message entries and {len(firm.log) - 1} custody entries" in page
    assert f"{firm.next_index} opened, and each is what was committed to" in page


def test_more_faults_than_are_named_are_counted(firm: FakeHouse, anybody: Client) -> None:
    firm.faults = tuple(Fault(what="not accounted for", file=f"{n}.bak") for n in range(5))
    page = _checked(anybody)
    assert "5 faults" in page
    assert "And 3 more" in page


def test_progress_is_shown_while_the_keeper_checks_and_a_second_check_is_not_begun(
    firm: FakeHouse, anybody: Client
) -> None:
    firm.keeper_runs = False
    begun = anybody.post("/record/verify/", HTTP_HX_REQUEST="true").content.decode()
    assert "The keeper begins in a moment" in begun
    firm.moved = (30, 120)
    page = anybody.get("/record/verification/").content.decode()
    assert "30 of 120 checked" in page
    assert 'value="25"' in page
    assert "load delay:1s" in page
    again = anybody.post("/record/verify/", HTTP_HX_REQUEST="true").content.decode()
    assert "asked for already" in again
    assert len([d for _, d, _ in firm.log if isinstance(d, c.VerificationAsked)]) == 1
    firm.answer_verification()
    done = anybody.get("/record/verification/").content.decode()
    assert "load delay" not in done
    assert "No fault" in done


def test_a_keeper_that_does_not_begin_is_told_of(firm: FakeHouse, anybody: Client) -> None:
    firm.keeper_runs = False
    now = firm.clock()
    firm.clock = lambda: now
    assert "Is it running?" not in anybody.post("/record/verify/", HTTP_HX_REQUEST="true").content.decode()
    firm.clock = lambda: now + queries.UNANSWERED_MS + 1
    assert "The keeper has not begun. Is it running?" in anybody.get("/record/").content.decode()


def test_a_check_that_cannot_be_finished_says_why_and_what_to_do(firm: FakeHouse, anybody: Client) -> None:
    firm.keeper_runs = False
    anybody.post("/record/verify/", HTTP_HX_REQUEST="true")
    firm.answer_verification(trouble="the disk is <b>gone")
    page = anybody.get("/record/").content.decode()
    assert "could not be finished" in page
    assert "the disk is &lt;b&gt;gone" in page


def test_without_script_verifying_leads_back_to_the_page(anybody: Client) -> None:
    answer = anybody.post("/record/verify/")
    assert answer["Location"] == "/record/"
    assert anybody.get("/record/verify/").status_code == 405


def test_bars_fit_their_box_and_a_single_item_can_be_seen() -> None:
    drawn = chart.bars([(date(2026, 5, 1), 0), (date(2026, 5, 2), 1), (date(2026, 5, 3), 10_000)])
    assert [bar.height for bar in drawn.bars] == [0, chart.FLOOR, chart.HEIGHT]
    assert all(0 <= bar.y <= chart.HEIGHT and bar.x + bar.width <= chart.WIDTH for bar in drawn.bars)
    assert chart.bars([]).highest == 0

