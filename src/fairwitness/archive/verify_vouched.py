"""Step 8 of a verification: the record must continue what others vouch for.

Who holds the log's own key can sign any tree; a checkpoint that witnesses cosigned, that
an authority stamped or that somebody kept can't be signed again. What is wrong is
reported, never raised.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from fairwitness.archive.checkpoint import read_keys
from fairwitness.archive.ports import FileStore
from fairwitness.archive.status import VouchedFor
from fairwitness.archive.vouched import WITNESSES, check_continues, read_witnessed, read_witnesses
from fairwitness.errors import BadCheckpoint, FairwitnessError, Forked, HashMismatch
from fairwitness.model.entry import LogName
from fairwitness.tlog import (
    Checkpoint,
    WitnessKey,
    check_quorum,
    open_checkpoint,
    parse_note,
    read_checkpoint,
    witnessed_at,
)


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """What a verification was given from elsewhere.

    `older` are signed checkpoints with the names of their files. Without `witnesses` the record's own
    are taken. With a `quorum` above 0 each log must hold a checkpoint that so many of them cosigned.
    """

    older: Sequence[tuple[str, bytes]] = ()
    witnesses: Sequence[WitnessKey] | None = None
    quorum: int = 0


class ReportFault(Protocol):
    """Notes a fault."""

    def __call__(
        self, what: str, file: str, log: str = "", *, first: int | None = None, last: int | None = None
    ) -> None: ...


class Vouched:
    """What is vouched for in one record, as it was when this was made."""

    def __init__(
        self, files: FileStore, origins: Mapping[LogName, str], trust: Trust, fault: ReportFault
    ) -> None:
        self._files = files
        self._origins = origins
        self._trust = trust
        self._fault = fault
        self.files_read: set[str] = {WITNESSES}
        self.witnessed: tuple[VouchedFor, ...] = ()
        self.stamped: tuple[VouchedFor, ...] = ()
        self._cosigned = {log: read_witnessed(files, log) for log in origins}
        self.files_read |= {f"{log}/checkpoint.witnessed" for log in origins}

    def check(self, checkpoints: Mapping[LogName, Checkpoint], *, damaged: set[str]) -> None:
        """Check that each of `checkpoints` continues what is vouched for, but for logs that are damaged."""
        witnesses = self._witnesses()
        for log, note in self._cosigned.items():
            file = f"{log}/checkpoint.witnessed"
            if note is None:
                if self._trust.quorum:
                    self._fault("no witness cosigned this log", file, log)
                continue
            self._try(file, log, lambda log=log, note=note: self._check_cosigned(log, note, witnesses))  # type: ignore[misc]
            self._compare(file, log, note, checkpoints, damaged)
        for name, note in self._trust.older:
            self._compare_older(name, note, checkpoints, damaged)

    def _witnesses(self) -> Sequence[WitnessKey]:
        if self._trust.witnesses is not None:
            return self._trust.witnesses
        found: list[WitnessKey] = []
        self._try(WITNESSES, "", lambda: found.extend(read_witnesses(self._files)))
        return found

    def _try(self, file: str, log: str, step: Callable[[], None]) -> None:
        try:
            step()
        except FairwitnessError as error:
            self._fault(f"does not hold: {error.message}", file, log)

    def _check_cosigned(self, log: LogName, note: bytes, witnesses: Sequence[WitnessKey]) -> None:
        quorum = max(self._trust.quorum, 1)
        checkpoint = open_checkpoint(note, origin=self._origins[log], keys=read_keys(self._files))
        found = check_quorum(note, witnesses, quorum)
        by = tuple(one.key.name for one in found)
        at = witnessed_at(found, quorum) * 1000
        self.witnessed += (VouchedFor(log=log, size=checkpoint.size, at=at, by=by),)

    def _compare_older(
        self, name: str, note: bytes, checkpoints: Mapping[LogName, Checkpoint], damaged: set[str]
    ) -> None:
        """A checkpoint that somebody kept: of which log is it, and does that continue it?"""
        try:
            origin = read_checkpoint(parse_note(note)[0]).origin
            log = next((log for log, known in self._origins.items() if known == origin), None)
            if log is None:
                raise BadCheckpoint("it is of a log that this record does not have")
        except BadCheckpoint as error:
            self._fault(f"does not hold: {error.message}", name)
            return
        self._compare(name, log, note, checkpoints, damaged)

    def _compare(
        self, file: str, log: LogName, note: bytes,
        checkpoints: Mapping[LogName, Checkpoint], damaged: set[str],
    ) -> None:  # fmt: skip
        newer = checkpoints.get(log)
        try:
            older = open_checkpoint(note, origin=self._origins[log], keys=read_keys(self._files))
        except FairwitnessError as error:
            self._fault(f"does not hold: {error.message}", file, log)
            return
        if newer is None:
            return
        if older.size > newer.size:
            what = f"has {older.size} entries, and the log only {newer.size}: it was wound back"
            self._fault(what, file, log, first=newer.size, last=older.size - 1)
            return
        try:
            check_continues(self._files, log, newer=newer, older=older)
        except (Forked, HashMismatch):
            # Tiles that are damaged, which has been said, give no proof either way.
            if log not in damaged:
                self._fault("is not continued by the log", file, log, first=0, last=max(older.size - 1, 0))
