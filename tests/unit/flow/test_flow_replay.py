"""Followers are led to the head of the record; one that fails holds up nobody else."""

from collections.abc import Sequence

import pytest

from fairwitness.errors import NotDurable
from fairwitness.flow.facts import Skipped
from fairwitness.flow.follower import Batch, Cursor
from fairwitness.flow.quarantine import MOST_IN_A_ROW
from fairwitness.flow.replay import FollowerStatus, catch_up
from fairwitness.mandate.state import CustodyState
from fairwitness.model.entry import CUSTODY, MESSAGES, Header, LogName, Stored

HEADER = Header(
    kind="message", received_at=1, custody_size=0, stream="a" * 32, payload_size=0, commitment="0" * 64
)


class Source:
    """A record of so many entries; it grows by a message with every read."""

    def __init__(self, *, messages: int, custody: int) -> None:
        self.sizes = {MESSAGES: messages, CUSTODY: custody}
        self.reads: list[tuple[LogName, int, int]] = []

    def size(self, log: LogName) -> int:
        return self.sizes[log]

    def read(self, log: LogName, start: int, stop: int) -> Sequence[Stored]:
        self.reads.append((log, start, stop))
        self.sizes[MESSAGES] += 1
        return [Stored(log=log, index=n, header=HEADER, payload=None) for n in range(start, stop)]

    def custody(self) -> CustodyState:
        return CustodyState(size=self.sizes[CUSTODY])


class Memory:
    """Remembers what it was handed; raises at some entries."""

    def __init__(
        self, name: str, *logs: LogName, bad: Sequence[int] = (), error: Exception | None = None, at: int = 0
    ) -> None:
        self.name, self.logs = name, logs
        self.bad, self.error = list(bad), error or KeyError("x")
        self.took: list[tuple[LogName, int]] = []
        self.notes: list[Skipped] = []
        self.next = {MESSAGES: at, CUSTODY: 0}

    def cursor(self) -> Cursor:
        return Cursor(messages=self.next[MESSAGES], custody=self.next[CUSTODY])

    def handle(self, batch: Batch) -> None:
        new = [entry.index for entry in batch.entries if entry.index >= self.next[batch.log]]
        if any(index in self.bad for index in new):
            raise self.error
        self.took += [(batch.log, index) for index in new]
        self.next[batch.log] = max(batch.end, self.next[batch.log])

    def skip(self, log: LogName, index: int, problem: str) -> None:
        self.notes.insert(0, Skipped(log=log, index=index, problem=problem))
        self.next[log] = index + 1

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        return self.notes[:limit]


def took(follower: Memory, log: LogName = MESSAGES) -> list[int]:
    return [index for where, index in follower.took if where == log]


def test_custody_comes_first_and_messages_up_to_the_size_read_before() -> None:
    both = Memory("both", MESSAGES, CUSTODY)
    done = catch_up(Source(messages=5, custody=3), [both], limit=2)
    assert both.took == [(CUSTODY, n) for n in range(3)] + [(MESSAGES, n) for n in range(5)]
    assert done == 8


def test_followers_at_the_same_entry_share_one_reading() -> None:
    source = Source(messages=6, custody=0)
    ahead, behind = Memory("ahead", MESSAGES, at=4), Memory("behind", MESSAGES)
    assert catch_up(source, [ahead, behind], limit=2) == 8
    assert source.reads == [(MESSAGES, 0, 2), (MESSAGES, 2, 4), (MESSAGES, 4, 6)]
    assert (took(ahead), took(behind)) == ([4, 5], [0, 1, 2, 3, 4, 5])


def test_nothing_new_is_no_work() -> None:
    follower = Memory("f", MESSAGES)
    source = Source(messages=4, custody=0)
    assert catch_up(source, [follower]) == 4
    source.sizes[MESSAGES] = 4
    assert catch_up(source, [follower]) == 0


def test_an_entry_that_cannot_be_handled_is_led_past_and_noted() -> None:
    odd, good = Memory("odd", MESSAGES, bad=[3]), Memory("good", MESSAGES)
    told: list[FollowerStatus] = []
    catch_up(Source(messages=8, custody=0), [odd, good], limit=4, progress=told.append)
    assert took(odd) == [0, 1, 2, 4, 5, 6, 7]
    assert [(note.index, note.problem.split()[0]) for note in odd.notes] == [(3, "KeyError")]
    assert took(good) == list(range(8))
    assert [(status.name, bool(status.problem)) for status in told][:2] == [("odd", True), ("good", False)]


@pytest.mark.parametrize("error", [NotDurable("the disk is full"), OSError("gone"), MemoryError()])
def test_a_failure_that_is_not_the_entrys_fault_waits(error: Exception) -> None:
    stuck, good = Memory("stuck", MESSAGES, bad=[1], error=error), Memory("good", MESSAGES)
    told: list[FollowerStatus] = []
    assert catch_up(Source(messages=4, custody=0), [stuck, good], limit=2, progress=told.append) == 4
    assert (stuck.notes, took(stuck), took(good)) == ([], [], [0, 1, 2, 3])
    assert [status.cursor for status in told if status.problem] == [Cursor()]
    stuck.bad = []
    catch_up(Source(messages=4, custody=0), [stuck, good])
    assert took(stuck) == [0, 1, 2, 3]


def test_a_follower_that_fails_at_everything_is_not_led_through_the_record() -> None:
    broken = Memory("broken", MESSAGES, bad=range(100))
    for _ in range(3):
        catch_up(Source(messages=50, custody=0), [broken])
    assert len(broken.notes) == MOST_IN_A_ROW
    assert broken.cursor().messages == MOST_IN_A_ROW


def test_a_problem_names_the_fault_and_repeats_no_words() -> None:
    leaky = Memory("leaky", MESSAGES, bad=[0], error=ValueError("the secret words"))
    catch_up(Source(messages=1, custody=0), [leaky])
    assert "secret" not in leaky.notes[0].problem
    assert leaky.notes[0].problem.startswith("ValueError in handle")


def test_a_fault_of_the_machinery_is_not_swallowed() -> None:
    class Unforeseen(Exception):
        pass

    with pytest.raises(Unforeseen):
        catch_up(Source(messages=1, custody=0), [Memory("f", MESSAGES, bad=[0], error=Unforeseen())])
