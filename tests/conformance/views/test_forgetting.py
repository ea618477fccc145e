"""What a view forgets leaves it as if it had never come: for its readers, and in its pages."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conformance.views.builders import ANA, BIA, LINE, NOON, House, event, read
from tests.conformance.views.test_replay_from_zero import ENTRIES

from fairwitness.followers import read_views

DISPOSAL = "d" * 32


def forget(house: House, entries: list[int], disposal: str = DISPOSAL) -> None:
    for follower in (house.normalise, house.search, house.judge, house.feed):
        follower.forget(disposal, entries)
        assert follower.has_forgotten(disposal)


def answers(house: House) -> object:
    """What readers are told."""
    views = read_views(house.stores)
    chats = {stream: views.messages.conversation(stream) for stream in (ANA, BIA)}
    # Messages of one and the same entry stand in no promised order; no source makes such entries.
    windows = {
        stream: sorted(
            views.messages.window(stream, around=0, before=99, after=99), key=lambda row: (row.index, row.id)
        )
        for stream in chats
    }
    words = [views.search.search(said) for said in ("hello", "guaranteed", "later", "so")]
    found = [house.stores.findings.of_alerts([row.alert]) for row in views.alerts.queue()]
    return chats, windows, words, views.messages.not_understood(), found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=ENTRIES, gone=st.sets(st.integers(0, 13)), sizes=st.lists(st.integers(1, 4)))
def test_forgetting_is_as_if_the_entries_had_been_disposed_of_before(
    new_house: Callable[[], House], entries: list[tuple[list, str, int]], gone: set[int], sizes: list[int]
) -> None:
    whole = [read(n, *events, stream=s, custody_size=size) for n, (events, s, size) in enumerate(entries)]
    rest = [
        read(
            n, *(() if n in gone else events), stream=s, custody_size=size, payload=None if n in gone else b""
        )
        for n, (events, s, size) in enumerate(entries)
    ]
    forgot, never = new_house(), new_house()
    if whole:
        forgot.follow(whole, sizes)
        forget(forgot, sorted(gone))
        never.custody = list(forgot.custody)
        never.follow(rest)
    assert answers(forgot) == answers(never)


def test_what_comes_after_is_followed_as_before(house: House) -> None:
    house.follow([read(0, event(id="1", text="hello guaranteed")), read(1, event(id="2", text="hello"))])
    forget(house, [0])
    house.follow([*(read(n) for n in (0, 1)), read(2, event(id="3", text="hello again"))])
    views = read_views(house.stores)
    assert views.search.search("hello").indexes == (2, 1)
    conversation = views.messages.conversation(ANA)
    assert conversation is not None
    assert conversation.messages == 2


def test_forgetting_again_changes_nothing_and_an_unknown_disposal_is_not_acknowledged(house: House) -> None:
    house.follow([read(n, event(id=str(n), text=f"hello {n}")) for n in range(4)])
    forget(house, [1])
    before = answers(house)
    forget(house, [1])
    assert answers(house) == before
    assert not house.search.has_forgotten("e" * 32)


def test_no_page_of_a_view_holds_a_forgotten_word(house: House) -> None:
    words = [f"guaranteed plain{n}" for n in range(40)]
    words[7], words[8] = "guaranteed obliviaque", "guaranteed letheanum"
    names = {7: "Mnemosyne Obliviaque", 8: "Letheanum"}
    reads = [
        read(n, event(id=f"id{n}", text=text, sender_name=names.get(n, "Ana"), at=NOON + n % 9))
        for n, text in enumerate(words)
    ]
    house.follow(reads)
    assert {b"bliviaque", b"etheanum", b"nemosyne"} <= {word for word in SAID if word in pages(house)}
    forget(house, [7, 8])
    assert [word for word in SAID if word in pages(house)] == [b"lain6"]
    assert not any(
        (house.folder / f"{name}.db-wal").stat().st_size for name in ("messages", "search", "findings")
    )


# The index keeps of a word what it does not share with the word before it.
SAID = (b"bliviaque", b"etheanum", b"nemosyne", b"lain6")


def pages(house: House) -> bytes:
    """Every page of every view as it is once decrypted, free ones too."""
    stores = (house.stores.messages, house.stores.search, house.stores.findings, house.stores.alerts)
    return b"".join(store.place.db.serialize("main") for store in stores)


def test_a_line_that_lost_every_word_has_no_conversation(house: House) -> None:
    house.follow(
        [read(0, event(id="1", text="hello", sender_name="Ana")), read(1, event(id="2"), stream=BIA)]
    )
    forget(house, [0])
    views = read_views(house.stores)
    assert views.messages.conversation(ANA) is None
    assert [chat.stream for chat in views.messages.conversations()] == [BIA]
    assert house.stores.messages.names([(LINE, "phone:+5511")]) == {}
