"""From a request to an order: the checkpoints it is as of, and the custody entry that says so."""

from collections.abc import Mapping, Sequence

import msgspec

from fairwitness.archive.checkpoint import read_keys, read_published
from fairwitness.archive.ports import FileStore
from fairwitness.archive.status import RefusedCount
from fairwitness.errors import Forbidden, HashMismatch
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import Decision, ProductionSelected, RefusedOnDay, SignedCheckpoint
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName
from fairwitness.produce.orders import Order, Vouched, is_whole, lines_of
from fairwitness.tlog import open_checkpoint


def ordered_now(
    asked: ProductionSelected, files: FileStore, origins: Mapping[LogName, str], *,
    refused: Sequence[RefusedCount], state: CustodyState,
) -> ProductionSelected:  # fmt: skip
    """What is asked for, as of the newest signed checkpoints and what the door has refused of it by now."""
    whole, lines = is_whole(asked), lines_of(asked, state)
    rows = [
        RefusedOnDay(one.line, one.day, one.reason, one.count)
        for one in refused
        if whole or one.line in lines
    ]
    return msgspec.structs.replace(
        asked, checkpoints=_newest_checkpoints(files, origins),
        refused=tuple(sorted(rows, key=lambda row: (row.line, row.day, row.reason))),
    )  # fmt: skip


def _newest_checkpoints(files: FileStore, origins: Mapping[LogName, str]) -> tuple[SignedCheckpoint, ...]:
    found = []
    # Custody is read last: so it covers whatever the messages name.
    for log in (MESSAGES, CUSTODY):
        published = read_published(files, log, origins[log])
        if published is None:
            raise HashMismatch("the log has no checkpoint", log=log)
        found.append(SignedCheckpoint(log, published.note.decode()))
    return tuple(sorted(found, key=lambda one: one.log))


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
