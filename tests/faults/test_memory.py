"""E1: what a dump of the door's memory shows: what is in flight, and little of what was."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fairwitness.testing.deployment import APP_SECRET, PASSPHRASE, Deployment, text_delivery

BOUND = 8
"""How many messages that were answered may still stand somewhere in freed memory."""


def memory_of(pid: int) -> bytes:
    """Everything in the writable memory of a process; only root may look, which the test says."""
    found = []
    place = Path("/proc") / str(pid)
    with (place / "maps").open() as maps, (place / "mem").open("rb", 0) as memory:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if match is not None and "[v" not in line:
                start, stop = int(match[1], 16), int(match[2], 16)
                memory.seek(start)
                found.append(memory.read(stop - start))
    return b"".join(found)


def test_e1_a_dump_of_the_door_shows_what_is_in_flight_and_no_key_that_reads(
    make_deployment: Callable[..., Deployment],
) -> None:
    deployment = make_deployment()
    deployment.enrol("Ana", aliases=("pnid:106540352242922",))
    deployment.start("door")
    for number in range(500):
        text = f"canary-in-memory-{number:06d}."
        assert deployment.post(text_delivery([(f"wamid.{number}", text)])) == 200
    pid = deployment.running["door"].pid
    if os.geteuid() != 0:
        # Nobody but root may look into a process that is not dumpable.
        assert not os.access(f"/proc/{pid}/mem", os.R_OK)
        return
    seen = memory_of(pid)
    left = {int(number) for number in re.findall(rb"canary-in-memory-(\d{6})\.", seen)}
    keeper = deployment.keys.keeper
    assert keeper is not None
    assert APP_SECRET.encode() in seen, "the dump must be a real one"
    assert len(left) <= BOUND, sorted(left)
    assert PASSPHRASE.encode() not in seen
    for secret in (keeper.wrapping, keeper.views, *keeper.log_seeds.values()):
        assert secret not in seen


@pytest.mark.parametrize("role", ["door", "keeper", "hub"])
def test_a_process_that_has_keys_can_not_be_dumped(role: str) -> None:
    asking = (
        f"from fairwitness.compose import start_process; start_process({role!r});"
        "import ctypes, resource;"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))"
    )
    told = subprocess.run([sys.executable, "-c", asking], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["0", "0", "0"]
