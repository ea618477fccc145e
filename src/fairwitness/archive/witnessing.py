"""Has the newest checkpoints cosigned, and stops when the record is not what witnesses saw.

All witnesses are asked at once; one that hangs holds up nobody, for it is left out until
it has answered. A checkpoint is published as witnessed once a quorum cosigned it. Without
an answer the log goes on, unwitnessed, and the next checkpoint catches up.
"""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from fairwitness.archive.asking import Asker, Disagrees, WitnessAddress
from fairwitness.archive.checkpoint import Published, read_keys, read_published
from fairwitness.archive.halt import Halt, Stopped
from fairwitness.archive.ports import FileStore, Outside
from fairwitness.archive.vouched import (
    check_continues,
    open_witnessed,
    read_witnessed,
    write_witnesses,
)
from fairwitness.clock import Clock
from fairwitness.errors import BadCheckpoint, Forked, HashMismatch, Unreachable
from fairwitness.model.entry import LogName
from fairwitness.tlog import Cosignature, VerifierKey, open_checkpoint

_ROUND_SECONDS = 10.0
_GRACE_SECONDS = 0.2
"""How long the others may take once there is a quorum: more signatures are better than fewer."""
_AGAIN_MS = 3_600_000
"""A quiet log is cosigned again this often: each time says that nothing newer was seen."""

Answers = dict[str, "Cosignature | Disagrees"]


class Witnessing:
    """The witnesses of one record. Used by one thread."""

    def __init__(
        self, *, files: FileStore, origins: Mapping[LogName, str], witnesses: Sequence[WitnessAddress],
        quorum: int, outside: Outside, halt: Halt, clock: Clock,
    ) -> None:  # fmt: skip
        self._files = files
        self._origins = origins
        self._addresses = tuple(witnesses)
        self._quorum = quorum
        self._halt = halt
        self._clock = clock
        self._askers = [Asker(address, files, outside) for address in witnesses]
        self._pool = ThreadPoolExecutor(max(1, len(self._askers)), thread_name_prefix="witness")
        self._busy: dict[str, Future[Cosignature | Disagrees]] = {}
        self._claims: dict[tuple[LogName, str], Disagrees] = {}
        self.troubles: list[str] = []
        write_witnesses(files, [address.key for address in witnesses])

    def close(self) -> None:
        """Let the threads go when they are done; nobody waits for them."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def start(self) -> None:
        """Before anything is signed: is the record what was cosigned, here and at the witnesses?

        Raises `Forked`, and sets the mark, when it is not. A mark is lifted when it no longer holds.
        """
        stopped = self._halt.why()
        for log in self._origins:
            self._check_own(log)
        agreed = [self._round(log, again=True) for log in self._origins]
        if stopped is not None and (self._is_mended(stopped) if stopped.evidence else all(agreed)):
            self._halt.lift()
        self._halt.check()

    def round(self) -> None:
        """Have each log's newest checkpoint cosigned, where it is not; what failed is in `troubles`."""
        self.troubles = []
        for log in self._origins:
            self._round(log)

    def _round(self, log: LogName, *, again: bool = False) -> bool:
        """One log's turn; True when a quorum cosigned its newest checkpoint."""
        published = read_published(self._files, log, self._origins[log])
        if published is None or not self._askers:
            return False
        if not again and not self._is_due(log, published):
            return True
        answers = self._gather(log, published, read_keys(self._files))
        cosignatures = [one for one in answers.values() if isinstance(one, Cosignature)]
        self._judge(log, answers)
        if len(cosignatures) < self._quorum:
            self.troubles.append(f"{log}: {len(cosignatures)} of {self._quorum} witnesses cosigned")
            return False
        self._publish(log, published, cosignatures)
        return True

    def _is_due(self, log: LogName, published: Published) -> bool:
        note = read_witnessed(self._files, log)
        if note is None:
            return True
        try:
            held = open_witnessed(
                note, origin=self._origins[log], keys=read_keys(self._files),
                witnesses=[address.key for address in self._addresses], quorum=self._quorum,
            )  # fmt: skip
        except BadCheckpoint:
            return True
        return held.checkpoint != published.checkpoint or self._clock() - held.at >= _AGAIN_MS

    def _gather(self, log: LogName, published: Published, keys: Sequence[VerifierKey]) -> Answers:
        """Ask everybody who is free, and wait for a quorum, for all, or for ten seconds."""
        key = next(key for key in keys if key.name == self._origins[log])
        asked: dict[Future[Cosignature | Disagrees], str] = {}
        for asker in self._askers:
            name = asker.address.key.name
            if name in self._busy and not self._busy[name].done():
                self.troubles.append(f"{name}: has not answered yet")
                continue
            self._busy[name] = future = self._pool.submit(asker.ask, log, published, key)
            asked[future] = name
        answers: Answers = {}
        end, waiting = time.monotonic() + _ROUND_SECONDS, set(asked)
        while waiting and (left := end - time.monotonic()) > 0:
            done, waiting = wait(waiting, timeout=left, return_when=FIRST_COMPLETED)
            for future in done:
                self._note(asked[future], future, answers)
            if sum(isinstance(one, Cosignature) for one in answers.values()) >= self._quorum:
                end = min(end, time.monotonic() + _GRACE_SECONDS)
        return answers

    def _note(self, name: str, future: "Future[Cosignature | Disagrees]", answers: Answers) -> None:
        try:
            answers[name] = future.result()
        except (Unreachable, HashMismatch) as error:
            # A tile that was just replaced makes a proof fail to be made; the next checkpoint has its own.
            self.troubles.append(f"{name}: {error.diagnosis()}")

    def _judge(self, log: LogName, answers: Answers) -> None:
        """Stop when a fork is proven, or when so many claim one that no quorum is left."""
        for name, answer in answers.items():
            if isinstance(answer, Cosignature):
                self._claims.pop((log, name), None)
                continue
            self._claims[log, name] = answer
            self.troubles.append(f"{name}: {log}: {answer.what}")
            if answer.evidence:
                self._stop(log, answer)
        claims = [claim for (where, _), claim in self._claims.items() if where == log]
        if claims and len(self._askers) - len(claims) < self._quorum:
            self._stop(log, claims[-1])

    def _stop(self, log: LogName, seen: Disagrees) -> None:
        what = f"{seen.witness}: {seen.what}"
        self._halt.stop(Stopped(log, what, self._clock(), seen.evidence.decode()))
        self._halt.check()

    def _publish(self, log: LogName, published: Published, cosignatures: Sequence[Cosignature]) -> None:
        order = {address.key: place for place, address in enumerate(self._addresses)}
        lines = [one.line.write() for one in sorted(cosignatures, key=lambda one: order[one.key])]
        note = published.note + "".join(lines).encode()
        open_witnessed(
            note, origin=self._origins[log], keys=read_keys(self._files), witnesses=list(order),
            quorum=self._quorum,
        )  # fmt: skip
        self._files.publish(f"{log}/checkpoint.witnessed", note, replace=True)

    def _check_own(self, log: LogName) -> None:
        """The record must continue what it holds as witnessed, whoever answers today."""
        note, published = read_witnessed(self._files, log), None
        if note is not None:
            published = read_published(self._files, log, self._origins[log])
        if note is None or published is None:
            return
        seen = open_checkpoint(note, origin=self._origins[log], keys=read_keys(self._files))
        try:
            check_continues(self._files, log, newer=published.checkpoint, older=seen)
        except Forked as error:
            self._halt.stop(Stopped(log, error.message, self._clock(), note.decode()))
            raise

    def _is_mended(self, stopped: Stopped) -> bool:
        """Whether the record continues the checkpoint that once proved it did not."""
        published = read_published(self._files, stopped.log, self._origins[stopped.log])
        if published is None:
            return False
        keys = read_keys(self._files)
        try:
            seen = open_checkpoint(
                stopped.evidence.encode(), origin=self._origins[stopped.log], keys=keys
            )
            check_continues(self._files, stopped.log, newer=published.checkpoint, older=seen)
        except (BadCheckpoint, Forked):
            return False
        return True
