"""What a log sends to a witness, and what the witness makes of it (C2SP tlog-witness).

`consider` is the whole of a witness's judgement, as a function of what it remembers: it
returns the checkpoint to remember, or raises why not: `BadCheckpoint` for what is not
well-formed, `NotWitnessed` with the status that the protocol gives the reason. It must be
called with nobody else writing what is remembered.
"""

import base64
from collections.abc import Sequence

import msgspec

from fairwitness.errors import BadCheckpoint, BadProof, Forked, NotWitnessed
from fairwitness.tlog.checkpoint import LARGEST, Checkpoint, read_checkpoint
from fairwitness.tlog.hashing import EMPTY_ROOT, HASH
from fairwitness.tlog.note import VerifierKey, decode_base64, open_note, parse_note
from fairwitness.tlog.proofs import check_consistency
from fairwitness.tlog.text import read_number

MOST_HASHES = 63
LARGEST_BODY = 64 * 1024


class Submission(msgspec.Struct, frozen=True):
    """A checkpoint with why it continues the one of `old_size`."""

    old_size: int
    path: tuple[bytes, ...]
    note: bytes


def write_submission(submission: Submission) -> bytes:
    """The body of an add-checkpoint request."""
    hashes = [base64.b64encode(value).decode("ascii") for value in submission.path]
    lines = [f"old {submission.old_size}", *hashes]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + submission.note


def read_submission(body: bytes) -> Submission:
    """Read a body, refusing any that `write_submission` would not write."""
    if len(body) > LARGEST_BODY:
        raise BadCheckpoint("a submission is too large", size=len(body))
    head, blank, note = body.partition(b"\n\n")
    if not blank:
        raise BadCheckpoint("a submission is a size, a proof, an empty line and a checkpoint")
    try:
        old, *hashes = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise BadCheckpoint("a submission is not text") from error
    if len(hashes) > MOST_HASHES:
        raise BadCheckpoint("a proof is too long", hashes=len(hashes))
    if not old.startswith("old "):
        raise BadCheckpoint("a submission begins with the old size")
    return Submission(read_number(old[4:], LARGEST), tuple(_hash(line) for line in hashes), note)


def consider(submission: Submission, *, logs: Sequence[VerifierKey], seen: Checkpoint | None) -> Checkpoint:
    """The checkpoint to remember instead of `seen`, the newest of the same log that was remembered."""
    checkpoint = read_checkpoint(parse_note(submission.note)[0])
    # 1. The log must be one that is watched; 2. its key must have signed.
    keys = [key for key in logs if key.name == checkpoint.origin]
    if not keys:
        raise NotWitnessed("no such log is watched here", status=404)
    try:
        open_note(submission.note, keys)
    except BadCheckpoint as error:
        raise NotWitnessed("the key of the log did not sign this", status=403) from error
    # 3. The old size must not be above the new one.
    if submission.old_size > checkpoint.size:
        raise NotWitnessed("the old size is above the checkpoint's", status=400)
    # 4. The old size must be the one that is remembered.
    size, root = (seen.size, seen.root) if seen else (0, EMPTY_ROOT)
    if submission.old_size != size:
        raise NotWitnessed("another size is remembered", status=409, size=size)
    # 5. The new tree must continue the old one. C2SP's newest text says 422 for two roots of one
    #    size as well, older ones 409.
    try:
        check_consistency(
            old_size=size, old_root=root, new_size=checkpoint.size, new_root=checkpoint.root,
            path=submission.path,
        )  # fmt: skip
    except (BadProof, Forked) as error:
        raise NotWitnessed("this does not continue what was seen before", status=422) from error
    return checkpoint


def origin_of(submission: Submission) -> str:
    """Which log a submission says it is of; nothing is checked yet."""
    return read_checkpoint(parse_note(submission.note)[0]).origin


def _hash(line: str) -> bytes:
    value = decode_base64(line)
    if len(value) != HASH:
        raise BadCheckpoint("a line of the proof is not a hash", size=len(value))
    return value
