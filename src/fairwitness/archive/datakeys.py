"""Data keys: one per stream, month of sending and retention class, wrapped at rest.

A payload is encrypted under an *entry key* that follows from its data key (`entry_key`), so one
entry of many can be disposed of: the others' own entry keys are kept, the data key is destroyed.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from os import urandom
from typing import TypeVar

import msgspec

from fairwitness.archive.key_ports import (
    DataKeyRow,
    Destruction,
    EntryKeyRow,
    KeyEncryption,
    KeyScope,
    KeyStore,
    Wrapped,
)
from fairwitness.errors import Misconfigured

_REMEMBERED = 50_000
_Name = TypeVar("_Name")
_Answer = TypeVar("_Answer")


class Place(msgspec.Struct, frozen=True):
    """An entry in a segment: its data key, its index, and what its entry key is derived for."""

    key_id: bytes
    index: int
    context: bytes


def entry_key(data_key: bytes, context: bytes) -> bytes:
    """The key of one entry: HMAC-SHA-256 under its data key over the additional data of its payload."""
    return hmac.digest(data_key, context, "sha256")


class DataKeys:
    """Hands out data keys by scope, making those that are missing, and entry keys by place."""

    def __init__(self, store: KeyStore, kek: KeyEncryption) -> None:
        self._store = store
        self._kek = kek
        self._plain: dict[bytes, bytes] = {}

    def forget(self) -> None:
        """Drop every key that was remembered."""
        self._plain.clear()

    def for_scopes(self, scopes: Sequence[KeyScope]) -> dict[KeyScope, tuple[bytes, bytes]]:
        """(key id, key) for each scope. New keys are durable when this returns."""
        found = self._store.find(list(set(scopes)))
        fresh = {scope: (urandom(16), urandom(32)) for scope in set(scopes) if scope not in found}
        while fresh and not self._store.put(_twice(lambda: self._wrapped(fresh))):
            pass  # Another generation began meanwhile: wrapped again under that one.
        keys = self.by_id(list(found.values()))
        return fresh | {scope: (key_id, keys[key_id]) for scope, key_id in found.items()}

    def by_id(self, key_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """Data keys by id; those that were destroyed are missing."""
        wanted = set(key_ids)
        if missing := [key_id for key_id in wanted if key_id not in self._plain]:
            if len(self._plain) > _REMEMBERED:
                self._plain.clear()
                missing = list(wanted)
            self._plain |= _twice(lambda: self._opened(self._store.data_keys(missing)))
        return {key_id: self._plain[key_id] for key_id in wanted if key_id in self._plain}

    def entry_keys(self, places: Sequence[Place]) -> list[bytes | None]:
        """The key of each entry; None where it was destroyed."""
        data_keys = self.by_id([place.key_id for place in places])
        lone = [(place.key_id, place.index) for place in places if place.key_id not in data_keys]
        single = _twice(lambda: self._opened(self._store.entry_keys(lone))) if lone else {}
        return [
            entry_key(data_keys[place.key_id], place.context)
            if place.key_id in data_keys
            else single.get((place.key_id, place.index))
            for place in places
        ]

    def survivors(self, places: Sequence[Place]) -> tuple[EntryKeyRow, ...]:
        """The entry keys of these entries, ready to be stored in place of their data keys."""
        keys = [key for key in self.entry_keys(places) if key is not None]
        generation = self._store.generation()
        wrapped = self._kek.wrap(generation, keys)
        return tuple(
            EntryKeyRow(place.key_id, place.index, Wrapped(generation, key))
            for place, key in zip(places, wrapped, strict=True)
        )

    def destroy(self, destruction: Destruction) -> None:
        """Take keys away, in the store and in memory."""
        self._store.destroy(destruction)
        self.forget()

    def _wrapped(self, fresh: dict[KeyScope, tuple[bytes, bytes]]) -> list[DataKeyRow]:
        generation = self._store.generation()
        wrapped = self._kek.wrap(generation, [key for _, key in fresh.values()])
        return [
            DataKeyRow(key_id, scope, Wrapped(generation, sealed))
            for (scope, (key_id, _)), sealed in zip(fresh.items(), wrapped, strict=True)
        ]

    def _opened(self, rows: Mapping[_Name, Wrapped]) -> dict[_Name, bytes]:
        by_generation: dict[int, list[bytes]] = {}
        for row in rows.values():
            by_generation.setdefault(row.generation, []).append(row.wrapped)
        opened = {
            generation: iter(self._kek.unwrap(generation, wrapped))
            for generation, wrapped in by_generation.items()
        }
        return {name: next(opened[row.generation]) for name, row in rows.items()}


def _twice(ask: Callable[[], _Answer]) -> _Answer:
    """What `ask` gives; asked once more when the generation it met is gone by now."""
    try:
        return ask()
    except Misconfigured:
        return ask()
