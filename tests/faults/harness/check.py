"""What must hold of a record after whatever was done to it: the same questions after every point."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from tests.faults.harness.workload import Base, kept

import fairwitness_verify
from fairwitness.errors import FairwitnessError
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.testing import RecordRig, item
from fairwitness_verify import notes

Older = Sequence[tuple[str, bytes]]
_MORE = 2_990
RAW = "an error that is none of ours:"
_UNSIGNED = ("is not the manifest of any", "names a segment whose manifest", "lies beyond what the checkpoint")
"""What the offline verifier may say of a record whose writer died before the next checkpoint."""


def remember_signatures() -> None:
    """Check each (key, message, signature) once a process: the answer depends on nothing else.

    The verifier's own Ed25519 takes milliseconds, and most of a sweep leaves the signed bytes as
    they were. A signature that does not hold raises, and is never remembered.
    """
    notes.check_signature = lru_cache(maxsize=4096)(notes.check_signature)  # type: ignore[assignment]


def theirs(home: Path, older: Older = ()) -> list[fairwitness_verify.Fault]:
    """The faults that the offline verifier finds."""
    return fairwitness_verify.verify(str(home / "record"), older=older, pause=lambda seconds: None).faults


def both(rig: RecordRig, older: Older = ()) -> list[str]:
    """The faults that either verifier finds, in words."""
    return [f"fairwitness: {fault.file}: {fault.what}" for fault in rig.verify().faults] + [
        f"fairwitness_verify: {fault.file}: {fault.what}" for fault in theirs(rig.home, older)
    ]


def checkpoints(home: Path) -> list[tuple[str, bytes]]:
    """The checkpoints that a record shows, as somebody would have kept them."""
    paths = [home / "record" / log / "checkpoint" for log in (CUSTODY, MESSAGES)]
    return [(str(path), path.read_bytes()) for path in paths if path.exists()]


def problems_after(home: Path, base: Base, acknowledged: Iterable[int], *, older: Older = ()) -> list[str]:
    """Open the record again and go on with it; gives everything that is not as it must be.

    1. As it lies there, nothing is wrong with it but what the next checkpoint will cover.
    2. It opens again and heals; all that was acknowledged is there once, nothing is there twice.
    3. Both verifiers find no fault, and what was signed before is still continued.
    4. Work goes on: new items, the same items again, a checkpoint, segments; then 2 and 3 again.
    """
    seen = [*older, *checkpoints(home)]
    problems = [
        f"as it lay: {fault.file}: {fault.what}"
        for fault in theirs(home, older)
        if not fault.what.startswith(_UNSIGNED)
    ]
    promised = [*range(base.held), *acknowledged]
    try:
        rig = base.open(home)
    except FairwitnessError as error:
        return [*problems, f"does not open again: {error.diagnosis()}"]
    except Exception as error:
        return [*problems, f"{RAW} does not open again: {error!r}"]
    try:
        problems += _lost_or_doubled(rig, promised)
        rig.publisher.checkpoint()
        problems += both(rig, seen)
        rig.take([item(number) for number in promised])
        rig.take([item(number) for number in range(_MORE, _MORE + 3)])
        rig.publisher.checkpoint()
        rig.publisher.seal_due()
        rig.publisher.checkpoint()
        problems += _lost_or_doubled(rig, [*promised, *range(_MORE, _MORE + 3)]) + both(rig, seen)
    except FairwitnessError as error:
        problems.append(f"does not go on: {error.diagnosis()}")
    except Exception as error:
        problems.append(f"{RAW} does not go on: {error!r}")
    finally:
        rig.close()
    return problems


def _lost_or_doubled(rig: RecordRig, promised: Iterable[int]) -> list[str]:
    found = kept(rig)
    lost = [number for number in promised if number not in found]
    doubled = [number for number, times in found.items() if times > 1]
    return [f"lost: {lost}"] * bool(lost) + [f"doubled: {doubled}"] * bool(doubled)
