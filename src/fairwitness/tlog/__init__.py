"""The mathematics of the log: hashes, tiles, proofs, checkpoints, signed notes.

Everything here takes bytes and gives bytes or values. Nothing reads a store, a clock or
a key; what must be read or signed is handed in as a function. Every check returns None
when the claim holds and raises a `Tampered` when it does not. Hashing is RFC 6962,
section 2.1, with SHA-256; files are those of C2SP's tlog-tiles, tlog-checkpoint,
signed-note, tlog-cosignature, tlog-witness and tlog-proof.
"""

from fairwitness.tlog.checkpoint import Checkpoint, open_checkpoint, read_checkpoint, write_checkpoint
from fairwitness.tlog.cosignature import (
    Cosignature,
    Cosigner,
    WitnessKey,
    answer_lines,
    check_quorum,
    cosign,
    read_cosignatures,
    read_witness_vkey,
    witnessed_at,
    write_witness_vkey,
)
from fairwitness.tlog.entry_proof import EntryProof, check_proof, read_proof, write_proof
from fairwitness.tlog.hashing import EMPTY_ROOT, HASH, leaf_hash, node_hash
from fairwitness.tlog.note import (
    OpenNote,
    SignatureLine,
    Signer,
    VerifierKey,
    open_note,
    parse_note,
    read_vkey,
    sign_note,
    write_vkey,
)
from fairwitness.tlog.proofs import (
    ReadTile,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    root_at,
)
from fairwitness.tlog.submission import Submission, consider, origin_of, read_submission, write_submission
from fairwitness.tlog.text import read_number
from fairwitness.tlog.tiles import (
    WIDTH,
    TileId,
    bundle_path,
    bundles_of,
    decode_bundle,
    encode_bundle,
    parse_path,
    tile_path,
    tiles_of,
)
from fairwitness.tlog.tree import Frontier, TileWrite, extend, load_frontier

__all__ = [
    "EMPTY_ROOT",
    "HASH",
    "WIDTH",
    "Checkpoint",
    "Cosignature",
    "Cosigner",
    "EntryProof",
    "Frontier",
    "OpenNote",
    "ReadTile",
    "SignatureLine",
    "Signer",
    "Submission",
    "TileId",
    "TileWrite",
    "VerifierKey",
    "WitnessKey",
    "answer_lines",
    "bundle_path",
    "bundles_of",
    "check_consistency",
    "check_inclusion",
    "check_proof",
    "check_quorum",
    "consider",
    "consistency_proof",
    "cosign",
    "decode_bundle",
    "encode_bundle",
    "extend",
    "inclusion_proof",
    "leaf_hash",
    "load_frontier",
    "node_hash",
    "open_checkpoint",
    "open_note",
    "origin_of",
    "parse_note",
    "parse_path",
    "read_checkpoint",
    "read_cosignatures",
    "read_number",
    "read_proof",
    "read_submission",
    "read_vkey",
    "read_witness_vkey",
    "root_at",
    "sign_note",
    "tile_path",
    "tiles_of",
    "witnessed_at",
    "write_checkpoint",
    "write_proof",
    "write_submission",
    "write_vkey",
    "write_witness_vkey",
]
