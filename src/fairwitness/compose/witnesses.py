"""What vouches for a record: its witnesses, the mark that stops it, proofs, and a witness of one's own."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from fairwitness.archive.asking import read_address
from fairwitness.archive.checkpoint import read_keys
from fairwitness.archive.halt import Halt
from fairwitness.archive.ports import Outside
from fairwitness.archive.prove import prove_entry
from fairwitness.archive.status import LogStatus, RecordStatus
from fairwitness.archive.verify_vouched import Trust
from fairwitness.archive.vouched import Witnessed, open_witnessed, read_witnessed
from fairwitness.archive.witness import Witness
from fairwitness.archive.witnessing import Witnessing
from fairwitness.clock import Clock, system_clock
from fairwitness.compose.places import origins
from fairwitness.config import Settings
from fairwitness.engines.filesystem import FolderStore, hold_lock, make_folder, read_witness_key
from fairwitness.errors import BadCheckpoint, Misconfigured
from fairwitness.model.entry import LogName
from fairwitness.outbound.asking import ask
from fairwitness.tlog import Cosigner, VerifierKey, WitnessKey, write_proof


def open_halt(settings: Settings) -> Halt:
    """The mark that nothing may be taken in."""
    return Halt(FolderStore(settings.home))


def configured_witnesses(settings: Settings) -> list[WitnessKey]:
    """The keys of the witnesses that the settings name."""
    return [read_address(text).key for text in settings.witnesses]


def open_witnessing(settings: Settings, *, clock: Clock, outside: Outside = ask) -> Witnessing:
    """Has checkpoints cosigned by the witnesses that the settings name, if any."""
    witnesses = [read_address(text) for text in settings.witnesses]
    if witnesses and not 1 <= settings.witness_quorum <= len(witnesses):
        raise Misconfigured(
            "as many witnesses must cosign as there are at most, and at least one", setting="witness_quorum"
        )
    return Witnessing(
        files=FolderStore(settings.record), origins=origins(settings), witnesses=witnesses,
        quorum=settings.witness_quorum, outside=outside, halt=open_halt(settings), clock=clock,
    )  # fmt: skip


def check_witnesses(settings: Settings, *, clock: Clock = system_clock, outside: Outside = ask) -> None:
    """Raise `Forked`, and stop the record, when it is behind or beside what its witnesses saw."""
    witnessing = open_witnessing(settings, clock=clock, outside=outside)
    try:
        witnessing.start()
    finally:
        witnessing.close()


def witness_key(home: Path, *, name: str = "") -> Cosigner:
    """The key of the witness at `home`; with a name, one is made where there is none yet."""
    name, private = read_witness_key(home / "witness.key", name=name)
    return Cosigner(WitnessKey(name, private.public_key().public_bytes_raw()), private.sign)


def record_proof(settings: Settings, log: LogName, index: int) -> tuple[bytes, bytes]:
    """The `.tlog-proof` of an entry, and the header that it proves. Needs no key."""
    known = origins(settings)
    if log not in known:
        hint = f"There are {', '.join(known)}."
        raise Misconfigured("there is no such log", setting="--log", hint=hint)
    proof, header = prove_entry(FolderStore(settings.record), log, known[log], index)
    return write_proof(proof), header


def open_witness(home: Path, *, logs: Sequence[VerifierKey], clock: Clock = system_clock) -> Witness:
    """A witness of these logs, its memory below `home`. There may be only one process that has it."""
    make_folder(home / "seen")
    hold_lock(home / "witness.lock")
    return Witness(logs=logs, cosigner=witness_key(home), states=FolderStore(home / "seen"), clock=clock)


def trusted(settings: Settings) -> Trust:
    """What a verification on this machine takes for granted: the configured witnesses, if any."""
    return Trust(witnesses=configured_witnesses(settings) or None)


def add_vouched(settings: Settings, status: RecordStatus) -> RecordStatus:
    """The same, with what witnesses cosigned and whether the record is stopped."""
    stopped = open_halt(settings).why()
    return msgspec.structs.replace(
        status,
        logs=tuple(_add_vouched(settings, log) for log in status.logs),
        witnesses=len(settings.witnesses),
        quorum=settings.witness_quorum if settings.witnesses else 0,
        stopped=stopped.what if stopped else "",
    )


def _add_vouched(settings: Settings, log: LogStatus) -> LogStatus:
    witnessed = newest_witnessed(settings, log.log)
    if witnessed is None:
        return log
    size = witnessed.checkpoint.size
    return msgspec.structs.replace(log, witnessed_size=size, witnessed_at=witnessed.at)


def newest_witnessed(settings: Settings, log: LogName) -> Witnessed | None:
    """What a quorum of the configured witnesses cosigned last; None where nothing holds."""
    store, keys = FolderStore(settings.record), configured_witnesses(settings)
    note = read_witnessed(store, log)
    if note is None or not keys:
        return None
    try:
        return open_witnessed(
            note, origin=origins(settings)[log], keys=read_keys(store), witnesses=keys,
            quorum=settings.witness_quorum,
        )  # fmt: skip
    except BadCheckpoint:
        return None
