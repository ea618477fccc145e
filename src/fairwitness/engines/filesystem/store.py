"""Published files in a local folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from fairwitness.errors import Forked, NotDurable

_STAGED = ".tmp-"


class FolderStore:
    """Files below `root`, readable by their owner's group and never half written."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: set[Path] = set()

    def publish(self, name: str, data: bytes, *, replace: bool = False) -> None:
        """Publish `data` under `name`; it survives a power cut when this returns."""
        target = self._root / name
        if not replace and target.exists():
            if target.read_bytes() != data:
                raise Forked("a published file would change", file=name)
            return
        self.stage(name, lambda path: _write(path, data))
        self.release(name)

    def stage(self, name: str, write: Callable[[str], None]) -> None:
        """Have `write` make the staged file of `name`, and sync it."""
        staged = Path(self.staged_path(name))
        self._make(staged.parent)
        try:
            write(str(staged))
            _sync(staged)
        except OSError as error:
            raise NotDurable("a file could not be written", file=name, reason=str(error)) from error

    def release(self, name: str) -> None:
        """Rename a staged file to `name` and sync the folder; nothing happens if that was done."""
        staged, target = Path(self.staged_path(name)), self._root / name
        try:
            if staged.exists():
                staged.replace(target)
            _sync(target.parent)
        except OSError as error:
            raise NotDurable("a file could not be published", file=name, reason=str(error)) from error

    def read(self, name: str) -> bytes | None:
        """The bytes of a published file, or None."""
        try:
            return (self._root / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def path(self, name: str) -> str:
        """Where a published file is."""
        return str(self._root / name)

    def staged_path(self, name: str) -> str:
        """Where the staged file of `name` is, until it is released."""
        target = self._root / name
        return str(target.with_name(_STAGED + target.name))

    def discard_staged(self) -> None:
        """Remove staged files that were never released."""
        for path in self._root.rglob(f"{_STAGED}*"):
            path.unlink()

    def remove(self, name: str) -> None:
        """Remove a published file, if it is there."""
        (self._root / name).unlink(missing_ok=True)

    def names(self, folder: str) -> Iterator[str]:
        """Names of the published files below `folder`, sorted."""
        root = self._root / folder
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith(_STAGED):
                yield str(PurePosixPath(path.relative_to(self._root)))

    def _make(self, folder: Path) -> None:
        if folder in self._known:
            return
        if not folder.exists():
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            _sync(folder.parent)
        self._known.add(folder)


def _write(path: str, data: bytes) -> None:
    Path(path).write_bytes(data)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
