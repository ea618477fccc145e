"""The tree under `when:` as conditions. Terms read themselves; combinators are read here."""

from fairwitness.policy.document import Items, Node, Report, Table
from fairwitness.policy.language import AllOf, AnyOf, Condition, Not, fault_at
from fairwitness.policy.terms import REGISTRY

DEPTH_LIMIT = 12
PARTS_LIMIT = 1_000
_TERMS = {term.name: term for term in REGISTRY}
_KNOWN = ", ".join(("any", "all", "not", *_TERMS))


def read_condition(node: Node, clause: str, report: Report, depth: int = 0) -> Condition | None:
    """The condition that `node` describes; None when it has a fault, which has been reported."""
    if not isinstance(node, Table) or len(node.rows) != 1:
        hint = f"One of {_KNOWN}; join several with all."
        report(fault_at(node.place, "a condition is a mapping with exactly one key.", hint))
        return None
    if depth > DEPTH_LIMIT:
        report(fault_at(node.place, f"conditions are nested deeper than {DEPTH_LIMIT}.", "Flatten them."))
        return None
    key, place, value = node.rows[0]
    inner = f"{clause}.{key}"
    if key == "not":
        negated = read_condition(value, inner, report, depth + 1)
        return None if negated is None else Not(negated, inner)
    if key in ("any", "all"):
        return _combined(key, value, inner, report, depth)
    if key in _TERMS:
        return _TERMS[key].read(value, inner, report)
    report(fault_at(place, f"there is no condition {key!r}.", f"Known are {_KNOWN}."))
    return None


def _combined(key: str, value: Node, clause: str, report: Report, depth: int) -> Condition | None:
    if not isinstance(value, Items) or not 1 <= len(value.items) <= PARTS_LIMIT:
        report(fault_at(value.place, f"{key} takes a list of conditions.", "Begin each with a dash."))
        return None
    parts = [read_condition(item, f"{clause}[{n}]", report, depth + 1) for n, item in enumerate(value.items)]
    read = tuple(part for part in parts if part is not None)
    if len(read) != len(parts):
        return None
    return AnyOf(read) if key == "any" else AllOf(read)
