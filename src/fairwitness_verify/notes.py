"""Keys, signed notes and checkpoints (C2SP signed-note and tlog-checkpoint), read strictly.

Whatever is not exactly as the specifications write it is `Broken`, with the reason.
"""

from __future__ import annotations

import base64
import binascii
import re
from hashlib import sha256
from typing import NamedTuple

from fairwitness_verify.ed25519 import BadSignature, check_public, check_signature

_DASH = "\u2014 "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_ORIGIN = re.compile(r"(.+)/(custody|messages/(?:0|[1-9][0-9]{0,8}))", re.DOTALL)
_LARGEST = 1_000_000
EMPTY_ROOT = sha256(b"").digest()


class Broken(ValueError):
    """Bytes that are not what they should be; the message is for people."""


class Key(NamedTuple):
    """An Ed25519 key and the name it signs under."""

    name: str
    key_id: bytes
    public: bytes


class Checkpoint(NamedTuple):
    """What a log signed: that it has so many entries and this root."""

    origin: str
    size: int
    root: bytes


def read_keys(data: bytes) -> list[Key]:
    """Read a file of vkeys, one a line."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Broken("is not UTF-8 text") from None
    if not text.endswith("\n"):
        raise Broken("does not end with a line of its own, or is empty")
    keys = [read_key(line) for line in text[:-1].split("\n")]
    if len({key.name for key in keys}) != len(keys):
        raise Broken("names two keys for one log")
    return keys


def read_key(line: str, kind: bytes = b"\x01") -> Key:
    """Read one vkey of a type: name, id in hex, type and key in base64."""
    parts = line.split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise Broken("holds a line that is not a verifier key")
    name, key_id, data = _name(parts[0]), bytes.fromhex(parts[1]), parse_base64(parts[2])
    if data[:1] != kind:
        raise Broken("holds a key of a type that this verifier does not know")
    if sha256(name.encode() + b"\n" + data).digest()[:4] != key_id:
        raise Broken("holds a key whose id is not its own")
    try:
        check_public(data[1:])
    except BadSignature as error:
        raise Broken(f"holds a key that is none: {error}") from error
    return Key(name, key_id, data[1:])


def split_origin(origin: str) -> tuple[str, str]:
    """The deployment's name and the log's folder, from a log's origin."""
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        raise Broken("names a log that is neither custody nor messages")
    return match.group(1), match.group(2)


def read_checkpoint(data: bytes, key: Key | None) -> Checkpoint:
    """Read a signed checkpoint. Without a key the signature is not checked, and it proves nothing."""
    # 1. The note must be well-formed to the byte.
    text, lines = parse_note(data)
    # 2. The known key must have signed it, once and well. Others are ignored.
    if key is not None:
        _check_signed(text, lines, key)
    # 3. The text is origin, size and root.
    fields = text.split("\n")
    if len(fields) != 4 or not fields[0]:
        raise Broken("is not a checkpoint of three lines")
    if not re.fullmatch("0|[1-9][0-9]{0,18}", fields[1]) or int(fields[1]) >= 2**63:
        raise Broken("does not give its size as a decimal number")
    checkpoint = Checkpoint(fields[0], int(fields[1]), parse_base64(fields[2]))
    if len(checkpoint.root) != 32 or (checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT):
        raise Broken("does not give a root that its size can have")
    # 4. It must be that of the log that the key is named after.
    if key is not None and checkpoint.origin != key.name:
        raise Broken(f"is the checkpoint of another log, {checkpoint.origin}")
    return checkpoint


def _check_signed(text: str, lines: list[tuple[str, bytes]], key: Key) -> None:
    ours = [blob[4:] for name, blob in lines if (name, blob[:4]) == (key.name, key.key_id)]
    if not ours:
        raise Broken(f"is not signed by the key of {key.name}")
    if len(ours) > 1:
        raise Broken("is signed twice by the same key")
    try:
        check_signature(key.public, text.encode(), ours[0])
    except BadSignature:
        raise Broken(f"carries a signature of {key.name} that does not hold") from None


def parse_note(data: bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a signed note, and each signature's name and bytes. Only the form is checked."""
    if len(data) > _LARGEST:
        raise Broken("is too large for a signed note")
    try:
        note = data.decode()
    except UnicodeDecodeError:
        raise Broken("is not UTF-8 text") from None
    if _CONTROL.search(note):
        raise Broken("holds a control character")
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Broken("is not a text, a blank line and signatures")
    return head + "\n", [_parse_line(line) for line in tail[:-1].split("\n")]


def _parse_line(line: str) -> tuple[str, bytes]:
    name, space, blob = line[len(_DASH) :].partition(" ")
    if not line.startswith(_DASH) or not space:
        raise Broken("holds a line that is not a signature")
    data = parse_base64(blob)
    if len(data) < 5:
        raise Broken("holds a signature that is too short")
    return _name(name), data


def _name(name: str) -> str:
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise Broken("holds a key name with a space, a plus or a control character")
    return name


def parse_base64(text: str) -> bytes:
    """Decode base64 that is spelt the one way."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Broken("holds something that is not base64") from None
    if base64.b64encode(data).decode("ascii") != text:
        raise Broken("holds base64 that is not spelt the one way")
    return data
