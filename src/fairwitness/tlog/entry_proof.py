"""Proofs that can be handed on: an entry's path to the root of a checkpoint, in one small file.

The format is C2SP's tlog-proof, version 1. Whoever has the entry and the keys of the log
and its witnesses checks it offline, without the log.
"""

import base64
import re
from collections.abc import Sequence

import msgspec

from fairwitness.errors import BadCheckpoint, BadProof
from fairwitness.tlog.checkpoint import LARGEST, Checkpoint, open_checkpoint
from fairwitness.tlog.cosignature import WitnessKey, check_quorum
from fairwitness.tlog.hashing import HASH, leaf_hash
from fairwitness.tlog.note import VerifierKey, decode_base64
from fairwitness.tlog.proofs import check_inclusion
from fairwitness.tlog.text import read_number

MAGIC = "c2sp.org/tlog-proof@v1"
LARGEST_PROOF = 1_000_000
_MOST_HASHES = 63
_EXTRA = re.compile("extra (.+)")


class EntryProof(msgspec.Struct, frozen=True):
    """An entry's number, its path, the signed checkpoint, and extra data that nothing vouches for."""

    index: int
    path: tuple[bytes, ...]
    note: bytes
    extra: bytes = b""


def write_proof(proof: EntryProof) -> bytes:
    """The bytes of a `.tlog-proof` file."""
    extra = [f"extra {base64.b64encode(proof.extra).decode('ascii')}"] if proof.extra else []
    hashes = [base64.b64encode(value).decode("ascii") for value in proof.path]
    lines = [MAGIC, *extra, f"index {proof.index}", *hashes, ""]
    return "".join(f"{line}\n" for line in lines).encode() + proof.note


def read_proof(data: bytes) -> EntryProof:
    """Read a file, refusing any that `write_proof` would not write."""
    if len(data) > LARGEST_PROOF:
        raise BadProof("a proof is too large", size=len(data))
    head, blank, note = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        if not blank or lines[0] != MAGIC:
            raise BadProof("this is no proof of version 1")
        return _read(lines[1:], note)
    except (UnicodeDecodeError, BadCheckpoint) as error:
        raise BadProof(f"a proof is not well-formed: {error}") from error


def _read(lines: list[str], note: bytes) -> EntryProof:
    extra = b""
    if lines and (match := _EXTRA.fullmatch(lines[0])):
        extra, lines = decode_base64(match.group(1)), lines[1:]
    if not lines or not lines[0].startswith("index "):
        raise BadProof("a proof does not name its entry")
    if len(lines) - 1 > _MOST_HASHES:
        raise BadProof("a proof is too long", hashes=len(lines) - 1)
    path = tuple(decode_base64(line) for line in lines[1:])
    if any(len(value) != HASH for value in path):
        raise BadProof("a line of the proof is not a hash")
    return EntryProof(read_number(lines[0][6:], LARGEST), path, note, extra)


def check_proof(
    proof: EntryProof, *, entry: bytes, origin: str, keys: Sequence[VerifierKey],
    witnesses: Sequence[WitnessKey] = (), quorum: int = 0,
) -> Checkpoint:  # fmt: skip
    """Check that `entry` is in the log `origin`, as its key and a quorum of witnesses signed it.

    Gives the checkpoint that vouches for it.
    """
    # 1. The log's own key must have signed the checkpoint.
    checkpoint = open_checkpoint(proof.note, origin=origin, keys=keys)
    # 2. Known witnesses must have cosigned it, as many as are asked for.
    check_quorum(proof.note, witnesses, quorum)
    # 3. The entry must lead to its root.
    check_inclusion(
        leaf=leaf_hash(entry), index=proof.index, size=checkpoint.size, path=proof.path, root=checkpoint.root
    )
    return checkpoint
