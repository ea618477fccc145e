"""Checkpoints: the size and root of a log, in three lines that are signed.

The format is C2SP's tlog-checkpoint without extension lines, which it advises against
and the record never writes.
"""

import binascii
from collections.abc import Sequence

import msgspec

from fairwitness.errors import BadCheckpoint
from fairwitness.tlog.hashing import EMPTY_ROOT, HASH
from fairwitness.tlog.note import VerifierKey, decode_base64, open_note
from fairwitness.tlog.text import read_number

LARGEST = 2**63 - 1


class Checkpoint(msgspec.Struct, frozen=True):
    """The claim that the log `origin` has `size` entries and this `root`."""

    origin: str
    size: int
    root: bytes


def write_checkpoint(checkpoint: Checkpoint) -> str:
    """The text of a checkpoint: what a note is made of."""
    if len(checkpoint.root) != HASH or not 0 <= checkpoint.size <= LARGEST:
        raise ValueError("not the size and root of a log")
    root = binascii.b2a_base64(checkpoint.root, newline=False).decode("ascii")
    text = f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n"
    read_checkpoint(text)
    return text


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint, refusing any that `write_checkpoint` would not write."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise BadCheckpoint("a checkpoint is three lines", lines=len(lines) - 1)
    origin, size, root = lines[:3]
    if not origin:
        raise BadCheckpoint("a checkpoint names its log")
    number = read_number(size, LARGEST)
    digest = decode_base64(root)
    if len(digest) != HASH:
        raise BadCheckpoint("the root of a checkpoint is not a hash", size=len(digest))
    if number == 0 and digest != EMPTY_ROOT:
        raise BadCheckpoint("an empty log has another root")
    return Checkpoint(origin, number, digest)


def open_checkpoint(data: bytes, *, origin: str, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Read a signed checkpoint of the log `origin`, signed by that log's own key among `keys`."""
    # 1. A key speaks only for the log that it is named after.
    own = [key for key in keys if key.name == origin]
    if not own:
        raise BadCheckpoint("no key is known for this log", origin=origin)
    # 2. The signature comes before the text: nothing unsigned is parsed further.
    checkpoint = read_checkpoint(open_note(data, own).text)
    # 3. The text must speak of the same log.
    if checkpoint.origin != origin:
        raise BadCheckpoint("this is the checkpoint of another log", origin=origin, found=checkpoint.origin)
    return checkpoint
