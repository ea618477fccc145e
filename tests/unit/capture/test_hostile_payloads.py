"""One odd part of a delivery costs nothing of the others, and nothing is dropped in silence."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.capture import mutations
from tests.unit.capture.mutations import Spoiled

from fairwitness.archive.append import Delivery
from fairwitness.capture import cloud_api, read_events, waha
from fairwitness.clock import system_clock
from fairwitness.compose import open_followers, open_intake
from fairwitness.errors import Malformed, Unreadable
from fairwitness.model.envelope import Envelope, Item, pack, unpack
from fairwitness.model.event import Event
from fairwitness.testing.deployment import Deployment

Split = Callable[[bytes], Sequence[Item]]
WORDS = ("first words", "second words", "third words", "fourth words", "echoed words")
NOT_KEPT = ("whatsapp_business_account", "whatsapp", "900", "901")
"""What stands around items and is no part of any: the kind of object, the product, the account."""


def read(item: Item) -> Sequence[Event]:
    """The events of an item as it comes back from the record; none when it is only kept."""
    envelope = Envelope(
        source=item.source, delivery="0" * 32, line="0" * 32, sent_at=item.sent_at, checked=(), slices=item.slices
    )
    try:
        return read_events(unpack(pack(envelope)), item.kind)
    except Unreadable:
        return ()


def taken(split: Split, body: bytes) -> Sequence[Item] | None:
    """The items of `body`, or None when it is kept or counted as a whole."""
    try:
        return split(body)
    except Malformed:
        return None


@cache
def all_spoiled(source: str) -> Sequence[tuple[Spoiled, Sequence[Item] | None]]:
    """Every spoiled delivery of a source with its items."""
    split, payload = (waha.split, mutations.waha()) if source == "waha" else (cloud_api.split, mutations.cloud_api())
    return [(one, taken(split, one.body)) for one in mutations.spoiled(payload)]


def strings_of(value: Any) -> set[str]:
    match value:
        case str():
            return {value}
        case dict():
            return set().union(*map(strings_of, value.values()))
        case list():
            return set().union(*map(strings_of, value))
        case _:
            return set()


def node(value: Any, at: mutations.Path) -> Any:
    for part in at:
        value = value[part]
    return value


@pytest.mark.parametrize("source", ["cloud_api", "waha"])
def test_nothing_of_a_spoiled_delivery_goes_unseen(source: str) -> None:
    payload = mutations.waha() if source == "waha" else mutations.cloud_api()
    markers = strings_of(payload) - set(NOT_KEPT)
    lost = []
    for one, items in all_spoiled(source):
        if items is None:
            continue
        kept = b"\0".join(part.data for item in items for part in item.slices)
        left = markers - (strings_of(node(payload, one.at)) if "twice" not in one.how else set())
        lost += [(one.how, marker) for marker in left if json.dumps(marker).encode() not in kept]

    assert lost == []


def touched(one: Spoiled) -> set[str]:
    """The words that a change may cost, because it stands in or around their message."""
    match one.at:
        case ("entry", 0, "changes", 0, "value", _) if one.how.startswith("twice"):
            return set(WORDS[:4])  # which of two lists is meant cannot be known: the change is kept whole
        case ("entry", 0, "changes", 0, "value", "messages", int(number), *_):
            return {WORDS[number]}
        case ("entry", 0, "changes", 0, "value", "contacts" | "statuses", *_):
            return set()
        case ("entry", 0, "id") | ("entry", 1, "id") | ("object",):
            return set()
        case ("entry", 0, *_):
            return set(WORDS[:4])
        case ("entry", 1, *_):
            return set(WORDS[4:])
        case _:
            return set(WORDS)


def test_what_stands_beside_an_odd_part_is_read_all_the_same() -> None:
    missing = []
    for one, items in all_spoiled("cloud_api"):
        wanted = set(WORDS) - touched(one)
        if not wanted:
            continue
        said = {line for item in items or () for event in read(item) for line in event.text.split("\n")}
        missing += [(one.how, words) for words in wanted if words not in {line.removeprefix("q: ") for line in said}]

    assert missing == []


def test_the_words_of_a_message_are_read_beside_an_odd_member() -> None:
    for odd in (*mutations.INSTEAD, "[NaN]"):
        message = f'{{"from":"5521970000001","id":"wamid.1","timestamp":"1767312000","odd":{odd},"type":"text","text":{{"body":"said"}}}}'
        value = f'{{"metadata":{{"phone_number_id":"1"}},"messages":[{message}]}}'
        (item,) = cloud_api.split(f'{{"entry":[{{"id":"9","changes":[{{"field":"messages","value":{value}}}]}}]}}'.encode())
        events = read(item)
        assert item.kind == "message"
        assert [event.text for event in events] == ["said"]


def test_a_part_that_can_not_be_read_is_named() -> None:
    body = json.dumps(mutations.cloud_api()).replace('"wamid.c1"', mutations.DEEP)
    first = cloud_api.split(body.encode())[0]
    (event,) = read(first)

    assert event.text == "first words"
    assert ("not read", "context/id") in event.details


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["1", "text", "messages"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["id", "type", "text", "body", "from", "messages", "statuses", "contacts", "value", "field", "payload", "event",
                         "metadata", "phone_number_id", "history", "threads", "standby", "interactive", "edit", "message", "media", "x"]),
        inner, max_size=5),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(value=JSON, field=st.sampled_from(["messages", "history", "standby", "calls", "smb_message_echoes", "user_id_update", "odd"]))
def test_any_value_of_a_field_gives_items_that_can_be_read_or_are_only_kept(value: Any, field: str) -> None:
    body = json.dumps({"entry": [{"id": "1", "changes": [{"field": field, "value": value}]}]}).encode()
    items = cloud_api.split(body)

    assert items
    assert all(event.kind for item in items for event in read(item))
    assert all(part.data in body for item in items for part in item.slices)


@settings(max_examples=300, deadline=None)
@given(payload=st.dictionaries(st.sampled_from(["id", "body", "from", "media", "_data", "vCards", "location", "replyTo", "reaction", "ack"]), JSON, max_size=6),
       event=st.sampled_from(["message", "message.any", "message.reaction", "message.edited", "message.revoked", "message.ack", "poll.vote"]))  # fmt: skip
def test_any_payload_of_a_gateway_is_one_item(payload: Any, event: str) -> None:
    payload.setdefault("id", "true_1@c.us_A")
    body = json.dumps({"event": event, "session": "main", "payload": payload}).encode()
    (item,) = waha.split(body)

    assert all(found.kind for found in read(item))
    assert all(part.data in body for part in item.slices)


@pytest.mark.parametrize("body", [b"", b"{", b'{"entry":[}', b'{"entry":[1 2]}', b'{"entry":[],}', b'{"a" 1}', b'{"entry":[]} 7', b'{"a":"',
                                  b"[" * 50_000, b'{"entry":[' * 50_000, b'{"entry":[NaN', b"\x00", b'{"entry":[\x01]}'])  # fmt: skip
def test_what_is_no_json_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(Malformed):
        cloud_api.split(body)


def test_no_follower_stops_at_a_spoiled_delivery(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path / "home", policies=())
    deployment.enrol("Ana", aliases=("pnid:101", "pnid:102", "pnid:", "waba:900", "waba:901", "waha:main", ""), past_days=9_000)
    now = system_clock()
    deliveries = [
        Delivery(delivery=f"{number:032x}", received_at=now, checked=(), items=tuple(items))
        for number, (_, items) in enumerate((*all_spoiled("cloud_api")[::5], *all_spoiled("waha")[::5]))
        if items
    ]
    tail, custody, intake = open_intake(deployment.settings, deployment.keys, clock=system_clock)
    with tail.transaction() as transaction:
        outcomes = intake.take(transaction, custody.state_in(transaction), deliveries)
    tail.close()
    followers = open_followers(deployment.settings, deployment.keys, clock=system_clock)
    while followers.catch_up():
        pass

    assert followers.problems() == ()
    assert sum(outcome.kept for outcome in outcomes) > 500
    assert all(count == 0 for count in deployment.house.behind().values())
