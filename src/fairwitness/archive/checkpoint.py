"""Grows a log's published tree and signs its size and root, once a second.

What is signed was read back: the bundles that a checkpoint adds are written, read from
the store again and hashed from there, and must give the root that the tail's headers
give. One flipped bit between the two once ended a public log (Yeti 2022).
"""

from collections import deque
from collections.abc import Iterator

import msgspec

from fairwitness.archive.ports import FileStore, Tail
from fairwitness.clock import Clock
from fairwitness.errors import BadCheckpoint, Forked, HashMismatch
from fairwitness.model.entry import LogName
from fairwitness.tlog import (
    WIDTH,
    Checkpoint,
    Frontier,
    Signer,
    VerifierKey,
    bundle_path,
    decode_bundle,
    encode_bundle,
    extend,
    leaf_hash,
    load_frontier,
    open_checkpoint,
    read_vkey,
    sign_note,
    tile_path,
    write_checkpoint,
)

_STEP = 4096
_READERS_MS = 60_000
"""How long the partial tiles of a superseded checkpoint stay, for whoever is reading them."""


class Checkpointer:
    """Publishes one log. Only one may run: `compose` holds a lock for it."""

    def __init__(
        self, *, tail: Tail, files: FileStore, log: LogName, origin: str, signer: Signer, clock: Clock
    ) -> None:
        self._tail = tail
        self._files = files
        self._log = log
        self._origin = origin
        self._signer = signer
        self._clock = clock
        self._stale: deque[tuple[int, str]] = deque()
        self._frontier, self._signed = self._resume()
        self._edge = self._partial_bundle(self._frontier.size)

    @property
    def size(self) -> int:
        """The size of the newest signed checkpoint."""
        return self._frontier.size

    def tick(self, upto: int | None = None) -> bool:
        """Publish and sign what the tail has gained, or has `upto`; False when that is nothing."""
        self._remove_stale()
        size = self._tail.size(self._log) if upto is None else upto
        if size < self._frontier.size:
            raise Forked("the tail is behind its own checkpoint", log=self._log, size=size)
        if size == self._frontier.size and self._signed:
            return False
        frontier, edge = self._frontier, self._edge
        while frontier.size < size:
            frontier, edge = self._grow(frontier, edge, min(frontier.size + _STEP, size))
        self._sign(frontier)
        self._retire_partials(self._frontier.size, frontier.size)
        # Only now: a tick that fails on its way is done again from where the last one ended.
        self._frontier, self._edge, self._signed = frontier, edge, True
        return True

    def _grow(self, frontier: Frontier, edge: list[bytes], stop: int) -> tuple[Frontier, list[bytes]]:
        headers = list(self._tail.headers(self._log, frontier.size, stop))
        if len(headers) != stop - frontier.size:
            raise HashMismatch("the tail lacks entries that no checkpoint covers", log=self._log)
        grown, writes = extend(frontier, [leaf_hash(header) for header in headers])
        read_back, edge = self._publish_bundles(frontier.size, edge, headers)
        if read_back != headers:
            raise HashMismatch("entries did not read back as written", log=self._log, first=frontier.size)
        for write in writes:
            self._files.publish(self._at(write.path), write.data, replace=not write.full)
        return grown, edge

    def _publish_bundles(
        self, first: int, edge: list[bytes], headers: list[bytes]
    ) -> tuple[list[bytes], list[bytes]]:
        """Publish the bundles that begin with `edge`; gives `headers` as read back, and the new edge."""
        pending = [*edge, *headers]
        number, again = first // WIDTH, []
        for start in range(0, len(pending), WIDTH):
            bundle = pending[start : start + WIDTH]
            name = self._at(bundle_path(number, len(bundle)))
            self._files.publish(name, encode_bundle(bundle), replace=len(bundle) < WIDTH)
            again += decode_bundle(self._files.read(name) or b"")
            number += 1
            edge = bundle if len(bundle) < WIDTH else []
        return again[len(pending) - len(headers) :], edge

    def _sign(self, frontier: Frontier) -> None:
        checkpoint = Checkpoint(self._origin, frontier.size, frontier.root())
        note = sign_note(write_checkpoint(checkpoint), [self._signer])
        self._files.publish(self._at("checkpoint"), note, replace=True)

    def _retire_partials(self, old: int, new: int) -> None:
        """Let the partial tiles that only the older checkpoint needs go, once nobody reads them."""
        at = self._clock()
        for level, count in _levels(old):
            index, width = divmod(count, WIDTH)
            if width and (new >> (8 * level)) != count:
                self._stale.append((at, tile_path(level, index, width)))
                if level == 0:
                    self._stale.append((at, bundle_path(index, width)))

    def _remove_stale(self) -> None:
        while self._stale and self._stale[0][0] < self._clock() - _READERS_MS:
            self._files.remove(self._at(self._stale.popleft()[1]))

    def _resume(self) -> tuple[Frontier, bool]:
        data = self._files.read(self._at("checkpoint"))
        if data is None:
            return Frontier.empty(), False
        checkpoint = open_checkpoint(data, origin=self._origin, keys=[self._signer.key])
        frontier = load_frontier(checkpoint.size, self._tile)
        if frontier.root() != checkpoint.root:
            raise HashMismatch("the tiles do not give the root of the checkpoint", log=self._log)
        return frontier, True

    def _tile(self, level: int, index: int, width: int) -> bytes:
        return self._files.read(self._at(tile_path(level, index, width))) or b""

    def _partial_bundle(self, size: int) -> list[bytes]:
        number, width = divmod(size, WIDTH)
        if not width:
            return []
        data = self._files.read(self._at(bundle_path(number, width)))
        if data is None:
            raise HashMismatch("the newest entry bundle is missing", log=self._log, first=number * WIDTH)
        return decode_bundle(data)

    def _at(self, path: str) -> str:
        return f"{self._log}/{path}"


def _levels(size: int) -> Iterator[tuple[int, int]]:
    level = 0
    while count := size >> (8 * level):
        yield level, count
        level += 1


class Published(msgspec.Struct, frozen=True):
    """The newest checkpoint of a log, its signature checked."""

    checkpoint: Checkpoint
    note: bytes


def read_published(files: FileStore, log: LogName, origin: str) -> Published | None:
    """The newest checkpoint of `log`, checked against the record's own `keys`; None before the first."""
    note = files.read(f"{log}/checkpoint")
    if note is None:
        return None
    return Published(open_checkpoint(note, origin=origin, keys=read_keys(files)), note)


def read_keys(files: FileStore) -> list[VerifierKey]:
    """The verifier keys that the record names for its logs."""
    try:
        text = (files.read("keys") or b"").decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadCheckpoint("the `keys` file is not UTF-8") from error
    if not text.endswith("\n"):
        raise BadCheckpoint("the record has no complete `keys` file")
    return [read_vkey(line) for line in text[:-1].split("\n")]
