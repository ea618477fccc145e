"""Step 8: checkpoints that others vouch for, which the record must continue.

Whoever holds a log's key can sign any tree, but not make witnesses sign another once they
have signed one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from fairwitness_verify.cosigned import reached_at, read_cosignatures, read_witnesses
from fairwitness_verify.folder import Folder, Missing
from fairwitness_verify.listing import Log
from fairwitness_verify.notes import Broken, Checkpoint, Key, read_checkpoint
from fairwitness_verify.rebuild import Older
from fairwitness_verify.report import Fault, Report
from fairwitness_verify.stamps import read_stamp

WITNESSES = "witnesses"
_SMALL = 1_000_000


class Trust(NamedTuple):
    """Witnesses' vkeys from elsewhere, if any, and how many of them must have cosigned each log."""

    witnesses: bytes | None
    quorum: int


def add_older(report: Report, log: Log, file: str, older: Checkpoint) -> None:
    """Note a checkpoint that a log must continue; whether it does is seen when the tree is rebuilt."""
    if log.signed and older.size > log.size:
        what = f"has {older.size} entries, and {log.name} has only {log.size}: it was wound back"
        report.add(Fault(what, file, log.name, log.size, older.size - 1))
    log.older.append(Older(file, older.size, older.root))


class Vouched:
    """What witnesses and authorities say of one record."""

    def __init__(self, folder: Folder, report: Report, trust: Trust) -> None:
        self._folder, self._report, self._trust = folder, report, trust
        self._notes: dict[str, bytes] = {}
        self.notes: list[str] = []

    def read(self, logs: dict[str, Log]) -> None:
        """Read the cosigned checkpoints, before those that must not be older than they are."""
        for name in logs:
            try:
                self._notes[name] = self._folder.read(f"{name}/checkpoint.witnessed", _SMALL)
            except Missing:
                continue
            except Broken as error:
                self._report.add(Fault(str(error), f"{name}/checkpoint.witnessed", name))

    def check(self, logs: dict[str, Log]) -> None:
        """Check cosignatures and stamps, and note what each log must continue."""
        witnesses = self._witnesses()
        for name, log in sorted(logs.items()):
            file = f"{name}/checkpoint.witnessed"
            if name in self._notes:
                self._try(file, log, partial(self._check_cosigned, log, witnesses))
            elif self._trust.quorum and log.key is not None:
                self._report.add(Fault("is missing: no witness cosigned this log", file, name))
            for size in sorted(log.stamped):
                stem = f"{name}/stamps/{size}"
                self._try(f"{stem}.tsr", log, partial(self._check_stamp, log, size))
        if any(log.stamped for log in logs.values()):
            self.notes.append(
                "The certificates of time-stamping authorities were not checked: `openssl ts -verify` does."
            )

    def _witnesses(self) -> list[Key]:
        data = self._trust.witnesses
        try:
            if data is not None:
                return read_witnesses(data)
            found = read_witnesses(self._folder.read(WITNESSES, _SMALL))
        except Missing:
            return []
        except Broken as error:
            self._report.add(Fault(str(error), WITNESSES))
            return []
        self.notes.append(
            "The witnesses' keys came from the record itself. Hold them against a copy that was kept "
            "elsewhere: --witnesses."
        )
        return found

    def _try(self, file: str, log: Log, step: Callable[[], None]) -> None:
        try:
            step()
        except Broken as error:
            self._report.add(Fault(str(error), file, log.name))

    def _check_cosigned(self, log: Log, witnesses: list[Key]) -> None:
        if log.key is None:
            raise Broken("belongs to a log that no key is named for")
        note, quorum = self._notes[log.name], max(self._trust.quorum, 1)
        checkpoint = read_checkpoint(note, log.key)
        add_older(self._report, log, f"{log.name}/checkpoint.witnessed", checkpoint)
        found = read_cosignatures(note, witnesses, quorum)
        log.vouched = log.vouched._replace(
            witnessed=checkpoint.size,
            witnesses=tuple(one.name for one in found),
            witnessed_at=reached_at(found, quorum),
        )

    def _check_stamp(self, log: Log, size: int) -> None:
        stem = f"{log.name}/stamps/{size}"
        try:
            stamp = self._folder.read(f"{stem}.tsr", _SMALL)
        except Missing:
            return  # A checkpoint that was about to be stamped, and means nothing.
        note = self._folder.read(f"{stem}.checkpoint", _SMALL)
        checkpoint = read_checkpoint(note, log.key)
        if log.key is None or checkpoint.size != size:
            raise Broken("stamps a checkpoint of another size, or of a log that no key is named for")
        add_older(self._report, log, f"{stem}.checkpoint", checkpoint)
        at = read_stamp(stamp, note)
        log.vouched = log.vouched._replace(stamped=size, stamped_at=at)
