"""A file that is on its way out: nobody sees it under its name before it is whole and durable."""

import os
from pathlib import Path
from typing import BinaryIO, Self

from fairwitness.errors import Misconfigured, NotDurable

_STAGED = ".tmp-"


class OutgoingFile:
    """A new file at `target`, written beside it, readable by its owner only; gone unless it is kept."""

    def __init__(self, target: Path) -> None:
        if target.exists():
            raise Misconfigured(
                "there is a file of this name already", setting="--output", hint="Choose another name.",
                file=str(target),
            )  # fmt: skip
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
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        self._file = os.fdopen(os.open(self._staged, flags, 0o600), "w+b")
        return self

    def keep(self) -> None:
        """Make what was written durable, and give it its name."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._staged.rename(self._target)
            folder = os.open(self._target.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        except OSError as error:
            raise NotDurable("the file could not be written", file=str(self._target)) from error
        self._kept = True

    def __exit__(self, *raised: object) -> None:
        self._file.close()
        if not self._kept:
            self._staged.unlink(missing_ok=True)
