"""Time is an argument.

Nothing below the doors reads the wall clock; it is handed a `Clock`. All times in
Fairwitness are integer milliseconds since 1970-01-01T00:00:00Z ("ms").
"""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns the current time in ms."""

DAY_MS = 86_400_000


def system_clock() -> int:
    """The machine's wall clock, in ms."""
    return time.time_ns() // 1_000_000
