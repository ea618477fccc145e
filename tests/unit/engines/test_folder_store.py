"""What `FolderStore` makes durable, and when: each test is a state that a power cut once could leave."""

import os
from pathlib import Path

import pytest

from fairwitness.engines.filesystem import FolderStore
from fairwitness.engines.filesystem import store as store_room
from fairwitness.errors import Forked, HashMismatch, NotDurable


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what was synced, in order."""
    names: list[str] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        names.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return names


def test_a12_a_name_that_another_process_gave_is_synced_before_it_is_believed(tmp_path: Path, synced: list[str]) -> None:
    FolderStore(tmp_path).publish("tile/000", b"hashes")
    del synced[:]

    FolderStore(tmp_path).publish("tile/000", b"hashes")

    assert synced == [tmp_path.name, "tile"], "the folder's own name, and then the names in it"


def test_a12_a_staged_file_keeps_its_staged_name(tmp_path: Path, synced: list[str]) -> None:
    FolderStore(tmp_path).stage("segment/one", lambda path: Path(path).write_bytes(b"rows"))

    assert synced == [tmp_path.name, ".tmp-one", "segment"]


def test_a12_a_file_that_was_neither_staged_nor_released_is_missed(tmp_path: Path) -> None:
    (tmp_path / "segment").mkdir()

    with pytest.raises(HashMismatch):
        FolderStore(tmp_path).release("segment/one")


def test_a8_a_file_that_does_not_read_back_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_room, "_write", lambda path, data: Path(path).write_bytes(bytes(len(data))))

    with pytest.raises(NotDurable):
        FolderStore(tmp_path).publish("checkpoint", b"signed", replace=True)

    assert FolderStore(tmp_path).read("checkpoint") is None


def test_a16_what_the_disk_refuses_is_an_error_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)
    store.publish("tile/000", b"hashes")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    for method, call in (
        ("mkdir", lambda: FolderStore(tmp_path).publish("new/000", b"")),
        ("unlink", lambda: store.remove("tile/000")),
        ("read_bytes", lambda: store.read("tile/000")),
        ("replace", lambda: store.publish("tile/001", b"")),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(Path, method, refuse)
            with pytest.raises(NotDurable):
                call()


def test_a_published_file_never_changes(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.publish("tile/000", b"one")

    with pytest.raises(Forked):
        store.publish("tile/000", b"two")
