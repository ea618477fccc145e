"""Runs a worker in a fork of this process under strace, with a fault at one chosen system call.

The imports are done once, here; a point costs a fork, an strace that attaches, and the work. The
worker begins when strace answers for a system call that nothing else makes, so that no call of
the work is missed.
"""

import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

WRITES = ("write", "pwrite64", "writev", "pwritev")
SYNCS = ("fsync", "fdatasync")
NAMES = ("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat")
OTHERS = ("openat", "close", "ftruncate", "fallocate")
MARKS = ("access", "faccessat", "faccessat2")
CALLS = (*WRITES, *SYNCS, *NAMES, *OTHERS)
_ATTACHED = 99
_SECONDS = 20
_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+|\?)")


@dataclass(frozen=True)
class Call:
    """A system call that a worker made: its name, its arguments as strace shows them, what it gave."""

    name: str
    arguments: str
    result: int


@dataclass(frozen=True)
class Fault:
    """What is done to the `when`th call of a name: `error=EIO`, `signal=SIGKILL`, `retval=512`."""

    call: str
    effect: str
    when: int

    def __str__(self) -> str:
        return f"{self.call}:{self.effect}:when={self.when}"


def run(work: Callable[[], None], *options: str, traced: tuple[str, ...] = CALLS) -> int:
    """Run `work` in a fork under strace with these options; gives its exit status, -9 where it was killed."""
    child = os.fork()
    if child == 0:
        _be_held(work)
    attach = ["strace", "-f", "-qq", "-p", str(child), "-e", f"trace={','.join(traced)},getpriority"]
    tracer = subprocess.Popen(
        [*attach, "-e", f"inject=getpriority:retval={_ATTACHED}", *(options or ("-o", "/dev/null"))],
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    _, status = os.waitpid(child, 0)
    _, said = tracer.communicate()
    code = os.waitstatus_to_exitcode(status)
    if code == _SECONDS:
        raise RuntimeError(f"strace did not attach: {said.decode()[:300]}")
    return code


def _be_held(work: Callable[[], None]) -> None:
    """In the fork: wait for strace, then work."""
    end = time.monotonic() + _SECONDS
    while os.getpriority(os.PRIO_PROCESS, 0) != 20 - _ATTACHED:
        if time.monotonic() > end:
            os._exit(_SECONDS)
        time.sleep(0.0003)
    work()
    os._exit(0)


def run_with(work: Callable[[], None], fault: Fault) -> int:
    """Run `work` with one fault; gives its exit status."""
    return run(work, "-o", "/dev/null", "-e", f"inject={fault.call}:{fault.effect}:when={fault.when}")


def list_calls(work: Callable[[], None], log: Path) -> list[Call]:
    """Run `work` without a fault and list its calls, in order."""
    code = run(work, "-o", str(log), "-y", "-s", "0", traced=(*CALLS, *MARKS))
    if code:
        raise RuntimeError(f"the work failed with {code} before any fault was put in its way")
    found = [_LINE.match(line) for line in log.read_text("utf-8", "replace").splitlines()]
    return [Call(line[1], line[2], int(line[3])) for line in found if line and line[3] != "?"]


def numbered(calls: list[Call]) -> list[tuple[Call, int]]:
    """Each call with its number among those of its name, as strace counts; marks are left out."""
    counts: Counter[str] = Counter()
    found = []
    for call in calls:
        counts[call.name] += 1
        if call.name in CALLS:
            found.append((call, counts[call.name]))
    return found
