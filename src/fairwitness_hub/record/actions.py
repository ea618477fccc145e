"""Having the record checked, which is itself put on record."""

from functools import partial

from fairwitness.archive.status import VerifyReport
from fairwitness.model.custody import RecordVerified
from fairwitness_hub.record.verification import Course, Verification
from fairwitness_hub.wiring import house

_verification = Verification()


def do_verify(*, by: str, subject: str) -> None:
    """Begin to check the whole record. `Forbidden` while a check is running."""
    home = house()
    finish = partial(_on_record, by=by, subject=subject)
    _verification.start(home.verify, finish, by=by, clock=home.clock)


def course() -> Course:
    """How far the newest check of this process is."""
    return _verification.course()


def wait_until_checked(seconds: float) -> None:
    """Return when no check is running, or after `seconds`."""
    _verification.wait(seconds)


def _on_record(report: VerifyReport, *, by: str, subject: str) -> None:
    verified = RecordVerified(
        by=by, messages=report.messages, custody=report.custody, faults=len(report.faults)
    )
    house().decide(verified, subject=subject)
