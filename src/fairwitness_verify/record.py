"""Verifies a whole record, step by step (`docs/spec/record.md`, section 7)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence

from fairwitness_verify.folder import Folder, Missing
from fairwitness_verify.listing import CUSTODY, Log
from fairwitness_verify.notes import Broken, Key, read_checkpoint, read_keys, split_origin
from fairwitness_verify.rebuild import Rebuild
from fairwitness_verify.report import Fault, LogReport, Report, ranges
from fairwitness_verify.segments import Segments
from fairwitness_verify.tree import BUNDLE, LONGEST_BUNDLE, WIDTH, path_of, split_bundle
from fairwitness_verify.values import read_header
from fairwitness_verify.vouched import WITNESSES, Trust, Vouched, add_older

_LOG = re.compile(r"(custody|messages/(?:0|[1-9][0-9]{0,8}))/(.+)", re.DOTALL)
_SMALL = 1_000_000


def verify(
    path: str,
    *,
    keys: bytes | None = None,
    older: Sequence[tuple[str, bytes]] = (),
    pause: Callable[[float], None] = time.sleep,
    witnesses: bytes | None = None,
    quorum: int = 0,
) -> Report:
    """Check the record in the folder `path` and report every fault.

    `keys` are vkeys from elsewhere, one a line; `older` are signed checkpoints kept from
    before, each with the name of its file; `witnesses` are witnesses' vkeys from elsewhere,
    of which `quorum` must have cosigned each log. A record may be written to meanwhile: what
    is newer than its checkpoint gets a moment to be signed, and then a second look.
    """
    trust = Trust(witnesses, quorum)
    run = _Run(path, keys, older, pause, trust)
    run.check()
    if run.young and run.young == len(run.report.faults):
        pause(2.0)
        run = _Run(path, keys, older, pause, trust)
        run.check()
    return run.report


class _Run:
    def __init__(
        self,
        path: str,
        keys: bytes | None,
        older: Sequence[tuple[str, bytes]],
        pause: Callable[[float], None],
        trust: Trust,
    ) -> None:
        self.report, self.young = Report(), 0
        self._folder, self._handed, self._older, self._pause = Folder(path), keys, older, pause
        self._vouched = Vouched(self._folder, self.report, trust)
        self._logs: dict[str, Log] = {}
        self._strangers: list[tuple[str, str]] = []
        self._temporary = 0
        self._keys: list[Key] = []
        self._refs: dict[str, int] = {}
        self._disposals = 0

    def check(self) -> None:
        """Take the steps of the specification in turn."""
        # 1. Keys, then each log's checkpoint: origin and signature. The files are listed
        #    first, so that whatever was listed has had its chance to be signed for.
        self._list()
        #    What others vouch for is read before the checkpoints, which must not be older than it.
        self._read_keys()
        self._vouched.read(self._logs)
        self._read_checkpoints()
        self._read_older()
        self._vouched.check(self._logs)
        # 2. and 3. Every header, every tile, the root; 8. the older checkpoints on the way.
        for name in sorted(self._logs):
            self._rebuild(self._logs[name])
        # 4., 5. and 6. Segments: manifests, bytes, ranges.
        damaged = any(log.name == CUSTODY and log.seen != log.size for log in self._logs.values())
        segments = Segments(self._folder, self.report, self._refs, damaged=damaged)
        for name in sorted(self._logs):
            segments.check(self._logs[name])
        if CUSTODY in self._logs:
            segments.check_refs(self._logs[CUSTODY])
        self.young = segments.young
        # 7. Files that nothing accounts for.
        for name in sorted(self._logs):
            self._check_spare_tiles(self._logs[name])
        for file, what in self._strangers:
            self.report.add(Fault(what, file))
        self._conclude()

    # ── 1 ───────────────────────────────────────────────────────────────────────────

    def _list(self) -> None:
        for name, wrong in self._folder.walk():
            match = _LOG.fullmatch(name)
            if wrong:
                self._strangers.append((name, wrong))
            elif name.rpartition("/")[2].startswith(".tmp-"):
                self._temporary += 1
            elif name in ("keys", WITNESSES):
                continue
            elif not (match and self._is_accounted_for(match.group(1), match.group(2))):
                self._strangers.append((name, "is no file that a record has"))

    def _is_accounted_for(self, name: str, path: str) -> bool:
        log = self._logs.get(name) or Log(name)
        if not log.account_for(path):
            return False
        self._logs[name] = log
        return True

    def _log(self, name: str) -> Log:
        return self._logs.setdefault(name, Log(name))

    def _read_keys(self) -> None:
        handed = None if self._handed is None else read_keys(self._handed)
        own: list[Key] = []
        try:
            own = read_keys(self._folder.read("keys", _SMALL))
        except Broken as error:
            self.report.add(Fault(str(error), "keys"))
        if handed is not None and own and sorted(handed) != sorted(own):
            self.report.add(Fault("differs from the keys that you gave", "keys"))
        self._keys = own if handed is None else handed
        deployments = set()
        for key in self._keys:
            try:
                deployment, name = split_origin(key.name)
            except Broken as error:
                self.report.add(Fault(str(error), "keys"))
                continue
            deployments.add(deployment)
            log = self._log(name)
            log.key, log.origin = key, key.name
        if len(deployments) > 1:
            self.report.add(Fault("names logs of more than one deployment", "keys"))
        if self._keys and (CUSTODY not in self._logs or self._logs[CUSTODY].key is None):
            self.report.add(Fault("does not name the custody log", "keys"))

    def _read_checkpoints(self) -> None:
        # A message entry may name a custody entry appended the moment before, so the custody
        # log's checkpoint is read last.
        order = sorted(self._logs.values(), key=lambda log: (log.name == CUSTODY, log.name))
        for attempt in range(4):
            faults = [fault for log in order for fault in self._read_checkpoint(log)]
            if attempt == 3 or not any(log.signed and log.beyond() for log in order):
                break
            self._pause(0.5)
        for fault in faults:
            self.report.add(fault)

    def _read_checkpoint(self, log: Log) -> Iterable[Fault]:
        file, what = f"{log.name}/checkpoint", ""
        log.size, log.signed = log.size_by_files(), False
        try:
            checkpoint = read_checkpoint(self._folder.read(file, _SMALL), log.key)
            log.origin = checkpoint.origin
            if log.key is not None:
                log.size, log.root, log.signed = checkpoint.size, checkpoint.root, True
            elif self._keys:
                what = "belongs to a log that no key is named for"
        except Broken as error:
            what = str(error)
        if what:
            yield Fault(what, file, log.name, 0 if log.size else None, log.size - 1 if log.size else None)

    def _read_older(self) -> None:
        by_origin = {log.origin: log for log in self._logs.values() if log.key}
        for file, data in self._older:
            try:
                origin = read_checkpoint(data, None).origin
                if origin not in by_origin:
                    raise Broken(f"is the checkpoint of a log that this record does not have, {origin}")
                log = by_origin[origin]
                add_older(self.report, log, file, read_checkpoint(data, log.key))
                log.kept = True
            except Broken as error:
                self.report.add(Fault(str(error), file))

    # ── 2, 3, 8 ─────────────────────────────────────────────────────────────────────

    def _rebuild(self, log: Log) -> None:
        Rebuild(
            self._folder, self.report, log.name,
            size=log.size, root=log.root if log.signed else None, known=log.known(), older=log.older,
            see=lambda first, entries, bad: self._see(log, first, entries, bad),
        ).check()  # fmt: skip

    def _see(self, log: Log, first: int, entries: list[bytes], bad: set[int]) -> None:
        """Check the headers of a bundle, and note what the custody log says of segments."""
        faults: dict[str, list[int]] = {}
        log.seen += len(entries) - len(bad)
        for slot, entry in enumerate(entries):
            if slot in bad:
                continue
            try:
                self._see_header(log, first + slot, entry)
            except Broken as error:
                faults.setdefault(str(error), []).append(first + slot)
        file = f"{log.name}/{path_of(BUNDLE, first // WIDTH, log.width(0, first // WIDTH))}"
        for what, numbers in faults.items():
            for start, stop in ranges(numbers):
                self.report.add(Fault(f"holds an entry that {what}", file, log.name, start, stop))

    def _see_header(self, log: Log, index: int, entry: bytes) -> None:
        header = read_header(entry)
        if log.name == CUSTODY:
            if header.custody_size != index:
                raise Broken("names another custody size than its own index")
            self._disposals += header.kind == b"disposal.run"
            if header.kind == b"segment.sealed":
                if not header.ref:
                    raise Broken("says that a segment was sealed, and does not name its manifest")
                self._refs.setdefault(header.ref, index)
            return
        if header.custody_size < log.custody_size:
            raise Broken("names a smaller custody size than an entry before it")
        if CUSTODY in self._logs and header.custody_size > self._logs[CUSTODY].size:
            raise Broken("names a custody size that the custody log does not have")
        log.custody_size = header.custody_size

    # ── 7 ───────────────────────────────────────────────────────────────────────────

    def _check_spare_tiles(self, log: Log) -> None:
        for level, index, width in log.beyond():
            start = index * WIDTH * 256 ** max(level, 0)
            stop = start + width * 256 ** max(level, 0)
            file = f"{log.name}/{path_of(level, index, width)}"
            entries = (start, stop - 1) if stop < 2**63 else (None, None)
            self.report.add(Fault("lies beyond what the checkpoint covers", file, log.name, *entries))
        for level, index, width in sorted(log.partial):
            if width < log.width(level, index):
                self._check_leftover(log, level, index, width)

    def _check_leftover(self, log: Log, level: int, index: int, width: int) -> None:
        """A partial tile of a smaller tree may stay, as the beginning of what it grew into."""
        file = f"{log.name}/{path_of(level, index, width)}"
        today = f"{log.name}/{path_of(level, index, log.width(level, index))}"
        try:
            data, whole = (self._folder.read(name, LONGEST_BUNDLE) for name in (file, today))
            count = len(split_bundle(data)) if level == BUNDLE else len(data) / 32
        except Missing:
            return
        except Broken:
            data, whole, count = b"", b"", 0
        if count != width or not whole.startswith(data):
            span = 256 ** max(level, 0)
            entries = index * WIDTH * span, (index * WIDTH + width) * span - 1
            what = "is left from a smaller tree, and is not the beginning of today's"
            self.report.add(Fault(what, file, log.name, *entries))

    # ── the outcome ─────────────────────────────────────────────────────────────────

    def _conclude(self) -> None:
        notes = self.report.notes
        for log in self._logs.values():
            self.report.logs.append(
                LogReport(
                    log.name, log.origin, log.size, log.signed, log.segments, log.sealed_bytes, *log.vouched
                )
            )  # fmt: skip
        notes.extend(self._vouched.notes)
        if self._handed is None:
            notes.append(
                "The keys came from the record itself, and whoever can change the record can change them. "
                "Hold them against a copy that was kept elsewhere: --keys."
            )
        unseen = sorted(log.name for log in self._logs.values() if not log.kept)
        if unseen:
            notes.append(
                f"A record that was wound back to an earlier state looks whole ({', '.join(unseen)}). "
                "Only a checkpoint kept elsewhere shows it: --since."
            )
        notes.append("Words are not read: payloads are checked by those who hold the keys.")
        if self._disposals:
            notes.append(
                f"{self._disposals} disposal(s) are recorded: their entries are proven like any other, and "
                "nobody can read their words. Those who hold the keys can say how many entries that is."
            )
        if self._temporary:
            notes.append(f"{self._temporary} temporary file(s) were ignored.")
