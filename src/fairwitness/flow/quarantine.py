"""Which failure is an entry's own fault, and leading a follower past such an entry.

A store that is busy or full is nobody's fault and mends; a policy set that does not compile
is not the message's fault. What is left is an entry that a follower cannot take: after
`ATTEMPTS` on its own it is led past, noted in that follower's view, and holds up nobody. A
follower that fails at every entry is broken itself and is not led on through the record.
"""

from fairwitness.errors import FairwitnessError, Unreadable
from fairwitness.flow.follower import Batch
from fairwitness.flow.ports import LogFollower

ATTEMPTS = 3
MOST_IN_A_ROW = 8

FAULTS = (
    FairwitnessError, ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError,
    TypeError, ValueError,
)  # fmt: skip
"""What a follower may raise. Anything else is a fault of the machinery and ends the process."""

_ITS_OWN = (Unreadable, ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


def describe(error: BaseException) -> str:
    """What went wrong, in one line: no word of any message is repeated for unforeseen errors."""
    if isinstance(error, FairwitnessError):
        return f"{error.code}: {error.message}"
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"


def may_be_its_own(error: BaseException) -> bool:
    """True when asking again would not help and the entry may be to blame."""
    return isinstance(error, _ITS_OWN)


def hand_one(follower: LogFollower, batch: Batch) -> str:
    """Hand over a batch of one entry, leading past it when it fails for good; gives what went wrong.

    Raises what the follower raised when the entry is not to blame for it.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            follower.handle(batch)
        except FAULTS as error:
            if not may_be_its_own(error) or is_broken(follower, batch):
                raise
            if attempt == ATTEMPTS:
                problem = describe(error)
                follower.skip(batch.log, batch.end - 1, problem)
                return problem
        else:
            return ""
    return ""


def is_broken(follower: LogFollower, batch: Batch) -> bool:
    """True when the entries just before were all led past: it is not they that are at fault."""
    before = batch.entries[0].index
    run = [skipped.index for skipped in follower.skipped(limit=MOST_IN_A_ROW) if skipped.log == batch.log]
    return run == list(range(before - 1, before - 1 - MOST_IN_A_ROW, -1))
