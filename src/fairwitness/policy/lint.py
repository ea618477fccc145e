"""What is allowed but seldom meant: remarks about a set, and about the registry of terms."""

import inspect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress, product

from fairwitness.policy.language import (
    DIRECTIONS,
    AllOf,
    AnyOf,
    Condition,
    Entry,
    Goes,
    Near,
    Not,
    Place,
    Policy,
    PolicySet,
    Says,
    holds,
    leaves,
    lists,
)
from fairwitness.policy.terms import REGISTRY, Term
from fairwitness.signals.lexicon import Needle, is_word_character

_EXACT_LIMIT = 12
_STEM = 3


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth a look: which policy, where, what, and what to do."""

    policy: str
    place: Place
    message: str
    hint: str


def lint(policy_set: PolicySet, *, today: str = "") -> tuple[Remark, ...]:
    """Remarks about every policy, in order of id. `today` (`YYYY-MM-DD`) is what expiry is held against."""
    return tuple(remark for policy in policy_set.policies for remark in _remarks(policy, today))


def lint_terms(registry: Sequence[Term] = REGISTRY) -> tuple[str, ...]:
    """What is wrong with the registry as a whole; nothing, if it may be released."""
    names = Counter(term.name for term in registry)
    repeated = [f"{name}: named twice" for name, count in names.items() if count > 1]
    return (*repeated, *(fault for term in registry for fault in _term_faults(term)))


def _term_faults(term: Term) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z_]*", term.name):
        yield f"{term.name}: the name is not small letters"
    if not term.docs.lstrip().startswith(f"`{term.name}`:"):
        yield f"{term.name}: the docstring does not begin with the name"
    if not term.schema:
        yield f"{term.name}: there is no schema"
    documented = inspect.cleandoc(term.docs)
    if not any(f"    {example.yaml}" in documented for example in term.examples):
        yield f"{term.name}: the example in the docstring is not among the examples that are run"
    if not all(example.matches and example.misses for example in term.examples):
        yield f"{term.name}: an example has nothing that it must match, or must not"


def _remarks(policy: Policy, today: str) -> Iterator[Remark]:
    always, never = _certainty(policy.when)
    silent = [way for way in DIRECTIONS if holds(policy.when, (), way)]
    if never:
        yield _about(policy, "it can never match.", "Look for parts that rule each other out.")
    elif always:
        yield _about(policy, "it matches every message.", "Add something that must be said.")
    elif silent:
        yield _about(policy, f"it matches with nothing said ({', '.join(silent)}).", "Add words to look for.")
    if today and policy.expiry and policy.expiry < today:
        yield _about(policy, f"it was due for review on {policy.expiry}.", "Review it and set a new date.")
    yield from _entry_remarks(policy)


def _about(policy: Policy, message: str, hint: str) -> Remark:
    return Remark(policy.id, policy.place, message, hint)


def _entry_remarks(policy: Policy) -> Iterator[Remark]:
    for says in lists(policy.when):
        seen: dict[object, Entry] = {}
        for entry in says.entries:
            first = seen.setdefault(entry.needle, entry)
            if first is not entry:
                message = f"“{entry.written}” repeats “{first.written}” of line {first.place.line}."
                yield Remark(
                    policy.id, entry.place, message, "Remove one; case and accents make no difference."
                )
            yield from _size_remarks(policy, entry)


def _size_remarks(policy: Policy, entry: Entry) -> Iterator[Remark]:
    size = sum(map(is_word_character, entry.needle.text))
    open_ended = entry.needle.kind == "wildcard" or entry.needle.open_left or entry.needle.open_right
    if open_ended and size < _STEM:
        yield Remark(
            policy.id, entry.place, f"“{entry.written}” has a very short stem.", "Write more letters."
        )
    elif entry.needle.kind == "literal" and size == 1:
        yield Remark(policy.id, entry.place, f"“{entry.written}” is a single letter.", "Use a longer word.")


def _certainty(condition: Condition) -> tuple[bool, bool]:
    """Whether it holds for every message, and for none.

    Exact for up to 12 different lists; beyond that each list is taken to be free of the others.
    """
    variables = list(
        dict.fromkeys(_variable(leaf) for leaf in leaves(condition) if not isinstance(leaf, Goes))
    )
    if len(variables) > _EXACT_LIMIT or _overlap(variables):
        can = [_possible(condition, way) for way in DIRECTIONS]
        return not any(false for _, false in can), not any(true for true, _ in can)
    outcomes = {
        holds(condition, frozenset[Needle]().union(*compress(variables, chosen)), way)
        for chosen in product((False, True), repeat=len(variables))
        for way in DIRECTIONS
    }
    return outcomes == {True}, outcomes == {False}


def _variable(leaf: Says | Near) -> frozenset[Needle]:
    if isinstance(leaf, Near):
        return frozenset((leaf.needle,))
    return frozenset(entry.needle for entry in leaf.entries)


def _overlap(variables: Sequence[frozenset[object]]) -> bool:
    return sum(map(len, variables)) != len(frozenset().union(*variables))


def _possible(condition: Condition, direction: str) -> tuple[bool, bool]:
    """Whether it can hold, and can fail to, for some message that goes this way."""
    match condition:
        case Says() | Near():
            return True, True
        case Goes():
            same = condition.direction == direction
            return same, not same
        case Not():
            true, false = _possible(condition.condition, direction)
            return false, true
        case AnyOf() | AllOf():
            parts = [_possible(part, direction) for part in condition.conditions]
            some = any if isinstance(condition, AnyOf) else all
            every = all if isinstance(condition, AnyOf) else any
            return some(true for true, _ in parts), every(false for _, false in parts)
