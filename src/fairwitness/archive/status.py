"""What can be said of the record at a glance, without anyone's words."""

import msgspec

from fairwitness.model.custody import Fault as Fault
from fairwitness.model.custody import RecordVerified
from fairwitness.model.entry import LogName


class LogStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One log: its size, its newest checkpoint, and how much of it is sealed in segments.

    `checkpoint_at` is in ms, None before the first; `root` is base64, as in the checkpoint.
    `witnessed_at` and `stamped_at` are when a quorum of witnesses, and a time-stamping authority,
    last vouched for the first `witnessed_size` and `stamped_size` entries; None where none did.
    """

    log: LogName
    origin: str
    size: int
    checkpoint_size: int
    checkpoint_at: int | None
    root: str
    sealed_size: int
    segments: int
    witnessed_size: int = 0
    witnessed_at: int | None = None
    stamped_size: int = 0
    stamped_at: int | None = None


class RefusedCount(msgspec.Struct, frozen=True, kw_only=True):
    """Items of one line refused on one day. `line` is a line id, or the alias of an unknown line.

    `reason` is `no_mandate`, `unknown_line`, `unparsed`, `edit_of_refused` or `too_large`.
    """

    line: str
    day: str
    reason: str
    count: int


class RecordStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The record as a whole. `verified_at` is when it was last checked in full.

    `quorum` is how many of the `witnesses` have to cosign; 0 where there are none. `stamps` says that
    a time-stamping authority is asked. `stopped` says why nothing is taken in any more, else ''.
    """

    logs: tuple[LogStatus, ...]
    verified_at: int | None
    verified_faults: int | None
    witnesses: int = 0
    quorum: int = 0
    stamps: bool = False
    stopped: str = ""


class VouchedFor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else vouched for the first `size` entries of a log at a time (ms)."""

    log: LogName
    size: int
    at: int
    by: tuple[str, ...] = ()


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a verification: sizes that were checked and every fault found."""

    messages: int
    custody: int
    payloads: int
    unreadable: int
    faults: tuple[Fault, ...]
    witnessed: tuple[VouchedFor, ...] = ()
    stamped: tuple[VouchedFor, ...] = ()


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """The newest full check that was asked for: by whom, how far it is, and the newest answer.

    `asked_at` is None when no request waits for its answer; `total` is 0 until the keeper has begun.
    """

    asked_at: int | None = None
    asked_by: str = ""
    done: int = 0
    total: int = 0
    answer: RecordVerified | None = None
    answered_at: int | None = None


class RecoveryStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The recovery kit: who keeps it, when it was tried, and by when it should be tried (again)."""

    officers: tuple[str, ...]
    threshold: int
    made_at: int
    drilled_at: int | None
    due_at: int
    is_due: bool
