"""What a verification found, as a value and in plain words."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import NamedTuple


class Fault(NamedTuple):
    """What is wrong, in which file, and which entries of which log it touches (inclusive)."""

    what: str
    file: str
    log: str = ""
    first: int | None = None
    last: int | None = None


class LogReport(NamedTuple):
    """One log: how many entries were checked, and whether a signed root vouches for them."""

    log: str
    origin: str
    size: int
    signed: bool
    segments: int
    sealed_bytes: int
    witnessed: int = 0
    witnesses: tuple[str, ...] = ()
    witnessed_at: int | None = None
    stamped: int = 0
    stamped_at: str = ""


class Report:
    """The outcome: the logs, every fault once, and what a reader should know besides."""

    def __init__(self) -> None:
        self.logs: list[LogReport] = []
        self.notes: list[str] = []
        self._faults: dict[Fault, None] = {}

    @property
    def faults(self) -> list[Fault]:
        """Every fault, in the order in which they were found."""
        return list(self._faults)

    def add(self, fault: Fault) -> None:
        """Note a fault."""
        self._faults[fault] = None

    def as_json(self) -> dict[str, object]:
        """The report as plain values."""
        return {
            "faults": [fault._asdict() for fault in self._faults],
            "logs": [log._asdict() for log in self.logs],
            "notes": self.notes,
            "outcome": "faults" if self._faults else "no fault found",
        }

    def lines(self) -> Iterable[str]:
        """The report for people."""
        for log in self.logs:
            vouched = "under a signed root" if log.signed else "NOT under a signed root"
            yield f"{log.log}: {log.size:,} entries {vouched}; {_segments(log)}."
            yield from _vouched(log)
        yield ""
        for fault in self._faults:
            yield f"FAULT  {plain(fault.file)}: {plain(fault.what)}{_where(fault)}."
        yield f"{len(self._faults):,} fault(s) found." if self._faults else "No fault found."
        for note in self.notes:
            yield f"Note: {plain(note)}"


def plain(text: str) -> str:
    """The text with whatever a terminal might obey written out."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted numbers as inclusive ranges."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _segments(log: LogReport) -> str:
    if not log.segments:
        return "no segments"
    return f"{log.segments:,} segment(s), {log.sealed_bytes:,} bytes"


def _vouched(log: LogReport) -> Iterable[str]:
    if log.witnessed_at is not None:
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(min(log.witnessed_at, 253_402_300_799)))
        yield f"  {log.witnessed:,} of them cosigned, {at} UTC, by {plain(', '.join(log.witnesses))}."
    if log.stamped_at:
        yield f"  {log.stamped:,} of them stamped, {log.stamped_at} UTC by the stamp's own word."


def _where(fault: Fault) -> str:
    if fault.first is None:
        return ""
    if fault.first == fault.last:
        return f" (entry {fault.first} of {fault.log})"
    return f" (entries {fault.first} to {fault.last} of {fault.log})"
