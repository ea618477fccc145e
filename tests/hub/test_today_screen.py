"""The first page, right for either role."""

from datetime import UTC, datetime, timedelta

from django.test import Client
from tests.hub.fake_house import DAY, FakeHouse, identity

from fairwitness.archive.status import RefusedCount
from fairwitness.model import custody as c
from fairwitness_hub.today import queries


def _alert(firm: FakeHouse) -> str:
    return next(iter(firm.findings))


def test_a_reviewer_sees_what_waits_and_each_count_opens_its_list(firm: FakeHouse, reviewer: Client) -> None:
    page = reviewer.get("/today/").content.decode()
    for severity in ("critical", "high", "medium", "low"):
        assert f"/inbox/?severity={severity}" in page
        assert reviewer.get("/inbox/", {"severity": severity}).status_code == 200
    assert f"{firm.alerts.count(state='waiting')} alerts wait" in page


def test_what_i_claimed_is_there_and_what_others_claimed_is_not(firm: FakeHouse, reviewer: Client) -> None:
    mine, theirs = list(firm.findings)[:2]
    firm.decide(c.AlertClaimed(alert=mine, by="rita@firm.example"), subject=mine[:32])
    firm.decide(c.AlertClaimed(alert=theirs, by="bruno@firm.example"), subject=theirs[:32])
    page = reviewer.get("/today/").content.decode()
    assert f"/inbox/{mine}/" in page
    assert f"/inbox/{theirs}/" not in page
    assert "2 are claimed" in page


def test_when_nothing_waits_it_says_so(firm: FakeHouse, reviewer: Client) -> None:
    firm.findings.clear()
    assert "Nothing waits" in reviewer.get("/today/").content.decode()


def test_an_administrator_sees_the_system_and_no_alert(firm: FakeHouse, administrator: Client) -> None:
    page = administrator.get("/today/").content.decode()
    assert "Waiting for a reviewer" not in page
    assert "/inbox/" not in page
    assert "How the system is" in page
    assert "/people/enrol/" in page


def test_no_words_of_a_message_are_on_the_first_page(firm: FakeHouse, reviewer: Client) -> None:
    alert = _alert(firm)
    firm.decide(c.AlertClaimed(alert=alert, by="rita@firm.example"), subject=alert[:32])
    before = len(firm.log)
    page = reviewer.get("/today/").content.decode()
    assert "retorno garantido" not in page
    assert "Carlos" not in page
    assert not [d for _, d, _ in firm.log[before:] if isinstance(d, c.ContentShown)]


def test_people_without_a_mandate_and_those_who_withdrew_lately_are_named(
    firm: FakeHouse, administrator: Client
) -> None:
    line = identity("line +5511940000001")
    granted = firm.state.mandates[line][0].granted
    firm.decide(c.MandateWithdrawn(mandate=granted.mandate, person=granted.person, line=line), subject=line)
    firm.decide(c.PersonEnrolled(person=identity("new"), name="Nova Pessoa"), subject=identity("new"))
    page = administrator.get("/today/").content.decode()
    assert "2 of 4 people covered" in page
    assert "2 people without a mandate in force" in page
    assert "1 mandate withdrawn in seven days" in page
    assert "Nova Pessoa" in page


def test_a_withdrawal_of_last_month_is_no_news(firm: FakeHouse) -> None:
    line, real = identity("line +5511940000001"), firm.clock
    granted = firm.state.mandates[line][0].granted
    firm.clock = lambda: real() - 30 * DAY
    firm.decide(c.MandateWithdrawn(mandate=granted.mandate, person=granted.person, line=line), subject=line)
    firm.clock = real
    roster = queries.roster()
    assert (roster.withdrawn_count, roster.uncovered_count) == (0, 1)


def test_refusals_of_the_last_seven_days_are_counted_and_no_older_ones(firm: FakeHouse) -> None:
    today = datetime.fromtimestamp(firm.clock() / 1000, UTC).date()
    firm.refusals[:] = [
        RefusedCount(line="pnid:1", day=(today - timedelta(days=ago)).isoformat(), reason=reason, count=count)
        for ago, reason, count in ((0, "no_mandate", 1), (6, "unknown_line", 10), (7, "no_mandate", 100))
    ]
    assert (queries.refusals().count, queries.refusals().unknown) == (11, 10)


def test_a_record_that_was_never_verified_is_a_worry(firm: FakeHouse, reviewer: Client) -> None:
    assert "Never verified" in reviewer.get("/today/").content.decode()
    firm.verified_at = firm.clock() - 8 * DAY
    assert "Not verified for over a week" in reviewer.get("/today/").content.decode()
    firm.verified_at = firm.clock() - DAY
    assert "Verified, no fault" in reviewer.get("/today/").content.decode()


def test_the_first_day_says_what_to_do_first(firm: FakeHouse, administrator: Client) -> None:
    firm.state = type(firm.state)(roles=firm.state.roles)
    page = administrator.get("/today/").content.decode()
    assert "Enrol the first person" in page


def test_home_leads_here(reviewer: Client) -> None:
    assert reviewer.get("/")["Location"] == "/today/"


def test_a_follower_that_is_behind_is_named(firm: FakeHouse, administrator: Client) -> None:
    firm.lag["judge"] = 12_345
    for address in ("/today/", "/record/"):
        page = administrator.get(address).content.decode()
        assert "Judging by the policies is late" in page
        assert "12,345 entries behind" in page
        assert "Search is late" not in page
