"""The values of the policy language: what a document says once it has been read.

`docs/spec/policy-language.md` is the specification. Conditions form a tree; `holds` is
its whole meaning, shared by judging, by `lint` and by the tests.
"""

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from fairwitness.errors import PolicyError
from fairwitness.model.finding import Severity
from fairwitness.signals.lexicon import Needle

Direction = Literal["in", "out", "none"]
DIRECTIONS: tuple[Direction, ...] = ("in", "out", "none")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file that a person wrote. Lines and columns begin at 1."""

    path: str
    line: int
    column: int


def fault_at(place: Place, message: str, hint: str = "") -> PolicyError:
    """A fault of whoever wrote the file: where, what, and what to do."""
    return PolicyError(message, path=place.path, line=place.line, column=place.column, hint=hint)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: as written, what to look for, where it stands in the document and the file."""

    written: str
    needle: Needle
    clause: str
    place: Place


@dataclass(frozen=True, slots=True)
class Says:
    """Holds when one of the entries is found. `term` is the key it was written under."""

    term: str
    clause: str
    entries: tuple[Entry, ...]
    place: Place
    by_needle: Mapping[Needle, tuple[Entry, ...]]

    def found(self, said: Collection[Needle]) -> list[Entry]:
        """The entries that are said, in the order of the document. Lists are long, what is said is short."""
        entries = [entry for needle in said if needle in self.by_needle for entry in self.by_needle[needle]]
        return sorted(entries, key=lambda entry: (entry.place.line, entry.place.column))


@dataclass(frozen=True, slots=True)
class Near:
    """Holds when an entry of one part is near one of the other; the judge then adds `needle`."""

    clause: str
    parts: tuple[tuple[Says, ...], tuple[Says, ...]]
    unless: tuple[Says, ...]
    within: int
    ordered: bool
    place: Place
    needle: Needle


@dataclass(frozen=True, slots=True)
class Goes:
    """Holds when the message goes this way."""

    direction: Direction
    clause: str
    place: Place


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when at least one condition does."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Holds when every condition does."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when the condition does not."""

    condition: "Condition"
    clause: str


Condition: TypeAlias = Says | Near | Goes | AnyOf | AllOf | Not


@dataclass(frozen=True, slots=True)
class Test:
    """An example: whether the policy must match this text, going this way."""

    text: str
    direction: Direction
    must_match: bool
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy. `version` is the hash of its canonical text, `label` the author's own version."""

    id: str
    title: str
    severity: Severity
    version: str
    label: str
    languages: tuple[str, ...]
    cites: tuple[str, ...]
    owner: str
    expiry: str
    notes: str
    when: Condition
    tests: tuple[Test, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Policies in order of id. `plan` is the hash of the files they were read from."""

    plan: str
    policies: tuple[Policy, ...]


def holds(condition: Condition, said: Collection[Needle], direction: str) -> bool:
    """Tell whether `condition` holds for a message that says `said` and goes this way."""
    match condition:
        case Says():
            return any(needle in condition.by_needle for needle in said)
        case Near():
            return condition.needle in said
        case Goes():
            return condition.direction == direction
        case AnyOf():
            return any(holds(part, said, direction) for part in condition.conditions)
        case AllOf():
            return all(holds(part, said, direction) for part in condition.conditions)
        case Not():
            return not holds(condition.condition, said, direction)


def entries(condition: Condition) -> tuple[Entry, ...]:
    """Every entry in the tree, in the order of the document."""
    return tuple(entry for says in lists(condition) for entry in says.entries)


def nears(condition: Condition) -> tuple[Near, ...]:
    """Every `Near` in the tree, in the order of the document."""
    return tuple(leaf for leaf in leaves(condition) if isinstance(leaf, Near))


def leaves(condition: Condition) -> Iterator[Says | Near | Goes]:
    """What the tree joins, in the order of the document."""
    match condition:
        case Says() | Near() | Goes():
            yield condition
        case AnyOf() | AllOf():
            for part in condition.conditions:
                yield from leaves(part)
        case Not():
            yield from leaves(condition.condition)


def lists(condition: Condition) -> Iterator[Says]:
    """Every list of entries in the tree, those inside a `Near` too."""
    for leaf in leaves(condition):
        match leaf:
            case Says():
                yield leaf
            case Near():
                yield from itertools.chain(*leaf.parts, leaf.unless)
