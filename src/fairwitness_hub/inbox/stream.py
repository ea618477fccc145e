"""Tells browsers that the queue changed. One watcher asks the house for all who listen.

Only a number leaves here: what changed is fetched by the browser, through the views that
check and record who reads.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

LOOK_EVERY = 0.15
BEAT_EVERY = 10.0

_Ask = Callable[[], int]


class Watcher:
    """Polls a token on a thread of its own while somebody listens."""

    def __init__(self, ask: _Ask, *, every: float = LOOK_EVERY) -> None:
        self._ask = ask
        self._every = every
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="queue-watcher")
        self._listeners: set[asyncio.Queue[int]] = set()
        self._task: asyncio.Task[None] | None = None
        self._token = -1

    async def listen(self) -> AsyncIterator[int]:
        """The token now, and again each time that it changes; -1 as a heartbeat."""
        queue: asyncio.Queue[int] = asyncio.Queue()
        self._listeners.add(queue)
        if self._task is None or self._task.done() or self._task.get_loop() is not asyncio.get_running_loop():
            self._task = asyncio.create_task(self._watch())
        try:
            yield await self._look()
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), BEAT_EVERY)
                except TimeoutError:
                    yield -1
        finally:
            self._listeners.discard(queue)

    async def _look(self) -> int:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._ask)

    async def _watch(self) -> None:
        while self._listeners:
            token = await self._look()
            if token != self._token:
                self._token = token
                for listener in self._listeners:
                    listener.put_nowait(token)
            await asyncio.sleep(self._every)


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
