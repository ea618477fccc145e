"""Destroys the keys of entries, and what follows from that, whatever moment a crash chooses.

`docs/spec/record.md`, section 8. One transaction of the key store is the disposal: before it
everything can be read, after it nothing of what was to go. The rest is done from the note that
it left, again from the start if need be, and `disposal.run` says that all of it is done.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import msgspec

from fairwitness.archive.columns import SegmentFile
from fairwitness.archive.custody import CustodyLog, Draft, subject_of
from fairwitness.archive.datakeys import DataKeys, Place
from fairwitness.archive.key_ports import Destruction, KeyEncryption, KeyStore
from fairwitness.archive.keys import DoorKeys, Opener, recipient_id, recipient_of
from fairwitness.archive.ports import FileStore, Tail
from fairwitness.archive.sealing_keys import SealingKeys, announce, newest_sealing
from fairwitness.archive.segments import segment_context, segment_name
from fairwitness.archive.wrapping import finish_rotation, rotate
from fairwitness.errors import NotDurable, Overloaded
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import DisposalRun, KeyCreated, KeyDestroyed
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName, read_header
from fairwitness.retention import ranges_of

Choose = Callable[[CustodyState], Sequence[int]]
"""The entries that may go, as things stand; raises what forbids the disposal as a whole."""


class Forgets(Protocol):
    """A view. `forget` may be repeated; `has_forgotten` is true once it was durable."""

    @property
    def name(self) -> str: ...

    def forget(self, disposal: str, entries: Sequence[int]) -> None: ...

    def has_forgotten(self, disposal: str) -> bool: ...


class Note(msgspec.Struct, frozen=True):
    """What is kept of a disposal until it is finished."""

    entries: tuple[tuple[int, int], ...]
    left_out: int
    keys: int
    survivors: int
    by: str


@dataclass(frozen=True, slots=True)
class KeeperSide:
    """What the keeper holds of a record, for one thread. `seal_all` seals everything in the tail."""

    tail: Tail
    custody: CustodyLog
    files: FileStore
    origins: dict[LogName, str]
    door: DoorKeys
    custody_seed: bytes
    store: KeyStore
    kek: KeyEncryption
    data_keys: DataKeys
    sealing: SealingKeys
    opener: Opener
    seal_all: Callable[[], None]


class Disposer:
    """Disposes of entries. There is one per deployment, and nothing follows or publishes meanwhile."""

    def __init__(self, side: KeeperSide, views: Callable[[], Sequence[Forgets]]) -> None:
        self._side = side
        self._views = views

    def run(self, disposal: str, *, choose: Choose, asked: int, by: str) -> None:
        """Dispose of what `choose` gives, and finish. `asked` is how many entries were proposed."""
        side = self._side
        # 1. An entry in the tail has no key of its own yet.
        side.seal_all()
        # 2. What may go, and by which keys.
        state = side.custody.state()
        entries = sorted(choose(state))
        destruction = self._plan(disposal, entries, left_out=asked - len(entries), by=by)
        # 3. Nobody decides anything while the keys go.
        with side.tail.transaction() as transaction:
            _check_unchanged(state, side.custody.state_in(transaction))
            side.data_keys.destroy(destruction)
        # 4. The rest may be done again.
        self.finish()

    def finish(self) -> int:
        """Finish every disposal that was begun; gives how many that were."""
        side = self._side
        notes = [(name, msgspec.msgpack.decode(note, type=Note)) for name, note in side.store.notes()]
        if not notes:
            settle(side)
            return 0
        views = self._views()
        for disposal, note in notes:
            _forget(views, disposal, note)
        rotated = rotate_keys(side)
        rotate_sealing(side)
        for disposal, note in notes:
            self._conclude(disposal, note, generation=rotated, views=tuple(view.name for view in views))
        return len(notes)

    def _conclude(self, disposal: str, note: Note, *, generation: int, views: tuple[str, ...]) -> None:
        side = self._side
        known = side.custody.state().disposals.get(disposal)
        if known is None or known.run is None:
            done = DisposalRun(
                disposal=disposal, entries=note.entries, left_out=note.left_out, keys=note.keys,
                survivors=note.survivors, generation=generation,
                views=views, by=note.by,
            )  # fmt: skip
            side.custody.append([Draft(decision=done, subject=disposal)])
        side.store.finish(disposal)

    def _plan(self, disposal: str, entries: Sequence[int], *, left_out: int, by: str) -> Destruction:
        side, going = self._side, set(entries)
        touched = {key_id for _, key_id, _ in _rows(side.tail, side.files, lambda file: file.among(going))}
        under: dict[bytes, list[Place]] = {key_id: [] for key_id in touched}
        for index, key_id, header in _rows(side.tail, side.files, lambda file: file.under(touched)):
            context = segment_context(side.origins[MESSAGES], index, read_header(header).commitment)
            under[key_id].append(Place(key_id, index, context))
        whole = side.store.data_keys(list(touched))
        staying = [p for key_id in whole for p in under[key_id] if p.index not in going]
        survivors = side.data_keys.survivors(staying)
        lone = [(p.key_id, p.index) for k in touched - whole.keys() for p in under[k] if p.index in going]
        note = Note(ranges_of(entries), left_out, len(whole), len(survivors), by)
        return Destruction(
            disposal=disposal, keys=tuple(whole), entries=tuple(lone), survivors=survivors,
            note=msgspec.msgpack.encode(note),
        )  # fmt: skip


def _forget(views: Sequence[Forgets], disposal: str, note: Note) -> None:
    entries = [index for first, last in note.entries for index in range(first, last + 1)]
    for view in views:
        view.forget(disposal, entries)
        if not view.has_forgotten(disposal):
            raise NotDurable("a view has not let go of a disposal", view=view.name, disposal=disposal)


def rotate_keys(side: KeeperSide) -> int:
    """Move every key to a new generation of the key-encryption key; gives its number."""
    rotated = rotate(side.store, side.kek)
    _note_generations(side)
    return rotated.generation


def _note_generations(side: KeeperSide) -> None:
    here = set(side.kek.generations())
    decisions: list[tuple[KeyCreated | KeyDestroyed, str]] = [
        (KeyCreated(purpose="kek", generation=number), f"kek {number} created") for number in sorted(here)
    ]
    decisions += [
        (KeyDestroyed(purpose="kek", generation=number), f"kek {number} destroyed")
        for number in range(1, max(here))
        if number not in here
    ]
    side.custody.append([Draft(decision=d, subject=subject_of(name), once=True) for d, name in decisions])


def rotate_sealing(side: KeeperSide) -> int:
    """Have doors seal to a new key, and destroy the older ones; gives the new generation."""
    generation = announce_sealing(side)
    retire_sealing(side)
    return generation


def announce_sealing(side: KeeperSide) -> int:
    """Have doors seal to a new key. The older ones stay until they are retired."""
    generation, public = side.sealing.create(_newest(side)[0])
    decision = announce(generation, public, origin=side.origins[CUSTODY], seed=side.custody_seed)
    side.custody.append([Draft(decision=decision, subject=subject_of("sealing key"))])
    return generation


def retire_sealing(side: KeeperSide) -> None:
    """Seal what the tail holds under older sealing keys, and destroy these."""
    newest, public = _newest(side)
    old = [number for number in side.sealing.generations() if number < newest]
    if not old:
        return
    # Nothing new is sealed to an older key: doors apply the announcement before they append.
    side.seal_all()
    _check_sealed_to(side, public)
    for number in old:
        side.sealing.destroy(number)
    side.opener.forget()
    gone = [KeyDestroyed(purpose="sealing", generation=number) for number in old]
    side.custody.append([Draft(decision=one, subject=subject_of("sealing key")) for one in gone])


def settle(side: KeeperSide) -> None:
    """Finish a change of generations that was cut short, or that the keeper was in the way of."""
    if len(side.kek.generations()) > 1:
        finish_rotation(side.store, side.kek)
        _note_generations(side)
    retire_sealing(side)


def _newest(side: KeeperSide) -> tuple[int, bytes]:
    return newest_sealing(
        side.custody.state().sealing, first=side.door.sealing_public, origin=side.origins[CUSTODY],
        custody_public=side.door.custody_public,
    )  # fmt: skip


def entries_under(tail: Tail, files: FileStore, key_ids: Collection[bytes]) -> list[int]:
    """The sealed entries under one of these data keys, in order."""
    return sorted(index for index, _, _ in _rows(tail, files, lambda file: file.under(key_ids)))


def _rows(
    tail: Tail, files: FileStore, select: Callable[[SegmentFile], Iterable[tuple[int, bytes, bytes]]]
) -> list[tuple[int, bytes, bytes]]:
    found: list[tuple[int, bytes, bytes]] = []
    for segment in tail.segments(MESSAGES):
        name = segment_name(MESSAGES, segment.first, segment.last)
        found += select(SegmentFile(files.path(f"{name}.parquet"), first=segment.first))
    return found


def _check_unchanged(before: CustodyState, now: CustodyState) -> None:
    """Raise `Overloaded` when a hold, a schedule or a disposal was decided about meanwhile."""
    if (before.holds, before.schedules, before.disposals) != (now.holds, now.schedules, now.disposals):
        raise Overloaded("decisions were made meanwhile; ask again")


def _check_sealed_to(side: KeeperSide, public: bytes) -> None:
    """Raise `Overloaded` when the tail holds anything that is sealed to another key."""
    wanted, size = recipient_id(public), side.tail.size(MESSAGES)
    first = max((segment.last + 1 for segment in side.tail.segments(MESSAGES)), default=0)
    if any(recipient_of(batch.sealed) != wanted for batch in side.tail.batches(MESSAGES, first, size)):
        raise Overloaded("the tail still holds messages under an older sealing key; ask again")
