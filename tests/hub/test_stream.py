"""The stream that tells browsers of changes: a number, a heartbeat, an end."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
from django.test import Client
from tests.hub.fake_house import FakeHouse

from fairwitness_hub.inbox import stream
from fairwitness_hub.inbox.stream import Watcher, events


def test_a_listener_hears_the_token_now_and_every_change_of_it():
    tokens = iter([5, 5, 5, 6, 6, 9])

    async def listen() -> list[int]:
        watcher = Watcher(lambda: next(tokens, 9), every=0.001)
        heard = []
        async for token in watcher.listen():
            heard.append(token)
            if token == 9:
                break
        return list(dict.fromkeys(heard))

    assert asyncio.run(listen()) == [5, 6, 9]


def test_all_who_listen_share_one_watcher():
    asked = itertools.count()

    async def listen() -> int:
        watcher = Watcher(lambda: next(asked), every=0.001)
        listeners = [watcher.listen() for _ in range(5)]
        first = [await anext(listener) for listener in listeners]
        second = [await anext(listener) for listener in listeners]
        for listener in listeners:
            await listener.aclose()  # type: ignore[attr-defined]
        assert len(first) == len(second) == 5
        task = watcher._task
        assert task is not None
        await asyncio.wait_for(task, 5)
        return len(watcher._listeners)

    assert asyncio.run(listen()) == 0


def test_a_house_that_cannot_be_asked_ends_the_stream_and_the_next_listener_starts_anew():
    answers: list[int | Exception] = [1, 1, OSError("the disk is gone"), 2, 2, 3]

    def ask() -> int:
        answer = answers.pop(0) if answers else 3
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def listen() -> int:
        watcher = Watcher(ask, every=0.001)
        with pytest.raises(OSError, match="the disk is gone"):
            async for _token in watcher.listen():
                pass
        async for token in watcher.listen():
            if token == 3:
                return token
        raise AssertionError("the second listener heard nothing")

    assert asyncio.run(listen()) == 3


def test_a_heartbeat_keeps_a_quiet_stream_alive_and_ends_it_with_the_session(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream, "BEAT_EVERY", 0.01)
    welcomes = iter([True, True, False])

    async def still_welcome() -> bool:
        return next(welcomes)

    async def listen() -> list[bytes]:
        watcher = Watcher(lambda: 4, every=0.001)
        return [event async for event in events(watcher.listen(), still_welcome=still_welcome)]

    heard = asyncio.run(listen())
    assert heard[0].startswith(b"retry:")
    assert heard.count(b": still here\n\n") == 2
    assert heard[-1] == b"event: over\ndata:\n\n"


def test_the_stream_carries_no_words(firm: FakeHouse, reviewer: Client):
    response = reviewer.get("/inbox/stream/")

    assert response.headers["Content-Type"] == "text/event-stream"
    assert "no-store" in response.headers["Cache-Control"]

    async def first_two(body: AsyncIterator[bytes]) -> list[bytes]:
        found = [await anext(body), await anext(body)]
        await body.aclose()  # type: ignore[attr-defined]
        return found

    assert asyncio.run(first_two(response.streaming_content))[1] == b"event: queue\ndata: %d\n\n" % firm.token
