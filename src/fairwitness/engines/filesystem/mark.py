"""A small file that says how far something is: replaced whole, lost without harm."""

import os
from pathlib import Path


def write_mark(path: Path, data: bytes | None) -> None:
    """Leave `data` at `path`, or nothing there."""
    if data is None:
        path.unlink(missing_ok=True)
        return
    staged = path.with_name(f".tmp-{path.name}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    staged.replace(path)


def read_mark(path: Path) -> bytes:
    """What is at `path`; empty when nothing is."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
