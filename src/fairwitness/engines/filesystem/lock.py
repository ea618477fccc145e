"""Only one of a kind: a lock that ends with the process that holds it, or with what it is held for."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairwitness.errors import Misconfigured

_held: dict[Path, int] = {}


def hold_lock(path: Path) -> None:
    """Hold the lock at `path` until this process ends, or raise `Misconfigured` when another does."""
    if not take_lock(path):
        raise Misconfigured(
            "another process publishes this record.", setting="FAIRWITNESS_HOME", hint="Stop it first.",
            lock=str(path),
        )  # fmt: skip


def take_lock(path: Path) -> bool:
    """Hold the lock at `path` until this process ends; False when another does."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return False
    # The descriptor stays open on purpose: closing it would let the lock go.
    _held[path] = descriptor
    return True


def let_go(path: Path) -> None:
    """Let the lock at `path` go, if this process holds it, so that another may take it."""
    if (descriptor := _held.pop(path, None)) is not None:
        os.close(descriptor)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock at `path` within the block; waits for whoever holds it."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
