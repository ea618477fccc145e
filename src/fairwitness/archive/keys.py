"""Keys, what each is for, and the three things that are done with them.

Who holds what is `docs/spec/record.md`, section 5: a door can encrypt and not decrypt,
only the keeper can open message payloads. Algorithms: HPKE (RFC 9180) with X25519,
HKDF-SHA-256 and AES-256-GCM; AES-256-GCM; AES-KWP (RFC 5649); HMAC-SHA-256.
"""

import hashlib
import hmac
import os
import struct
from collections.abc import Callable, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from fairwitness.errors import HashMismatch, Malformed

SALT = 16
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_HPKE, _SHARED = 1, 2


class DoorKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What a door needs: it can seal and it can recognise, it can not read messages back.

    `sealing_public` is the first sealing key; later ones are custody entries that the key behind
    `custody_public` (Ed25519, the custody log's own) has signed.
    """

    tail: bytes
    custody: bytes
    dedupe: bytes
    sealing_public: bytes
    custody_public: bytes
    secrets: dict[str, tuple[str, ...]] = {}


class KeeperKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What only the keeper holds. `log_seeds` are Ed25519 seeds by log name; `secrets` such as a PIN.

    `wrapping` opens the cabinets in which key-encryption keys and the private halves of sealing
    keys rest, one file each, so that any of them can be destroyed by itself.
    """

    wrapping: bytes
    views: bytes
    log_seeds: dict[str, bytes]
    secrets: dict[str, tuple[str, ...]] = {}


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys that one process was given. A hub has `views` and no `keeper`."""

    door: DoorKeys
    keeper: KeeperKeys | None = None
    views: bytes | None = None


class NewKeys(msgspec.Struct, frozen=True):
    """Fresh keys of a deployment, and the private half of its first sealing key."""

    keys: Keys
    sealing_private: bytes


def new_keys(logs: Sequence[str], *, custody: str, secrets: dict[str, tuple[str, ...]]) -> NewKeys:
    """Fresh keys for a deployment with these logs; `custody` is the one that signs sealing keys."""
    sealing = X25519PrivateKey.generate()
    seeds = {log: Ed25519PrivateKey.generate() for log in logs}
    door = DoorKeys(
        tail=os.urandom(32),
        custody=os.urandom(32),
        dedupe=os.urandom(32),
        sealing_public=sealing.public_key().public_bytes_raw(),
        custody_public=seeds[custody].public_key().public_bytes_raw(),
        secrets=secrets,
    )
    keeper = KeeperKeys(
        wrapping=os.urandom(32),
        views=os.urandom(32),
        log_seeds={log: seed.private_bytes_raw() for log, seed in seeds.items()},
    )
    return NewKeys(Keys(door=door, keeper=keeper, views=keeper.views), sealing.private_bytes_raw())


_length = struct.Struct(">I").pack


def commit(salt: bytes, payload: bytes) -> str:
    """The commitment of an entry: SHA-256(salt ‖ payload), in hex."""
    return hashlib.sha256(salt + payload).hexdigest()


def keyed_digest(key: bytes, *parts: bytes) -> bytes:
    """A 128-bit keyed digest of `parts`, which are length-prefixed and so can't run together."""
    framed = b"".join([piece for part in parts for piece in (_length(len(part)), part)])
    return hmac.digest(key, framed, "sha256")[:16]


class Secret(msgspec.Struct, frozen=True):
    """A salt with the payload it hides: what is encrypted together and destroyed together."""

    salt: bytes
    payload: bytes


def _frame(secrets: Sequence[Secret]) -> bytes:
    return b"".join(
        part
        for secret in secrets
        for part in (struct.pack(">I", SALT + len(secret.payload)), secret.salt, secret.payload)
    )


def _unframe(plain: bytes) -> list[Secret]:
    secrets, offset = [], 0
    while offset < len(plain):
        (length,) = struct.unpack_from(">I", plain, offset)
        offset += 4
        secrets.append(Secret(plain[offset : offset + SALT], plain[offset + SALT : offset + length]))
        offset += length
    return secrets


def _context(origin: str, first: int) -> bytes:
    return f"fairwitness/seal/v1\n{origin}\n{first}".encode("ascii")


def recipient_id(public: bytes) -> bytes:
    """By what a sealed batch names the key it is sealed to."""
    return hashlib.sha256(public).digest()[:8]


def recipient_of(sealed: bytes) -> bytes:
    """The id of the key that a batch of messages is sealed to."""
    return sealed[1:9]


class Sealer:
    """Encrypts what is appended, to a sealing key (messages) or under the custody key."""

    def __init__(self, keys: DoorKeys) -> None:
        self._recipient = keys.sealing_public
        self._public = X25519PublicKey.from_public_bytes(keys.sealing_public)
        self._custody = AESGCM(keys.custody)

    def seal_to(self, public: bytes) -> None:
        """From now on seal messages to this key."""
        if public != self._recipient:
            self._public = X25519PublicKey.from_public_bytes(public)
            self._recipient = public

    def seal_messages(self, secrets: Sequence[Secret], *, origin: str, first: int) -> bytes:
        """One sealed batch that only the keeper can open."""
        sealed = _SUITE.encrypt(_frame(secrets), self._public, _context(origin, first))
        return bytes([_HPKE]) + recipient_id(self._recipient) + sealed

    def seal_custody(self, secrets: Sequence[Secret], *, origin: str, first: int) -> bytes:
        """One batch that every process with the custody key can open."""
        nonce = os.urandom(12)
        sealed = self._custody.encrypt(nonce, _frame(secrets), _context(origin, first))
        return bytes([_SHARED]) + nonce + sealed

    def open_custody(self, sealed: bytes, *, origin: str, first: int) -> list[Secret]:
        """Open what `seal_custody` made, or raise `HashMismatch`."""
        if sealed[:1] != bytes([_SHARED]):
            raise Malformed("not a batch under the custody key")
        try:
            plain = self._custody.decrypt(sealed[1:13], sealed[13:], _context(origin, first))
        except InvalidTag as error:
            raise HashMismatch("a custody batch does not open", origin=origin, first=first) from error
        return _unframe(plain)


PrivateHalf = Callable[[bytes], bytes | None]
"""The private half of the sealing key with this recipient id; None once it was destroyed."""


class Opener:
    """The keeper's side: opens sealed batches of messages."""

    def __init__(self, private_half: PrivateHalf) -> None:
        self._private_half = private_half
        self._known: dict[bytes, X25519PrivateKey] = {}

    def forget(self) -> None:
        """Drop the private halves that were used."""
        self._known.clear()

    def open_messages(self, sealed: bytes, *, origin: str, first: int) -> list[Secret]:
        """Open what `seal_messages` made, or raise `HashMismatch`."""
        if sealed[:1] != bytes([_HPKE]):
            raise Malformed("not a batch of messages", origin=origin, first=first)
        try:
            private = self._private(recipient_of(sealed), origin, first)
            plain = _SUITE.decrypt(sealed[9:], private, _context(origin, first))
        except InvalidTag as error:
            raise HashMismatch("a sealed batch does not open", origin=origin, first=first) from error
        return _unframe(plain)

    def _private(self, recipient: bytes, origin: str, first: int) -> X25519PrivateKey:
        if recipient not in self._known:
            half = self._private_half(recipient)
            if half is None:
                raise Malformed("sealed to a key that is not here", origin=origin, first=first)
            self._known[recipient] = X25519PrivateKey.from_private_bytes(half)
        return self._known[recipient]
