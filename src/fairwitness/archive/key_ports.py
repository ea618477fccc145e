"""What the record needs for its keys: a store of wrapped ones, something that wraps, a cabinet.

Data keys rest wrapped in the `KeyStore`, under a key-encryption key of some generation that
only `KeyEncryption` knows. A `Cabinet` keeps a few secrets by name, each in a place of its own.
None of them is part of the record, and none belongs into a backup of data.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec


class KeyScope(msgspec.Struct, frozen=True, order=True):
    """What one data key covers. `month` is `YYYY-MM` (UTC) of sending."""

    stream: str
    month: str
    retention: str = "default"


class Wrapped(msgspec.Struct, frozen=True):
    """A key as it rests: wrapped, and the generation of what it is wrapped under."""

    generation: int
    wrapped: bytes


class DataKeyRow(msgspec.Struct, frozen=True):
    """A data key as it rests, with what it covers."""

    key_id: bytes
    scope: KeyScope
    wrapped: Wrapped


class EntryKeyRow(msgspec.Struct, frozen=True):
    """The key of one entry whose data key is gone: it lived on when others were disposed of."""

    key_id: bytes
    index: int
    wrapped: Wrapped


class KeyState(msgspec.Struct, frozen=True):
    """What is left of a data key: itself (`whole`), or the keys of `entries` single entries."""

    key_id: bytes
    scope: KeyScope
    whole: bool
    entries: int


class Destruction(msgspec.Struct, frozen=True, kw_only=True):
    """What one disposal takes away, and what must live on in its place.

    `keys` are data keys; `entries` are single entry keys by (key id, index); `survivors` replace
    a data key for the entries that stay. `note` is kept until the disposal is finished.
    """

    disposal: str
    keys: tuple[bytes, ...]
    entries: tuple[tuple[bytes, int], ...]
    survivors: tuple[EntryKeyRow, ...]
    note: bytes


class KeyStore(Protocol):
    """Wrapped keys, outside the record. A lost row is a destroyed key.

    Everything that writes MUST be durable on return, all of it or nothing. What is taken away
    MUST NOT be readable in the store's own files once `scrub` has returned.
    """

    def generation(self) -> int:
        """The generation that new keys must be wrapped under."""
        ...

    def put(self, rows: Sequence[DataKeyRow]) -> bool:
        """Store data keys; nothing and False when one is wrapped under an older generation."""
        ...

    def find(self, scopes: Sequence[KeyScope]) -> dict[KeyScope, bytes]:
        """Key ids by scope, for those whose data key is here."""
        ...

    def data_keys(self, key_ids: Sequence[bytes]) -> dict[bytes, Wrapped]:
        """Data keys by id, for those that are here."""
        ...

    def entry_keys(self, wanted: Sequence[tuple[bytes, int]]) -> dict[tuple[bytes, int], Wrapped]:
        """Entry keys by (key id, index), for those that are here."""
        ...

    def begin_generation(self, generation: int) -> None:
        """From now on nothing is stored under an older generation."""
        ...

    def behind(self, limit: int) -> tuple[Sequence[tuple[bytes, Wrapped]], Sequence[EntryKeyRow]]:
        """Data keys and entry keys that are still wrapped under an older generation, at most `limit` each."""
        ...

    def rewrap(self, keys: Sequence[tuple[bytes, Wrapped]], entries: Sequence[EntryKeyRow]) -> None:
        """Replace how these keys are wrapped."""
        ...

    def states(self) -> Sequence[KeyState]:
        """Every data key of which something is left, by scope."""
        ...

    def destroyed(self) -> int:
        """How many data keys are gone."""
        ...

    def destroy(self, destruction: Destruction) -> None:
        """Take keys away and store the survivors' own, in one step; keep the note. Again is harmless."""
        ...

    def notes(self) -> Sequence[tuple[str, bytes]]:
        """(disposal, note) of every disposal that was begun and is not finished, oldest first."""
        ...

    def finish(self, disposal: str) -> None:
        """Drop the note of a disposal that is done."""
        ...

    def scrub(self) -> None:
        """Leave nothing of what was taken away in the store's files."""
        ...


class KeyEncryption(Protocol):
    """Wraps keys under a key-encryption key, which never leaves it. Generations count from 1.

    `create` MUST return only when the new generation would survive a power cut; `destroy` MUST
    return only when nothing wrapped under it can be unwrapped here again. Both may be repeated.
    """

    def generations(self) -> Sequence[int]:
        """The generations that are here, oldest first."""
        ...

    def create(self) -> int:
        """Make the next generation and give its number."""
        ...

    def wrap(self, generation: int, keys: Sequence[bytes]) -> Sequence[bytes]: ...

    def unwrap(self, generation: int, wrapped: Sequence[bytes]) -> Sequence[bytes]:
        """Raises `HashMismatch` for what was not wrapped under it, `Misconfigured` when it is gone."""
        ...

    def destroy(self, generation: int) -> None: ...


class Cabinet(Protocol):
    """A few secrets by name.

    A secret MUST be durable when `put` returns, and gone when `destroy` does. Names are made of
    letters, digits and `-`.
    """

    def names(self) -> Sequence[str]:
        """Every name, sorted."""
        ...

    def get(self, name: str) -> bytes | None: ...

    def put(self, name: str, secret: bytes) -> None: ...

    def destroy(self, name: str) -> None: ...
