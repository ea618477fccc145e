"""What can be said of the record at a glance, without anyone's words."""

import msgspec

from fairwitness.model.entry import LogName


class LogStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One log: its size, its newest checkpoint, and how much of it is sealed in segments.

    `checkpoint_at` is in ms, None before the first; `root` is base64, as in the checkpoint.
    """

    log: LogName
    origin: str
    size: int
    checkpoint_size: int
    checkpoint_at: int | None
    root: str
    sealed_size: int
    segments: int


class RefusedCount(msgspec.Struct, frozen=True, kw_only=True):
    """Items of one line refused on one day. `line` is a line id, or the alias of an unknown line.

    `reason` is `no_mandate`, `unknown_line`, `unparsed`, `edit_of_refused` or `too_large`.
    """

    line: str
    day: str
    reason: str
    count: int


class RecordStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The record as a whole. `verified_at` is when it was last checked in full."""

    logs: tuple[LogStatus, ...]
    verified_at: int | None
    verified_faults: int | None


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something a verifier found: what, in which file, which entries it touches (inclusive)."""

    what: str
    file: str
    log: str = ""
    first: int | None = None
    last: int | None = None


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The outcome of a verification: sizes that were checked and every fault found."""

    messages: int
    custody: int
    payloads: int
    unreadable: int
    faults: tuple[Fault, ...]
