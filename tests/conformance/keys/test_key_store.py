"""What every `KeyStore` and `KeyEncryption` must do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fairwitness.archive.datakeys import DataKeys, Place, entry_key
from fairwitness.archive.key_ports import DataKeyRow, Destruction, EntryKeyRow, KeyScope, Wrapped
from fairwitness.archive.wrapping import CabinetWrapping, finish_rotation, rotate
from fairwitness.engines.filesystem import FolderCabinet
from fairwitness.engines.sqlite.keystore import SqliteKeyStore
from fairwitness.errors import HashMismatch, Misconfigured

KEY = bytes(range(32))
SCOPES = [KeyScope("a" * 32, "2026-01"), KeyScope("a" * 32, "2026-02"), KeyScope("b" * 32, "2026-01")]


@pytest.fixture
def open_store(tmp_path: Path) -> Callable[[], SqliteKeyStore]:
    return lambda: SqliteKeyStore(tmp_path / "data.db", KEY)


@pytest.fixture
def store(open_store: Callable[[], SqliteKeyStore]) -> SqliteKeyStore:
    return open_store()


@pytest.fixture
def kek(tmp_path: Path) -> CabinetWrapping:
    made = CabinetWrapping(FolderCabinet(tmp_path / "kek", KEY))
    made.create()
    return made


def destruction(**changed: object) -> Destruction:
    given: dict[str, object] = {"disposal": "d", "keys": (), "entries": (), "survivors": (), "note": b"n"}
    return Destruction(**(given | changed))  # type: ignore[arg-type]


def test_a_key_is_the_same_for_its_scope_and_found_by_whoever_opens_the_store(
    store: SqliteKeyStore, kek: CabinetWrapping, open_store: Callable[[], SqliteKeyStore]
) -> None:
    made = DataKeys(store, kek).for_scopes(SCOPES)
    again = DataKeys(open_store(), kek).for_scopes(SCOPES)
    assert made == again
    assert len({key for _, key in made.values()}) == 3


def test_nothing_is_stored_under_an_older_generation(store: SqliteKeyStore) -> None:
    row = DataKeyRow(b"k" * 16, SCOPES[0], Wrapped(1, b"w" * 40))
    store.begin_generation(2)
    store.begin_generation(1)
    assert store.generation() == 2
    assert not store.put([row])
    assert store.find(SCOPES) == {}
    assert store.put([DataKeyRow(b"k" * 16, SCOPES[0], Wrapped(2, b"w" * 40))])


def test_a_rotation_moves_every_key_and_leaves_one_generation(
    store: SqliteKeyStore, kek: CabinetWrapping
) -> None:
    keys = DataKeys(store, kek)
    before = keys.for_scopes(SCOPES)
    (key_id, key) = before[SCOPES[0]]
    survivors = keys.survivors([Place(key_id, 7, b"context")])
    keys.destroy(destruction(keys=(key_id,), survivors=survivors))
    assert rotate(store, kek).destroyed == (1,)
    assert rotate(store, kek).moved == 3
    assert kek.generations() == [3]
    fresh = DataKeys(store, kek)
    assert fresh.by_id([i for i, _ in before.values()]) == {i: k for i, k in before.values() if i != key_id}
    assert fresh.entry_keys([Place(key_id, 7, b"context")]) == [entry_key(key, b"context")]
    assert finish_rotation(store, kek).moved == 0


def test_what_is_destroyed_is_gone_and_told(store: SqliteKeyStore, kek: CabinetWrapping) -> None:
    keys = DataKeys(store, kek)
    made = keys.for_scopes(SCOPES)
    key_id = made[SCOPES[0]][0]
    places = [Place(key_id, index, b"context %d" % index) for index in range(3)]
    assert all(keys.entry_keys(places))
    keys.destroy(destruction(keys=(key_id,), survivors=keys.survivors(places[:2])))
    assert [key is not None for key in DataKeys(store, kek).entry_keys(places)] == [True, True, False]
    assert (store.destroyed(), [(s.whole, s.entries) for s in store.states()]) == (
        1,
        [(False, 2), (True, 0), (True, 0)],
    )
    assert store.find(SCOPES[:1]) == {}
    keys.destroy(destruction(disposal="e", entries=((key_id, 0), (key_id, 1))))
    assert DataKeys(store, kek).entry_keys(places) == [None, None, None]
    assert len(store.states()) == 2
    assert store.notes() == [("d", b"n"), ("e", b"n")]
    store.finish("d")
    assert store.notes() == [("e", b"n")]


def test_no_page_of_the_store_holds_a_destroyed_key(store: SqliteKeyStore, tmp_path: Path) -> None:
    gone, kept = b"g" * 40, b"k" * 40
    store.put(
        [
            DataKeyRow(b"1" * 16, SCOPES[0], Wrapped(1, gone)),
            DataKeyRow(b"2" * 16, SCOPES[1], Wrapped(1, kept)),
        ]
    )
    single = EntryKeyRow(b"1" * 16, 3, Wrapped(1, b"s" * 40))
    store.destroy(destruction(keys=(b"1" * 16,), survivors=(single,)))
    store.destroy(destruction(disposal="e", entries=((b"1" * 16, 3),)))
    store.scrub()
    pages = store._db.serialize("main")
    assert (gone in pages, b"s" * 40 in pages, kept in pages) == (False, False, True)
    assert (tmp_path / "data.db-wal").stat().st_size == 0


def test_a_generation_that_is_gone_unwraps_nothing(kek: CabinetWrapping) -> None:
    (wrapped,) = kek.wrap(1, [KEY])
    assert kek.create() == 2
    with pytest.raises(HashMismatch):
        kek.unwrap(2, [wrapped])
    kek.destroy(1)
    kek.destroy(1)
    with pytest.raises(Misconfigured):
        kek.unwrap(1, [wrapped])
    assert kek.generations() == [2]


def test_e10_every_entry_of_every_key_has_a_key_of_its_own() -> None:
    made = {
        entry_key(data_key.to_bytes(32, "big"), b"origin\n%d" % index)
        for data_key in range(20)
        for index in range(5_000)
    }
    assert len(made) == 100_000
