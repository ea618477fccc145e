"""Only one of a kind: a lock that ends with the process that holds it."""

import fcntl
import os
from pathlib import Path

from fairwitness.errors import Misconfigured

_held: list[int] = []


def hold_lock(path: Path) -> None:
    """Hold the lock at `path` until this process ends, or raise `Misconfigured` when another does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise Misconfigured(
            "another process publishes this record", setting="FAIRWITNESS_HOME", hint="Stop it first.",
            lock=str(path),
        ) from error  # fmt: skip
    # The descriptor stays open on purpose: closing it would let the lock go.
    _held.append(descriptor)
