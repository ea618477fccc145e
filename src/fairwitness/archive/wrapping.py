"""Key-encryption keys in generations, and moving every data key from one to the next.

`rotate` and `finish_rotation` make each crash harmless: the new generation is durable before
anything is wrapped under it, and the old one goes when nothing is wrapped under it any more.
"""

from collections.abc import Sequence
from os import urandom

import msgspec
from cryptography.hazmat.primitives.keywrap import (
    InvalidUnwrap,
    aes_key_unwrap_with_padding,
    aes_key_wrap_with_padding,
)

from fairwitness.archive.key_ports import Cabinet, EntryKeyRow, KeyEncryption, KeyStore, Wrapped
from fairwitness.errors import HashMismatch, Misconfigured

_TOGETHER = 1_000


class CabinetWrapping:
    """`KeyEncryption` with its keys in a cabinet: AES-256 key wrap with padding (RFC 5649)."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet

    def generations(self) -> Sequence[int]:
        """The generations that are here, oldest first."""
        return sorted(int(name) for name in self._cabinet.names())

    def create(self) -> int:
        """Make the next generation and give its number."""
        generation = max(self.generations(), default=0) + 1
        self._cabinet.put(f"{generation:06d}", urandom(32))
        return generation

    def wrap(self, generation: int, keys: Sequence[bytes]) -> Sequence[bytes]:
        """Wrap keys under a generation."""
        kek = self._key(generation)
        return [aes_key_wrap_with_padding(kek, key) for key in keys]

    def unwrap(self, generation: int, wrapped: Sequence[bytes]) -> Sequence[bytes]:
        """Unwrap keys of a generation."""
        kek = self._key(generation)
        try:
            return [aes_key_unwrap_with_padding(kek, key) for key in wrapped]
        except InvalidUnwrap as error:
            raise HashMismatch(
                "a key was not wrapped under this generation", generation=generation
            ) from error

    def destroy(self, generation: int) -> None:
        """Destroy a generation."""
        self._cabinet.destroy(f"{generation:06d}")

    def _key(self, generation: int) -> bytes:
        key = self._cabinet.get(f"{generation:06d}")
        if key is None:
            raise Misconfigured(
                "this generation of the key-encryption key is not here", setting="keys",
                hint="It was destroyed, or the keys belong to another state of the deployment.",
                generation=generation,
            )  # fmt: skip
        return key


class Rotated(msgspec.Struct, frozen=True):
    """A finished rotation: the generation in use, those that are gone, and how many keys moved."""

    generation: int
    destroyed: tuple[int, ...]
    moved: int


def rotate(store: KeyStore, kek: KeyEncryption) -> Rotated:
    """Make a new generation, move every key to it and destroy the others."""
    if not _unused(store, kek):
        kek.create()
    return finish_rotation(store, kek)


def finish_rotation(store: KeyStore, kek: KeyEncryption) -> Rotated:
    """Move every key to the newest generation and destroy the others; harmless when that was done."""
    newest = max(kek.generations())
    # From here on nobody can store a key under an older generation, so moving comes to an end.
    store.begin_generation(newest)
    moved = 0
    while True:
        keys, entries = store.behind(_TOGETHER)
        if not keys and not entries:
            break
        store.rewrap(_moved_keys(keys, kek, newest), _moved_entries(entries, kek, newest))
        moved += len(keys) + len(entries)
    store.scrub()
    old = [generation for generation in kek.generations() if generation != newest]
    for generation in old:
        kek.destroy(generation)
    return Rotated(newest, tuple(old), moved)


def _unused(store: KeyStore, kek: KeyEncryption) -> bool:
    """Whether a crash left a newer generation that nothing is wrapped under yet."""
    return max(kek.generations()) > store.generation()


def _moved_keys(
    keys: Sequence[tuple[bytes, Wrapped]], kek: KeyEncryption, newest: int
) -> list[tuple[bytes, Wrapped]]:
    moved = _move([wrapped for _, wrapped in keys], kek, newest)
    return [(key_id, wrapped) for (key_id, _), wrapped in zip(keys, moved, strict=True)]


def _moved_entries(entries: Sequence[EntryKeyRow], kek: KeyEncryption, newest: int) -> list[EntryKeyRow]:
    moved = _move([row.wrapped for row in entries], kek, newest)
    return [EntryKeyRow(row.key_id, row.index, wrapped) for row, wrapped in zip(entries, moved, strict=True)]


def _move(rows: Sequence[Wrapped], kek: KeyEncryption, newest: int) -> list[Wrapped]:
    plain = [key for row in rows for key in kek.unwrap(row.generation, [row.wrapped])]
    return [Wrapped(newest, wrapped) for wrapped in kek.wrap(newest, plain)]
