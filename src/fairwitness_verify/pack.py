"""Checks a pack, step by step as `docs/spec/pack.md`, section 5, numbers them.

Every fault is one of few codes, with the file, the line and the entry it touches. The page of a pack
makes the same checks in a browser; the tests hold both to the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from fairwitness_verify.notes import Broken, Checkpoint, Key, read_checkpoint, read_keys
from fairwitness_verify.pack_files import BadContainer, FolderFiles, ZipFiles, pack_files
from fairwitness_verify.pack_values import (
    Line,
    Listed,
    PackedLog,
    claimed_index,
    read_line,
    read_listing,
    read_pack,
)
from fairwitness_verify.values import read_header

_LONGEST_LINE = 64 * 1024 * 1024
_MOST_MANIFEST = 64 * 1024 * 1024
_MOST_NOTE = 1_000_000
MANIFEST = "manifest.json"

WORDS = {
    "container": "the zip is not laid out as a pack is",
    "manifest": "the list of files is missing or is not one",
    "missing": "the file is missing",
    "altered": "the file is not the one that was listed",
    "unlisted": "the file is not listed: it was added",
    "pack": "the description of the pack can not be read",
    "keys": "the keys can not be read",
    "checkpoint": "the checkpoint is not what the log's key signed",
    "line": "the line is not an entry",
    "order": "the entry is out of order, or there twice",
    "header": "the header is not one, or names decisions that were not taken",
    "proof": "the log did not sign for this entry at this place",
    "commitment": "the content is not what the entry commits to",
    "count": "the number of entries is not the one that the pack names",
}
"""Every code of a fault, in words."""


class PackFault(NamedTuple):
    """What is wrong: a code, the file, its line (from 1) and the entry's index, where there are such."""

    code: str
    file: str = ""
    line: int | None = None
    entry: int | None = None


class LogOutcome(NamedTuple):
    """One log of a pack: how many entries are there, proven, and among those opened or without their key."""

    log: str
    origin: str
    size: int
    entries: int
    proven: int
    opened: int
    destroyed: int


class PackReport:
    """The outcome of checking a pack."""

    def __init__(self) -> None:
        self.faults: list[PackFault] = []
        self.logs: list[LogOutcome] = []

    @property
    def verdict(self) -> str:
        """`unaltered`, `altered`, or `unreadable` where nothing could be checked."""
        if any(fault.code in ("container", "manifest") for fault in self.faults):
            return "unreadable"
        return "altered" if self.faults else "unaltered"

    def as_json(self) -> dict[str, object]:
        """The report as plain values."""
        return {
            "faults": [fault._asdict() for fault in self.faults],
            "logs": [log._asdict() for log in self.logs],
            "verdict": self.verdict,
        }


def check_pack(path: str, *, keys: bytes | None = None) -> PackReport:
    """Check the pack at `path`, a zip or the folder it was unpacked into; `keys` are from elsewhere."""
    report = PackReport()
    try:
        with pack_files(path) as files:
            _Check(files, report, keys).run()
    except BadContainer as error:
        report.faults.append(PackFault("container", error.file))
    return report


class _Check:
    def __init__(self, files: ZipFiles | FolderFiles, report: PackReport, keys: bytes | None) -> None:
        self._files, self._report, self._given = files, report, keys
        self._broken: set[str] = set()
        self._keys: dict[str, Key] = {}
        self._custody_size: int | None = None

    def run(self) -> None:
        """Steps 2 to 8; step 1 was opening the zip."""
        try:
            listing = read_listing(self._read(MANIFEST, _MOST_MANIFEST))
        except Broken:
            self._fault("manifest", MANIFEST)
            return
        self._check_files(listing)
        try:
            logs = read_pack(self._read("pack.json", _MOST_NOTE))
        except Broken:
            self._fault("pack", "pack.json")
            return
        try:
            keys = self._given if self._given is not None else self._read("keys", _MOST_NOTE)
            self._keys = {key.name: key for key in read_keys(keys)}
        except Broken:
            self._fault("keys", "keys")
        checkpoints = [self._checkpoint(log) for log in logs]
        self._custody_size = checkpoints[0].size if checkpoints[0] else None
        for log, checkpoint in zip(logs, checkpoints):  # noqa: B905 - Python 3.8
            self._check_log(log, checkpoint)

    def _fault(self, code: str, file: str, line: int | None = None, entry: int | None = None) -> None:
        self._report.faults.append(PackFault(code, file, line, entry))

    def _read(self, name: str, most: int) -> bytes:
        if name in self._broken:
            raise Broken("can not be read")
        parts, size = [], 0
        for block in self._files.blocks(name):
            size += len(block)
            if size > most:
                raise Broken("is longer than it may be")
            parts.append(block)
        return b"".join(parts)

    def _check_files(self, listing: list[Listed]) -> None:
        there = self._files.names()
        for listed in listing:
            if listed.name not in there:
                self._broken.add(listed.name)
                self._fault("missing", listed.name)
            elif not self._is_as_listed(listed):
                self._fault("altered", listed.name)
        known = {MANIFEST, *(listed.name for listed in listing)}
        for name in sorted((there - known) | set(self._files.odd)):
            self._fault("unlisted", name)

    def _is_as_listed(self, listed: Listed) -> bool:
        digest, size = sha256(), 0
        try:
            for block in self._files.blocks(listed.name):
                digest.update(block)
                size += len(block)
        except Broken:
            self._broken.add(listed.name)
            return False
        return (digest.hexdigest(), size) == (listed.sha256, listed.size)

    def _checkpoint(self, log: PackedLog) -> Checkpoint | None:
        name = f"checkpoints/{log.stem}"
        key = self._keys.get(log.origin)
        try:
            if key is None:
                raise Broken("is not signed by a key of the pack")
            checkpoint = read_checkpoint(self._read(name, _MOST_NOTE), key)
            if checkpoint.size >= 2**53:
                raise Broken("has a size that no entry's index can reach")
            return checkpoint
        except Broken:
            self._fault("checkpoint", name)
            return None

    def _check_log(self, log: PackedLog, checkpoint: Checkpoint | None) -> None:
        name = f"entries/{log.stem}.jsonl"
        lines = opened = destroyed = 0
        before = -1
        for data in self._lines(name):
            lines += 1
            line, code = self._check_line(log, checkpoint, data, before)
            if code:
                self._fault(code, name, lines, line.number if line else claimed_index(data))
            if line is not None and line.number > before:
                before = line.number
            if not code and checkpoint is not None and line is not None:
                opened += line.payload is not None
                destroyed += line.payload is None
        if lines != log.entries:
            self._fault("count", name)
        size = checkpoint.size if checkpoint else 0
        self._report.logs.append(
            LogOutcome(log.log, log.origin, size, lines, opened + destroyed, opened, destroyed)
        )

    def _check_line(
        self, log: PackedLog, checkpoint: Checkpoint | None, data: bytes, before: int
    ) -> tuple[Line | None, str]:
        """The line, if it is one, and the code of the first check that fails; '' where none does."""
        try:
            if not data.endswith(b"\n"):
                raise Broken("does not end")
            line = read_line(data[:-1])
        except Broken:
            return None, "line"
        if line.number <= before:
            return line, "order"
        return line, self._why_not(log, checkpoint, line)

    def _why_not(self, log: PackedLog, checkpoint: Checkpoint | None, line: Line) -> str:
        try:
            header = read_header(line.header)
        except Broken:
            return "header"
        own = log.log == "custody"
        if own and header.custody_size != line.number:
            return "header"
        if not own and self._custody_size is not None and header.custody_size > self._custody_size:
            return "header"
        if checkpoint is not None and not _leads(line, checkpoint):
            return "proof"
        if line.payload is not None and line.salt is not None:
            digest = sha256(line.salt + line.payload).hexdigest()
            if (digest, len(line.payload)) != (header.commitment, header.payload_size):
                return "commitment"
        return ""

    def _lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, each with its end, if it has one. Nothing of a file that can not be read."""
        if name in self._broken or name not in self._files.names():
            return
        rest = b""
        for block in self._files.blocks(name):
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                yield line + b"\n"
            if len(rest) > _LONGEST_LINE:
                break
        if rest:
            yield rest


def _leads(line: Line, checkpoint: Checkpoint) -> bool:
    """Whether the path leads from the entry's leaf to the root (RFC 9162, section 2.1.3.2)."""
    if line.number >= checkpoint.size:
        return False
    number, last = line.number, checkpoint.size - 1
    seen = sha256(b"\x00" + line.header).digest()
    for sibling in line.path:
        if last == 0:
            return False
        if number & 1 or number == last:
            seen = sha256(b"\x01" + sibling + seen).digest()
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            seen = sha256(b"\x01" + seen + sibling).digest()
        number, last = number >> 1, last >> 1
    return last == 0 and seen == checkpoint.root
