"""For tests, ours and yours: a clock that stands still, builders, and a record on real engines."""

from fairwitness.testing.clock import FrozenClock
from fairwitness.testing.record import RecordRig, enrol, item

__all__ = ["FrozenClock", "RecordRig", "enrol", "item"]
