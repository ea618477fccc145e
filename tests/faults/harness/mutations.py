"""B1, B2, B5, B8, B9: whatever is changed in a record, both verifiers name the file and its entries.

The record is small, so that each of its bits can be flipped. Verifying is whole every time; only
the memory of signatures that were checked already (`check.remember_signatures`) saves work.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from tests.faults.harness import check
from tests.faults.harness.points import BROKEN, FOUND, HELD, Lab, Outcome, Point
from tests.faults.harness.workload import Base, Board, Worker

import fairwitness_verify
from fairwitness.model.entry import MESSAGES
from fairwitness.testing import RecordRig, item
from fairwitness.tlog import decode_bundle, encode_bundle

Files = dict[str, bytes | None]
"""Files that take the place of others; None where one is gone."""
_HASH = 32


class Victim:
    """A record that is changed and put right again, over and over."""

    def __init__(self, lab: Lab) -> None:
        self.rig = make_victim(lab.small.copy(lab.root / "victim"), lab.small)
        self.record = self.rig.home / "record"
        paths = sorted(path for path in self.record.rglob("*") if path.is_file())
        self.files = {str(path.relative_to(self.record)): path.read_bytes() for path in paths}

    def outcome(self, changed: Files) -> Outcome:
        """Change these files, ask both verifiers, and put the files back."""
        for name, data in changed.items():
            _put(self.record / name, data)
        try:
            ours = self.rig.verify().faults
            theirs = fairwitness_verify.verify(str(self.record), pause=lambda seconds: None).faults
        finally:
            for name in changed:
                _put(self.record / name, self.files.get(name))
        unnamed = [
            *_unnamed("fairwitness", ours, changed),
            *_unnamed("fairwitness_verify", theirs, changed),
        ]
        return Outcome(BROKEN if unnamed else FOUND, unnamed)


def _unnamed(who: str, faults: Sequence[Any], changed: Files) -> list[str]:
    """The changed files that no fault names. What a bad file of two would have spoken for may go unsaid."""
    missed = [name for name in changed if not any(_names(fault, name) for fault in faults)]
    vouching = [name for name in changed if name.endswith(("/checkpoint", ".json")) or "/entries/" in name]
    if len(changed) > 1 and vouching and len(missed) < len(changed):
        return []
    return [f"{who} does not name {name}: {[(f.file, f.what) for f in faults][:3]}" for name in missed]


def make_victim(home: Path, base: Base) -> RecordRig:
    """A record with everything in it: segments of both logs, a tail, and what an older tree left."""
    rig = base.open(home)
    rig.take([item(number, contact=f"phone:+55119000000{number:02d}") for number in range(20, 24)])
    rig.publisher.seal_all()
    for number in range(30, 36, 2):
        rig.take([item(number), item(number + 1)])
    rig.publisher.checkpoint()
    return rig


def _put(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)


def _names(fault: Any, name: str) -> bool:
    """Whether a fault is about a file. What is wrong with the keys may show in what they vouch for."""
    file, first = fault.file, fault.first
    if name == "keys":
        return file == "keys" or file.endswith("/checkpoint")
    if name.endswith("/checkpoint"):
        return file == name
    if name.endswith(".json") and file == "custody/segment":
        return first is not None
    return file == name and first is not None


def flips(lab: Lab, share: int) -> Iterator[Point]:
    """B1: every bit of every file, or one in `share` of them."""
    victim = Victim(lab)
    bits = ((name, bit) for name, data in victim.files.items() for bit in range(8 * len(data)))
    for number, (name, bit) in enumerate(bits):
        if number % share == 0:
            yield Point("B1", f"bit {bit} of {name}", lambda name=name, bit=bit: _flip(victim, name, bit))


def _flip(victim: Victim, name: str, bit: int) -> Outcome:
    data = bytearray(victim.files[name])
    data[bit // 8] ^= 1 << bit % 8
    return victim.outcome({name: bytes(data)})


def changes(lab: Lab, share: int) -> Iterator[Point]:
    """B2, B5 and B8: files that go, are cut, grow, change places; entries that are moved about."""
    victim = Victim(lab)
    every = [*_gone(victim), *_cut(victim), *_moved(victim), *_mixed(victim), *_crossed(victim)]
    for number, (case, name, files) in enumerate(every):
        if number % share == 0:
            yield Point(case, name, lambda files=files: victim.outcome(files))


Change = tuple[str, str, Files]


def _gone(victim: Victim) -> Iterator[Change]:
    for name in victim.files:
        if not _is_spare(victim, name):
            yield "B2", f"{name} deleted", {name: None}


def _is_spare(victim: Victim, name: str) -> bool:
    """Whether a partial tile of an older tree: it may be deleted, as the specification says."""
    folder, _, width = name.rpartition("/")
    wider = [other for other in victim.files if other.startswith(f"{folder}/")]
    return folder.endswith(".p") and any(int(other.rpartition("/")[2]) > int(width) for other in wider)


def _cut(victim: Victim) -> Iterator[Change]:
    for name, data in victim.files.items():
        for length in range(0, len(data), max(1, len(data) // 64)):
            yield "B2", f"{name} cut to {length} bytes", {name: data[:length]}
        for more in (b"\0", b"\n", data[-1:], data):
            yield "B5", f"{name} with {len(more)} bytes more", {name: data + more}


def _moved(victim: Victim) -> Iterator[Change]:
    names = list(victim.files)
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            a, b = victim.files[one], victim.files[other]
            if a != b and "keys" not in (one, other):
                yield "B5", f"{one} and {other} swapped", {one: b, other: a}


def _mixed(victim: Victim) -> Iterator[Change]:
    """Entries of a bundle, and hashes of a tile, in every other order and number."""
    for name, data in victim.files.items():
        if "/tile/" not in name:
            continue
        bundle = "/entries/" in name
        parts = decode_bundle(data) if bundle else [data[at : at + _HASH] for at in range(0, len(data), _HASH)]
        for what, mixed in _orders(parts):
            yield "B5", f"{name}: {what}", {name: encode_bundle(mixed) if bundle else b"".join(mixed)}


def _orders(parts: list[bytes]) -> Iterator[tuple[str, list[bytes]]]:
    for one in range(len(parts)):
        rest = [*parts[:one], *parts[one + 1 :]]
        yield f"entry {one} left out", rest
        yield f"entry {one} doubled", [*parts[: one + 1], *parts[one:]]
        for other in range(one + 1, len(parts)):
            moved = list(parts)
            moved[one], moved[other] = moved[other], moved[one]
            yield f"entries {one} and {other} swapped", moved
            yield f"entry {one} again at {other}", [*parts[:other], parts[one], *parts[other + 1 :]]


def _crossed(victim: Victim) -> Iterator[Change]:
    """B8: ciphertexts and key ids of one entry put in another's place, the file written anew."""
    for name in victim.files:
        if not name.endswith(".parquet"):
            continue
        table = pq.ParquetFile(victim.record / name).read()
        for column in ("sealed", "key_id", "header"):
            cells = table.column(column).to_pylist()
            for one in range(len(cells)):
                for other in range(one + 1, len(cells)):
                    if cells[one] != cells[other]:
                        what = f"{name}: {column} of {one} and {other} swapped"
                        yield "B8", what, {name: _rewritten(victim, table, column, cells, one, other)}


def _rewritten(victim: Victim, table: pa.Table, column: str, cells: list[bytes], one: int, other: int) -> bytes:
    moved = list(cells)
    moved[one], moved[other] = moved[other], moved[one]
    at = table.column_names.index(column)
    field = table.schema.field(at)
    changed = table.set_column(at, field, pa.array(moved, type=field.type))
    path = victim.rig.home / "rewritten"
    pq.write_table(changed, path, compression="zstd", use_dictionary=False)
    return path.read_bytes()


def in_the_tail(lab: Lab, share: int) -> Iterator[Point]:
    """B8 and B9: rows of the tail changed by somebody who has its key; seen by who can open payloads."""
    victim = Victim(lab)
    rows = {
        "B9": ["UPDATE entry SET header = CAST(replace(CAST(header AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) WHERE idx = {}"],
        "B8": [
            "UPDATE batch SET sealed = (SELECT sealed FROM batch AS b WHERE b.first != {0} LIMIT 1) WHERE first = {0} AND log != 2",
            "UPDATE batch SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB) WHERE first = {}",
        ],
    }
    firsts = [row[0] for row in victim.rig.tail._db.execute("SELECT first FROM batch WHERE log = 1")]
    for case, statements in rows.items():
        for statement in statements:
            for first in firsts:
                name = f"{statement.split(' SET ')[0]} at {first}"
                yield Point(case, name, lambda s=statement, f=first: _changed_row(victim, s.format(f)))


def _changed_row(victim: Victim, statement: str) -> Outcome:
    db = victim.rig.tail._db
    db.execute("BEGIN")
    try:
        db.execute(statement)
        faults = victim.rig.verify().faults
    finally:
        db.execute("ROLLBACK")
    named = [fault for fault in faults if fault.log == MESSAGES and fault.first is not None]
    return Outcome(FOUND if named else BROKEN, [] if named else [f"not named: {statement}"])


def clean(lab: Lab, records: int) -> Iterator[Point]:
    """Records that nobody touched: no verifier may find fault with any of them, at any stage."""
    for seed in range(10_000, 10_000 + records):
        yield Point("clean", f"record {seed}", lambda seed=seed: _clean(lab, seed))


def _clean(lab: Lab, seed: int) -> Outcome:
    base = lab.wide if seed % 10 == 0 else lab.small
    base.copy(lab.home)
    chance = random.Random(seed)
    Worker(lab.home, base, Board()).run(seed)
    rig = base.open(lab.home)
    try:
        found = check.both(rig)
        stages: list[Callable[[], object]] = [
            lambda: rig.take([item(2_000 + number) for number in range(chance.randint(1, 9))]),
            rig.publisher.checkpoint,
            rig.publisher.seal_due,
            rig.publisher.checkpoint,
        ]
        for stage in stages:
            stage()
        found += check.both(rig)
    finally:
        rig.close()
    return Outcome(BROKEN if found else HELD, found)
