"""What a worker asked the kernel to do to its files, in order, read from strace's log.

Files are known by an inode of our own, since names move: a write goes to whatever the name meant
when the file was opened. SQLite's shared memory is left out: nobody needs it after a power cut.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.faults.harness import strace
from tests.faults.harness.workload import MARK

_LINE = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_FD = re.compile(r"^(\d+)<(.*?)>")


@dataclass(frozen=True)
class Write:
    """Bytes at an offset of a file."""

    inode: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """A file's new length."""

    inode: int
    size: int


@dataclass(frozen=True)
class Name:
    """A change of names in one folder: `gone` leaves, `name` means `inode` from now on; a folder has none."""

    folder: str
    name: str = ""
    inode: int | None = None
    gone: str = ""


@dataclass(frozen=True)
class Sync:
    """A file, or a folder's names, were made durable."""

    inode: int | None = None
    folder: str = ""


@dataclass(frozen=True)
class Mark:
    """The worker showed how far it had come."""

    text: str


Op = Write | Cut | Name | Sync | Mark


@dataclass(frozen=True)
class Journal:
    """The operations of one run over the files that were there `before`, whose inodes are their places."""

    before: dict[str, bytes]
    ops: list[Op]


def record(work: Callable[[], None], home: Path, log: Path) -> Journal:
    """Run `work` under strace, and give what it did to the files below `home`."""
    before = {
        str(path.relative_to(home)): path.read_bytes() for path in sorted(home.rglob("*")) if path.is_file()
    }
    calls = (*strace.CALLS, *strace.MARKS, "lseek")
    if code := strace.run(work, "-o", str(log), "-y", "-xx", "-s", "9999999", traced=calls):
        raise RuntimeError(f"the work failed with {code} before any power was cut")
    reading = _Reading(f"{home}/", before)
    with log.open("rb") as lines:
        return Journal(before, [op for line in lines for op in reading.read(line.decode("ascii"))])


class _Reading:
    """Turns lines of a log into operations."""

    def __init__(self, home: str, before: dict[str, bytes]) -> None:
        self._home = home
        self._names = {name: number for number, name in enumerate(before)}
        self._next = len(before)
        self._open: dict[int, tuple[int | None, str, int]] = {}

    def read(self, line: str) -> Iterator[Op]:
        """The operations of one line, none where it failed or was about something else."""
        found = _LINE.match(line)
        if found is None:
            return
        call, arguments, result = found[1], found[2], int(found[3])
        if call in strace.MARKS:
            text = _strings(arguments)[0]
            if text.startswith(MARK):
                yield Mark(text.removeprefix(MARK))
        elif result >= 0 and call in (*strace.CALLS, "lseek"):
            handle = getattr(self, f"_{call}", None)
            if handle is None:
                raise ValueError(f"a system call that the model of a disk does not know: {call}")
            yield from handle(arguments, result)

    def _place(self, path: str) -> str | None:
        """The place below the home, None for what is elsewhere or of no account."""
        inside = path.startswith(self._home) and not path.endswith("-shm")
        return path.removeprefix(self._home) if inside else None

    def _openat(self, arguments: str, result: int) -> Iterator[Op]:
        name = self._place(_strings(arguments)[0])
        if name is None:
            self._open[result] = (None, "", 0)
            return
        if name not in self._names and "O_CREAT" in arguments:
            self._names[name], self._next = self._next, self._next + 1
            yield Name(_folder(name), name, self._names[name])
        inode = self._names.get(name)
        self._open[result] = (inode, name, 0)
        if inode is not None and "O_TRUNC" in arguments:
            yield Cut(inode, 0)

    def _close(self, arguments: str, result: int) -> Iterator[Op]:
        self._open.pop(int(arguments.partition("<")[0]), None)
        return iter(())

    def _lseek(self, arguments: str, result: int) -> Iterator[Op]:
        number = int(arguments.partition("<")[0])
        inode, name, _ = self._open.get(number, (None, "", 0))
        self._open[number] = (inode, name, result)
        return iter(())

    def _write(self, arguments: str, result: int) -> Iterator[Op]:
        number = int(arguments.partition("<")[0])
        inode, name, at = self._open.get(number, (None, "", 0))
        self._open[number] = (inode, name, at + result)
        if inode is not None:
            yield Write(inode, at, _bytes(arguments)[:result])

    def _pwrite64(self, arguments: str, result: int) -> Iterator[Op]:
        inode = self._open.get(int(arguments.partition("<")[0]), (None, "", 0))[0]
        if inode is not None:
            yield Write(inode, int(arguments.rpartition(", ")[2]), _bytes(arguments)[:result])

    def _ftruncate(self, arguments: str, result: int) -> Iterator[Op]:
        inode = self._open.get(int(arguments.partition("<")[0]), (None, "", 0))[0]
        if inode is not None:
            yield Cut(inode, int(arguments.rpartition(", ")[2]))

    def _fsync(self, arguments: str, result: int) -> Iterator[Op]:
        inode = self._open.get(int(arguments.partition("<")[0]), (None, "", 0))[0]
        path = _FD.match(arguments)
        if inode is not None:
            yield Sync(inode=inode)
        elif path is not None and f"{_decode(path[2])}/".startswith(self._home):
            yield Sync(folder=f"{_decode(path[2])}/".removeprefix(self._home).rstrip("/"))

    _fdatasync = _fsync

    def _rename(self, arguments: str, result: int) -> Iterator[Op]:
        old, new = map(self._place, _strings(arguments))
        assert old is not None
        assert new is not None
        inode = self._names[new] = self._names.pop(old)
        yield Name(_folder(new), new, inode, gone=old)

    def _unlink(self, arguments: str, result: int) -> Iterator[Op]:
        name = self._place(_strings(arguments)[0])
        if name is not None and self._names.pop(name, None) is not None:
            yield Name(_folder(name), gone=name)

    def _mkdir(self, arguments: str, result: int) -> Iterator[Op]:
        name = self._place(_strings(arguments)[0])
        if name is not None:
            yield Name(_folder(name), name)


def _folder(name: str) -> str:
    return name.rpartition("/")[0]


def _decode(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode()


def _strings(arguments: str) -> list[str]:
    return [_decode(text) for text in _TEXT.findall(arguments)]


def _bytes(arguments: str) -> bytes:
    found = _TEXT.search(arguments)
    assert found is not None
    return bytes.fromhex(found[1].replace("\\x", ""))
