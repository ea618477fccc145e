"""Enrolling, correcting, granting and withdrawing: decisions in the record and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.hub.fake_house import DAY, FakeHouse, identity

from fairwitness.errors import Forbidden
from fairwitness.model import custody as c
from fairwitness_hub.people import actions, queries

ANA, ANA_LINE = identity("person Ana Lima"), identity("line +5511940000001")


def _typed(**changes: str) -> dict[str, str]:
    return {
        "name": "Célia Prado", "email": "celia@firm.example", "department": "Cardiology", "region": "Recife",
        "language": "pt-br", "phone": "+55 (81) 99999-0001", "phone_number_id": "106540352242922",
        "waha_session": "celia", "zone": "America/Recife", "basis": "legitimate_interest",
        "jurisdiction": "br", "notice_version": "2026-11", "notice_language": "",
        "acknowledged_at": "2026-01-02T10:30", "from_at": "", "to_at": "", "past_from": "", **changes,
    }  # fmt: skip


def _decided(firm: FakeHouse, since: int) -> list[c.Decision]:
    return [decision for _, decision, _ in firm.log[since:] if not isinstance(decision, c.SignedIn)]


def test_enrolling_writes_four_decisions_in_order(firm: FakeHouse, administrator: Client) -> None:
    before = len(firm.log)
    answer = administrator.post("/people/enrol/", _typed())
    person, line, assigned, mandate = _decided(firm, before)
    assert isinstance(person, c.PersonEnrolled)
    assert (person.name, person.language, person.by) == ("Célia Prado", "pt-BR", "adm@firm.example")
    assert isinstance(line, c.LineAdded)
    assert line.aliases == ("phone:+5581999990001", "pnid:106540352242922", "waha:celia")
    assert isinstance(assigned, c.LineAssigned)
    assert (assigned.person, assigned.line) == (person.person, line.line)
    assert isinstance(mandate, c.MandateGranted)
    assert (mandate.basis, mandate.jurisdiction, mandate.language) == ("legitimate_interest", "BR", "pt-BR")
    assert mandate.acknowledged_at == int(datetime(2026, 1, 2, 10, 30, tzinfo=UTC).timestamp() * 1000)
    assert mandate.from_at <= firm.clock()
    assert mandate.past_from is None
    assert answer["Location"] == f"/people/{person.person}/"


def test_times_are_read_in_the_viewers_zone(firm: FakeHouse, administrator: Client) -> None:
    administrator.cookies["fw-zone"] = "America/Sao_Paulo"
    administrator.post("/people/enrol/", _typed())
    granted = firm.log[-1][1]
    assert isinstance(granted, c.MandateGranted)
    assert granted.acknowledged_at == int(datetime(2026, 1, 2, 13, 30, tzinfo=UTC).timestamp() * 1000)


def test_the_form_never_begins_with_consent(administrator: Client) -> None:
    page = administrator.get("/people/enrol/").content.decode()
    assert 'value="legitimate_interest" checked' in page
    assert 'value="consent" checked' not in page


def test_an_alias_in_use_is_refused_with_who_has_it(firm: FakeHouse, administrator: Client) -> None:
    before = len(firm.log)
    answer = administrator.post("/people/enrol/", _typed(phone="+5511940000001"))
    assert answer.status_code == 422
    assert "Already the line of Ana Lima" in answer.content.decode()
    assert _decided(firm, before) == []


def test_an_alias_taken_while_the_form_was_open_is_refused(firm: FakeHouse) -> None:
    facts = actions.LineFacts(name="x", zone="UTC", aliases=("phone:+5511940000001",))
    who = actions.PersonFacts(name="N", email="", department="", region="", language="en")
    mandate = actions.MandateFacts(
        basis="contract", jurisdiction="BR", notice_version="1", language="en", acknowledged_at=0,
        from_at=None, to_at=None, past_from=None,
    )  # fmt: skip
    before = len(firm.log)
    with pytest.raises(actions.AliasTaken):
        actions.do_enrol(by="a", who=who, line=facts, mandate=mandate)
    assert len(firm.log) == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("phone", "not a number", "country code"),
        ("phone", "+55 12", "not a phone number"),
        ("phone", "12345", "country"),
        ("phone_number_id", "abc", "digits only"),
        ("waha_session", "a b", "letters, digits"),
        ("zone", "Mars/Olympus", "not a time zone"),
        ("email", "nobody", "valid email"),
        ("language", "portuguese!", "language tag"),
        ("jurisdiction", "Brazil", ""),
        ("acknowledged_at", "2999-01-01T00:00", "in the future"),
        ("acknowledged_at", "", "required"),
        ("to_at", "2020-01-01T00:00", "before the start"),
        ("past_from", "2999-01-01T00:00", "after the start"),
        ("basis", "dpdp_7i", "India"),
        ("basis", "because", "valid choice"),
        ("name", "Ana\u202egpj.exe", "seen"),
        ("name", "", "required"),
        ("notice_version", "", "required"),
    ],
)
def test_what_is_typed_wrongly_is_said_at_the_field_and_nothing_is_saved(
    firm: FakeHouse, administrator: Client, field: str, value: str, words: str
) -> None:
    before = len(firm.log)
    answer = administrator.post("/people/enrol/", _typed(**{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was saved" in page
    assert words in page
    assert f'aria-describedby="id_{field}' in page or field == "basis"
    assert _decided(firm, before) == []


def test_a_line_needs_at_least_one_name(administrator: Client) -> None:
    answer = administrator.post("/people/enrol/", _typed(phone="", phone_number_id="", waha_session=""))
    assert "Give at least one of" in answer.content.decode()


def test_a_number_that_no_list_knows_is_taken_with_its_country_code(
    firm: FakeHouse, administrator: Client
) -> None:
    assert administrator.post("/people/enrol/", _typed(phone="+1 555 078 3881")).status_code == 302
    assert "phone:+15550783881" in firm.state.aliases


def test_a_national_number_is_read_as_the_jurisdictions(firm: FakeHouse, administrator: Client) -> None:
    assert administrator.post("/people/enrol/", _typed(phone="(11) 94000-0099")).status_code == 302
    assert "phone:+5511940000099" in firm.state.aliases


def test_withdrawing_is_one_press_and_says_when_it_works(firm: FakeHouse, administrator: Client) -> None:
    page = administrator.get(f"/people/{ANA}/").content.decode()
    assert "Works from the next message on" in page
    seen = queries.version(ANA)
    answer = administrator.post(
        f"/people/{ANA}/lines/{ANA_LINE}/withdraw/", {"seen": seen, "reason": ""}, follow=True
    )
    withdrawn = firm.log[-1][1]
    assert isinstance(withdrawn, c.MandateWithdrawn)
    assert (withdrawn.by, withdrawn.reason) == ("adm@firm.example", "")
    assert "The next message of this line is refused" in answer.content.decode()
    assert "Grant again" in answer.content.decode()


def test_withdrawing_ends_every_mandate_of_the_line(firm: FakeHouse, administrator: Client) -> None:
    owner = firm.state.mandates[ANA_LINE][0].granted
    firm.decide(
        c.MandateGranted(
            mandate=identity("later"), person=owner.person, line=ANA_LINE, basis="contract", jurisdiction="BR",
            notice_version="2", language="en", acknowledged_at=0, from_at=firm.clock() + DAY,
        ),
        subject=ANA_LINE,
    )  # fmt: skip
    administrator.post(f"/people/{ANA}/lines/{ANA_LINE}/withdraw/", {"seen": queries.version(ANA)})
    assert all(mandate.withdrawn_index is not None for mandate in firm.state.mandates[ANA_LINE])


def test_granting_again_begins_with_the_words_of_the_last_mandate(
    firm: FakeHouse, administrator: Client
) -> None:
    administrator.post(f"/people/{ANA}/lines/{ANA_LINE}/withdraw/", {"seen": queries.version(ANA)})
    address = f"/people/{ANA}/lines/{ANA_LINE}/grant/"
    assert 'value="2026-01"' in administrator.get(address).content.decode()
    answer = administrator.post(address, {**_typed(), "seen": str(queries.version(ANA))})
    assert answer.status_code == 302
    granted = firm.log[-1][1]
    assert isinstance(granted, c.MandateGranted)
    assert (granted.line, granted.person) == (ANA_LINE, ANA)
    assert queries.line_row(firm.state, ANA_LINE, firm.clock()).state == "covered"


@pytest.mark.parametrize("task", ["withdraw", "grant", "line", "correct"])
def test_a_decision_taken_meanwhile_is_a_conflict_and_nothing_is_changed(
    firm: FakeHouse, administrator: Client, task: str
) -> None:
    seen = str(queries.version(ANA))
    firm.decide(c.PersonEnrolled(person=ANA, name="Ana L."), subject=ANA)
    before = len(firm.log)
    addresses = {
        "withdraw": f"/people/{ANA}/lines/{ANA_LINE}/withdraw/",
        "grant": f"/people/{ANA}/lines/{ANA_LINE}/grant/",
        "line": f"/people/{ANA}/lines/new/",
        "correct": f"/people/{ANA}/correct/",
    }
    answer = administrator.post(addresses[task], {**_typed(), "seen": seen})
    assert answer.status_code == 409
    assert "Somebody else changed this person" in answer.content.decode()
    assert f'name="seen" value="{queries.version(ANA)}"' in answer.content.decode()
    assert _decided(firm, before) == []


def test_a_line_that_changes_under_the_decision_is_refused_by_the_record(
    firm: FakeHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = queries.version(ANA)
    look = firm.subject_version
    monkeypatch.setattr(firm, "subject_version", lambda subject: look(subject) - 1)
    before = len(firm.log)
    monkeypatch.setattr(actions, "_check_unchanged", lambda *_: monkeypatch.setattr(firm, "subject_version", look))
    with pytest.raises(Forbidden):
        actions.do_withdraw(by="a", person=ANA, line=ANA_LINE, seen=seen, reason="")
    assert len(firm.log) == before


def test_withdrawing_twice_says_that_there_is_nothing_left(firm: FakeHouse, administrator: Client) -> None:
    for _ in range(2):
        answer = administrator.post(
            f"/people/{ANA}/lines/{ANA_LINE}/withdraw/", {"seen": queries.version(ANA)}
        )
    assert answer.status_code == 409
    assert "no mandate is in force" in answer.content.decode()


def test_a_line_is_only_reached_through_its_person(firm: FakeHouse, administrator: Client) -> None:
    other = identity("person Tom Whitfield")
    answer = administrator.post(f"/people/{other}/lines/{ANA_LINE}/withdraw/", {"seen": queries.version(other)})
    assert answer.status_code == 404
    assert firm.state.mandates[ANA_LINE][0].withdrawn_index is None


def test_one_more_line_can_be_added(firm: FakeHouse, administrator: Client) -> None:
    answer = administrator.post(f"/people/{ANA}/lines/new/", {**_typed(), "seen": str(queries.version(ANA))})
    assert answer.status_code == 302
    row = queries.person(ANA)
    assert row is not None
    assert len(row.lines) == 2


def test_a_correction_keeps_the_person(firm: FakeHouse, administrator: Client) -> None:
    administrator.post(f"/people/{ANA}/correct/", {**_typed(name="Ana Souza"), "seen": str(queries.version(ANA))})
    row = queries.person(ANA)
    assert row is not None
    assert (row.name, row.lines[0].line) == ("Ana Souza", ANA_LINE)


def test_a_refused_alias_begins_an_enrolment(administrator: Client) -> None:
    page = administrator.get("/people/enrol/", {"phone_number_id": '"><b>'}).content.decode()
    assert "&quot;&gt;&lt;b&gt;" in page


def test_an_interrupted_enrolment_leaves_nothing_behind(
    firm: FakeHouse, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = firm.state
    monkeypatch.setattr(firm, "broken", True)
    answer = administrator.post("/people/enrol/", _typed())
    assert answer.status_code == 503
    assert firm.state is before


@pytest.mark.parametrize(
    "address",
    ["/people/enrol/", f"/people/{ANA}/correct/", f"/people/{ANA}/lines/new/", f"/people/{ANA}/lines/{ANA_LINE}/withdraw/"],
)
def test_a_reviewer_decides_about_nobody(
    firm: FakeHouse, signed_in: Callable[[str], Client], address: str
) -> None:
    before = len(firm.log)
    assert signed_in("reviewer").post(address, _typed()).status_code == 403
    assert _decided(firm, before) == []
