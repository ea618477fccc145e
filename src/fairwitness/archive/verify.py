"""Checks the whole record: what anyone can check, and with keys every payload.

The steps are those of `docs/spec/record.md`, section 7. `fairwitness_verify` does the
open part again, from the bytes alone and with nothing of ours; the two must agree.
Nothing is raised for what is wrong with the record: every fault is reported.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from fairwitness import canonical
from fairwitness.archive.checkpoint import read_keys
from fairwitness.archive.keys import commit
from fairwitness.archive.ports import FileStore, Opened, PayloadSource
from fairwitness.archive.segments import BLOCK
from fairwitness.archive.status import Fault, VerifyReport
from fairwitness.archive.verify_vouched import Trust, Vouched
from fairwitness.errors import FairwitnessError, Malformed
from fairwitness.model.entry import CUSTODY, MESSAGES, Header, LogName, read_header
from fairwitness.tlog import (
    HASH,
    WIDTH,
    Checkpoint,
    Frontier,
    TileId,
    bundle_path,
    decode_bundle,
    extend,
    leaf_hash,
    load_frontier,
    open_checkpoint,
    parse_path,
    tile_path,
)

Progress = Callable[[int, int], None]
_STEP = 16 * WIDTH


class _Block(msgspec.Struct, frozen=True):
    first: int
    last: int
    sha256: str


class _Manifest(msgspec.Struct, frozen=True):
    v: int
    log: str
    first: int
    last: int
    file: str
    size: int
    sha256: str
    blocks: list[_Block]


class _Check:
    """One run: what was found so far."""

    def __init__(self, files: FileStore, origins: dict[LogName, str], progress: Progress) -> None:
        self.files = files
        self.origins = origins
        self.faults: list[Fault] = []
        self.expected = {"keys"}
        self.refs: dict[str, int] = {}
        self.checkpoints: dict[LogName, Checkpoint] = {}
        self.sizes: dict[LogName, int] = {}
        self.payloads = self.unreadable = 0
        self._progress = progress
        self._done = 0

    def fault(
        self, what: str, file: str, log: str = "", *, first: int | None = None, last: int | None = None
    ) -> None:
        """Note something that is wrong."""
        self.faults.append(Fault(what=what, file=file, log=log, first=first, last=last))

    def advance(self, count: int) -> None:
        """Say how far the run is: every entry counts once for its header and once for its payload."""
        self._done += count
        self._progress(self._done, 2 * sum(self.sizes.values()))


def verify_record(
    *, files: FileStore, origins: dict[LogName, str], reader: PayloadSource | None, progress: Progress,
    trust: Trust | None = None,
) -> VerifyReport:  # fmt: skip
    """Check the record in `files`; with a reader, open every payload too."""
    check = _Check(files, origins, progress)
    # 1. What others vouch for is read first, so that what it must be continued by is never older than
    #    it; then keys, and each log's checkpoint with its signature.
    vouched = Vouched(files, origins, trust or Trust(), check.fault)
    check.expected |= vouched.files_read
    checkpoints = check.checkpoints = _checkpoints(check)
    check.sizes = {log: checkpoint.size for log, checkpoint in checkpoints.items()}
    # 2. Every header; 3. every tile, and the root. The custody log first: it bounds the others.
    for log in (CUSTODY, MESSAGES):
        if log in checkpoints:
            _check_tree(check, log, checkpoints[log])
    # 4. Manifests and the custody entries that name them; 5. segments; 6. that they join up.
    for log in origins:
        _check_segments(check, log)
    # 7. Files that nothing accounts for.
    _check_strays(check)
    # 8. Checkpoints that others vouch for, or kept: where the tree is whole, it must continue them.
    vouched.check(checkpoints, damaged=_damaged_trees(check))
    # 9. Payloads against commitments, where there are keys.
    if reader is not None:
        for log in checkpoints:
            _check_payloads(check, reader, log)
    return VerifyReport(
        messages=check.sizes.get(MESSAGES, 0),
        custody=check.sizes.get(CUSTODY, 0),
        payloads=check.payloads,
        unreadable=check.unreadable,
        faults=tuple(check.faults),
        witnessed=vouched.witnessed,
        stamped=vouched.stamped,
    )


def _damaged_trees(check: _Check) -> set[str]:
    """Logs with a fault in a tile or a bundle."""
    return {fault.log for fault in check.faults if fault.file.startswith(f"{fault.log}/tile/")}


def _checkpoints(check: _Check) -> dict[LogName, Checkpoint]:
    found: dict[LogName, Checkpoint] = {}
    try:
        keys = read_keys(check.files)
    except FairwitnessError as error:
        check.fault(f"the verifier keys can not be read: {error.message}", "keys")
        return found
    for log, origin in check.origins.items():
        name = f"{log}/checkpoint"
        check.expected.add(name)
        try:
            found[log] = open_checkpoint(check.files.read(name) or b"", origin=origin, keys=keys)
        except FairwitnessError as error:
            check.fault(f"the checkpoint does not hold: {error.message}", name, log)
    return found


def _check_tree(check: _Check, log: LogName, checkpoint: Checkpoint) -> None:
    frontier, leaves, broken = Frontier.empty(), [], False
    custody_size = 0
    for number in range(-(-checkpoint.size // WIDTH)):
        first = number * WIDTH
        width = min(WIDTH, checkpoint.size - first)
        name = f"{log}/{bundle_path(number, width)}"
        check.expected.add(name)
        headers = _bundle(check, log, name, first, width)
        if headers is None:
            broken = True
            continue
        for index, raw in enumerate(headers, first):
            custody_size = _check_header(check, log, name, index, raw, custody_size)
        leaves += [leaf_hash(raw) for raw in headers]
        if len(leaves) >= _STEP and not broken:
            frontier = _compare_tiles(check, log, frontier, leaves)
            leaves = []
        check.advance(width)
    if broken:
        _expect_tiles(check, log, checkpoint.size)
        return
    frontier = _compare_tiles(check, log, frontier, leaves)
    for level, data in enumerate(frontier.edge):
        if data:
            index, width = divmod(checkpoint.size >> (8 * level), WIDTH)
            _compare(check, log, level, index, width, data)
    if frontier.root() != checkpoint.root:
        check.fault("the entries do not give the root of the checkpoint", f"{log}/checkpoint", log)


def _bundle(check: _Check, log: LogName, name: str, first: int, width: int) -> list[bytes] | None:
    data = check.files.read(name)
    last = first + width - 1
    if data is None:
        check.fault("an entry bundle is missing", name, log, first=first, last=last)
        return None
    try:
        headers = decode_bundle(data)
    except Malformed as error:
        check.fault(f"an entry bundle can not be read: {error.message}", name, log, first=first, last=last)
        return None
    if len(headers) != width:
        check.fault("an entry bundle has the wrong number of entries", name, log, first=first, last=last)
        return None
    return headers


def _check_header(check: _Check, log: LogName, name: str, index: int, raw: bytes, before: int) -> int:
    try:
        header = read_header(raw)
    except Malformed as error:
        check.fault(f"a header can not be read: {error.message}", name, log, first=index, last=index)
        return before
    limit = index if log == CUSTODY else check.sizes.get(CUSTODY, header.custody_size)
    low = index if log == CUSTODY else before
    if not low <= header.custody_size <= limit:
        check.fault("a header names an impossible custody size", name, log, first=index, last=index)
    _note_ref(check, log, index, header)
    return header.custody_size


def _note_ref(check: _Check, log: LogName, index: int, header: Header) -> None:
    if log == CUSTODY and header.kind == "segment.sealed":
        check.refs[header.ref or ""] = index


def _compare_tiles(check: _Check, log: LogName, frontier: Frontier, leaves: list[bytes]) -> Frontier:
    grown, writes = extend(frontier, leaves)
    for write in writes:
        if write.full:
            _compare(check, log, write.level, write.index, write.width, write.data)
    return grown


def _compare(check: _Check, log: LogName, level: int, index: int, width: int, data: bytes) -> None:
    name = f"{log}/{tile_path(level, index, width)}"
    check.expected.add(name)
    stored = check.files.read(name)
    if stored == data:
        return
    first, last = _touched(level, index, width, data, stored)
    if stored is None:
        check.fault("a tile is missing", name, log, first=first, last=last)
    elif level == 0 and _is_vouched(check, log, index, stored):
        bundle = f"{log}/{bundle_path(index, width)}"
        check.fault("entries differ from what was signed", bundle, log, first=first, last=last)
    else:
        check.fault("a tile differs from the entries", name, log, first=first, last=last)


def _touched(level: int, index: int, width: int, data: bytes, stored: bytes | None) -> tuple[int, int]:
    """The entries below the hashes that differ, or below the whole tile."""
    span, slots = 256**level, [0, width - 1]
    if stored is not None and len(stored) == len(data):
        slots = [
            at // HASH for at in range(0, len(data), HASH) if stored[at : at + HASH] != data[at : at + HASH]
        ]
    return (index * WIDTH + slots[0]) * span, (index * WIDTH + slots[-1] + 1) * span - 1


def _is_vouched(check: _Check, log: LogName, index: int, stored: bytes) -> bool:
    """Whether the tiles above, or for the last tile the signed root, speak for a stored tile."""
    checkpoint = check.checkpoints[log]
    if len(stored) != min(WIDTH, checkpoint.size - index * WIDTH) * HASH:
        return False
    try:
        grown, _ = extend(Frontier.empty(), [stored[at : at + HASH] for at in range(0, len(stored), HASH)])
        if len(stored) < WIDTH * HASH:
            return load_frontier(checkpoint.size, lambda *tile: _stored_tile(check, log, *tile)).root() == (
                checkpoint.root
            )
    except (FairwitnessError, ValueError):
        return False
    above, slot = divmod(index, WIDTH)
    width = min(WIDTH, (checkpoint.size >> 8) - above * WIDTH)
    return _stored_tile(check, log, 1, above, width)[slot * HASH : (slot + 1) * HASH] == grown.root()


def _stored_tile(check: _Check, log: LogName, level: int, index: int, width: int) -> bytes:
    return check.files.read(f"{log}/{tile_path(level, index, width)}") or b""


def _expect_tiles(check: _Check, log: LogName, size: int) -> None:
    level = 0
    while count := size >> (8 * level):
        for index in range(-(-count // WIDTH)):
            check.expected.add(f"{log}/{tile_path(level, index, min(WIDTH, count - index * WIDTH))}")
        level += 1


def _check_segments(check: _Check, log: LogName) -> None:
    found: set[str] = set()
    end = 0
    for name in list(check.files.names(f"{log}/segment")):
        if not name.endswith(".json"):
            continue
        data = check.files.read(name) or b""
        digest = hashlib.sha256(data).hexdigest()
        found.add(digest)
        check.expected |= {name, name.removesuffix(".json") + ".parquet"}
        if digest not in check.refs:
            first, last = _range_of(name)
            check.fault(
                "a manifest is not the one that the custody log names", name, log, first=first, last=last
            )
            continue
        manifest = _manifest(check, log, name, data)
        if manifest is None:
            continue
        if manifest.first != end:
            low, high = min(end, manifest.first), max(end, manifest.first) - 1
            check.fault("segments overlap or leave a hole", name, log, first=low, last=high)
        end = max(end, manifest.last + 1)
        _check_file(check, log, name.rsplit("/", 1)[0] + "/" + manifest.file, manifest)
    check.refs = {ref: index for ref, index in check.refs.items() if ref not in found}


def _manifest(check: _Check, log: LogName, name: str, data: bytes) -> _Manifest | None:
    first, last = _range_of(name)
    try:
        manifest = msgspec.convert(canonical.decode(data), _Manifest)
    except (FairwitnessError, msgspec.ValidationError) as error:
        check.fault(f"a manifest can not be read: {error}", name, log, first=first, last=last)
        return None
    stem = f"{manifest.first:012d}-{manifest.last:012d}"
    if (manifest.log, manifest.file, name) != (
        check.origins[log], f"{stem}.parquet", f"{log}/segment/{stem}.json",
    ):  # fmt: skip
        check.fault("a manifest speaks of another segment", name, log, first=first, last=last)
        return None
    return manifest


def _check_file(check: _Check, log: LogName, name: str, manifest: _Manifest) -> None:
    path = Path(check.files.path(name))
    if not path.is_file():
        check.fault("a segment is missing", name, log, first=manifest.first, last=manifest.last)
        return
    size = 0
    with path.open("rb") as file:
        for block in manifest.blocks:
            data = file.read(BLOCK)
            size += len(data)
            if hashlib.sha256(data).hexdigest() != block.sha256:
                check.fault("a block of a segment differs", name, log, first=block.first, last=block.last)
        size += len(file.read(1))
    if size != manifest.size:
        check.fault("a segment has the wrong size", name, log, first=manifest.first, last=manifest.last)


def _range_of(name: str) -> tuple[int | None, int | None]:
    parts = name.rsplit("/", 1)[1].removesuffix(".json").split("-")
    if len(parts) == 2 and all(part.isdigit() and len(part) == 12 for part in parts):
        return int(parts[0]), int(parts[1])
    return None, None


def _check_strays(check: _Check) -> None:
    for ref, index in check.refs.items():
        what = f"the manifest {ref[:16]}… that a custody entry names is missing"
        check.fault(what, f"{CUSTODY}/segment", CUSTODY, first=index, last=index)
    for name in check.files.names(""):
        if name not in check.expected and not _is_of_another_size(check, name):
            check.fault("a file that nothing accounts for", name)


def _is_of_another_size(check: _Check, name: str) -> bool:
    """Tiles of entries that the next checkpoint will cover are not believed; those of an older tree are
    held against today's."""
    for log, size in check.sizes.items():
        tile = parse_path(name.removeprefix(f"{log}/")) if name.startswith(f"{log}/") else None
        if tile is not None:
            width = min(WIDTH, (size >> (8 * max(tile.level, 0))) - tile.index * WIDTH)
            if tile.width < width:
                _check_leftover(check, log, name, tile, width)
            return tile.width != width
    return False


def _check_leftover(check: _Check, log: LogName, name: str, tile: TileId, width: int) -> None:
    """A partial tile of an older tree may stay, as the beginning of what it grew into."""
    data, bundle = check.files.read(name) or b"", tile.level < 0
    path = bundle_path(tile.index, width) if bundle else tile_path(tile.level, tile.index, width)
    today = check.files.read(f"{log}/{path}")
    try:
        count = len(decode_bundle(data)) if bundle else len(data) / HASH
    except Malformed:
        count = 0
    if today is not None and (count != tile.width or not today.startswith(data)):
        span = 256 ** max(tile.level, 0)
        first, last = tile.index * WIDTH * span, (tile.index * WIDTH + tile.width) * span - 1
        check.fault(
            "a tile of an older tree is not the beginning of today's", name, log, first=first, last=last
        )


def _check_payloads(check: _Check, reader: PayloadSource, log: LogName) -> None:
    size = check.sizes[log]
    for start in range(0, size, WIDTH):
        stop = min(start + WIDTH, size)
        width = stop - start
        if _is_damaged(check, log, start, stop):
            check.advance(width)
            continue
        try:
            headers = decode_bundle(check.files.read(f"{log}/{bundle_path(start // WIDTH, width)}") or b"")
            opened = list(reader.opened(log, start, stop))
        except (FairwitnessError, OSError) as error:
            check.fault(f"payloads do not open: {error}", f"{log}/segment", log, first=start, last=stop - 1)
            continue
        if len(opened) != width:
            check.fault("payloads are missing", f"{log}/segment", log, first=start, last=stop - 1)
        for index, what in _payload_faults(check, headers, opened, start):
            check.fault(what, f"{log}/segment", log, first=index, last=index)
        check.advance(width)


def _is_damaged(check: _Check, log: LogName, start: int, stop: int) -> bool:
    """Whether these entries' bytes failed a check already: they are named, and are not parsed."""
    return any(
        fault.log == log
        and fault.file.startswith(f"{log}/segment/")
        and fault.first is not None
        and fault.last is not None
        and fault.first < stop
        and start <= fault.last
        for fault in check.faults
    )


def _payload_faults(
    check: _Check, headers: list[bytes], opened: list[Opened], start: int
) -> Iterator[tuple[int, str]]:
    for entry in opened:
        raw = headers[entry.index - start] if entry.index - start < len(headers) else b""
        if entry.secret is None:
            check.unreadable += 1
        elif entry.header != raw:
            yield entry.index, "a header differs from the one in the log"
        elif commit(entry.secret.salt, entry.secret.payload) != read_header(raw).commitment:
            yield entry.index, "a payload is not what its header commits to"
        else:
            check.payloads += 1
