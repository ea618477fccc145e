"""Searching: what is found, what is shown, and what is on record before it is."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.hub.fake_house import FakeHouse, identity

from fairwitness.followers.views import Version
from fairwitness.model import custody as c

ANA_LINE = identity("line +5511940000001")


def _search(client: Client, words: str, **more: str) -> str:
    return client.post("/search/", {"q": words, **more}, follow=True).content.decode()


def _shown(firm: FakeHouse) -> list[c.ContentShown]:
    return [decision for _, decision, _ in firm.log if isinstance(decision, c.ContentShown)]


def test_the_empty_field_teaches_how_to_ask(reviewer: Client) -> None:
    page = reviewer.get("/search/").content.decode()
    for example in ("\"guaranteed return\"", "guarant*", "guaranteed -lunch"):
        assert example in page


def test_a_result_shows_who_when_and_the_words_marked_with_a_way_into_the_conversation(
    firm: FakeHouse, reviewer: Client
) -> None:
    page = _search(reviewer, "garantido")
    assert '<mark>garantido</mark>' in page
    index = next(i for i, row in firm.rows.items() if "retorno garantido" in row.text)
    assert f"/conversations/{firm.rows[index].stream}/?entry={index}" in page
    assert "Carlos Menezes" in page
    assert "Ana Lima" in page
    assert reviewer.get(f"/conversations/{firm.rows[index].stream}/", {"entry": index}).status_code == 200


def test_the_lines_before_and_after_a_result_are_shown(reviewer: Client) -> None:
    page = _search(reviewer, "Signal")
    assert "Talk number 69" in page
    assert "Guaranteed best lunch" in page


def test_a_search_is_on_record_with_its_words_and_count(firm: FakeHouse, reviewer: Client) -> None:
    _search(reviewer, "garantido")
    runs = [decision for _, decision, _ in firm.log if isinstance(decision, c.SearchRun)]
    assert [(run.by, run.query) for run in runs] == [("rita@firm.example", "garantido")]
    assert runs[0].results == sum("garantido" in row.text.casefold() for row in firm.rows.values())


def test_every_message_on_the_page_is_on_record_as_shown(firm: FakeHouse, reviewer: Client) -> None:
    page = _search(reviewer, "Signal")
    shown = _shown(firm)
    assert len(shown) == 1
    assert re.fullmatch(r"results of search \d+", shown[0].reason)
    assert shown[0].by == "rita@firm.example"
    for index, row in firm.rows.items():
        if row.text and f"{row.text}</bdi>" in page:
            assert index in shown[0].entries
    assert len(shown[0].entries) == 3


def test_the_words_are_in_no_address(reviewer: Client) -> None:
    answer = reviewer.post("/search/", {"q": "very secret words"})
    assert re.fullmatch(r"/search/\d+/", answer["Location"])


def test_the_words_are_in_no_table_of_djangos(reviewer: Client) -> None:
    _search(reviewer, "zebracanary")
    connection.close()
    assert b"zebracanary" not in Path(settings.DATABASES["default"]["NAME"]).read_bytes()


def test_words_in_the_address_are_not_searched(firm: FakeHouse, reviewer: Client) -> None:
    before = len(firm.log)
    assert "How to ask" in reviewer.get("/search/", {"q": "garantido"}).content.decode()
    assert len(firm.log) == before


def test_an_address_can_be_shared_and_the_reader_is_on_record(
    firm: FakeHouse, reviewer: Client, signed_in: object
) -> None:
    address = reviewer.post("/search/", {"q": "garantido"})["Location"]
    page = signed_in("second reviewer").get(address).content.decode()  # type: ignore[operator]
    assert "<mark>garantido</mark>" in page
    assert [shown.by for shown in _shown(firm)] == ["bruno@firm.example"]


def test_a_number_that_is_no_search_is_not_found(firm: FakeHouse, reviewer: Client) -> None:
    assert reviewer.get("/search/0/").status_code == 404
    assert reviewer.get(f"/search/{len(firm.log) + 5}/").status_code == 404
    assert _shown(firm) == []


def test_a_person_narrows_the_search(reviewer: Client) -> None:
    page = _search(reviewer, "guaranteed", person=identity("person Tom Whitfield"))
    assert "best lunch" in page
    assert "onerror" not in page


def test_all_lines_of_a_person_are_searched_newest_first(firm: FakeHouse, reviewer: Client) -> None:
    person, second = identity("person Tom Whitfield"), identity("second")
    firm.decide(c.LineAdded(line=second, name="Second", aliases=("pnid:5",)), subject=second)
    firm.decide(c.LineAssigned(person=person, line=second, from_at=0), subject=second)
    firm.message(second, "phone:+4420", "guaranteed newest")
    page = _search(reviewer, "guaranteed", person=person)
    assert "2 messages" in page
    assert page.index("newest</bdi>") < page.index("best lunch")
    only = _search(reviewer, "guaranteed", person=person, line=second)
    assert "1 message," in only


def test_whoever_has_no_line_has_no_messages(firm: FakeHouse, reviewer: Client) -> None:
    firm.decide(c.PersonEnrolled(person=identity("new"), name="New"), subject=identity("new"))
    assert "No message holds these words" in _search(reviewer, "garantido", person=identity("new"))


def test_results_come_in_pages(reviewer: Client) -> None:
    address = reviewer.post("/search/", {"q": "Talk", "line": identity("line +442079460001")})["Location"]
    first = reviewer.get(address).content.decode()
    assert "70 messages" in first
    assert "Page 1 of 4" in first
    last = reviewer.get(address, {"page": 4, "line": identity("line +442079460001")}).content.decode()
    assert '<ol class="results" start="61">' in last
    assert last.count('<li class="card result">') == 10


def test_hostile_words_stay_text(reviewer: Client) -> None:
    page = _search(reviewer, "guaranteed")
    for danger in ("<script>alert", "<img src=x", "</mark><script"):
        assert danger not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    back = _search(reviewer, '"><script>alert(9)</script>')
    assert "<script>alert(9)" not in back


def test_an_earlier_text_of_an_edited_message_is_found_and_said(firm: FakeHouse, reviewer: Client) -> None:
    first, last = "Vamos ao Telegram", "Vamos almoçar"
    versions = (Version(firm.next_index, 1, first), Version(5000, 2, last))
    index = firm.message(ANA_LINE, "phone:+55119", last, versions=versions)
    firm.search.search = lambda *_, **__: type("P", (), {"total": 2, "indexes": (5000, index)})()  # type: ignore[method-assign]
    page = _search(reviewer, "telegram")
    assert "<mark>Telegram</mark>" in page
    assert "edited since" in page
    assert page.count('<li class="card result">') == 1


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_a_search_for_nothing_is_no_search(firm: FakeHouse, reviewer: Client, words: str) -> None:
    before = len(firm.log)
    assert reviewer.post("/search/", {"q": words}).status_code == 200
    assert len(firm.log) == before


def test_what_cannot_be_recorded_is_not_shown(
    firm: FakeHouse, reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reviewer.post("/search/", {"q": "garantido"})["Location"]
    monkeypatch.setattr(firm, "broken", True)
    answer = reviewer.get(address)
    assert answer.status_code == 503
    assert "garantido" not in answer.content.decode()


def test_an_administrator_cannot_search(firm: FakeHouse, administrator: Client, reviewer: Client) -> None:
    address = reviewer.post("/search/", {"q": "garantido"})["Location"]
    assert administrator.post("/search/", {"q": "garantido"}).status_code == 403
    assert administrator.get(address).status_code == 403
