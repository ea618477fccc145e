"""What a disk may hold after a power cut: what was synced, and any part of what was not.

The model is the strict one (Pillai et al., OSDI 2014): a write may land or not, in any order,
until its file is synced; a name may appear, move or go, or not, until its folder is synced; a file
that was synced is lost with its name. A rename happens whole or not at all.
"""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.faults.harness.journal import Cut, Journal, Mark, Name, Op, Sync, Write


@dataclass(frozen=True)
class Disk:
    """A journal cut off after `length` operations; what syncs did from `lying` on is not believed."""

    journal: Journal
    length: int
    lying: int | None = None

    def pending(self) -> list[int]:
        """The operations that no sync made durable."""
        durable, found = self._syncs(), []
        for at, op in enumerate(self.journal.ops[: self.length]):
            if isinstance(op, Write | Cut) and durable.get(("file", op.inode), -1) < at:
                found.append(at)
            if isinstance(op, Name) and durable.get(("folder", op.folder), -1) < at:
                found.append(at)
        return found

    def _syncs(self) -> dict[tuple[str, object], int]:
        """The last believed sync of each file and folder."""
        found: dict[tuple[str, object], int] = {}
        end = self.length if self.lying is None else min(self.length, self.lying)
        for at, op in enumerate(self.journal.ops[:end]):
            if isinstance(op, Sync):
                found[("file", op.inode) if op.inode is not None else ("folder", op.folder)] = at
        return found

    def acknowledged(self, first: int) -> range:
        """The items above `first` that were answered by then."""
        done = [op.text for op in self.journal.ops[: self.length] if isinstance(op, Mark)]
        ends = [int(text.partition("/")[2]) for text in done if text.startswith("acknowledged/")]
        return range(first, max(ends, default=first))

    def files(self, dropped: Collection[int], *, torn: int | None = None) -> dict[str, bytes | None]:
        """What is on the disk without the `dropped` operations; the last one cut off after `torn` bytes.

        A folder's content is None.
        """
        names: dict[str, int | None] = {name: at for at, name in enumerate(self.journal.before)}
        held = {at: bytearray(data) for at, data in enumerate(self.journal.before.values())}
        for at, op in enumerate(self.journal.ops[: self.length]):
            if at not in dropped:
                cut = torn if at == self.length - 1 else None
                _apply(op, names, held, cut)
        made = [name for name, inode in names.items() if inode is None]
        lost = _orphans(self.journal.ops[: self.length], made)
        return {
            name: None if inode is None else bytes(held.get(inode, b""))
            for name, inode in names.items()
            if not any(name.startswith(f"{folder}/") for folder in lost)
        }


def _apply(op: Op, names: dict[str, int | None], held: dict[int, bytearray], cut: int | None) -> None:
    if isinstance(op, Write):
        data = op.data if cut is None else op.data[:cut]
        file = held.setdefault(op.inode, bytearray())
        if data and len(file) < op.offset:
            file.extend(bytes(op.offset - len(file)))
        file[op.offset : op.offset + len(data)] = data
    elif isinstance(op, Cut):
        file = held.setdefault(op.inode, bytearray())
        del file[op.size :]
        file.extend(bytes(max(0, op.size - len(file))))
    elif isinstance(op, Name):
        if op.gone:
            names.pop(op.gone, None)
        if op.name:
            names[op.name] = op.inode


def _orphans(ops: Sequence[Op], made: Sequence[str]) -> list[str]:
    """Folders whose making did not reach the disk: whatever is in them is lost with them."""
    return [op.name for op in ops if isinstance(op, Name) and op.name and op.inode is None and op.name not in made]


def materialise(files: dict[str, bytes | None], home: Path) -> None:
    """Make the folder `home` be this."""
    shutil.rmtree(home, ignore_errors=True)
    for name, data in files.items():
        path = home / name
        if data is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
