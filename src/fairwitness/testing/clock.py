"""Time that moves only when told to."""

NOON = 1_764_000_000_000
"""2025-11-24T16:00:00Z in ms."""


class FrozenClock:
    """A `Clock` that answers `now` until it is moved."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        """The time it was set to, in ms."""
        return self.now

    def advance(self, ms: int) -> None:
        """Move `ms` on."""
        self.now += ms
