"""Somebody's bytes into items (at the door) and events (after the record).

One folder per source. `read_events` is the only thing the rest of the house calls to
understand what was kept.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache

from fairwitness.errors import Unsupported
from fairwitness.model.envelope import Envelope
from fairwitness.model.event import Event

Reader = Callable[[Envelope, str], Sequence[Event]]
"""Turns an envelope of a header kind into events, or raises `Unreadable`."""


def read_events(envelope: Envelope, kind: str) -> Sequence[Event]:
    """The events of an envelope, or `Unreadable` when it is not understood."""
    reader = _readers().get(envelope.source)
    if reader is None:
        raise Unsupported("no reader for this source", source=envelope.source)
    return reader(envelope, kind)


@cache
def _readers() -> Mapping[str, Reader]:
    from fairwitness.capture.chat_export import read_events as read_chat_export
    from fairwitness.capture.cloud_api import read_events as read_cloud_api
    from fairwitness.capture.waha import read_events as read_waha

    return {"cloud_api": read_cloud_api, "waha": read_waha, "chat_export": read_chat_export}
