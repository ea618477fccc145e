"""What one append must know of earlier items: read together before it, written together after.

A table that a sender waits for is asked once for a whole batch, not once for each item.
Items of the same batch know of each other.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from fairwitness.archive.ports import Digests, Remembered, TailTransaction
from fairwitness.clock import DAY_MS

_LINE = re.compile(
    r"[0-9a-f]{32}|(?:pnid|waba):[0-9]{1,32}|phone:\+[0-9]{1,32}|(?!pnid|waba|phone)[a-z]+:[\w.@+-]{1,64}",
    re.ASCII,
)


class Known:
    """Earlier items by (day, identity), as far as `wanted` names them, and what is new."""

    def __init__(self, tail: TailTransaction, wanted: Iterable[tuple[int, bytes]]) -> None:
        self._rows: dict[tuple[int, bytes], list[tuple[bytes, bool]]] = {key: [] for key in wanted}
        for row in tail.seen(list(self._rows)):
            self._rows[row.day, row.identity].append((row.digest, row.kept))
        self._new: list[Remembered] = []
        self._refused: Counter[tuple[str, str, str]] = Counter()

    def of(self, key: tuple[int, bytes]) -> Sequence[tuple[bytes, bool]]:
        """(digest, kept) of every item with this day and identity."""
        return self._rows[key]

    def only_refused(self, keys: Sequence[tuple[int, bytes]]) -> bool:
        """True when something is known under `keys` and none of it was kept."""
        known = [kept for key in keys for _, kept in self._rows[key]]
        return bool(known) and not any(known)

    def keep(self, digests: Digests, received_day: int) -> None:
        """Note an item that is kept."""
        self._note(digests, received_day, kept=True)

    def refuse(self, digests: Digests, received_day: int, *, line: str, reason: str) -> None:
        """Note an item that is refused, and count it."""
        self._note(digests, received_day, kept=False)
        self._refused[_named(line), _day_name(received_day), reason] += 1

    def write(self, tail: TailTransaction) -> None:
        """Write what is new into the transaction."""
        if self._new:
            tail.remember(self._new)
        if self._refused:
            tail.count_refused(self._refused)

    def _note(self, digests: Digests, received_day: int, *, kept: bool) -> None:
        self._rows[digests.day, digests.identity].append((digests.digest, kept))
        self._new.append(Remembered(digests.day, digests.identity, digests.digest, kept, received_day))


def _named(line: str) -> str:
    """A line's id or alias, if it is no more than that: whatever else was written there is not kept."""
    return line if _LINE.fullmatch(line) else ""


def _day_name(day: int) -> str:
    """The ISO date (UTC) of a day since 1970."""
    return datetime.fromtimestamp(day * DAY_MS / 1000, tz=UTC).date().isoformat()
