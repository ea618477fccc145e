"""Every language and platform gives the same conversation back, each body to the character."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.capture import exports
from tests.unit.capture.exports import LRM, NBSP, NNBSP, Locale, Moment, Said

from fairwitness.capture import chat_export, read_events
from fairwitness.capture.chat_export.body import read_body
from fairwitness.capture.chat_export.grammar import STYLES
from fairwitness.model.envelope import Envelope
from fairwitness.model.event import Event

UTC = ZoneInfo("UTC")
LOCALES = {f"{locale.name}, {locale.platform}": locale for locale in exports.locales()}
SPEAKERS = ("Ana Ribeiro", "Paulo Teles")


def events_of(data: bytes, *, file_name: str = "WhatsApp Chat with Ana Ribeiro.txt") -> list[Event]:
    """The event of each message in `data`, as it is read back from the record."""
    export = chat_export.read_export(data, file_name=file_name)
    found = []
    for item in chat_export.items(export, line="phone:+1", zone=UTC, owner_name=None, chat="name:Ana Ribeiro"):
        envelope = Envelope(source=item.source, delivery="", line="1", sent_at=item.sent_at, checked=(), slices=item.slices)
        found.extend(read_events(envelope, item.kind))
    return found


def ms(at: Moment, locale: Locale) -> int:
    known = at if locale.platform == "ios" else at.replace(second=0)
    return int(known.replace(tzinfo=UTC).timestamp() * 1000)


def shown(event: Event) -> Said:
    assert event.at is not None
    return Said(Moment.fromtimestamp(event.at / 1000, UTC), event.sender_name, event.kind, event.subtype, event.text)


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES.keys())
def test_a_conversation_is_read_exactly(locale: Locale) -> None:
    data, truth = exports.written(locale, exports.conversation())
    events = events_of(data)

    assert [(e.kind, e.subtype, e.sender_name) for e in events] == [(t.kind, t.subtype, t.sender) for t in truth]
    assert [e.text for e in events[1:]] == [t.text for t in truth[1:]]
    assert [e.at for e in events] == [ms(t.at, locale) for t in truth]
    assert {e.direction for e in events[1:] if e.sender_name == "Paulo Teles"} == {"out"}
    assert [e.details for e in events if any(name == "doubtful" for name, _ in e.details)] == []


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES.keys())
@pytest.mark.parametrize("how", ["with a byte order mark", "without the last line break", "with a mark before each line"])
def test_how_the_file_begins_and_ends_changes_nothing(locale: Locale, how: str) -> None:
    data, _ = exports.written(locale, exports.conversation()[:4])
    wanted = [shown(event) for event in events_of(data)]
    match how:
        case "with a byte order mark":
            changed = b"\xef\xbb\xbf" + data
        case "without the last line break":
            changed = data.rstrip(b"\r\n")
        case _:
            lines = data.decode().splitlines(keepends=True)
            changed = "".join(LRM + line if "Ana" in line or "Paulo" in line else line for line in lines).encode()

    assert [said._replace(kind="") for said in map(shown, events_of(changed))] == [said._replace(kind="") for said in wanted]


@pytest.mark.parametrize("platform", ["ios", "android"])
@pytest.mark.parametrize(
    ("name", "known"),
    [
        (f"\u202a+55{NBSP}11{NBSP}98888\u20110001\u202c", "+55 11 98888\u20110001"),
        (f"~{NNBSP}Rui", "Rui"),
        (f"~{NBSP}Rui \U0001f33b", "Rui \U0001f33b"),
        ("Dr. João-Luís O'Neil (Fin.)", "Dr. João-Luís O'Neil (Fin.)"),
        ("محمد", "محمد"),
        ("A & B - C", "A & B - C"),
    ],
)
def test_a_name_is_read_as_people_know_it(platform: str, name: str, known: str) -> None:
    said = [Said(one.at, name if one.sender == "Paulo Teles" else one.sender, *one[2:]) for one in exports.conversation()]
    data, _ = exports.written(LOCALES[f"pt-BR, {platform}"], said)

    assert {event.sender_name for event in events_of(data) if event.kind == "message"} == {"Ana Ribeiro", known}


@pytest.mark.parametrize("platform", ["ios", "android"])
@pytest.mark.parametrize("day", [1, 5, 12])
@pytest.mark.parametrize(("form", "order"), [("pt-BR", "DMY"), ("de", "DMY"), ("en-US", "MDY"), ("en-GB", "DMY"), ("nl", "DMY"), ("sv", "YMD")])
def test_a_few_days_are_enough_to_know_the_usual_order(platform: str, day: int, form: str, order: str) -> None:
    start = Moment(2024, 4, day, 9, 30, 1)
    said = [Said(start + datetime.timedelta(hours=n), SPEAKERS[n % 2], "message", "text", f"n {n}") for n in range(12)]
    data, truth = exports.written(LOCALES[f"{form}, {platform}"], said)
    export = chat_export.read_export(data)

    assert export.dates.order == order
    assert [m.local[:10] for m in export.messages] == [one.at.date().isoformat() for one in truth]


def _is_plain(body: str) -> bool:
    """No header of a message in it, and nothing that WhatsApp itself writes."""
    lines = body.replace("\r", "\n").split("\n")
    return read_body(body).kind == "text" and not read_body(body).edited and not any(p.match(line) for p in STYLES.values() for line in lines)


BODY = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=60) | st.text("ab :-[]/.0123456789\n\u200e\u202f", min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(bodies=st.lists(BODY, min_size=1, max_size=6), which=st.sampled_from(list(LOCALES)))
def test_any_words_come_back_as_they_were(bodies: list[str], which: str) -> None:
    assume(all(map(_is_plain, bodies)))
    locale = LOCALES[which]
    said = [*exports.conversation()[:12], *(Said(Moment(2024, 3, 21, 10, at), SPEAKERS[at % 2], "message", "text", body) for at, body in enumerate(bodies))]
    data, truth = exports.written(locale, said)
    events = events_of(data)

    assert [e.text for e in events[1:]] == [t.text for t in truth[1:]]
    assert [e.sender_name for e in events] == [t.sender for t in truth]


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=200) | st.text("[]0123456789/.,: -\n\r\u200eAPM\u202f", max_size=300).map(str.encode))
def test_any_bytes_are_read_or_refused_plainly(data: bytes) -> None:
    first = b"[01.03.24, 10:00:00] Ana: oi\r\n"
    events = events_of(first + data)
    export = chat_export.read_export(first + data)

    assert events
    assert export.messages[-1].last_byte < len(first + data)
    covered = b"".join(export.raw[m.first_byte : m.last_byte + 1] for m in export.messages)
    assert covered.translate(None, b"\r\n") == (first + data).translate(None, b"\r\n")
