"""A file that is on its way out: nobody sees it under its name before it is whole and durable."""

import fcntl
import os
from pathlib import Path
from typing import BinaryIO, Self

from fairwitness.errors import Misconfigured, NotDurable

_STAGED = ".tmp-"


class OutgoingFile:
    """A new file at `target`, written beside it, readable by its owner only; gone unless it is kept."""

    def __init__(self, target: Path) -> None:
        if target.exists():
            raise _taken(target)
        self._target = target
        self._staged = target.with_name(_STAGED + target.name)
        self._kept = False

    @property
    def path(self) -> str:
        """Where the file is until it is kept."""
        return str(self._staged)

    @property
    def file(self) -> BinaryIO:
        """The file, to be written and read, between entering and leaving."""
        return self._file

    def __enter__(self) -> Self:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        self._file = os.fdopen(os.open(self._staged, flags, 0o600), "r+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise _taken(self._target) from error
        # What an interrupted run left over is worth nothing.
        self._file.truncate(0)
        return self

    def keep(self) -> None:
        """Make what was written durable, and give it its name."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._name()
            folder = os.open(self._target.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            raise NotDurable("the file could not be written", file=str(self._target)) from error
        self._kept = True

    def _name(self) -> None:
        """Give the file its name, never one that was taken meanwhile."""
        try:
            self._target.hardlink_to(self._staged)
        except FileExistsError as error:
            raise _taken(self._target) from error
        except OSError:
            # A stick without hard links: there the name is given by a rename.
            self._staged.rename(self._target)
        else:
            self._staged.unlink()

    def __exit__(self, *raised: object) -> None:
        self._file.close()
        if not self._kept:
            self._staged.unlink(missing_ok=True)


def _taken(target: Path) -> Misconfigured:
    return Misconfigured(
        "there is a file of this name already, or it is being written", setting="--output",
        hint="Choose another name.", file=str(target),
    )  # fmt: skip
