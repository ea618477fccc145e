"""A7, A13, A14, A15, A18, A21, A22: faults that a machine has by itself, without anybody at a system call."""

import os
import random
import resource
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import apsw
from tests.faults.harness import check, strace
from tests.faults.harness.check import problems_after
from tests.faults.harness.points import BROKEN, FOUND, HELD, UNSIGNED, Lab, Outcome, Point, held_or_broken
from tests.faults.harness.workload import RAW, Board, Worker, work

from fairwitness.archive.ports import NewEntry
from fairwitness.engines.filesystem import FolderStore
from fairwitness.engines.sqlite.tail import SqliteTail
from fairwitness.errors import Overloaded
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.tlog import decode_bundle

_PAGE = 4096


def limits(lab: Lab, points: int) -> Iterator[Point]:
    """A7, A14 and A15: files may not grow, memory may not grow, nothing more may be opened."""
    most = 400_000
    for number in range(points):
        yield _limited(lab, "A7", resource.RLIMIT_FSIZE, 512 + number * most // points // 512 * 512, number)
    for number in range(points // 2):
        more = random.Random(number).randrange(0, 24 * 1024 * 1024, _PAGE)
        yield _limited(lab, "A14", resource.RLIMIT_AS, more, number)
    for number in range(points // 4):
        yield _limited(lab, "A15", resource.RLIMIT_NOFILE, 4 + number % 16, number // 16)


def _limited(lab: Lab, case: str, limit: int, value: int, seed: int) -> Point:
    def worker(board: Board) -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        most = value + (_address_space() if case == "A14" else 0)
        resource.setrlimit(limit, (most, most))
        work(lab.home, lab.small, board, seed)

    def run() -> Outcome:
        lab.small.copy(lab.home)
        board = Board()
        code = _fork(partial(worker, board))
        raw = code == RAW and case != "A14"
        wrong = ["the worker ended with an error that is none of ours"] if raw else []
        return held_or_broken(wrong + problems_after(lab.home, lab.small, board.acknowledged()))

    return Point(case, f"workload {seed}, limited to {value}", run)


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _fork(work: Callable[[], None], *, killed_after: float | None = None) -> int:
    """Run `work` in a fork; gives how it ended. With `killed_after`, it is killed after so many seconds."""
    child = os.fork()
    if child == 0:
        os.close(2)
        os.open(os.devnull, os.O_WRONLY)
        work()
        os._exit(0)
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def slow(lab: Lab, points: int) -> Iterator[Point]:
    """A13: each sync takes 50 to 500 ms; answers come late and none is lost."""
    for number in range(points):
        yield Point("A13", f"workload {number}", partial(_slow, lab, number))


def _slow(lab: Lab, seed: int) -> Outcome:
    lab.small.copy(lab.home)
    board, delay = Board(), (50_000, 100_000, 500_000)[seed % 3]
    every = {50_000: 1, 100_000: 3, 500_000: 12}[delay]
    effect = f"inject=fsync,fdatasync:delay_exit={delay}:when=1+{every}"
    code = strace.run(partial(work, lab.home, lab.small, board, seed), "-o", "/dev/null", "-e", effect)
    wrong = [] if code == 0 else [f"the worker ended with {code}"]
    return held_or_broken(wrong + problems_after(lab.home, lab.small, board.acknowledged()))


def storm(lab: Lab, cycles: int) -> Iterator[Point]:
    """A21: one record, killed and started again over and over; looked through every fifty times."""
    base, board, chance = lab.small, Board(), random.Random(21)
    home = base.copy(lab.root / "storm")
    state = {"next": base.held}

    def cycle(number: int) -> Outcome:
        def endless() -> None:
            Worker(home, base, board).go_on(state["next"])

        _fork(endless, killed_after=chance.uniform(0.005, 0.06))
        done = board.acknowledged()
        # What was asked for and not answered is asked for again, as a sender does.
        state["next"] = max(done, default=base.held - 1) + 1
        if number % 50 != 49:
            return Outcome(HELD)
        shutil.rmtree(lab.home, ignore_errors=True)
        shutil.copytree(home, lab.home)
        return held_or_broken(problems_after(lab.home, base, done))

    for number in range(cycles):
        yield Point("A21", f"cycle {number}", partial(cycle, number))


def stress(lab: Lab, seconds: int) -> Iterator[Point]:
    """A18: two processes write to one tail and checkpoint it as fast as they can, for some seconds."""
    for number in range(seconds):
        yield Point("A18", f"second {number}", partial(_stress, lab, number))


def _stress(lab: Lab, number: int) -> Outcome:
    path, key = lab.root / "stress.db", bytes(32)

    def write() -> None:
        tail = SqliteTail(path, key, logs=(MESSAGES, CUSTODY))
        end, chance = time.monotonic() + 1, random.Random(os.getpid())
        while time.monotonic() < end:
            try:
                with tail.transaction() as transaction:
                    transaction.append(MESSAGES, [NewEntry(os.urandom(300))], os.urandom(900))
            except Overloaded:
                continue
            mode = chance.choice(("PASSIVE", "FULL", "RESTART", "TRUNCATE"))
            try:
                tail._db.execute(f"PRAGMA wal_checkpoint({mode})").fetchall()
            except apsw.BusyError:
                continue

    def run_two() -> None:
        other = os.fork()
        write()
        if other:
            os._exit(os.waitstatus_to_exitcode(os.waitpid(other, 0)[1]))

    code = _fork(run_two)
    tail = SqliteTail(path, key, logs=(MESSAGES, CUSTODY))
    said = tail._db.execute("PRAGMA integrity_check").fetchall()
    held = tail._db.execute("SELECT count(*), max(idx) + 1 FROM entry WHERE log = 1").fetchall()[0]
    whole = held[0] == held[1] == tail.size(MESSAGES)
    tail.close()
    wrong = [f"a writer ended with {code}"] * (code != 0) + [f"integrity: {said}"] * (said != [("ok",)])
    return held_or_broken(wrong + [f"entries and size differ: {held}"] * (not whole))


def backups(lab: Lab, copies: int) -> Iterator[Point]:
    """A22: the folder is copied as it lies while it is written to, and the copy is gone on with."""
    for seed in range(copies):
        yield Point("A22", f"copy {seed}", partial(_copied, lab, seed))


def _copied(lab: Lab, seed: int) -> Outcome:
    base, board, chance = lab.small, Board(), random.Random(seed)
    home, copy = base.copy(lab.home), lab.root / "copy"
    child = os.fork()
    if child == 0:
        work(home, base, board, seed)
    time.sleep(chance.uniform(0, 0.03))
    before = board.acknowledged()
    torn = _copy(home, copy, first=chance.choice(("record", "tail")))
    os.waitpid(child, 0)
    problems = torn + problems_after(copy, base, before)
    if any(problem.startswith(check.RAW) for problem in problems):
        return Outcome(BROKEN, problems)
    if problems and all(problem.startswith("lost") for problem in problems):
        return Outcome(UNSIGNED, problems)
    # The copy went on by itself: whoever holds a checkpoint of the original sees two histories.
    forked = not _goes_on(_entries(home), _entries(copy))
    silent = forked and not problems and not check.theirs(copy, check.checkpoints(home))
    problems += ["the copy went another way and no fault is found"] * silent
    return Outcome(BROKEN if silent else FOUND if problems else HELD, problems + silent)


def _entries(home: Path) -> list[bytes]:
    """The headers of the message log, as its bundles have them."""
    bundles = FolderStore(home / "record")
    last = max(bundles.names(f"{MESSAGES}/tile/entries"), key=lambda name: int(name.rpartition("/")[2]))
    return decode_bundle(bundles.read(last) or b"")


def _goes_on(old: list[bytes], new: list[bytes]) -> bool:
    return new[: len(old)] == old


def _copy(home: Path, copy: Path, *, first: str) -> list[str]:
    """`cp -r`, folder by folder; files may go while they are copied."""
    shutil.rmtree(copy, ignore_errors=True)
    for name in sorted(("record", "tail", "keys"), key=lambda name: name != first):
        try:
            shutil.copytree(home / name, copy / name)
        except shutil.Error as error:
            gone = [place for place in error.args[0] if "No such file" not in str(place[2])]
            if gone:
                return [f"could not be copied: {gone}"]
    return []
