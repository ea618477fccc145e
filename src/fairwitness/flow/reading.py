"""From a stored entry to its events. Never raises on what a message holds."""

from fairwitness.capture import read_events
from fairwitness.errors import Unreadable
from fairwitness.flow.follower import Read
from fairwitness.model.entry import MESSAGES, Stored
from fairwitness.model.envelope import unpack


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
