"""The keeper's loops: one thread drives followers, one publishes the record, one checks it when asked.

What waits for others, such as witnesses, has threads of its own beside them, so that nobody
outside slows the record. Only one keeper runs per deployment. Each loop ends the process when
it fails in a way that asking again does not mend: a record that cannot be trusted must not go
on quietly.
"""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import structlog

from fairwitness.archive.checkpoint import Checkpointer
from fairwitness.archive.ports import Tail
from fairwitness.archive.seal import SegmentSealer
from fairwitness.clock import DAY_MS, Clock
from fairwitness.errors import FairwitnessError, NotDurable
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName, read_header

_LOG = structlog.get_logger(__name__)
_IDLE_SECONDS = 0.01
_RETRY_SECONDS = 1.0
_ASKED_SECONDS = 0.25
_REFUSED_DAYS = 8
_LOGS: tuple[LogName, ...] = (CUSTODY, MESSAGES)


class Following(Protocol):
    """Followers over a record: `catch_up` hands them what is new and says how many entries it was."""

    def catch_up(self) -> int: ...

    def change_token(self) -> int: ...

    def problems(self) -> Sequence[str]:
        """What kept followers from going on in the last `catch_up`; empty when nothing did."""
        ...


class Answering(Protocol):
    """Checks the record when somebody has asked for it."""

    def answer(self, stopping: Callable[[], bool]) -> None: ...


class Publisher:
    """Checkpoints, and segments when they are due. Used by one thread.

    `guard` is called before anything is signed and raises what forbids it.
    """

    def __init__(
        self, *, tail: Tail, checkpointers: dict[LogName, Checkpointer], sealer: SegmentSealer,
        segment_entries: int, segment_ms: int, clock: Clock, guard: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._tail = tail
        self._checkpointers = checkpointers
        self._sealer = sealer
        self._segment_entries = segment_entries
        self._segment_ms = segment_ms
        self._clock = clock
        self._guard = guard
        self._housekept = 0
        sealer.recover()

    def checkpoint(self) -> None:
        """Publish and sign both logs. Custody last read, first signed: no message outruns its mandate."""
        self._guard()
        messages = self._tail.size(MESSAGES)
        self._checkpointers[CUSTODY].tick()
        self._checkpointers[MESSAGES].tick(messages)

    def seal_due(self) -> None:
        """Seal every segment that is full or old enough, and forget old refused digests."""
        for log in _LOGS:
            while (stop := self._due(log)) is not None:
                self._sealer.seal(log, stop)
        today = self._clock() // DAY_MS
        if today != self._housekept:
            self._tail.forget_refused(today - _REFUSED_DAYS)
            self._housekept = today

    def seal_all(self) -> None:
        """Seal everything that is there, full segment or not."""
        for log in (MESSAGES, CUSTODY):
            self.checkpoint()
            size = self._checkpointers[log].size
            while (first := self._sealer.sealed_size(log)) < size:
                self._sealer.seal(log, min(first + self._segment_entries, size))
        self.checkpoint()

    def _due(self, log: LogName) -> int | None:
        first, size = self._sealer.sealed_size(log), self._checkpointers[log].size
        if size - first >= self._segment_entries:
            return first + self._segment_entries
        if size > first and self._is_old(log, first):
            return size
        return None

    def _is_old(self, log: LogName, first: int) -> bool:
        oldest = read_header(self._tail.headers(log, first, first + 1)[0]).received_at
        return self._clock() - oldest >= self._segment_ms


class Step(Protocol):
    """Something that is done again and again beside the record; `troubles` says what did not work."""

    @property
    def troubles(self) -> Sequence[str]: ...

    def round(self) -> None: ...

    def close(self) -> None: ...


class Keeper:
    """Runs its loops until told to stop. The openings are called in the thread that uses them."""

    def __init__(
        self, *, following: Callable[[], Following], publisher: Callable[[], Publisher],
        verifier: Callable[[], Answering], checkpoint_seconds: float,
        beside: Sequence[Callable[[], Step]] = (),
    ) -> None:  # fmt: skip
        self._following = following
        self._publisher = publisher
        self._verifier = verifier
        self._seconds = checkpoint_seconds
        self._beside = tuple(beside)
        self._stop = threading.Event()
        self._published = threading.Event()
        self._failure: BaseException | None = None

    def stop(self) -> None:
        """End every loop after what it is at."""
        self._stop.set()

    def run(self) -> None:
        """Run until stopped; raises what ended a loop."""
        loops: list[Callable[[], None]] = [self._follow, self._publish, self._verify]
        loops += [partial(self._repeat, opening) for opening in self._beside]
        threads = [threading.Thread(target=self._guard, args=(loop,)) for loop in loops]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._failure is not None:
            raise self._failure

    def _guard(self, loop: Callable[[], None]) -> None:
        try:
            loop()
        except BaseException as error:
            self._failure = error
            self._stop.set()

    def _follow(self) -> None:
        following = self._following()
        token = None
        while not self._stop.is_set():
            seen = following.change_token()
            if seen == token:
                self._stop.wait(_IDLE_SECONDS)
                continue
            while following.catch_up() and not self._stop.is_set():
                pass
            token = seen
            if problems := following.problems():
                # What is in the way may go without anything new arriving, so nothing is waited for.
                _LOG.warning("followers are held up, trying again", problems=list(problems))
                self._stop.wait(_RETRY_SECONDS)
                token = None

    def _publish(self) -> None:
        publisher = self._publisher()
        self._published.set()
        while not self._stop.wait(self._seconds):
            self._try(publisher.checkpoint)
            self._try(publisher.seal_due)
        # A record that was found not to be what was seen of it is not signed once more.
        if self._failure is None:
            publisher.checkpoint()

    def _repeat(self, opening: Callable[[], Step]) -> None:
        # What is asked of the outside is about what was published, so it may begin after the publisher.
        while not self._published.wait(_IDLE_SECONDS):
            if self._stop.is_set():
                return
        step = opening()
        told: tuple[str, ...] = ()
        while not self._stop.wait(self._seconds):
            self._try(step.round)
            if (troubles := tuple(step.troubles)) != told:
                _LOG.warning("not everybody outside answered as they should", troubles=troubles)
                told = troubles
        step.close()

    def _verify(self) -> None:
        verifier = self._verifier()
        while not self._stop.wait(_ASKED_SECONDS):
            self._try(lambda: verifier.answer(self._stop.is_set))

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except FairwitnessError as error:
            # What was not made durable is not known to be on the disk: only a fresh start looks again.
            if isinstance(error, NotDurable) or not error.retryable:
                raise
            _LOG.warning("the record could not be served, trying again", diagnosis=error.diagnosis())
