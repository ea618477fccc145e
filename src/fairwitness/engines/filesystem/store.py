"""Published files in a local folder."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from fairwitness.errors import Forked, HashMismatch, NotDurable

_STAGED = ".tmp-"


class FolderStore:
    """Files below `root`, readable by their owner's group and never half written."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: set[Path] = set()

    def publish(self, name: str, data: bytes, *, replace: bool = False) -> None:
        """Publish `data` under `name`; it survives a power cut when this returns."""
        known = None if replace else self.read(name)
        if known is not None:
            if known != data:
                raise Forked("a published file would change", file=name)
            # Who gave it this name may have ended before the folder was synced.
            self.release(name)
            return
        self._stage(name, lambda path: _write(path, data))
        with _promise("a file could not be read back", name):
            if Path(self.staged_path(name)).read_bytes() != data:
                raise NotDurable("a file did not read back as written", file=name)
        self.release(name)

    def stage(self, name: str, write: Callable[[str], None]) -> None:
        """Have `write` make the staged file of `name`; it survives a power cut under its staged name."""
        self._stage(name, write)
        with _promise("a file could not be staged", name):
            sync(Path(self.staged_path(name)).parent)

    def release(self, name: str) -> None:
        """Rename a staged file to `name` and sync the folder; only the folder, if that was done."""
        staged, target = Path(self.staged_path(name)), self._root / name
        with _promise("a file could not be published", name):
            self._make(target.parent)
            if staged.exists():
                staged.replace(target)
            elif not target.exists():
                raise HashMismatch("a staged file is gone", file=name)
            sync(target.parent)

    def read(self, name: str) -> bytes | None:
        """The bytes of a published file, or None."""
        with _promise("a file could not be read", name):
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
        with _promise("staged files could not be removed", _STAGED):
            for path in self._root.rglob(f"{_STAGED}*"):
                path.unlink()

    def remove(self, name: str) -> None:
        """Remove a published file, if it is there."""
        with _promise("a file could not be removed", name):
            (self._root / name).unlink(missing_ok=True)

    def names(self, folder: str) -> Iterator[str]:
        """Names of the published files below `folder`, sorted."""
        root = self._root / folder
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.name.startswith(_STAGED):
                yield str(PurePosixPath(path.relative_to(self._root)))

    def _stage(self, name: str, write: Callable[[str], None]) -> None:
        staged = Path(self.staged_path(name))
        with _promise("a file could not be written", name):
            self._make(staged.parent)
            write(str(staged))
            sync(staged)

    def _make(self, folder: Path) -> None:
        if folder in self._known:
            return
        if folder != self._root:
            self._make(folder.parent)
            folder.mkdir(exist_ok=True)
            # Also where it is there already: who made it may have ended before it was synced.
            sync(folder.parent)
        self._known.add(folder)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, for its owner only; it survives a power cut when this returns."""
    if not folder.exists():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync(folder.parent)


@contextmanager
def _promise(what: str, name: str) -> Iterator[None]:
    """Turn what the disk can not do just now into `NotDurable`."""
    try:
        yield
    except OSError as error:
        raise NotDurable(what, file=name, reason=str(error)) from error


def _write(path: str, data: bytes) -> None:
    Path(path).write_bytes(data)


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
