"""What one response is about to show. Queries that give out content must be handed a `Reading`."""

from collections.abc import Iterable

import msgspec


class Reading(msgspec.Struct, kw_only=True):
    """Gathers the message entries that a response shows, why, and for which alert.

    A query calls `show` before it gives words to a view; the audit middleware writes all
    of it down, in one custody entry, before the response leaves.
    """

    entries: set[int] = msgspec.field(default_factory=set)
    reasons: list[str] = msgspec.field(default_factory=list)
    alert: str = ""

    def show(self, entries: Iterable[int], *, reason: str, alert: str = "") -> None:
        """Say that these entries are about to be shown; with none, nothing is."""
        shown = set(entries)
        if not shown:
            return
        self.entries |= shown
        if reason not in self.reasons:
            self.reasons.append(reason)
        self.alert = alert or self.alert
