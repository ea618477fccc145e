"""Reads entries back by number, in order, and holds each against what its header commits to."""

from collections.abc import Iterator, Sequence

from fairwitness.archive.keys import commit
from fairwitness.archive.ports import Opened
from fairwitness.errors import HashMismatch
from fairwitness.model.entry import LogName, Stored, read_header
from fairwitness.produce.ports import Entries

BLOCK = 1_024


def pick(entries: Entries, log: LogName, indices: Sequence[int]) -> Iterator[Opened]:
    """The entries with these sorted indices, read block by block."""
    at = 0
    while at < len(indices):
        end = at
        while end < len(indices) and indices[end] // BLOCK == indices[at] // BLOCK:
            end += 1
        wanted = set(indices[at:end])
        span = read_span(entries, log, indices[at], indices[end - 1] + 1)
        yield from (one for one in span if one.index in wanted)
        at = end


def read_span(entries: Entries, log: LogName, start: int, stop: int) -> Iterator[Opened]:
    """The entries `[start, stop)`, every one of them, each held against its commitment."""
    expected = start
    for opened in entries.opened(log, start, stop):
        if opened.index != expected:
            break
        _check_commitment(log, opened)
        yield opened
        expected += 1
    if expected != stop:
        raise HashMismatch("entries are in neither tail nor segment", log=log, first=expected)


def _check_commitment(log: LogName, opened: Opened) -> None:
    secret = opened.secret
    if secret is None:
        return
    if commit(secret.salt, secret.payload) != read_header(opened.header).commitment:
        raise HashMismatch("a payload is not what its header commits to", log=log, index=opened.index)


def stored(log: LogName, opened: Opened) -> Stored:
    """The same entry as followers know it."""
    payload = opened.secret.payload if opened.secret else None
    return Stored(log=log, index=opened.index, header=read_header(opened.header), payload=payload)
