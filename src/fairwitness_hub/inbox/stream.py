"""Tells browsers that the queue changed. One watcher asks the house for all who listen.

Only a number leaves here: what changed is fetched by the browser, through the views that
check and record who reads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

LOOK_EVERY = 0.1
BEAT_EVERY = 10.0

_Ask = Callable[[], int]


class Watcher:
    """Polls a token on a thread of its own while somebody listens.

    When the house cannot be asked, everybody's listening ends with that error: browsers
    come back by themselves, and the next one to listen starts the watch anew.
    """

    def __init__(self, ask: _Ask, *, every: float = LOOK_EVERY) -> None:
        self._ask = ask
        self._every = every
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="queue-watcher")
        self._listeners: set[asyncio.Queue[int | None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._token = -1

    async def listen(self) -> AsyncIterator[int]:
        """The token now, and again each time that it changes; -1 as a heartbeat."""
        queue: asyncio.Queue[int | None] = asyncio.Queue()
        self._listeners.add(queue)
        task = self._watching()
        try:
            yield await self._look()
            while True:
                try:
                    token = await asyncio.wait_for(queue.get(), BEAT_EVERY)
                except TimeoutError:
                    yield -1
                    continue
                if token is None:
                    await task  # which says why it ended
                    return
                yield token
        finally:
            self._listeners.discard(queue)

    async def _look(self) -> int:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask)

    def _watching(self) -> "asyncio.Task[None]":
        task = self._task
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._task = asyncio.create_task(self._watch())
        return task

    async def _watch(self) -> None:
        try:
            while self._listeners:
                token = await self._look()
                if token != self._token:
                    self._token = token
                    self._tell(token)
                await asyncio.sleep(self._every)
        finally:
            self._tell(None)

    def _tell(self, token: int | None) -> None:
        for listener in self._listeners:
            listener.put_nowait(token)


async def events(
    tokens: AsyncIterator[int], *, still_welcome: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    """Server-sent events from tokens; ends at a heartbeat that finds the session over."""
    yield b"retry: 1000\n\n"
    async for token in tokens:
        if token >= 0:
            yield b"event: queue\ndata: %d\n\n" % token
        elif await still_welcome():
            yield b": still here\n\n"
        else:
            yield b"event: over\ndata:\n\n"
            return
