"""What every `KeyStore` and `KeyEncryption` must do."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pkcs11
import pytest

from fairwitness.archive.datakeys import DataKeys, Place, entry_key
from fairwitness.archive.key_ports import (
    DataKeyRow,
    Destruction,
    EntryKeyRow,
    KeyEncryption,
    KeyScope,
    Wrapped,
)
from fairwitness.archive.wrapping import CabinetWrapping, finish_rotation, rotate
from fairwitness.engines.filesystem import FolderCabinet
from fairwitness.engines.pkcs11 import TokenWrapping
from fairwitness.engines.sqlite.keystore import SqliteKeyStore
from fairwitness.errors import HashMismatch, Misconfigured

KEY = bytes(range(32))
PIN = "271828"
MODULE = next(
    str(path)
    for folder in (
        "/usr/lib/softhsm",
        "/usr/lib/x86_64-linux-gnu/softhsm",
        "/usr/lib/aarch64-linux-gnu/softhsm",
    )
    for path in Path(folder).glob("libsofthsm2.so")
)
SCOPES = [KeyScope("a" * 32, "2026-01"), KeyScope("a" * 32, "2026-02"), KeyScope("b" * 32, "2026-01")]


@pytest.fixture
def open_store(tmp_path: Path) -> Callable[[], SqliteKeyStore]:
    return lambda: SqliteKeyStore(tmp_path / "data.db", KEY)


@pytest.fixture
def store(open_store: Callable[[], SqliteKeyStore]) -> SqliteKeyStore:
    return open_store()


@pytest.fixture(params=["cabinet", "module"])
def kek(request: pytest.FixtureRequest, tmp_path: Path, token: str) -> KeyEncryption:
    cabinet = CabinetWrapping(FolderCabinet(tmp_path / "kek", KEY))
    made = cabinet if request.param == "cabinet" else in_module(tmp_path, token, cabinet)
    made.create()
    return made


def in_module(folder: Path, token: str, before: KeyEncryption) -> TokenWrapping:
    return TokenWrapping(module=MODULE, token=token, pin=PIN, name=str(folder), before=before)


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A token in SoftHSM. The library reads where it is once per process."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    os.environ["SOFTHSM2_CONF"] = str(conf)
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "fairwitness",
        "--pin",
        PIN,
        "--so-pin",
        PIN,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return "fairwitness"


def destruction(**changed: object) -> Destruction:
    given: dict[str, object] = {"disposal": "d", "keys": (), "entries": (), "survivors": (), "note": b"n"}
    return Destruction(**(given | changed))  # type: ignore[arg-type]


def test_a_key_is_the_same_for_its_scope_and_found_by_whoever_opens_the_store(
    store: SqliteKeyStore, kek: KeyEncryption, open_store: Callable[[], SqliteKeyStore]
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
    store: SqliteKeyStore, kek: KeyEncryption
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


def test_what_is_destroyed_is_gone_and_told(store: SqliteKeyStore, kek: KeyEncryption) -> None:
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


def test_a_generation_that_is_gone_unwraps_nothing(kek: KeyEncryption) -> None:
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


def test_what_was_wrapped_before_there_was_a_module_is_moved_into_it(
    store: SqliteKeyStore, tmp_path: Path, token: str
) -> None:
    cabinet = CabinetWrapping(FolderCabinet(tmp_path / "kek", KEY))
    cabinet.create()
    before = DataKeys(store, cabinet).for_scopes(SCOPES)
    module = in_module(tmp_path, token, cabinet)
    assert DataKeys(store, module).for_scopes(SCOPES) == before
    assert rotate(store, module).destroyed == (1,)
    assert (cabinet.generations(), module.generations()) == ([], [2])
    assert DataKeys(store, in_module(tmp_path, token, cabinet)).for_scopes(SCOPES) == before
    with pytest.raises(Misconfigured):
        DataKeys(store, cabinet).for_scopes(SCOPES)


def test_a_key_in_the_module_can_not_be_read(tmp_path: Path, token: str) -> None:
    module = in_module(tmp_path, token, CabinetWrapping(FolderCabinet(tmp_path / "kek", KEY)))
    module.create()
    (key,) = module._keys().values()
    with pytest.raises(pkcs11.AttributeSensitive):
        key[pkcs11.Attribute.VALUE]


@pytest.mark.parametrize("wrong", [{"module": "/nowhere.so"}, {"token": "another"}], ids=str)
def test_a_module_that_can_not_be_used_is_told(tmp_path: Path, token: str, wrong: dict[str, str]) -> None:
    given = {"module": MODULE, "token": token, "pin": PIN, "name": "n"} | wrong
    with pytest.raises(Misconfigured) as told:
        TokenWrapping(before=CabinetWrapping(FolderCabinet(tmp_path / "kek", KEY)), **given)
    assert PIN not in told.value.diagnosis()
