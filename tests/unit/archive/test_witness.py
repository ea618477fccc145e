"""A witness: durable before it answers, never going back, whoever asks at once."""

import base64
import threading
from pathlib import Path

import pytest
from tests.vectors import naive

from fairwitness.archive.witness import Witness, place_of
from fairwitness.engines.filesystem import FolderStore
from fairwitness.errors import BadCheckpoint, NotDurable, NotWitnessed
from fairwitness.testing import FrozenClock
from fairwitness.tlog import (
    EMPTY_ROOT,
    Cosigner,
    Submission,
    VerifierKey,
    WitnessKey,
    check_quorum,
    leaf_hash,
    open_checkpoint,
    write_submission,
)

LOG = naive.private_key("a log that is witnessed")
ORIGIN = "firm.example/record/custody"
KEY = VerifierKey(ORIGIN, LOG.public_key().public_bytes_raw())
PRIVATE = naive.private_key("a witness")
COSIGNER = Cosigner(WitnessKey("witness.example/w", PRIVATE.public_key().public_bytes_raw()), PRIVATE.sign)
LEAVES = [leaf_hash(str(number).encode()) for number in range(64)]


class Memory:
    """A store that counts, and that can be made to fail."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.sizes: list[int] = []
        self.fails = False

    def publish(self, name: str, data: bytes, *, replace: bool = False) -> None:
        if self.fails:
            raise NotDurable("the disk is full")
        self.sizes.append(int(data.split(b"\n")[1]))
        self.files[name] = data

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)


def witness(states: object) -> Witness:
    return Witness(logs=[KEY], cosigner=COSIGNER, states=states, clock=FrozenClock())  # type: ignore[arg-type]


def body(old: int, size: int) -> bytes:
    note = naive.note(f"{ORIGIN}\n{size}\n{_root(size)}\n", ORIGIN, LOG)
    path = naive.proof(old, LEAVES[:size]) if 0 < old < size else []
    return write_submission(Submission(old, tuple(path), note))


def _root(size: int) -> str:
    return base64.b64encode(naive.mth(LEAVES[:size]) if size else EMPTY_ROOT).decode()


def test_what_is_signed_was_remembered_first_and_survives_a_restart(tmp_path: Path) -> None:
    first = witness(FolderStore(tmp_path))
    line = first.add_checkpoint(body(0, 7))
    kept = (tmp_path / place_of(ORIGIN)).read_bytes()

    assert kept.endswith(line)
    assert open_checkpoint(kept, origin=ORIGIN, keys=[KEY]).size == 7
    assert [one.key for one in check_quorum(kept, [COSIGNER.key], 1)] == [COSIGNER.key]
    again = witness(FolderStore(tmp_path))
    assert again.newest(place_of(ORIGIN)) == kept
    with pytest.raises(NotWitnessed) as refusal:
        again.add_checkpoint(body(3, 9))
    assert (refusal.value.status, refusal.value.size) == (409, 7)


def test_nothing_is_signed_that_could_not_be_remembered() -> None:
    memory = Memory()
    one = witness(memory)
    one.add_checkpoint(body(0, 3))
    memory.fails = True
    with pytest.raises(NotDurable):
        one.add_checkpoint(body(3, 9))
    memory.fails = False
    with pytest.raises(NotWitnessed):
        one.add_checkpoint(body(9, 12))
    assert one.add_checkpoint(body(3, 9)).startswith("\u2014 witness.example/w ".encode())


def test_a_witness_that_can_not_trust_its_memory_does_not_start(tmp_path: Path) -> None:
    witness(FolderStore(tmp_path)).add_checkpoint(body(0, 7))
    file = tmp_path / place_of(ORIGIN)
    file.write_bytes(file.read_bytes().replace(b"\n7\n", b"\n6\n"))
    with pytest.raises(BadCheckpoint):
        witness(FolderStore(tmp_path))


def test_the_same_checkpoint_is_signed_again_with_a_new_time() -> None:
    memory, clock = Memory(), FrozenClock()
    one = Witness(logs=[KEY], cosigner=COSIGNER, states=memory, clock=clock)  # type: ignore[arg-type]
    first = one.add_checkpoint(body(0, 7))
    clock.advance(60_000)

    assert one.add_checkpoint(body(7, 7)) != first
    assert memory.sizes == [7]


def test_signatures_of_others_are_not_kept() -> None:
    memory = Memory()
    other = naive.note("x\n", "stranger.example", naive.private_key("x")).split(b"\n\n")[1]
    witness(memory).add_checkpoint(body(0, 7) + other)

    assert b"stranger" not in memory.files[place_of(ORIGIN)]


def test_b14_two_who_ask_at_once_never_take_the_witness_back() -> None:
    """The race that tlog-witness spells out: thousands of submissions from two threads, sizes mixed."""
    memory = Memory()
    one = witness(memory)
    bodies = {(old, size): body(old, size) for size in range(1, 65) for old in range(size + 1)}
    signed: list[list[int]] = [[], []]

    def climb(own: list[int]) -> None:
        known = 0
        for size in [n for n in range(1, 65) for _ in range(80)]:
            try:
                one.add_checkpoint(bodies[known, size] if known <= size else bodies[size, size])
                known = size
                own.append(size)
            except NotWitnessed as refusal:
                known = known if refusal.size is None else refusal.size

    threads = [threading.Thread(target=climb, args=(own,)) for own in signed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert memory.sizes == sorted(set(memory.sizes)), "what is remembered only grows"
    assert signed[0] == sorted(signed[0])
    assert signed[1] == sorted(signed[1])
    assert len(signed[0]) + len(signed[1]) > 100
    assert memory.sizes[-1] == 64


def test_b14_who_asks_while_another_is_being_remembered_waits_for_it() -> None:
    late: list[int] = []

    class Slow(Memory):
        def publish(self, name: str, data: bytes, *, replace: bool = False) -> None:
            if not self.sizes:
                other.start()
                other.join(0.2)
                assert other.is_alive(), "the second submission was considered before the first was remembered"
            super().publish(name, data, replace=replace)

    def ask() -> None:
        with pytest.raises(NotWitnessed) as refusal:
            one.add_checkpoint(body(0, 5))
        late.append(refusal.value.size or 0)

    memory = Slow()
    one, other = witness(memory), threading.Thread(target=ask)
    one.add_checkpoint(body(0, 9))
    other.join()

    assert (memory.sizes, late) == ([9], [9])
