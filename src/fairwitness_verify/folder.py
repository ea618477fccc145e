"""Reads a folder that somebody else may have filled.

No link is followed, nothing but plain files is opened, and no file is read beyond what
it may hold.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from fairwitness_verify.notes import Broken

_FLAGS = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _FLAGS |= getattr(os, _flag, 0)


class Missing(Broken):
    """There is no such file."""


class Found(NamedTuple):
    """Something in the folder; `wrong` says why it is no plain file, if it is none."""

    name: str
    wrong: str


class Folder:
    """The files below `path`, by their names with `/`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._plain: dict[str, bool] = {"": True}

    def walk(self) -> Iterator[Found]:
        """Everything below the folder that is not a folder."""
        waiting = [""]
        while waiting:
            below = waiting.pop()
            try:
                entries = sorted(os.scandir(self._full(below)), key=lambda entry: entry.name)
            except FileNotFoundError:
                continue
            except OSError as error:
                yield Found(below or ".", f"can not be listed: {error.strerror}")
                continue
            for entry in entries:
                name = f"{below}/{entry.name}" if below else entry.name
                wrong = _why_not(entry)
                if wrong is None:
                    waiting.append(name)
                else:
                    yield Found(name, wrong)

    def widths(self, name: str) -> list[int]:
        """The widths of the partial tiles below `name`, the largest first."""
        if not self._is_plain(name):
            return []
        try:
            names = [entry.name for entry in os.scandir(self._full(name))]
        except OSError:
            return []
        return sorted((int(width) for width in names if width.isdigit() and len(width) < 4), reverse=True)

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file that may hold at most `most`."""
        data = b"".join(self.blocks(name, most + 1, most + 1))
        if len(data) > most:
            raise Broken(f"is longer than the {most} bytes that it may have")
        return data

    def blocks(self, name: str, size: int, most: int) -> Iterator[bytes]:
        """The bytes of a file in blocks of `size`, and not more than `most` of them."""
        if not self._is_plain(name.rpartition("/")[0]):
            raise Missing("is missing")
        try:
            handle = os.open(self._full(name), _FLAGS)
        except FileNotFoundError:
            raise Missing("is missing") from None
        except (OSError, ValueError) as error:
            raise Broken(f"can not be read: {getattr(error, 'strerror', error)}") from None
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise Broken("is not a plain file")
        with os.fdopen(handle, "rb") as file:
            while most > 0:
                try:
                    block = file.read(min(size, most))
                except OSError as error:
                    raise Broken(f"can not be read: {error.strerror}") from None
                if not block:
                    return
                most -= len(block)
                yield block

    def _is_plain(self, name: str) -> bool:
        """Whether each folder on the way to `name` is a folder and no link."""
        if name not in self._plain:
            above = self._is_plain(name.rpartition("/")[0])
            try:
                self._plain[name] = above and stat.S_ISDIR(os.lstat(self._full(name)).st_mode)
            except OSError:
                return False
        return self._plain[name]

    def _full(self, name: str) -> str:
        return f"{self._path}/{name}" if name else self._path


def _why_not(entry: os.DirEntry[str]) -> str | None:
    """Why an entry is no plain file; empty where it is one, None where it is a folder."""
    try:
        if entry.is_symlink():
            return "is a symbolic link; no link belongs in a record"
        if entry.is_dir(follow_symlinks=False):
            return None
        return "" if entry.is_file(follow_symlinks=False) else "is not a plain file"
    except OSError as error:
        return f"can not be looked at: {error.strerror}"
