"""Cosignatures: what a witness says of a checkpoint, and how many of them suffice.

The format is C2SP's tlog-cosignature, Ed25519 (type 0x04). A cosignature says that at its
time the checkpoint was the largest that the witness knew of this log, and consistent with
every one it had seen before. Times are whole seconds, as the format has them.
"""

import struct
from collections.abc import Callable, Sequence

import msgspec

from fairwitness.errors import BadCheckpoint
from fairwitness.tlog.note import (
    SignatureLine,
    check_signature,
    join_vkey,
    key_id_of,
    parse_lines,
    parse_note,
    split_vkey,
)

COSIGNATURE = 4
_LARGEST_TIME = 2**63 - 1


class WitnessKey(msgspec.Struct, frozen=True):
    """The public key of a witness, with the name that it signs under."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that its signature lines carry."""
        return key_id_of(self.name, COSIGNATURE, self.public)


class Cosigner(msgspec.Struct, frozen=True):
    """A witness's key and the function that signs with its private half."""

    key: WitnessKey
    sign: Callable[[bytes], bytes]


class Cosignature(msgspec.Struct, frozen=True):
    """A cosignature that holds: whose, and when it was made (seconds)."""

    key: WitnessKey
    at: int
    line: SignatureLine


def write_witness_vkey(key: WitnessKey) -> str:
    """The key as a line of text."""
    return join_vkey(key.name, COSIGNATURE, key.public)


def read_witness_vkey(text: str) -> WitnessKey:
    """Read the key of a witness; that of a log, or any other, is refused."""
    return WitnessKey(*split_vkey(text, COSIGNATURE))


def cosign(text: str, cosigner: Cosigner, *, at: int) -> SignatureLine:
    """The line by which `cosigner` says what it knows of the checkpoint `text` at a time in seconds."""
    if not 0 <= at <= _LARGEST_TIME:
        raise ValueError("a time that a cosignature can not hold")
    signature = struct.pack(">Q", at) + cosigner.sign(_message(text, at))
    line = SignatureLine(cosigner.key.name, cosigner.key.key_id, signature)
    _open(text, line, cosigner.key)
    return line


def read_cosignatures(
    text: str, lines: Sequence[SignatureLine], keys: Sequence[WitnessKey]
) -> list[Cosignature]:
    """Every cosignature of a known witness among `lines`; one that does not hold spoils them all."""
    known = {(key.name, key.key_id): key for key in keys}
    # 1. Two keys of one name and id can't be told apart, and one key is one witness.
    if len(known) != len(keys) or len({key.public for key in keys}) != len(keys):
        raise BadCheckpoint("two witnesses share a key, or a name and an id")
    found: list[Cosignature] = []
    for line in lines:
        # 2. Lines of others are ignored, whatever they are.
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        # 3. A known witness signs once, and its cosignature holds.
        if any(one.key == key for one in found):
            raise BadCheckpoint("a witness signed the checkpoint twice", name=key.name)
        found.append(_open(text, line, key))
    return found


def check_quorum(note: bytes, keys: Sequence[WitnessKey], quorum: int) -> list[Cosignature]:
    """Check that at least `quorum` of the witnesses cosigned a checkpoint; gives those that did.

    The log's own signature is `open_checkpoint`'s to check.
    """
    text, lines = parse_note(note)
    found = read_cosignatures(text, lines, keys)
    if len(found) < quorum:
        raise BadCheckpoint("too few witnesses cosigned the checkpoint", found=len(found), quorum=quorum)
    return found


def witnessed_at(cosignatures: Sequence[Cosignature], quorum: int) -> int:
    """When the quorum was reached, in seconds: the time of the witness that completed it."""
    return sorted(one.at for one in cosignatures)[max(quorum, 1) - 1]


def answer_lines(data: bytes) -> list[SignatureLine]:
    """The signature lines that a witness answered with."""
    try:
        return parse_lines(data.decode())
    except UnicodeDecodeError as error:
        raise BadCheckpoint("a witness's answer is not UTF-8", offset=error.start) from error


def _open(text: str, line: SignatureLine, key: WitnessKey) -> Cosignature:
    if len(line.signature) != 8 + 64:
        raise BadCheckpoint("a cosignature is a time and 64 bytes", name=key.name, size=len(line.signature))
    (at,) = struct.unpack(">Q", line.signature[:8])
    if at > _LARGEST_TIME:
        raise BadCheckpoint("the time of a cosignature is out of range", name=key.name)
    check_signature(key.name, key.public, signature=line.signature[8:], message=_message(text, at))
    return Cosignature(key, at, line)


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
