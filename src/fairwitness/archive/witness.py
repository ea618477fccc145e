"""A witness: it remembers the newest checkpoint of each log, and signs what continues it.

Nothing is signed before what it says is durable, and looking and remembering are one step,
so that what is remembered never goes back. What is kept of a log is its newest checkpoint
with the signatures of the log and of this witness: enough to show to anyone.
"""

import hashlib
import threading
from collections.abc import Sequence

from fairwitness.archive.ports import FileStore
from fairwitness.clock import Clock
from fairwitness.tlog import (
    Checkpoint,
    Cosigner,
    VerifierKey,
    check_quorum,
    consider,
    cosign,
    open_checkpoint,
    origin_of,
    parse_note,
    read_submission,
)


def place_of(origin: str) -> str:
    """Where a witness keeps, and shows, the newest checkpoint of a log: SHA-256 of the origin, in hex."""
    return hashlib.sha256(origin.encode()).hexdigest()


class Witness:
    """Signs checkpoints of `logs`. Safe to use from several threads; only one process may have `states`."""

    def __init__(
        self, *, logs: Sequence[VerifierKey], cosigner: Cosigner, states: FileStore, clock: Clock
    ) -> None:
        self._logs = tuple(logs)
        self._cosigner = cosigner
        self._states = states
        self._clock = clock
        self._turn = threading.Lock()
        self._seen = {key.name: self._load(key) for key in self._logs}

    def add_checkpoint(self, body: bytes) -> bytes:
        """The cosignature of a submitted checkpoint, as a line; or why there is none, as an error."""
        submission = read_submission(body)
        origin = origin_of(submission)
        with self._turn:
            seen = self._seen.get(origin)
            checkpoint = consider(submission, logs=self._logs, seen=seen)
            text, lines = parse_note(submission.note)
            line = cosign(text, self._cosigner, at=self._clock() // 1000)
            if checkpoint != seen:
                # What others signed is not ours to vouch for, and is left out.
                key = self._key_of(origin)
                own = next(kept for kept in lines if (kept.name, kept.key_id) == (origin, key.key_id))
                note = f"{text}\n{own.write()}{line.write()}".encode()
                self._states.publish(place_of(origin), note, replace=True)
                self._seen[origin] = checkpoint
        return line.write().encode()

    def newest(self, place: str) -> bytes | None:
        """The newest cosigned checkpoint of the log that is kept at `place`; None where there is none."""
        if place not in {place_of(key.name) for key in self._logs}:
            return None
        return self._states.read(place)

    def _key_of(self, origin: str) -> VerifierKey:
        return next(key for key in self._logs if key.name == origin)

    def _load(self, key: VerifierKey) -> Checkpoint | None:
        """What is remembered of a log. A witness that can't trust its memory must not start."""
        note = self._states.read(place_of(key.name))
        if note is None:
            return None
        check_quorum(note, [self._cosigner.key], 1)
        return open_checkpoint(note, origin=key.name, keys=[key])
