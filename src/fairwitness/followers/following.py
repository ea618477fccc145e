"""How every follower takes a batch: what is new of it, and the cursor, together or not at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fairwitness.flow.facts import Skipped
from fairwitness.flow.follower import Batch, Cursor, Read
from fairwitness.flow.ports import Place
from fairwitness.model.entry import MESSAGES, LogName


def next_of(cursor: Cursor, log: LogName) -> int:
    """The next index of `log` that a follower at `cursor` wants."""
    return cursor.messages if log == MESSAGES else cursor.custody


def fresh(batch: Batch, cursor: Cursor) -> Sequence[Read]:
    """What of `batch` a follower at `cursor` has not had. A batch beyond the cursor is a fault."""
    start = next_of(cursor, batch.log)
    if batch.entries[0].index > start:
        raise ValueError(f"a batch of {batch.log} begins at {batch.entries[0].index}, {start} is wanted")
    return batch.reads[start - batch.entries[0].index :]


@contextmanager
def taking(place: Place, batch: Batch) -> Iterator[Sequence[Read]]:
    """Within the block the new reads may be written; the cursor moves past them with it."""
    with place.writing() as cursor:
        reads = fresh(batch, cursor)
        yield reads
        if reads:
            place.move(batch.log, batch.end)


def lead_past(place: Place, log: LogName, index: int, problem: str) -> None:
    """Move past one entry and keep a note of it; nothing, when the cursor is elsewhere by now."""
    with place.writing() as cursor:
        if next_of(cursor, log) == index:
            place.note_skipped(Skipped(log=log, index=index, problem=problem))
            place.move(log, index + 1)


@contextmanager
def letting_go(place: Place, disposal: str) -> Iterator[None]:
    """Within the block entries may be forgotten: acknowledged with it, and out of every page after it."""
    with place.writing():
        yield
        place.acknowledge(disposal)
    place.scrub()
