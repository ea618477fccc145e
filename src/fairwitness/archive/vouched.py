"""Checkpoints that somebody else vouches for: cosigned, stamped, or kept from before.

Whoever holds a log's own key can sign any tree. What they can't do is sign one that was
cosigned before it was changed; so the record must continue each of these.
"""

from collections.abc import Sequence

import msgspec

from fairwitness.archive.ports import FileStore
from fairwitness.archive.tiles import tile_reader
from fairwitness.errors import BadCheckpoint, BadProof, Forked
from fairwitness.model.entry import LogName
from fairwitness.tlog import (
    Checkpoint,
    VerifierKey,
    WitnessKey,
    check_consistency,
    check_quorum,
    consistency_proof,
    open_checkpoint,
    read_witness_vkey,
    witnessed_at,
    write_witness_vkey,
)

WITNESSES = "witnesses"


class Witnessed(msgspec.Struct, frozen=True):
    """The newest cosigned checkpoint of a log, and when (ms) the quorum that is asked for was reached."""

    checkpoint: Checkpoint
    at: int
    note: bytes


def read_witnessed(files: FileStore, log: LogName) -> bytes | None:
    """The newest cosigned checkpoint as published, not checked; None before the first."""
    return files.read(f"{log}/checkpoint.witnessed")


def read_witnesses(files: FileStore) -> list[WitnessKey]:
    """The witnesses that the record names; none where it names none."""
    try:
        text = (files.read(WITNESSES) or b"").decode("ascii")
    except UnicodeDecodeError as error:
        raise BadCheckpoint("the `witnesses` file is not text") from error
    if text and not text.endswith("\n"):
        raise BadCheckpoint("the `witnesses` file is not complete")
    return [read_witness_vkey(line) for line in text.splitlines()]


def write_witnesses(files: FileStore, witnesses: Sequence[WitnessKey]) -> None:
    """Name the witnesses in the record, and those that it named before, whose cosignatures may stay."""
    known = read_witnesses(files)
    lines = [write_witness_vkey(key) for key in [*witnesses, *(key for key in known if key not in witnesses)]]
    data = "".join(f"{line}\n" for line in lines).encode()
    if witnesses and data != files.read(WITNESSES):
        files.publish(WITNESSES, data, replace=True)


def open_witnessed(
    note: bytes, *, origin: str, keys: Sequence[VerifierKey], witnesses: Sequence[WitnessKey], quorum: int
) -> Witnessed:
    """Read a cosigned checkpoint, checking the log's signature and a quorum of the witnesses'."""
    checkpoint = open_checkpoint(note, origin=origin, keys=keys)
    cosignatures = check_quorum(note, witnesses, max(quorum, 1))
    return Witnessed(checkpoint, witnessed_at(cosignatures, quorum) * 1000, note)


def check_continues(files: FileStore, log: LogName, *, newer: Checkpoint, older: Checkpoint) -> None:
    """Check that the published tree under `newer` continues `older`, or raise `Forked`.

    What is checked is a proof made of the tiles, so tiles that are damaged can hide nothing; but they
    can make a log look forked that is not.
    """
    facts = {"log": log, "size": newer.size, "witnessed": older.size}
    if older.size > newer.size:
        raise Forked("the log is behind a checkpoint that it signed: it was wound back", **facts)
    path = consistency_proof(older.size, newer.size, tile_reader(files, log))
    try:
        check_consistency(
            old_size=older.size, old_root=older.root, new_size=newer.size, new_root=newer.root, path=path
        )
    except (BadProof, Forked) as error:
        raise Forked(
            "the log does not continue a checkpoint that it signed: it was written anew", **facts
        ) from error
