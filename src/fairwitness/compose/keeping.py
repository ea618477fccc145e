"""Opens the keeper's side of a deployment: publishing, sealing, changing keys, disposing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from fairwitness.archive.datakeys import DataKeys
from fairwitness.archive.dispose import Disposer, KeeperSide, announce_sealing, retire_sealing, rotate_keys
from fairwitness.archive.keys import Keys
from fairwitness.archive.seal import SegmentSealer
from fairwitness.clock import Clock, system_clock
from fairwitness.compose import (
    alert_raiser,
    open_checkpointers,
    open_custody,
    open_key_store,
    open_opener,
    open_tail,
    origins,
)
from fairwitness.compose.keyring import open_sealing, open_wrapping
from fairwitness.compose.witnesses import check_witnesses, open_halt
from fairwitness.config import Settings
from fairwitness.engines.filesystem import FolderStore, alone, hold_lock
from fairwitness.engines.sqlite.views import open_views
from fairwitness.errors import Misconfigured
from fairwitness.flow.keeper import Publisher
from fairwitness.flow.ports import LogFollower
from fairwitness.followers import build_followers
from fairwitness.model.entry import CUSTODY


def open_keeper_side(
    settings: Settings, keys: Keys, *, clock: Clock = system_clock, held: bool = False
) -> tuple[Publisher, KeeperSide]:
    """The publisher, and what the keeper holds besides, for the calling thread.

    Takes the publishing lock, unless this process holds it already, and finishes what a disposal
    or a change of keys has left to do.
    """
    if keys.keeper is None:
        raise Misconfigured("the keeper is locked", setting="passphrase", hint="Unlock it first.")
    if not held:
        hold_lock(settings.home / "publisher.lock")
        check_witnesses(settings, clock=clock)
    side = _side(settings, keys, clock)
    publisher = Publisher(
        tail=side.tail,
        checkpointers=open_checkpointers(settings, keys.keeper, side.tail, clock=clock),
        sealer=SegmentSealer(
            tail=side.tail, custody=side.custody, files=side.files, keys=keys.door, opener=side.opener,
            data_keys=side.data_keys, origins=side.origins,
        ),
        segment_entries=settings.segment_entries, segment_ms=int(settings.segment_hours * 3_600_000),
        clock=clock, guard=open_halt(settings).check,
    )  # fmt: skip
    side = replace(side, seal_all=publisher.seal_all)
    with changing_keys(settings):
        open_disposer(settings, keys, side).finish()
    return publisher, side


def rotate_everything(settings: Settings, keys: Keys, *, clock: Clock = system_clock) -> tuple[int, bool]:
    """A new generation of every key, whatever runs; gives it, and whether the old sealing key is gone.

    While the keeper runs, the old sealing key stays until the keeper starts again: the tail may
    still need it.
    """
    try:
        _, side = open_keeper_side(settings, keys, clock=clock)
        alone_here = True
    except Misconfigured as error:
        if "lock" not in error.data:
            raise
        side, alone_here = _side(settings, keys, clock), False
    with changing_keys(settings):
        generation = rotate_keys(side)
        announce_sealing(side)
        if alone_here:
            retire_sealing(side)
    return generation, alone_here


def _side(settings: Settings, keys: Keys, clock: Clock) -> KeeperSide:
    assert keys.keeper is not None
    tail = open_tail(settings, keys.door)
    store, kek = open_key_store(settings, keys.keeper), open_wrapping(settings, keys.keeper)
    return KeeperSide(
        tail=tail, custody=open_custody(settings, keys.door, tail, clock=clock),
        files=FolderStore(settings.record), origins=origins(settings), door=keys.door,
        custody_seed=keys.keeper.log_seeds[CUSTODY], store=store, kek=kek, data_keys=DataKeys(store, kek),
        sealing=open_sealing(settings, keys.keeper), opener=open_opener(settings, keys.keeper),
        seal_all=lambda: None,
    )  # fmt: skip


def open_disposer(settings: Settings, keys: Keys, side: KeeperSide) -> Disposer:
    """What disposes of entries, over the keeper's side of the calling thread."""

    def views() -> Sequence[LogFollower]:
        assert keys.views is not None
        return build_followers(open_views(settings.views, keys.views), alert_raiser(side.custody))

    return Disposer(side, views)


@contextmanager
def changing_keys(settings: Settings) -> Iterator[None]:
    """Within the block nobody else changes generations; waits for whoever does."""
    with alone(settings.keys / "changing.lock"):
        yield
