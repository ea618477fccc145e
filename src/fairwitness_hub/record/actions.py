"""Having the record checked, which the house puts on record."""

from functools import partial

from fairwitness_hub.record.verification import Course, Verification
from fairwitness_hub.wiring import house

_verification = Verification()


def do_verify(*, by: str) -> None:
    """Begin to check the whole record. `Forbidden` while a check is running."""
    home = house()
    _verification.start(partial(home.verify, by=by), by=by, clock=home.clock)


def course() -> Course:
    """How far the newest check of this process is."""
    return _verification.course()


def wait_until_checked(seconds: float) -> None:
    """Return when no check is running, or after `seconds`."""
    _verification.wait(seconds)
