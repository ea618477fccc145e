"""`near`: something of one part stands near something of the other.

    near: {of: [{wildcards: ["apag*"]}, {words: [isso]}], within: 3, ordered: true, unless: {words: [nao]}}

Each part has lists of `words`, `phrases`, `wildcards` and `patterns`; one of their entries is
enough. `within` is how many words may stand between the two; `ordered` asks for the first part first.
A pair does not count if something of `unless` stands inside it or at most three words before it.
"""

from collections.abc import Callable

from fairwitness.policy.document import Items, Node, Report, Scalar, Table
from fairwitness.policy.language import Condition, Near, Says, fault_at
from fairwitness.policy.terms import patterns, phrases, wildcards, words
from fairwitness.policy.terms.term import Example, Term
from fairwitness.signals.lexicon import Needle

WITHIN_LIMIT = 50
_SAYS: dict[str, Callable[[Node, str, Report], Condition | None]] = {
    term.name: term.read for term in (words.TERM, phrases.TERM, wildcards.TERM, patterns.TERM)
}
_KEYS = ("of", "within", "ordered", "unless")
_HINT = "For example near: {of: [{words: [delete]}, {words: [chat, this]}], within: 3}"
_PART = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {
        term.name: term.schema for term in (words.TERM, phrases.TERM, wildcards.TERM, patterns.TERM)
    },
}


def read(node: Node, clause: str, report: Report) -> Condition | None:
    """A mapping of `of` and `within`, and if wanted `ordered` and `unless`."""
    rows = {key: value for key, _, value in node.rows} if isinstance(node, Table) else {}
    if not {"of", "within"} <= rows.keys() or rows.keys() - set(_KEYS):
        report(
            fault_at(node.place, f"near has the keys {', '.join(_KEYS)}; the first two are required.", _HINT)
        )
        return None
    parts = _parts(rows["of"], f"{clause}.of", report)
    unless = _part(rows["unless"], f"{clause}.unless", report) if "unless" in rows else ()
    within = _within(rows["within"], report)
    ordered = _ordered(rows["ordered"], report) if "ordered" in rows else False
    if parts is None or unless is None or within is None or ordered is None:
        return None
    place = node.place
    needle = Needle("pair", f"{place.path}:{place.line}:{place.column}")
    return Near(clause, parts, unless, within, ordered, place, needle)


def _parts(node: Node, clause: str, report: Report) -> tuple[tuple[Says, ...], tuple[Says, ...]] | None:
    if not isinstance(node, Items) or len(node.items) != 2:
        report(fault_at(node.place, "of takes a list of two parts.", _HINT))
        return None
    first, second = (_part(item, f"{clause}[{number}]", report) for number, item in enumerate(node.items))
    return None if first is None or second is None else (first, second)


def _part(node: Node, clause: str, report: Report) -> tuple[Says, ...] | None:
    known = ", ".join(_SAYS)
    if not isinstance(node, Table) or not node.rows or any(key not in _SAYS for key, _, _ in node.rows):
        report(fault_at(node.place, f"a part of near is a mapping of lists: {known}.", _HINT))
        return None
    read_lists = [_SAYS[key](value, f"{clause}.{key}", report) for key, _, value in node.rows]
    says = tuple(one for one in read_lists if isinstance(one, Says))
    return says if len(says) == len(read_lists) else None


def _within(node: Node, report: Report) -> int | None:
    text = node.text if isinstance(node, Scalar) else ""
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= WITHIN_LIMIT:
        return int(text)
    report(fault_at(node.place, f"within is a number of words, 0 to {WITHIN_LIMIT}.", _HINT))
    return None


def _ordered(node: Node, report: Report) -> bool | None:
    if isinstance(node, Scalar) and node.text in ("true", "false"):
        return node.text == "true"
    report(fault_at(node.place, "ordered is true or false.", "Leave it out if either part may come first."))
    return None


TERM = Term(
    name="near",
    docs=__doc__,
    schema={
        "type": "object",
        "required": ["of", "within"],
        "additionalProperties": False,
        "properties": {
            "of": {"type": "array", "minItems": 2, "maxItems": 2, "items": _PART},
            "within": {"type": "integer", "minimum": 0, "maximum": WITHIN_LIMIT},
            "ordered": {"type": "boolean"},
            "unless": _PART,
        },
    },
    read=read,
    examples=(
        Example(
            'near: {of: [{wildcards: ["apag*"]}, {words: [isso]}], within: 3, ordered: true, '
            "unless: {words: [nao]}}",
            matches=(
                ("apaga isso", "out"),
                ("Apague logo\ntudo isso", "in"),
                ("APAGA 🙏 isso, por favor", "out"),
                ("não sei. me faz um favor e apaga isso", "out"),
            ),
            misses=(
                ("isso apaga", "out"),
                ("apaga a luz do quarto e depois isso", "out"),
                ("apaga", "in"),
                ("não apaga isso", "out"),
            ),
        ),
        Example(
            "near: {of: [{words: [gift]}, {phrases: [the minister]}], within: 1}",
            matches=(("a gift for the minister", "out"), ("the minister, gift?", "in")),
            misses=(("a gift, then lunch with the minister", "out"), ("gift gift", "out")),
        ),
    ),
)
