"""The roster as both roles see it."""

from django.test import Client
from django.utils.html import escape
from tests.hub.fake_house import DAY, FakeHouse, identity

from fairwitness.archive.status import RefusedCount
from fairwitness.model import custody as c
from fairwitness_hub.people import queries


def _person(name: str) -> str:
    return identity(f"person {name}")


def _withdraw(firm: FakeHouse, line: str) -> None:
    granted = firm.state.mandates[line][0].granted
    firm.decide(
        c.MandateWithdrawn(mandate=granted.mandate, person=granted.person, line=line, reason="<i>why</i>"),
        subject=line,
    )


def _mandate(firm: FakeHouse, line: str, *, from_at: int, to_at: int | None = None) -> None:
    owner = firm.state.person_of(line)
    assert owner is not None
    firm.decide(
        c.MandateGranted(
            mandate=firm.new_id(), person=owner.person, line=line, basis="contract", jurisdiction="BR",
            notice_version="9", language="pt-BR", acknowledged_at=0, from_at=from_at, to_at=to_at,
        ),
        subject=line,
    )  # fmt: skip


def test_the_roster_lists_everybody_with_what_covers_them(reviewer: Client) -> None:
    page = reviewer.get("/people/").content.decode()
    assert page.index("Ana Lima") < page.index("João Prado") < page.index("Tom Whitfield")
    assert page.count("Covered\n") + page.count("Covered<") >= 3
    assert "3 people" in page


def test_a_reviewer_is_offered_nothing_that_changes_the_roster(reviewer: Client) -> None:
    pages = [reviewer.get("/people/"), reviewer.get(f"/people/{_person('Ana Lima')}/")]
    for page in pages:
        text = page.content.decode()
        assert "/enrol/" not in text
        assert "/withdraw/" not in text
        assert "/correct/" not in text


def test_filters_leave_only_who_matches(firm: FakeHouse, administrator: Client) -> None:
    _withdraw(firm, identity("line +5511940000002"))
    by_state = administrator.get("/people/", {"state": "withdrawn"}).content.decode()
    assert "João Prado" in by_state
    assert "Ana Lima" not in by_state
    by_words = administrator.get("/people/", {"q": "whit desk"}).content.decode()
    assert "Tom Whitfield" in by_words
    assert "João Prado" not in by_words
    by_number = administrator.get("/people/", {"q": "94000", "region": "São Paulo"}).content.decode()
    assert "Ana Lima" in by_number
    assert "João Prado" not in by_number


def test_a_filter_that_is_no_filter_is_left_out(reviewer: Client) -> None:
    page = reviewer.get("/people/", {"state": "nonsense", "page": "-1", "sort": "\x00"})
    assert page.status_code == 200
    assert "Tom Whitfield" in page.content.decode()


def test_when_nobody_matches_it_says_what_to_do(reviewer: Client) -> None:
    page = reviewer.get("/people/", {"q": "zzz"}).content.decode()
    assert "Nobody matches" in page
    assert "0 of 3 people" in page


def test_an_empty_roster_says_that_everything_is_refused(firm: FakeHouse, reviewer: Client) -> None:
    firm.state = type(firm.state)(roles=firm.state.roles)
    assert "Nobody is enrolled yet" in reviewer.get("/people/").content.decode()


def test_a_line_that_is_nobodys_is_listed(firm: FakeHouse, reviewer: Client) -> None:
    firm.decide(c.LineAdded(line=identity("x"), name="Shop", aliases=("waha:shop",)), subject=identity("x"))
    page = reviewer.get("/people/").content.decode()
    assert "Lines that are nobody’s" in page
    assert "WAHA session shop" in page


def test_a_hostile_name_stays_text(firm: FakeHouse, reviewer: Client) -> None:
    name = '"><script>alert(1)</script>\u202e'
    firm.decide(c.PersonEnrolled(person=identity("h"), name=name, department=name), subject=identity("h"))
    for address in ("/people/", f"/people/{identity('h')}/", "/today/"):
        page = reviewer.get(address).content.decode()
        assert "<script>alert" not in page
        assert escape(name) in page


def test_the_states_of_a_line_follow_its_mandates(firm: FakeHouse) -> None:
    line, now = identity("line +5511940000001"), firm.clock()
    assert queries.line_row(firm.state, line, now).state == "covered"
    _withdraw(firm, line)
    assert queries.line_row(firm.state, line, now).state == "withdrawn"
    _mandate(firm, line, from_at=now + DAY)
    assert queries.line_row(firm.state, line, now).state == "planned"
    _mandate(firm, line, from_at=now - 2 * DAY, to_at=now - DAY)
    assert queries.line_row(firm.state, line, now + 0).state == "planned"
    assert queries.line_row(firm.state, line, now + 2 * DAY).state == "covered"


def test_a_mandate_that_ran_out_says_when(firm: FakeHouse, reviewer: Client) -> None:
    line, now = identity("line +5511940000001"), firm.clock()
    _withdraw(firm, line)
    _mandate(firm, line, from_at=now - 2 * DAY, to_at=now - DAY)
    row = queries.line_row(firm.state, line, now)
    assert (row.state, row.since) == ("ended", now - DAY)
    assert "Ended" in reviewer.get(f"/people/{_person('Ana Lima')}/").content.decode()


def test_a_person_is_as_uncovered_as_their_worst_line(firm: FakeHouse) -> None:
    person, second = _person("Ana Lima"), identity("second")
    firm.decide(c.LineAdded(line=second, name="two", aliases=("pnid:77",)), subject=second)
    firm.decide(c.LineAssigned(person=person, line=second, from_at=0), subject=second)
    row = queries.person(person)
    assert row is not None
    assert row.state == "none"
    assert {line.state for line in row.lines} == {"covered", "none"}


def test_a_persons_page_shows_the_mandate_and_who_recorded_it(firm: FakeHouse, reviewer: Client) -> None:
    page = reviewer.get(f"/people/{_person('Ana Lima')}/").content.decode()
    for words in ("Legitimate interest", "2026-01 in pt-BR", "root@firm.example", "+55 11 94000-0001"):
        assert words in page
    assert "onsent" not in page.replace("consents", "")


def test_the_history_is_newest_first_and_keeps_the_words_before_a_correction(
    firm: FakeHouse, reviewer: Client
) -> None:
    person = _person("Ana Lima")
    firm.decide(c.PersonEnrolled(person=person, name="Ana Limeira", by="adm@firm.example"), subject=person)
    _withdraw(firm, identity("line +5511940000001"))
    page = reviewer.get(f"/people/{person}/").content.decode()
    history = page[page.index("History") :]
    assert history.index("Mandate withdrawn") < history.index("Corrected") < history.index("Enrolled")
    assert "Ana Lima<" in history
    assert "&lt;i&gt;why&lt;/i&gt;" in history


def test_refused_counts_of_a_persons_lines_are_shown_and_no_others(firm: FakeHouse, reviewer: Client) -> None:
    line = identity("line +5511940000001")
    firm.refusals += [
        RefusedCount(line=line, day="2026-05-04", reason="no_mandate", count=1234),
        RefusedCount(line="pnid:1", day="2026-05-04", reason="unknown_line", count=777),
    ]
    page = reviewer.get(f"/people/{_person('Ana Lima')}/").content.decode()
    assert "1,234" in page
    assert "4 May 2026" in page
    assert "777" not in page


def test_whoever_is_not_enrolled_has_no_page(administrator: Client) -> None:
    for address in (f"/people/{identity('nobody')}/", "/people/nobody/", "/people/%00/"):
        assert administrator.get(address).status_code == 404


def test_the_roster_shows_no_content_and_so_records_none(firm: FakeHouse, reviewer: Client) -> None:
    before = len(firm.log)
    reviewer.get("/people/")
    reviewer.get(f"/people/{_person('Ana Lima')}/")
    assert not [d for _, d, _ in firm.log[before:] if isinstance(d, c.ContentShown)]


def test_a_long_roster_comes_in_pages(firm: FakeHouse, reviewer: Client) -> None:
    for number in range(60):
        person = identity(f"p{number}")
        firm.decide(c.PersonEnrolled(person=person, name=f"Person {number:03}"), subject=person)
    first = reviewer.get("/people/").content.decode()
    second = reviewer.get("/people/", {"page": 2}).content.decode()
    assert "Page 1 of 2" in first
    assert "Person 059" in second
    assert "Person 001" not in second
