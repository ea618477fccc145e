"""What was decided about people and lines, in order, from the custody log.

Reads each custody entry once and remembers only those about the roster. Nothing here
is kept on disk: it is made again from the record when the hub starts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

from fairwitness.model import custody as c

Roster: TypeAlias = c.PersonEnrolled | c.LineAdded | c.LineAssigned | c.MandateGranted | c.MandateWithdrawn
Entries: TypeAlias = Callable[..., Iterable[tuple[int, int, c.Decision | None]]]


@dataclass(frozen=True, slots=True)
class Step:
    """A decision about a person or a line: the custody entry, when it was recorded, what.

    `again` is a person who had been enrolled before: a correction.
    """

    index: int
    at: int
    decision: Roster
    again: bool = False

    @property
    def kind(self) -> str:
        """The entry's kind, such as `mandate.granted`."""
        return c.kind_of(self.decision)


class History:
    """Roster decisions by person and by line. `follow` reads what is new since the last call."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next = 0
        self._by_person: dict[str, list[Step]] = defaultdict(list)
        self._by_line: dict[str, list[Step]] = defaultdict(list)

    def follow(self, entries: Entries, *, size: int) -> None:
        """Take in the custody entries below `size` that were not seen yet."""
        with self._lock:
            if size <= self._next:
                return
            for index, at, decision in entries(start=self._next, stop=size):
                if isinstance(decision, Roster):
                    self._add(index, at, decision)
                self._next = index + 1

    def _add(self, index: int, at: int, decision: Roster) -> None:
        person = getattr(decision, "person", "")
        line = getattr(decision, "line", "")
        again = isinstance(decision, c.PersonEnrolled) and person in self._by_person
        step = Step(index, at, decision, again)
        if person:
            self._by_person[person].append(step)
        if line:
            self._by_line[line].append(step)

    def of(self, *, person: str = "", lines: Iterable[str] = ()) -> tuple[Step, ...]:
        """Every step about `person` or any of `lines`, oldest first, each once."""
        with self._lock:
            found = {step.index: step for step in self._steps(person, lines)}
        return tuple(found[index] for index in sorted(found))

    def _steps(self, person: str, lines: Iterable[str]) -> Iterator[Step]:
        yield from self._by_person.get(person, ())
        for line in lines:
            yield from self._by_line.get(line, ())
