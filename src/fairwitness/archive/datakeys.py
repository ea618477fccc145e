"""Data keys: one per stream, month of sending and retention class, wrapped at rest.

Destroying a wrapped key destroys every word under it, wherever copies of the segment are.
"""

from collections.abc import Sequence
from os import urandom

import msgspec
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding, aes_key_wrap_with_padding

from fairwitness.archive.keys import keyed_digest
from fairwitness.archive.ports import KeyStore

_REMEMBERED = 50_000


class KeyScope(msgspec.Struct, frozen=True):
    """What one data key covers. `month` is `YYYY-MM` (UTC) of sending."""

    stream: str
    month: str
    retention: str = "default"


class DataKeys:
    """Hands out data keys by scope, making those that are missing, and finds them by id."""

    def __init__(self, store: KeyStore, wrapping: bytes) -> None:
        self._store = store
        self._wrapping = wrapping
        self._plain: dict[bytes, bytes] = {}

    def for_scopes(self, scopes: Sequence[KeyScope]) -> dict[KeyScope, tuple[bytes, bytes]]:
        """(key id, key) for each scope. New keys are durable when this returns."""
        lookups = {scope: self._lookup(scope) for scope in set(scopes)}
        found = self._store.find(list(lookups.values()))
        fresh = [(scope, urandom(16), urandom(32)) for scope in lookups if lookups[scope] not in found]
        self._store.put(
            [(key_id, aes_key_wrap_with_padding(self._wrapping, key)) for _, key_id, key in fresh],
            [(lookups[scope], key_id) for scope, key_id, _ in fresh],
        )
        made = {scope: (key_id, key) for scope, key_id, key in fresh}
        old_ids = {scope: found[lookups[scope]] for scope in lookups if scope not in made}
        keys = self.by_id(list(old_ids.values()))
        return made | {scope: (key_id, keys[key_id]) for scope, key_id in old_ids.items()}

    def by_id(self, key_ids: Sequence[bytes]) -> dict[bytes, bytes]:
        """Keys by id; those that were destroyed are missing."""
        wanted = set(key_ids)
        if missing := [key_id for key_id in wanted if key_id not in self._plain]:
            if len(self._plain) > _REMEMBERED:
                self._plain.clear()
                missing = list(wanted)
            for key_id, wrapped in self._store.wrapped(missing).items():
                self._plain[key_id] = aes_key_unwrap_with_padding(self._wrapping, wrapped)
        return {key_id: self._plain[key_id] for key_id in wanted if key_id in self._plain}

    def _lookup(self, scope: KeyScope) -> bytes:
        parts = (scope.stream, scope.month, scope.retention)
        return keyed_digest(self._wrapping, b"scope", *(part.encode() for part in parts))
