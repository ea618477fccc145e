"""From a request to an order: the checkpoints it is as of, and the custody entry that says so."""

from collections.abc import Mapping, Sequence

from fairwitness.archive.checkpoint import read_keys, read_published
from fairwitness.archive.ports import FileStore
from fairwitness.archive.status import RefusedCount
from fairwitness.errors import Forbidden, HashMismatch
from fairwitness.model.custody import Decision, ProductionSelected, RefusedOnDay, SignedCheckpoint
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName
from fairwitness.produce.orders import Order, Vouched
from fairwitness.tlog import open_checkpoint


def newest_checkpoints(files: FileStore, origins: Mapping[LogName, str]) -> tuple[SignedCheckpoint, ...]:
    """The newest signed checkpoints. Custody is read last: it covers whatever the messages name."""
    found = []
    for log in (MESSAGES, CUSTODY):
        published = read_published(files, log, origins[log])
        if published is None:
            raise HashMismatch("the log has no checkpoint", log=log)
        found.append(SignedCheckpoint(log, published.note.decode()))
    return tuple(sorted(found, key=lambda one: one.log))


def refused_rows(counts: Sequence[RefusedCount]) -> tuple[RefusedOnDay, ...]:
    """What the door had refused, in a fixed order."""
    rows = [RefusedOnDay(one.line, one.day, one.reason, one.count) for one in counts]
    return tuple(sorted(rows, key=lambda row: (row.line, row.day, row.reason)))


def order_of(
    index: int, at: int, decision: Decision | None, *, files: FileStore, origins: Mapping[LogName, str]
) -> Order:
    """The order that custody entry `index` holds, its checkpoints checked against the record's keys."""
    if not isinstance(decision, ProductionSelected):
        raise Forbidden("this custody entry orders no pack", entry=index)
    keys = read_keys(files)
    checkpoints = {
        one.log: Vouched(
            open_checkpoint(one.note.encode(), origin=origins[one.log], keys=keys), one.note.encode()
        )
        for one in decision.checkpoints
    }
    return Order(selected=index, at=at, asked=decision, checkpoints=checkpoints)
