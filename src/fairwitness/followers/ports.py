"""What each follower needs of the store that keeps its view.

Everything that writes is called within `place.writing()`. A store keeps what it is given;
it knows neither WhatsApp nor policies.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

from fairwitness.flow.facts import (
    AlertFact,
    Gathered,
    Judged,
    Moved,
    Naming,
    Part,
    Term,
    Thread,
    Unclear,
    Words,
)
from fairwitness.flow.ports import Place
from fairwitness.model.custody import AlertRaised, PolicyFile
from fairwitness.model.finding import Finding

RaiseAlerts = Callable[[Sequence[AlertRaised]], None]
"""Appends the alerts that the custody log does not have yet. Durable on return; safe to repeat."""


class PlanJudge(Protocol):
    """A compiled set of policies. Gives the findings of each message, in order."""

    def judge_many(self, items: Sequence[tuple[str, str]]) -> Sequence[Sequence[Finding]]: ...


CompilePlan = Callable[[Sequence[PolicyFile]], PlanJudge]
"""Makes a judge of published policy files, or raises `PolicyErrors`."""


class MessageStore(Protocol):
    """Keeps messages with their parts, names and what was not understood."""

    @property
    def place(self) -> Place: ...

    def add_parts(self, parts: Sequence[Part]) -> None:
        """Add parts, in log order. A message stands where its first base part does, else its first part."""
        ...

    def add_names(self, namings: Sequence[Naming]) -> None:
        """Keep the newest name of each address, by (at, index)."""
        ...

    def add_unclear(self, unclear: Sequence[Unclear]) -> None: ...

    def forget(self, indexes: Sequence[int]) -> Sequence[tuple[str, str]]:
        """Let go of everything that these entries brought; gives the (line, address) that lost a name."""
        ...

    def parts_of_line(self, line: str) -> Iterator[Part]:
        """Every part of every message of a line."""
        ...

    def numbers_of(self, indexes: Sequence[int]) -> Mapping[int, Sequence[int]]:
        """For each entry that has parts, the numbers of their messages."""
        ...

    def numbers_around(self, stream: str, *, around: int, before: int, after: int) -> Sequence[int]: ...

    def gather(self, numbers: Sequence[int]) -> Mapping[int, Gathered]: ...

    def gather_keys(self, keys: Sequence[tuple[str, bytes]]) -> Mapping[tuple[str, bytes], Gathered]:
        """The messages of these (stream, key) pairs."""
        ...

    def names(self, wanted: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The newest names of these (line, address) pairs."""
        ...

    def threads(self, *, line: str, limit: int, offset: int) -> Sequence[Thread]: ...

    def thread(self, stream: str) -> Thread | None: ...

    def unclear(self, *, limit: int, offset: int) -> Sequence[Unclear]: ...

    def unclear_count(self) -> int: ...

    def message_count(self) -> int: ...


class WordStore(Protocol):
    """Keeps folded texts and finds them again."""

    @property
    def place(self) -> Place: ...

    def add(self, words: Sequence[Words]) -> None: ...

    def forget(self, indexes: Sequence[int]) -> None:
        """Let go of everything that these entries brought."""
        ...

    def find(self, terms: Sequence[Term], *, stream: str, line: str, most: int) -> Sequence[int]:
        """The newest entry of each message that has a text with these terms, newest first.

        Looks at no more than the newest `most` texts that match. At least one term is not excluded.
        """
        ...


class FindingStore(Protocol):
    """Keeps findings."""

    @property
    def place(self) -> Place: ...

    def add(self, judged: Sequence[Judged]) -> None:
        """Add findings; one that is there already stays as it is."""
        ...

    def forget(self, indexes: Sequence[int]) -> None:
        """Let go of everything that these entries brought."""
        ...

    def of_alerts(self, alerts: Sequence[str]) -> Mapping[str, Judged]: ...

    def alerts_of_line(self, line: str) -> Sequence[str]: ...


class AlertStore(Protocol):
    """Keeps where each alert stands."""

    @property
    def place(self) -> Place: ...

    def get(self, alert: str) -> AlertFact | None: ...

    def put(self, fact: AlertFact, step: Moved) -> None:
        """Keep where an alert stands and what led there."""
        ...

    def many(
        self,
        *,
        state: str,
        severity: str,
        policy: str,
        among: Sequence[str] | None,
        limit: int,
        offset: int,
        newest_first: bool,
    ) -> Sequence[AlertFact]:
        """By severity, then age. `among` narrows to these alerts; state `waiting` is open or claimed."""
        ...  # fmt: skip

    def count(self, *, state: str, severity: str, policy: str, among: Sequence[str] | None) -> int: ...

    def of_entries(self, indexes: Sequence[int]) -> Sequence[AlertFact]: ...

    def steps(self, alerts: Sequence[str]) -> Mapping[str, Sequence[Moved]]: ...

    def policies(self) -> Sequence[str]: ...

    def last_change(self) -> int:
        """The number after the newest custody entry that changed an alert; 0 before the first."""
        ...


class Stores(Protocol):
    """The four stores, as an engine opens them."""

    @property
    def messages(self) -> MessageStore: ...

    @property
    def search(self) -> WordStore: ...

    @property
    def findings(self) -> FindingStore: ...

    @property
    def alerts(self) -> AlertStore: ...
