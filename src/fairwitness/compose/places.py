"""The logs of a deployment, what they sign under, and how far a check of them is."""

import msgspec

from fairwitness.archive.verifying import Mark
from fairwitness.config import Settings
from fairwitness.engines.filesystem import read_mark, write_mark
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName

LOGS: tuple[LogName, ...] = (MESSAGES, CUSTODY)
VERIFICATION_MARK = "verification.json"


def origins(settings: Settings) -> dict[LogName, str]:
    """The checkpoint origin of each log."""
    return {log: f"{settings.name}/{log}" for log in LOGS}


def write_verification_mark(settings: Settings, mark: Mark | None) -> None:
    """Say how far the check of the record is, to the other processes."""
    write_mark(settings.home / VERIFICATION_MARK, msgspec.json.encode(mark) if mark else None)


def read_verification_mark(settings: Settings) -> Mark | None:
    """How far the check of the record is, if one is under way."""
    data = read_mark(settings.home / VERIFICATION_MARK)
    return msgspec.json.decode(data, type=Mark) if data else None
