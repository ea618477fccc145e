"""Sealing keys in generations: doors seal to the newest, old private halves go once nothing needs them.

A new key is announced by a custody entry that the custody log's own key has signed. A door applies
every decision before it appends, so that after this entry nothing is sealed to an older key.
"""

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from fairwitness.archive.key_ports import Cabinet
from fairwitness.archive.keys import recipient_id
from fairwitness.model.custody import KeyCreated

FIRST = 1


class SealingKeys:
    """The private halves, in a cabinet."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet

    def keep(self, generation: int, private: bytes) -> bytes:
        """Keep a private half durably; gives its public one."""
        public = X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
        self._cabinet.put(f"{generation:06d}-{recipient_id(public).hex()}", private)
        return public

    def create(self, announced: int) -> tuple[int, bytes]:
        """The generation after `announced` and its public half, made unless a crash left it unannounced."""
        generation = announced + 1
        for name in self._cabinet.names():
            if name.startswith(f"{generation:06d}-") and (private := self._cabinet.get(name)):
                return generation, X25519PrivateKey.from_private_bytes(
                    private
                ).public_key().public_bytes_raw()
        return generation, self.keep(generation, X25519PrivateKey.generate().private_bytes_raw())

    def private_half(self, recipient: bytes) -> bytes | None:
        """The private half of the key with this id; None once it was destroyed."""
        for name in self._cabinet.names():
            if name.endswith(f"-{recipient.hex()}"):
                return self._cabinet.get(name)
        return None

    def generations(self) -> Sequence[int]:
        """The generations that are here, oldest first."""
        return sorted(int(name.partition("-")[0]) for name in self._cabinet.names())

    def destroy(self, generation: int) -> None:
        """Destroy the private half of a generation."""
        for name in self._cabinet.names():
            if name.startswith(f"{generation:06d}-"):
                self._cabinet.destroy(name)


def announce(generation: int, public: bytes, *, origin: str, seed: bytes) -> KeyCreated:
    """The decision that announces a sealing key, signed by the custody log's key."""
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_signed(generation, public, origin))
    return KeyCreated(
        purpose="sealing", generation=generation, public=public.hex(), signature=signature.hex()
    )


def newest_sealing(
    announced: Sequence[KeyCreated], *, first: bytes, origin: str, custody_public: bytes
) -> tuple[int, bytes]:
    """The generation and public half to seal to: the newest that was truly announced, or the first.

    Whoever holds the custody key can append an announcement; only the keeper can sign one.
    """
    newest = FIRST, first
    verifier = Ed25519PublicKey.from_public_bytes(custody_public)
    for key in announced:
        if key.generation <= newest[0]:
            continue
        try:
            public, signature = bytes.fromhex(key.public), bytes.fromhex(key.signature)
            verifier.verify(signature, _signed(key.generation, public, origin))
        except (InvalidSignature, ValueError):
            continue
        newest = key.generation, public
    return newest


def _signed(generation: int, public: bytes, origin: str) -> bytes:
    return f"fairwitness/sealing-key/v1\n{origin}\n{generation}\n{public.hex()}\n".encode("ascii")
