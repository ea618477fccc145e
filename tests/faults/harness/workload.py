"""A small record, and a worker that appends to it, signs it and seals it while faults are put in its way.

The worker imports the archive and the embedded engines and nothing else. It has the two
connections that a deployment has: a door's, which appends, and a keeper's, which publishes. It
behaves as they do: what could not be made durable ends it, what is asked to wait is tried again.
What it acknowledged it writes on a board of shared memory, which takes no system call.
"""

import mmap
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from fairwitness.archive.append import Delivery, Intake
from fairwitness.archive.custody import CustodyLog
from fairwitness.archive.keys import Keys
from fairwitness.engines.sqlite.tail import SqliteTail
from fairwitness.errors import FairwitnessError, NotDurable
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.model.envelope import unpack
from fairwitness.testing import FrozenClock, RecordRig, enrol, item

FATAL, RAW = 70, 71
"""How a worker ends: it lost durability and said so; or it ended with an error that is none of ours."""
_ITEMS = 3_000
_LATER_MS = 120_000
MARK = "/mark/"


@dataclass(frozen=True)
class Base:
    """A record to start from, and the keys to it. `held` items are in it already."""

    home: Path
    keys: Keys
    held: int
    segment: int

    def open(self, home: Path, clock: FrozenClock | None = None) -> RecordRig:
        """Open a copy of it at `home`."""
        return RecordRig(home, keys=self.keys, clock=clock, segment_entries=self.segment)

    def copy(self, home: Path) -> Path:
        """A copy of it at `home`."""
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(self.home, home)
        return home


def make_base(home: Path, *, held: int) -> Base:
    """Make a record with `held` messages of which a part is sealed."""
    segment = 7 if held < 100 else 100
    rig = RecordRig(home, segment_entries=segment)
    enrol(rig)
    sealed = held // 2
    for start in range(0, sealed, 50):
        rig.take([item(number) for number in range(start, min(start + 50, sealed))])
    rig.publisher.seal_all()
    rig.take([item(number) for number in range(sealed, held)])
    rig.publisher.checkpoint()
    rig.close()
    return Base(home, rig.keys, held, segment)


class Board:
    """What a worker acknowledged and how far it came, readable after its death."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _ITEMS)

    def acknowledge(self, first: int, count: int) -> None:
        """Note that these items were answered 200."""
        self._memory[first : first + count] = b"\x01" * count

    def acknowledged(self) -> list[int]:
        """The items that were answered 200."""
        return [number for number, mark in enumerate(self._memory[:]) if mark]


class Worker:
    """One deployment's door and keeper in one thread, over the record at `home`."""

    def __init__(self, home: Path, base: Base, board: Board) -> None:
        self._board = board
        self._clock = FrozenClock()
        self._rig = base.open(home, self._clock)
        keys = base.keys.door
        self._door = SqliteTail(home / "tail" / "tail.db", keys.tail, logs=(MESSAGES, CUSTODY))
        self._custody = CustodyLog(self._door, keys, origin=self._rig.origins[CUSTODY], clock=self._clock)
        self._intake = Intake(keys, origin=self._rig.origins[MESSAGES])
        self._next = base.held

    def run(self, seed: int) -> None:
        """Do everything that the seed says."""
        for name, size in plan(seed):
            if name == "take":
                self._attempt(lambda size=size: self._take(size))  # type: ignore[misc]
                self._next += size
            elif name == "checkpoint":
                self._attempt(self._rig.publisher.checkpoint)
            elif name == "seal":
                self._attempt(self._rig.publisher.seal_due)
            elif name == "later":
                self._clock.advance(_LATER_MS)
        mark("closing")
        self._door.close()
        self._rig.close()

    def go_on(self, start: int) -> None:
        """Take items from `start` on, sign and seal, without an end."""
        self._next = start
        while True:
            self._attempt(lambda: self._take(3))
            self._next += 3
            self._attempt(self._rig.publisher.checkpoint)
            self._attempt(self._rig.publisher.seal_due)

    def _take(self, size: int) -> None:
        numbers = range(self._next, self._next + size)
        delivery = Delivery(
            delivery="44" * 16, received_at=self._clock(), checked=(), items=tuple(map(item, numbers))
        )
        with self._door.transaction() as transaction:
            self._intake.take(transaction, self._custody.state_in(transaction), [delivery])
        self._board.acknowledge(self._next, size)
        mark(f"acknowledged/{self._next + size}")

    def _attempt(self, step: Callable[[], object]) -> None:
        """Do a step; what may be asked again is asked once more, as a sender and the keeper do."""
        for _ in range(2):
            try:
                step()
                return
            except FairwitnessError as error:
                self._intake.forget_streams()
                if isinstance(error, NotDurable) or not error.retryable:
                    raise


def plan(seed: int) -> list[tuple[str, int]]:
    """What a worker does: the shape is always the same, sizes and order are drawn."""
    chance = random.Random(seed)
    steps = [("take", chance.randint(1, 4)), ("checkpoint", 0), ("take", chance.randint(3, 9))]
    middle = [("checkpoint", 0), ("later", 0), ("take", chance.randint(1, 6)), ("checkpoint", 0), ("seal", 0)]
    if chance.random() < 0.5:
        middle.insert(chance.randrange(len(middle)), ("take", chance.randint(1, 3)))
    return [*steps, *middle, ("checkpoint", 0), ("take", 1), ("checkpoint", 0)]


def mark(name: str) -> None:
    """Show in a list of system calls how far the work has come: it asks for a file that is not there."""
    os.access(f"{MARK}{name}", os.F_OK)


def work(home: Path, base: Base, board: Board, seed: int) -> None:
    """Be a worker, and end the process as one would."""
    try:
        Worker(home, base, board).run(seed)
    except FairwitnessError:
        os._exit(FATAL)
    except MemoryError:
        os._exit(FATAL)
    except BaseException as error:
        if os.environ.get("FAIRWITNESS_SHOW"):
            import traceback

            traceback.print_exception(error)
        os._exit(RAW)
    os._exit(0)


def kept(rig: RecordRig) -> Counter[int]:
    """How often each item is in the record: every entry is opened and read."""
    found: Counter[int] = Counter()
    for stored in rig.reader.read(MESSAGES, 0, rig.reader.size(MESSAGES)):
        assert stored.payload is not None
        data = unpack(stored.payload).slice("item") or b"{}"
        found[int(msgspec.json.decode(data)["id"].removeprefix("wamid."))] += 1
    return found
