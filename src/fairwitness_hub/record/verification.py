"""One verification at a time, in a thread of its own, that a page can watch and leave.

What is kept here is only how far it is and what it said last; that it happened is a
custody entry.
"""

from dataclasses import dataclass, replace
from threading import Lock, Thread
from typing import Literal, Protocol

from fairwitness.archive.status import VerifyReport
from fairwitness.errors import FairwitnessError, Forbidden

Stage = Literal["idle", "running", "done", "failed"]


class Check(Protocol):
    """Checks the record, saying how many of how many entries are done."""

    def __call__(self, progress: "Progress", /) -> VerifyReport: ...


class Progress(Protocol):
    def __call__(self, done: int, total: int, /) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a verification is. `trouble` says why it could not be finished."""

    stage: Stage = "idle"
    by: str = ""
    started_at: int = 0
    finished_at: int = 0
    done: int = 0
    total: int = 0
    report: VerifyReport | None = None
    trouble: str = ""

    @property
    def percent(self) -> int:
        """How much is done, 0 to 100."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class Verification:
    """Runs checks one after another, never two at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._course = Course()
        self._thread: Thread | None = None

    def course(self) -> Course:
        """How far the newest check is."""
        with self._lock:
            return self._course

    def start(self, check: Check, *, by: str, clock: "Clock") -> None:
        """Begin a check, or `Forbidden` while one is running."""
        with self._lock:
            if self._course.stage == "running":
                raise Forbidden("a verification is already running", by=self._course.by)
            self._course = Course(stage="running", by=by, started_at=clock())
            self._thread = Thread(target=self._run, args=(check, clock), name="verify", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> None:
        """Return when the running check has ended, or after `seconds`."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, check: Check, clock: "Clock") -> None:
        """Check and report. Whatever stops it is shown, and what nobody foresaw is raised as well."""
        ended = Course(stage="failed", trouble="it stopped for a reason that is in the hub's log")
        try:
            ended = Course(stage="done", report=check(self._moved))
        except FairwitnessError as error:
            ended = replace(ended, trouble=error.diagnosis())
        finally:
            self._end(ended, clock())

    def _moved(self, done: int, total: int) -> None:
        with self._lock:
            self._course = replace(self._course, done=done, total=total)

    def _end(self, ended: Course, at: int) -> None:
        with self._lock:
            self._course = replace(
                self._course, stage=ended.stage, report=ended.report, trouble=ended.trouble, finished_at=at
            )


class Clock(Protocol):
    def __call__(self) -> int: ...
