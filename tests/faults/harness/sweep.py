"""A1 to A6, A8, A15, A16: every system call of append, checkpoint and seal is killed and failed.

What is done at which call: killed before it, or refused with an error, or, for a write, answered
as done without being done. The worker's run without a fault is listed first; then it is run again
for every single call and effect.
"""

from collections.abc import Iterator
from functools import partial

from tests.faults.harness import check, strace
from tests.faults.harness.check import problems_after
from tests.faults.harness.points import BROKEN, FOUND, HELD, UNSIGNED, Lab, Outcome, Point, held_or_broken
from tests.faults.harness.strace import NAMES, SYNCS, WRITES, Call, Fault
from tests.faults.harness.workload import FATAL, MARK, RAW, Base, Board, work

_KILL = "signal=SIGKILL"
_WIDE_EVERY = 4


def points(lab: Lab, seeds: int) -> Iterator[Point]:
    """The points of as many workloads as there are seeds; every fourth fills a tile."""
    for seed in range(seeds):
        base = lab.wide if seed % _WIDE_EVERY == 1 else lab.small
        base.copy(lab.home)
        calls = strace.list_calls(partial(work, lab.home, base, Board(), seed), lab.root / "calls")
        ending = next(at for at, call in enumerate(calls) if f"{MARK}closing" in call.arguments)
        before = len(strace.numbered(calls[:ending]))
        for at, (call, when) in enumerate(strace.numbered(calls)):
            for effect in _effects(call):
                yield _point(lab, base, seed, Fault(call.name, effect, when), at < before, _is_sqlites_own(call))


def _is_sqlites_own(call: Call) -> bool:
    """SQLite syncs a database's folder at its first commit and does not look at the answer.

    It need not: the folder was synced when the database was opened, and that answer was looked at.
    """
    return call.name == "fdatasync" and call.arguments.endswith(("/tail>", "/keys>"))


def _point(lab: Lab, base: Base, seed: int, fault: Fault, in_work: bool, spared: bool) -> Point:
    case = case_of(fault)

    def run() -> Outcome:
        base.copy(lab.home)
        board = Board()
        code = strace.run_with(partial(work, lab.home, base, board, seed), fault)
        problems = problems_after(lab.home, base, board.acknowledged())
        if case == "A8":
            return _lied_to(code, problems)
        return held_or_broken(_wrong_end(code, fault, in_work, spared) + problems)

    return Point(case, f"workload {seed}, {fault}", run)


def _effects(call: Call) -> list[str]:
    if call.name in WRITES:
        lie = [f"retval={call.result}"] if call.result > 0 else []
        return [_KILL, "error=EIO", "error=ENOSPC", *lie]
    if call.name in SYNCS:
        return [_KILL, "error=EIO", "error=ENOSPC"]
    if call.name in NAMES:
        return [_KILL, "error=EIO", "error=ENOSPC", "error=EROFS"]
    if call.name == "openat":
        made = ["error=ENOSPC", "error=EROFS"] if "O_CREAT" in call.arguments else []
        return [_KILL, "error=EIO", "error=EMFILE", *made]
    return [_KILL, "error=EIO"]


def case_of(fault: Fault) -> str:
    """The id of a fault in the matrix."""
    if fault.effect == _KILL:
        return "A1" if fault.call in WRITES else "A2" if fault.call in SYNCS else "A3"
    if fault.effect == "error=EIO":
        return "A5" if fault.call in SYNCS else "A4"
    if fault.effect.startswith("retval="):
        return "A8"
    return {"error=ENOSPC": "A6", "error=EMFILE": "A15", "error=EROFS": "A16"}[fault.effect]


def _wrong_end(code: int, fault: Fault, in_work: bool, spared: bool) -> list[str]:
    """What is wrong with how the worker ended. A failed fsync is fatal, wherever there was work to do."""
    if code == RAW:
        return ["the worker ended with an error that is none of ours"]
    if fault.effect == _KILL:
        return [] if code == -9 else [f"the call was not reached: the worker ended with {code}"]
    if fault.call in SYNCS and in_work and code != FATAL and not spared:
        return ["the worker went on after a failed fsync"]
    return [] if code in (0, FATAL) else [f"the worker ended with {code}"]


def _lied_to(code: int, problems: list[str]) -> Outcome:
    """A write that never happened may cost what no checkpoint covered; else it must be loud."""
    if code == RAW or any(problem.startswith(check.RAW) for problem in problems):
        return Outcome(BROKEN, ["the worker ended with an error that is none of ours", *problems])
    if not problems:
        return Outcome(FOUND if code == FATAL else HELD)
    silent = all(problem.startswith("lost") for problem in problems)
    return Outcome(UNSIGNED if silent else FOUND, problems)
