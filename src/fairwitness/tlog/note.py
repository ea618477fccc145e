"""Signed notes: a text, a blank line, and the lines of those who signed it.

The format is C2SP's signed-note, read strictly: one way to write each signature, no
control characters, and a known key whose signature fails spoils the whole note. Only
Ed25519 (type 0x01) is known; signatures of others are legal and ignored.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fairwitness.errors import BadCheckpoint

ED25519 = 1
LARGEST = 1_000_000
_DASH = "\u2014 "
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_KEY_ID = re.compile("[0-9a-f]{8}")
_FIELD = 2**255 - 19
# The y of the eight points whose order divides eight, without their signs: under such a
# key, signatures can be made that fit any text.
_SMALL_Y = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        2707385501144840649318225287225658788936804267575313519463743609750303402022,
        55188659117513257062467267217118295137698188065244968500265048394206261417927,
    }
)


class VerifierKey(msgspec.Struct, frozen=True):
    """A public key with the name that it signs under."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line carries, by which a key is found again."""
        return key_id_of(self.name, ED25519, self.public)


class Signer(msgspec.Struct, frozen=True):
    """A key and the function that signs with its private half."""

    key: VerifierKey
    sign: Callable[[bytes], bytes]


class OpenNote(msgspec.Struct, frozen=True):
    """A note whose signatures by known keys hold: its text and who signed."""

    text: str
    signed_by: tuple[VerifierKey, ...]


class SignatureLine(msgspec.Struct, frozen=True):
    """One line below a note: whose it says it is, and the signature, not checked."""

    name: str
    key_id: bytes
    signature: bytes

    def write(self) -> str:
        """The line as it stands in a note, with its end."""
        check_name(self.name)
        blob = base64.b64encode(self.key_id + self.signature).decode("ascii")
        return f"{_DASH}{self.name} {blob}\n"


def decode_base64(text: str) -> bytes:
    """Decode standard base64, refusing any spelling but the one that encoding gives."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise BadCheckpoint("not base64") from error
    if base64.b64encode(data).decode("ascii") != text:
        raise BadCheckpoint("base64 that is not spelt the one way")
    return data


def write_vkey(key: VerifierKey) -> str:
    """The key as a line of text: name, key id in hex, type and key in base64."""
    return join_vkey(key.name, ED25519, key.public)


def read_vkey(text: str) -> VerifierKey:
    """Read a key, refusing one whose id is not its own or whose type is not Ed25519."""
    return VerifierKey(*split_vkey(text, ED25519))


def join_vkey(name: str, kind: int, public: bytes) -> str:
    """The line of a key of any type that is made of an Ed25519 key."""
    check_name(name)
    check_public(public)
    encoded = base64.b64encode(bytes([kind]) + public).decode("ascii")
    return f"{name}+{key_id_of(name, kind, public).hex()}+{encoded}"


def split_vkey(text: str, kind: int) -> tuple[str, bytes]:
    """The name and the public key of a line for a key of type `kind`, and no other."""
    name, *rest = text.split("+", 2)
    check_name(name)
    if len(rest) != 2 or not _KEY_ID.fullmatch(rest[0]):
        raise BadCheckpoint("a verifier key is name+id+key")
    data = decode_base64(rest[1])
    if data[:1] != bytes([kind]):
        raise BadCheckpoint("a verifier key of a type that is not known here", name=name)
    check_public(data[1:])
    if key_id_of(name, kind, data[1:]).hex() != rest[0]:
        raise BadCheckpoint("the id of a verifier key is not its own", name=name)
    return name, data[1:]


def key_id_of(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes by which a key of type `kind` is found again."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def sign_note(text: str, signers: Sequence[Signer]) -> bytes:
    """The note of `text` with one signature line per signer."""
    if not signers:
        raise ValueError("a note is signed by somebody")
    message = text.encode()
    lines = []
    for signer in signers:
        lines.append(SignatureLine(signer.key.name, signer.key.key_id, signer.sign(message)).write())
    note = message + b"\n" + "".join(lines).encode()
    open_note(note, [signer.key for signer in signers])
    return note


def open_note(data: bytes, keys: Sequence[VerifierKey]) -> OpenNote:
    """Read a note that at least one of `keys` signed, and none of them badly."""
    # 1. The note must be well-formed to the byte.
    text, lines = parse_note(data)
    known = {(key.name, key.key_id): key for key in keys}
    # 2. Two keys of one name and id can't be told apart.
    if len(known) != len(keys):
        raise BadCheckpoint("two verifier keys share a name and an id")
    signed_by: list[VerifierKey] = []
    for line in lines:
        # 3. Signatures of unknown keys are ignored, whatever they are.
        key = known.get((line.name, line.key_id))
        if key is None:
            continue
        # 4. A known key signs once, and its signature holds.
        if key in signed_by:
            raise BadCheckpoint("a key signed the note twice", name=key.name)
        check_signature(key.name, key.public, signature=line.signature, message=text.encode())
        signed_by.append(key)
    # 5. Somebody known must have signed.
    if not signed_by:
        raise BadCheckpoint("no known key signed the note", names=[line.name for line in lines])
    return OpenNote(text, tuple(signed_by))


def parse_note(data: bytes) -> tuple[str, list[SignatureLine]]:
    """The text and the signature lines of a well-formed note. Nothing is checked but the form."""
    if len(data) > LARGEST:
        raise BadCheckpoint("a note is too large", size=len(data))
    try:
        note = data.decode()
    except UnicodeDecodeError as error:
        raise BadCheckpoint("a note is not UTF-8", offset=error.start) from error
    if control := _CONTROL.search(note):
        raise BadCheckpoint("a note holds a control character", offset=control.start())
    head, blank, tail = note.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise BadCheckpoint("a note is a text, a blank line and signature lines")
    return head + "\n", parse_lines(tail)


def parse_lines(text: str) -> list[SignatureLine]:
    """Signature lines, each with its end."""
    if not text.endswith("\n"):
        raise BadCheckpoint("a signature line has no end")
    return [_parse_line(line) for line in text[:-1].split("\n")]


def _parse_line(line: str) -> SignatureLine:
    name, space, blob = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space:
        raise BadCheckpoint("not a signature line")
    check_name(name)
    data = decode_base64(blob)
    if len(data) < 5:
        raise BadCheckpoint("a signature is too short", name=name)
    return SignatureLine(name, data[:4], data[4:])


def check_name(name: str) -> None:
    """Check that `name` can be the name of a key."""
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise BadCheckpoint("a key name is empty, or holds a space, a plus or a control character")


def check_public(public: bytes) -> None:
    """Check that these bytes are an Ed25519 key under which not everything can be signed."""
    y = int.from_bytes(public, "little") & (2**255 - 1)
    if len(public) != 32 or y >= _FIELD or y in _SMALL_Y:
        raise BadCheckpoint("not an Ed25519 key that can sign")


def check_signature(name: str, public: bytes, *, signature: bytes, message: bytes) -> None:
    """Check that the holder of `public`, whose name is only told, signed `message`."""
    check_public(public)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature as error:
        raise BadCheckpoint("a signature does not hold", name=name) from error
