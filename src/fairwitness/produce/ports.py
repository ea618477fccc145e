"""What producing needs of the rest of the house."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from fairwitness.archive.ports import Opened
from fairwitness.flow.facts import Gathered, Part
from fairwitness.flow.reading import Read
from fairwitness.model.entry import LogName
from fairwitness.produce.said import Said


class PublishedFiles(Protocol):
    """The record's public files: bundles, tiles, keys."""

    def read(self, name: str) -> bytes | None: ...

    def names(self, folder: str) -> Iterator[str]:
        """Names of the files below `folder`, sorted."""
        ...


class Entries(Protocol):
    """Entries with salt and payload, where their key still exists. `stop` MAY be beyond the log's end."""

    def opened(self, log: LogName, start: int, stop: int) -> Iterator[Opened]: ...


class Telling(Protocol):
    """How entries are told as messages. MUST be the way in which the hub tells them."""

    def parts(self, read: Read) -> Sequence[Part]:
        """The events of an entry that are, or speak of, a message."""
        ...

    def said(self, messages: Sequence[Gathered]) -> Sequence[Said]:
        """Each message with all its parts, as people read it."""
        ...


Progress = Callable[[str, int, int], None]
"""Told of each step: its name, how much is done, and of how much."""


def silently(step: str, done: int, total: int) -> None:
    """Tell nobody."""
