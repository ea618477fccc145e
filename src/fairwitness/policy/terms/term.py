"""What a term is: a key of the language, its schema, its reader and its examples."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fairwitness.errors import PolicyError
from fairwitness.policy.document import Items, Node, Report, Scalar
from fairwitness.policy.language import Condition, Entry, Says, fault_at
from fairwitness.signals.lexicon import Needle

ENTRIES_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Example:
    """A condition in YAML, with messages that it must and must not match, each with its direction."""

    yaml: str
    matches: tuple[tuple[str, str], ...]
    misses: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """`read` makes a condition of the value, or reports every fault in it and returns None.

    `schema` is JSON Schema for the value, for editors. `docs` is the module's docstring.
    """

    name: str
    docs: str
    schema: dict[str, Any]
    read: Callable[[Node, str, Report], Condition | None]
    examples: tuple[Example, ...]


def list_schema(pattern: str = r"\S") -> dict[str, Any]:
    """The schema of a list of texts, each found by `pattern`."""
    return {
        "type": "array",
        "minItems": 1,
        "maxItems": ENTRIES_LIMIT,
        "items": {"type": ["string", "number", "boolean"], "pattern": pattern},
    }


def read_list(
    node: Node, clause: str, report: Report, *, term: str, make: Callable[[str], Needle]
) -> Condition | None:
    """Read a list of entries, each turned into a needle by `make`."""
    if not isinstance(node, Items) or not 1 <= len(node.items) <= ENTRIES_LIMIT:
        hint = f"For example {term}: [one, two]"
        report(fault_at(node.place, f"{term} takes a list of 1 to {ENTRIES_LIMIT} texts.", hint))
        return None
    found = [
        _entry(item, f"{clause}[{number}]", report, term=term, make=make)
        for number, item in enumerate(node.items)
    ]
    entries = tuple(entry for entry in found if entry is not None)
    if len(entries) != len(found):
        return None
    by_needle: dict[Needle, tuple[Entry, ...]] = {}
    for entry in entries:
        by_needle[entry.needle] = (*by_needle.get(entry.needle, ()), entry)
    return Says(term, clause, entries, node.place, by_needle)


def _entry(
    item: Node, clause: str, report: Report, *, term: str, make: Callable[[str], Needle]
) -> Entry | None:
    if not isinstance(item, Scalar) or item.empty:
        report(fault_at(item.place, f"an entry of {term} must be text.", "Put it in quotation marks."))
        return None
    try:
        needle = make(item.text)
    except PolicyError as error:
        report(fault_at(item.place, f"{term}: {error.message}", error.hint))
        return None
    return Entry(item.text, needle, clause, item.place)
