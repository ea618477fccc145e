"""The matrix, walked: every address × every role. And nobody's words for an administrator."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from tests.hub.fake_house import FakeHouse, identity

from fairwitness_hub.gate import action_of, may
from fairwitness_hub.permissions import ADMINISTRATOR, MATRIX, REVIEWER, allows

ROLES = {
    "anonymous": (False, frozenset[str]()),
    "none": (True, frozenset[str]()),
    "reviewer": (True, frozenset({REVIEWER})),
    "administrator": (True, frozenset({ADMINISTRATOR})),
}
WORDS = (
    "Telegram", "retorno garantido", "Carlos Menezes", "Helena Brandão", "reação alérgica", "Priya", "Clientes VIP",
    "IMG-0001.jpg", "relatorio-abril", "88888-7777", "Talk number",
)  # fmt: skip


def _patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


def _names() -> list[str]:
    return sorted({str(pattern.name) for pattern in _patterns()})


def _address(name: str, firm: FakeHouse) -> str:
    pattern = next(pattern for pattern in _patterns() if pattern.name == name)
    samples: dict[str, object] = {
        "alert": next(iter(firm.findings)),
        "stream": next(iter(firm.rows.values())).stream,
        "person": identity("person Ana Lima"),
        "line": identity("line +5511940000001"),
        "token": "a-token",
        "run": 1,
        "log": "custody",
    }
    return reverse(name, kwargs={key: samples[key] for key in pattern.pattern.converters})


def _refused(response: object) -> bool:
    if response.status_code == 403:  # type: ignore[attr-defined]
        return b"Your role does not allow this" in response.content  # type: ignore[attr-defined]
    location = response.headers.get("Location", "")  # type: ignore[attr-defined]
    return response.status_code == 302 and location.startswith("/account/sign-in/?next=")  # type: ignore[attr-defined]


def test_every_address_has_a_name_and_an_action():
    assert all(pattern.name for pattern in _patterns())
    missing = [p.name for p in _patterns() if action_of(p.callback, str(p.name)) not in MATRIX]
    assert missing == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", _names())
def test_an_address_opens_for_exactly_the_roles_of_the_matrix(
    name: str, role: str, firm: FakeHouse, signed_in: Callable[[str], Client]
):
    is_signed_in, roles = ROLES[role]
    pattern = next(pattern for pattern in _patterns() if pattern.name == name)
    allowed = allows(action_of(pattern.callback, name), signed_in=is_signed_in, roles=roles)

    for method in ("get", "post"):
        response = getattr(signed_in(role), method)(_address(name, firm))
        assert _refused(response) is not allowed, (method, response.status_code)


def test_what_is_refused_shows_nothing_and_changes_nothing(firm: FakeHouse, administrator: Client):
    alert = next(iter(firm.findings))
    before = len(firm.log)

    administrator.get(f"/inbox/{alert}/")
    administrator.post(f"/inbox/{alert}/close/", {"decision": "no_violation", "reviewed": "1", "expect": "1"})

    assert len(firm.log) == before


def test_a_view_that_names_no_action_is_nobodys():
    def view() -> None: ...

    assert action_of(view, "unheard of") == ""
    assert not allows("", signed_in=True, roles=frozenset({REVIEWER, ADMINISTRATOR}))
    assert action_of(may("alerts.read")(view), "") == "alerts.read"


@pytest.mark.parametrize("name", _names())
def test_an_administrator_is_handed_nobodys_words(name: str, firm: FakeHouse, administrator: Client):
    response = administrator.get(_address(name, firm), follow=True)
    body = b"" if response.streaming else response.content

    assert [word for word in WORDS if word.encode() in body] == []


def test_a_role_that_is_revoked_is_gone_at_the_next_request(firm: FakeHouse, reviewer: Client):
    from fairwitness.model.custody import RoleRevoked

    assert reviewer.get("/inbox/").status_code == 200
    firm.decide(RoleRevoked(account="rita@firm.example", role="reviewer"), subject=identity("rita"))

    assert reviewer.get("/inbox/").status_code == 403
    assert b"no role yet" in reviewer.get("/").content


def test_somebody_without_a_session_is_sent_to_sign_in(firm: FakeHouse, signed_in: Callable[[str], Client]):
    client = signed_in("anonymous")

    assert client.get("/inbox/").headers["Location"] == "/account/sign-in/?next=/inbox/"
    fetched = client.get("/inbox/queue/", headers={"HX-Request": "true"})
    assert (fetched.status_code, fetched.headers["HX-Redirect"]) == (401, "/account/sign-in/")
    assert client.get("/inbox/stream/", headers={"Accept": "text/event-stream"}).status_code == 401
