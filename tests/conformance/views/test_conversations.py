"""Conversations: whatever the order of arrival, the same message is shown."""

from collections.abc import Callable
from itertools import permutations

import msgspec
import pytest
from tests.conformance.views.builders import ANA, BIA, LINE, NOON, House, event, read

from fairwitness.followers import ReadViews, read_views
from fairwitness.model.event import Event, Media

STORY = (
    event(id="m", text="call me at noon", sender_name="Ana", media=(Media(kind="image", id="1"),)),
    event("edit", id="e", target="m", text="call me at nine", at=NOON + 10),
    event("revoke", id="r", target="m", at=NOON + 30),
    event("reaction", id="x", target="m", emoji="👍", sender="phone:+5599", at=NOON + 20),
)


def shown(house: House) -> object:
    """The one message of ANA, its entry numbers left out."""
    (row,) = read_views(house.stores).messages.window(ANA, around=0)
    bare = msgspec.to_builtins(row)
    for name in ("index", "received_at"):
        del bare[name]
    for part in (*bare["versions"], *bare["reactions"], *bare["receipts"], bare["revoked"]):
        del part["index"]
    return bare


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_every_order_of_arrival_shows_the_same_message(
    new_house: Callable[[], House], order: tuple[int, ...]
) -> None:
    told, other = new_house(), new_house()
    told.follow([read(n, e) for n, e in enumerate(STORY)])
    other.follow([read(n, STORY[which]) for n, which in enumerate(order)], sizes=[1, 2])
    assert shown(other) == shown(told)
    assert shown(told)["text"] == "call me at nine"  # type: ignore[index]


def test_a_message_known_by_its_edit_alone_is_not_held(house: House, views: ReadViews) -> None:
    house.follow([read(0, STORY[1])])
    (row,) = views.messages.window(ANA, around=0)
    assert (row.held, row.id, row.text, row.at) == (False, "m", "call me at nine", None)
    assert views.messages.message_count() == 0


def test_a_late_original_takes_its_own_place_in_the_log(house: House, views: ReadViews) -> None:
    house.follow([read(0, STORY[1]), read(1, event(id="other", text="hi")), read(2, STORY[0])])
    rows = views.messages.window(ANA, around=2)
    assert [(row.index, row.id, row.held) for row in rows] == [(1, "other", True), (2, "m", True)]
    assert views.messages.message_count() == 2


def test_any_entry_of_a_message_leads_to_it(house: House, views: ReadViews) -> None:
    house.follow([read(n, e) for n, e in enumerate(STORY)])
    rows = views.messages.messages([3, 99, 0, 2])
    assert [row.id for row in rows] == ["m", "m", "m"]


def test_copies_that_differ_are_both_kept(house: House, views: ReadViews) -> None:
    house.follow([read(0, event(id="m", text="sell")), read(1, event(id="m", text="buy"))])
    (row,) = views.messages.window(ANA, around=0)
    assert [(v.index, v.text) for v in row.versions] == [(0, "sell"), (1, "buy")]
    assert views.messages.message_count() == 1


def test_another_conversation_cannot_reach_into_this_one(house: House, views: ReadViews) -> None:
    house.follow(
        [
            read(0, event(id="m", text="mine")),
            read(1, event("edit", target="m", text="forged"), stream=BIA),
            read(2, event(id="m", text="also forged"), stream=BIA),
        ]
    )
    assert [v.text for v in views.messages.window(ANA, around=0)[0].versions] == ["mine"]


def test_a_reply_shows_what_it_answers(house: House, views: ReadViews) -> None:
    house.follow([read(0, STORY[0]), read(1, STORY[1]), read(2, event(id="n", text="ok", reply_to="m"))])
    assert views.messages.messages([2])[0].reply_text == "call me at nine"


def test_the_newest_reaction_of_a_person_counts_and_an_empty_one_takes_it_back(
    house: House, views: ReadViews
) -> None:
    said = [("phone:+1", "👍", 1), ("phone:+1", "👎", 3), ("phone:+2", "👍", 1), ("phone:+2", "", 2)]
    reactions = [
        read(n + 1, event("reaction", target="m", sender=who, emoji=emoji, at=NOON + at))
        for n, (who, emoji, at) in enumerate(said)
    ]
    house.follow([read(0, STORY[0]), *reactions])
    assert [(r.sender, r.emoji) for r in views.messages.messages([0])[0].reactions] == [("phone:+1", "👎")]


def test_receipts_are_shown_once_each_by_time(house: House, views: ReadViews) -> None:
    ticks = [("read", 9), ("sent", 1), ("delivered", 5), ("read", 7)]
    receipts = [
        read(n, event("receipt", subtype=status, target="m", at=NOON + at), kind="status")
        for n, (status, at) in enumerate(ticks)
    ]
    house.follow([*receipts, read(4, STORY[0])])
    (row,) = views.messages.window(ANA, around=4)
    assert [(r.status, r.at) for r in row.receipts] == [
        ("sent", NOON + 1), ("delivered", NOON + 5), ("read", NOON + 7),
    ]  # fmt: skip


def test_what_whatsapp_did_not_deliver_has_its_place_and_is_listed(house: House, views: ReadViews) -> None:
    absent = event("unreadable", id="v", subtype="view_once", details=(("error", "131060 unavailable"),))
    house.follow([read(0, absent), read(1, problem="no reader for this source"), read(2, kind="account")])
    assert [(n.index, n.kind, n.reason) for n in views.messages.not_understood()] == [
        (2, "account", "nothing in it was understood"),
        (1, "message", "no reader for this source"),
        (0, "message", "131060 unavailable"),
    ]
    assert views.messages.not_understood_count() == 3
    assert views.messages.window(ANA, around=0)[0].kind == "unreadable"


def test_a_readable_copy_goes_before_one_that_was_not_delivered(house: House, views: ReadViews) -> None:
    house.follow([read(0, event("unreadable", id="m", subtype="x")), read(1, event(id="m", text="here"))])
    (row,) = views.messages.window(ANA, around=0)
    assert (row.kind, row.text) == ("message", "here")


def test_the_latest_name_is_shown(house: House, views: ReadViews) -> None:
    house.follow(
        [
            read(0, event(id="1", sender_name="Ana Lima", at=NOON + 5)),
            read(1, event(id="2", sender_name="Ana", at=NOON)),
            read(2, event(id="3", text="out", direction="out", sender="phone:+55", at=NOON + 9)),
        ]
    )
    (row,) = views.messages.conversations(line=LINE)
    assert (row.chat_name, row.messages, row.last_index, row.last_at) == ("Ana Lima", 3, 2, NOON + 9)
    assert views.messages.conversations(line="6" * 32) == []


def test_a_window_is_the_neighbourhood_in_log_order(house: House, views: ReadViews) -> None:
    house.follow([read(n, event(id=str(n), text=str(n)), stream=ANA if n % 2 else BIA) for n in range(40)])
    assert [row.index for row in views.messages.window(ANA, around=21, before=2, after=1)] == [17, 19, 21, 23]
    assert [row.index for row in views.messages.window(ANA, around=20, before=1, after=1)] == [19, 21]
    assert views.messages.window("c" * 32, around=0) == []
    assert views.messages.window(ANA, around=10**30, before=1) != []


def test_lone_surrogates_are_stored_and_shown_as_a_mark(house: House, views: ReadViews) -> None:
    broken = event(
        id="m\ud800", text="so \udc00 guaranteed", sender_name="\ud83d", details=(("a", "\ud800"),)
    )
    house.follow([read(0, broken)])
    (row,) = views.messages.window(ANA, around=0)
    assert row.text == "so � guaranteed"
    assert views.alerts.queue()[0].first_words == "so � guaranteed"
    assert views.search.search("\ud800 guaranteed").indexes == (0,)


def test_messages_without_an_id_stand_alone(house: House, views: ReadViews) -> None:
    house.follow([read(n, event(text="same"), kind="export") for n in range(3)])
    assert len(views.messages.window(ANA, around=0)) == 3


def test_several_events_of_one_entry_are_all_shown(house: House, views: ReadViews) -> None:
    events: list[Event] = [event(id=str(n), text=f"old {n}") for n in range(3)]
    house.follow([read(0, *events, kind="history")])
    assert [row.text for row in views.messages.messages([0])] == ["old 0", "old 1", "old 2"]
