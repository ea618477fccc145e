"""Has the record checked when somebody asks. A request stands in the custody log until its answer does.

Whoever may not open messages can ask; whoever holds the keys answers. A check that is cut
short leaves its request where it is: the next keeper begins again.
"""

from collections.abc import Callable

import msgspec

from fairwitness.archive.custody import CustodyLog, Draft, subject_of
from fairwitness.archive.ports import Tail
from fairwitness.archive.status import VerifyReport
from fairwitness.archive.verify import Progress
from fairwitness.clock import Clock
from fairwitness.errors import FairwitnessError, Forbidden
from fairwitness.model.custody import RecordVerified, VerificationAsked

RECORD = subject_of("record")
NAMED = 200
"""How many faults an answer names; the rest are counted."""
_MARK_MS = 250


class Cut(Exception):
    """The process is to stop; the check is left where it is."""


class Mark(msgspec.Struct, frozen=True):
    """How far the check is that custody entry `asked` asked for. Not a word of anybody's."""

    asked: int
    done: int
    total: int


def ask(tail: Tail, custody: CustodyLog, *, by: str) -> None:
    """Ask for a full check, or `Forbidden` while one is waited for."""
    version = tail.subject_version(RECORD)
    if asked := custody.state().asked:
        raise Forbidden("a verification is already asked for", by=asked[2].by)
    custody.append([Draft(decision=VerificationAsked(by=by), subject=RECORD, expect=version)])


def outcome(report: VerifyReport, *, by: str, asked: int | None = None) -> RecordVerified:
    """What the custody log keeps of a check."""
    return RecordVerified(
        messages=report.messages, custody=report.custody, faults=len(report.faults), payloads=report.payloads,
        unreadable=report.unreadable, named=report.faults[:NAMED], asked=asked, by=by,
    )  # fmt: skip


class Verifier:
    """Answers requests, one after the other, in the thread that has it."""

    def __init__(
        self, *, tail: Tail, custody: CustodyLog, check: Callable[[Progress], VerifyReport],
        mark: Callable[[Mark | None], None], clock: Clock,
    ) -> None:  # fmt: skip
        self._tail = tail
        self._custody = custody
        self._check = check
        self._mark = mark
        self._clock = clock
        self._version = 0
        self._marked = 0

    def answer(self, stopping: Callable[[], bool]) -> None:
        """Answer the request that waits, if one does; give up without an answer when `stopping`."""
        # The version of the record's subject is cheap to ask; the custody state need not be kept for it.
        if (version := self._tail.subject_version(RECORD)) == self._version:
            return
        if asked := self._custody.state().asked:
            index, _, request = asked
            try:
                self._answer(index, by=request.by, stopping=stopping)
            except Cut:
                return
        self._version = version

    def _answer(self, asked: int, *, by: str, stopping: Callable[[], bool]) -> None:
        failed = RecordVerified(messages=0, custody=0, faults=0, asked=asked, by=by)
        try:
            answer = outcome(self._check(self._moving(asked, stopping)), by=by, asked=asked)
        except (FairwitnessError, OSError) as error:
            answer = msgspec.structs.replace(failed, trouble=str(error))
        except Cut:
            raise
        except BaseException:
            # Answered, so that the next keeper does not fall over the same request.
            self._append(msgspec.structs.replace(failed, trouble="the keeper's log says why"))
            raise
        finally:
            self._mark(None)
        self._append(answer)

    def _append(self, answer: RecordVerified) -> None:
        self._custody.append([Draft(decision=answer, subject=RECORD)])

    def _moving(self, asked: int, stopping: Callable[[], bool]) -> Progress:
        def moved(done: int, total: int) -> None:
            if stopping():
                raise Cut
            now = self._clock()
            if now - self._marked >= _MARK_MS:
                self._marked = now
                self._mark(Mark(asked, done, total))

        return moved
