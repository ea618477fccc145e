"""From a stored entry to its events. Never raises on what a message holds."""

import msgspec

from fairwitness.capture import read_events
from fairwitness.errors import Unreadable
from fairwitness.model.entry import MESSAGES, Stored
from fairwitness.model.envelope import unpack
from fairwitness.model.event import Event


class Read(msgspec.Struct, frozen=True):
    """An entry with the events it holds. `problem` says why it was not understood, else ''."""

    stored: Stored
    events: tuple[Event, ...]
    problem: str = ""


def read_entry(stored: Stored) -> Read:
    """Read the events of `stored`; what cannot be read is said, not dropped."""
    if stored.payload is None:
        return Read(stored, (), "its key was destroyed")
    if stored.log != MESSAGES:
        return Read(stored, ())
    try:
        return Read(stored, tuple(read_events(unpack(stored.payload), stored.header.kind)))
    except Unreadable as error:
        return Read(stored, (), error.diagnosis())
