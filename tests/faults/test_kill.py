"""A1, A2, A3, A21: `kill -9` at random moments under load loses nothing that was acknowledged.

`FAIRWITNESS_KILLS` sets how many (20 in `make test`, 200 in `make faults`).
"""

import contextlib
import http.client
import itertools
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable

import msgspec

from fairwitness.clock import system_clock
from fairwitness.compose import open_custody, open_reader, open_tail
from fairwitness.model.entry import MESSAGES
from fairwitness.model.envelope import unpack
from fairwitness.testing.deployment import Deployment, text_delivery

KILLS = int(os.environ.get("FAIRWITNESS_KILLS", "20"))
_SENDERS = 3


class Load:
    """Senders that post batches, and post again what was not acknowledged, as WhatsApp does."""

    def __init__(self, deployment: Deployment) -> None:
        self.acknowledged: list[str] = []
        self.refused: Counter[int] = Counter()
        self._deployment = deployment
        self._numbers = itertools.count()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(_SENDERS)]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _send(self) -> None:
        while not self._stop.is_set():
            wamids = [f"wamid.{next(self._numbers)}" for _ in range(5)]
            body = text_delivery([(wamid, f"texto {wamid}") for wamid in wamids])
            while not self._stop.is_set():
                status = 0
                with contextlib.suppress(OSError, http.client.HTTPException):
                    status = self._deployment.post(body)
                if status == 200:
                    self.acknowledged.extend(wamids)
                    break
                self.refused[status] += 1
                time.sleep(0.02)


def kept_ids(deployment: Deployment) -> Counter[str]:
    """How often each WhatsApp id is in the record."""
    tail = open_tail(deployment.settings, deployment.keys.door)
    custody = open_custody(deployment.settings, deployment.keys.door, tail, clock=system_clock)
    reader = open_reader(deployment.settings, deployment.keys, tail, custody)
    found: Counter[str] = Counter()
    for start in range(0, reader.size(MESSAGES), 1024):
        for stored in reader.read(MESSAGES, start, start + 1024):
            assert stored.payload is not None
            item = msgspec.json.decode(unpack(stored.payload).slice("item") or b"{}")
            found[item["id"]] += 1
    tail.close()
    return found


def test_kill_9_under_load_loses_no_acknowledged_message_and_doubles_none(
    make_deployment: Callable[..., Deployment],
) -> None:
    chance = random.Random(20261124)
    deployment = make_deployment(segment_entries=400, checkpoint_seconds=0.1)
    deployment.enrol("Ana", aliases=("pnid:106540352242922",))
    deployment.start("door", "keeper")
    with Load(deployment) as load:
        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 0.9))
            roles = chance.choice([("door",), ("keeper",), ("door", "keeper")])
            deployment.kill(*roles)
            deployment.start(*roles)
        time.sleep(0.5)
    deployment.stop()

    kept = kept_ids(deployment)
    assert len(load.acknowledged) > KILLS * 5
    assert [wamid for wamid in load.acknowledged if wamid not in kept] == []
    assert [wamid for wamid, times in kept.items() if times > 1] == []

    deployment.start("keeper")
    time.sleep(1.5)
    deployment.stop()
    report = deployment.house.verify()
    assert report.faults == ()
    assert report.messages == sum(kept.values())
    offline = subprocess.run(
        [sys.executable, "-m", "fairwitness_verify", str(deployment.settings.record)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert offline.returncode == 0, offline.stdout
