"""Group commit: deliveries that wait while one transaction runs share the next.

One thread owns the connection to the tail. A future is resolved after the commit that
made its delivery durable; a commit that fails ends the process, because what is on disk
is then not known (PostgreSQL's fsync lesson of 2018, and Rebello et al., ATC 2020).
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence

import structlog

from fairwitness.archive.append import Delivery, Intake, Outcome
from fairwitness.archive.custody import CustodyLog
from fairwitness.archive.ports import Tail
from fairwitness.errors import FairwitnessError, NotDurable, Overloaded

_LOG = structlog.get_logger(__name__)
_TOGETHER = 256

Waiting = tuple[Delivery, "asyncio.Future[Outcome]"]
Openings = Callable[[], tuple[Tail, CustodyLog, Intake]]


class Writer:
    """Appends deliveries in one thread. `fatal` is called when durability is lost."""

    def __init__(self, opening: Openings, *, fatal: Callable[[], None]) -> None:
        self._opening = opening
        self._fatal = fatal
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the thread; must be called on the event loop that `append` is awaited on."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Append what waits, then end the thread."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def append(self, delivery: Delivery) -> Outcome:
        """Wait until `delivery` is durable; raises what its transaction raised."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queue.put((delivery, future))
        return await future

    def _run(self) -> None:
        try:
            tail, custody, intake = self._opening()
        except Exception:
            # A door that nothing can pass would keep its senders waiting: it ends, and is started again.
            _LOG.critical("the tail could not be opened", exc_info=True)
            self._fatal()
            return
        while self._turn(tail, custody, intake):
            pass
        tail.close()

    def _turn(self, tail: Tail, custody: CustodyLog, intake: Intake) -> bool:
        """Append what waits; False when it was the last. Nothing of it is held once this returns."""
        first = self._queue.get()
        if first is None:
            return False
        waiting, ends = self._gather(first)
        self._commit(tail, custody, intake, waiting)
        return not ends

    def _gather(self, first: Waiting) -> tuple[list[Waiting], bool]:
        waiting = [first]
        while len(waiting) < _TOGETHER:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return waiting, True
            waiting.append(more)
        return waiting, False

    def _commit(self, tail: Tail, custody: CustodyLog, intake: Intake, waiting: Sequence[Waiting]) -> None:
        try:
            with tail.transaction() as transaction:
                state = custody.state_in(transaction)
                outcomes = intake.take(transaction, state, [delivery for delivery, _ in waiting])
        except FairwitnessError as error:
            intake.forget_streams()
            self._resolve(waiting, [error] * len(waiting))
            if isinstance(error, NotDurable):
                _LOG.critical("durability lost", diagnosis=error.diagnosis())
                self._fatal()
        except Exception as error:
            intake.forget_streams()
            _LOG.exception("a batch could not be appended")
            refusal = Overloaded("the batch could not be appended")
            refusal.__cause__ = error
            self._resolve(waiting, [refusal] * len(waiting))
        else:
            self._resolve(waiting, outcomes)

    def _resolve(self, waiting: Sequence[Waiting], results: Sequence[Outcome | FairwitnessError]) -> None:
        def settle() -> None:
            for (_, future), result in zip(waiting, results, strict=True):
                if future.cancelled():
                    continue
                if isinstance(result, FairwitnessError):
                    future.set_exception(result)
                else:
                    future.set_result(result)

        if self._loop is not None:
            self._loop.call_soon_threadsafe(settle)
