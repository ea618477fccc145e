"""Every case there is, with its size in `make test` and in `make faults`."""

from tests.faults.harness import mutations, power, storage, sweep
from tests.faults.harness.points import Case

CASES = (
    Case("system calls", sweep.points, small=1, full=5, sample=70),
    Case("power cuts", power.points, small=2, full=8, sample=90),
    Case("lying syncs", power.lies, small=20, full=500, sample=20),
    Case("flipped bits", mutations.flips, small=1_000, full=4, sample=150),
    Case("changed files", mutations.changes, small=10, full=1, sample=120),
    Case("changed rows", mutations.in_the_tail, small=1, full=1, sample=9),
    Case("untouched records", mutations.clean, small=12, full=1_000, sample=12),
    Case("limits", storage.limits, small=24, full=800, sample=30),
    Case("slow disk", storage.slow, small=1, full=12, sample=1),
    Case("restarts", storage.storm, small=50, full=1_000, sample=50),
    Case("two writers", storage.stress, small=1, full=120, sample=1),
    Case("copies", storage.backups, small=8, full=300, sample=8),
)

TITLES = {
    "A1": "killed before every write",
    "A2": "killed before every fsync and fdatasync",
    "A3": "killed before every rename, unlink, mkdir, open, close and truncation",
    "A4": "every write, open, close, rename, unlink, mkdir and truncation fails with EIO",
    "A5": "every fsync fails with EIO: the worker must end and answer nothing more",
    "A6": "every write, sync, open and rename fails with ENOSPC",
    "A7": "short writes: no file may grow beyond a limit",
    "A8": "every write is answered as done and is not done",
    "A9": "syncs that are answered as done and are not, then the power is cut",
    "A10": "the last write before a power cut is torn at each 512 bytes",
    "A11": "unsynced writes are lost in every combination",
    "A12": "unsynced names and folders are lost in every combination",
    "A13": "each sync takes 50 to 500 ms",
    "A14": "memory runs out",
    "A15": "no file can be opened any more (EMFILE)",
    "A16": "the disk became read-only (EROFS)",
    "A17": "views deleted or damaged, and built again",
    "A18": "an old SQLite is refused; two processes write and checkpoint one tail",
    "A19": "a second keeper is started",
    "A21": "killed and started again, over and over",
    "A22": "the folder is copied while it is written to, and the copy is gone on with",
    "B1": "a bit is flipped, in any file of the record",
    "B2": "a file is deleted, or cut short",
    "B5": "files and entries are swapped, doubled, inserted, left out",
    "B8": "ciphertexts and keys of one entry are put in another's place",
    "B9": "a header is changed in the tail's database",
    "C8": "the keeper hangs while the door answers",
    "clean": "records that nobody touched: a fault found would be a false alarm",
}
