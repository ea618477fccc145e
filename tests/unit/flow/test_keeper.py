"""The keeper's loops: a follower that is held up is tried again, news or no news."""

import threading
from collections.abc import Callable, Sequence

import pytest

from fairwitness.errors import NotDurable, Overloaded
from fairwitness.flow import keeper as keeper_room
from fairwitness.flow.keeper import Keeper, Publisher


class _Held:
    """Followers that fail a number of times while nothing arrives, and then go on."""

    def __init__(self, failures: int) -> None:
        self._left = failures
        self._problems: list[str] = []
        self.went_on = threading.Event()
        self.asked = 0

    def catch_up(self) -> int:
        self.asked += 1
        self._problems = ["judge: the disk is full"] if self._left else []
        self._left = max(self._left - 1, 0)
        if not self._problems:
            self.went_on.set()
        return 0

    def change_token(self) -> int:
        return 7

    def problems(self) -> Sequence[str]:
        return self._problems


class _NothingToPublish(Publisher):
    def __init__(self) -> None:
        pass

    def checkpoint(self) -> None:
        pass

    def seal_due(self) -> None:
        pass


class _NobodyAsks:
    def answer(self, stopping: Callable[[], bool]) -> None:
        pass


def run(followers: _Held, *, until: threading.Event, seconds: float) -> None:
    keeper = Keeper(following=lambda: followers, publisher=_NothingToPublish, verifier=_NobodyAsks, checkpoint_seconds=0.01)
    thread = threading.Thread(target=keeper.run)
    thread.start()
    until.wait(seconds)
    keeper.stop()
    thread.join()


def test_a_follower_that_is_held_up_goes_on_although_nothing_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_room, "_RETRY_SECONDS", 0.01)
    followers = _Held(failures=3)
    run(followers, until=followers.went_on, seconds=20)
    assert followers.went_on.is_set()
    assert followers.asked >= 4


def test_followers_that_are_up_to_date_are_left_alone_until_something_arrives() -> None:
    followers = _Held(failures=0)
    run(followers, until=threading.Event(), seconds=0.3)
    assert followers.asked == 1


@pytest.mark.parametrize(("error", "ends"), [(NotDurable("a sync failed"), True), (Overloaded("busy"), False)])
def test_a5_what_was_not_made_durable_ends_the_keeper_and_a_busy_tail_does_not(error: Exception, ends: bool) -> None:
    went_on = threading.Event()

    class _Failing(_NothingToPublish):
        failed = False

        def checkpoint(self) -> None:
            if self.failed:
                went_on.set()
                return
            self.failed = True
            raise error

    keeper = Keeper(
        following=lambda: _Held(0), publisher=_Failing, verifier=_NobodyAsks, checkpoint_seconds=0.01
    )
    threading.Timer(0.5 if ends else 0.1, keeper.stop).start()
    if ends:
        with pytest.raises(NotDurable):
            keeper.run()
    else:
        keeper.run()
    assert went_on.is_set() is not ends
