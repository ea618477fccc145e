"""Witnesses' keys and cosignatures (C2SP tlog-cosignature, Ed25519), read strictly."""

from __future__ import annotations

from typing import NamedTuple

from fairwitness_verify.ed25519 import BadSignature, check_signature
from fairwitness_verify.notes import Broken, Key, parse_note, read_key

COSIGNATURE = b"\x04"


class Cosignature(NamedTuple):
    """Who cosigned, and when by that witness's clock, in seconds."""

    name: str
    at: int


def read_witnesses(data: bytes) -> list[Key]:
    """Read a file of witnesses' vkeys, one a line."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Broken("is not UTF-8 text") from None
    if not text.endswith("\n"):
        raise Broken("does not end with a line of its own, or is empty")
    keys = [read_key(line, COSIGNATURE) for line in text[:-1].split("\n")]
    if len({key.public for key in keys}) != len(keys) or len({key[:2] for key in keys}) != len(keys):
        raise Broken("names one witness twice")
    return keys


def read_cosignatures(note: bytes, witnesses: list[Key], quorum: int) -> list[Cosignature]:
    """Who of these witnesses cosigned a note: at least `quorum` of them, and none badly."""
    text, lines = parse_note(note)
    known = {(key.name, key.key_id): key for key in witnesses}
    found: dict[str, Cosignature] = {}
    for name, blob in lines:
        key = known.get((name, blob[:4]))
        if key is None:
            continue
        if key.public.hex() in found:
            raise Broken(f"is cosigned twice by {name}")
        found[key.public.hex()] = _cosignature(text, key, blob[4:])
    if len(found) < quorum:
        raise Broken(f"is cosigned by {len(found)} of the known witnesses, and not by {quorum}")
    return list(found.values())


def reached_at(cosignatures: list[Cosignature], quorum: int) -> int:
    """When the quorum was there, by the clock of the witness that completed it."""
    return sorted(one.at for one in cosignatures)[max(quorum, 1) - 1]


def _cosignature(text: str, key: Key, signature: bytes) -> Cosignature:
    at = int.from_bytes(signature[:8], "big")
    if len(signature) != 72 or at >= 2**63:
        raise Broken(f"carries something of {key.name} that is no cosignature")
    try:
        check_signature(key.public, f"cosignature/v1\ntime {at}\n{text}".encode(), signature[8:])
    except BadSignature:
        raise Broken(f"carries a cosignature of {key.name} that does not hold") from None
    return Cosignature(key.name, at)
