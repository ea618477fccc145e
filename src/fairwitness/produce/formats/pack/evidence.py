"""The lines of entries: header, salt, payload and inclusion proof, each checked before it is written."""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fairwitness import canonical
from fairwitness.archive.ports import Opened
from fairwitness.errors import Unreadable
from fairwitness.model.entry import LogName, read_header
from fairwitness.model.envelope import unpack
from fairwitness.produce.picking import pick
from fairwitness.produce.ports import Entries, Progress
from fairwitness.produce.tree import Tree

_STEP = 256


@dataclass(slots=True)
class Seen:
    """What the entries that were written named: custody sizes, and the sources that they came from."""

    custody_sizes: set[int] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


def evidence_lines(
    log: LogName, indices: Sequence[int], *, tree: Tree, entries: Entries, seen: Seen, progress: Progress
) -> Iterator[bytes]:
    """A line for each of these entries, in order."""
    for number, opened in enumerate(pick(entries, log, indices), 1):
        seen.custody_sizes.add(read_header(opened.header).custody_size)
        seen.sources.add(_source(opened))
        yield entry_line(opened, tree.path(opened.index, opened.header))
        if number % _STEP == 0 or number == len(indices):
            progress(f"Proving {log}", number, len(indices))


def entry_line(opened: Opened, path: Sequence[bytes]) -> bytes:
    """One line of entries."""
    secret = opened.secret
    line = {
        "header": opened.header.decode("ascii"),
        "index": opened.index,
        "path": [_base64(one) for one in path],
        "payload": _base64(secret.payload) if secret else None,
        "salt": _base64(secret.salt) if secret else None,
    }
    return canonical.encode(line) + b"\n"


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _source(opened: Opened) -> str:
    try:
        return unpack(opened.secret.payload).source if opened.secret else ""
    except Unreadable:
        return ""
