"""Why a policy holds: the steps that led there, and a sentence.

The sentence quotes entries as the policy's author wrote them, never the message: its
words are the steps' business, and screens show them as the hostile text they may be.
"""

from collections.abc import Mapping, Sequence

from fairwitness.model.finding import Finding, Step
from fairwitness.policy.language import AllOf, AnyOf, Condition, Entry, Goes, Near, Not, Policy, Says, holds
from fairwitness.signals.lexicon import Locator, Needle, Places

STEPS_LIMIT = 64
_NAMED = 5
_MATCHED_LIMIT = 200
_WAYS = {"in": "it came in", "out": "it was sent", "none": "it has no direction"}
_KINDS = {"words": "word", "phrases": "phrase", "wildcards": "wildcard", "patterns": "pattern"}

Said = Mapping[Needle, Places]


def explain(policy: Policy, text: str, said: Said, direction: str, locator: Locator) -> Finding:
    """The finding of `policy`, which holds for `text`. `locator` is the one of this text."""
    reasons = _reasons(policy.when, said, direction)[:STEPS_LIMIT]
    return Finding(
        policy=policy.id,
        version=policy.version,
        title=policy.title,
        severity=policy.severity,
        sentence=_sentence(reasons, said),
        steps=tuple(_step(reason, text, said, locator) for reason in reasons),
    )


_Reason = tuple[str, Entry] | Near | Goes | Not


def _reasons(condition: Condition, said: Said, direction: str) -> list[_Reason]:
    """What made `condition` hold, in the order of the document."""
    match condition:
        case Says():
            return [(condition.term, entry) for entry in condition.found(said)]
        case Near():
            return [condition] if condition.needle in said else []
        case Goes() | Not():
            return [condition]
        case AnyOf() | AllOf():
            held = [part for part in condition.conditions if holds(part, said, direction)]
            return [reason for part in held for reason in _reasons(part, said, direction)]


def _step(reason: _Reason, text: str, said: Said, locator: Locator) -> Step:
    match reason:
        case Goes():
            return Step(reason.clause, "direction", reason.direction, ())
        case Not():
            return Step(reason.clause, "not", "", ())
        case Near():
            spans = tuple(locator.spans(said[reason.needle]))
            words = f"near: within {reason.within} words" + ", in this order" * reason.ordered
            return Step(reason.clause, words, text[spans[0].start : spans[0].end][:_MATCHED_LIMIT], spans)
        case (term, entry):
            spans = tuple(locator.spans(said[entry.needle]))
            matched = text[spans[0].start : spans[0].end][:_MATCHED_LIMIT]
            return Step(entry.clause, f"{term}: {entry.written}", matched, spans)


def _sentence(reasons: list[_Reason], said: Said) -> str:
    quoted = [words for reason in reasons if (words := _quoted(reason, said))]
    parts = []
    if quoted:
        rest = f" and {len(quoted) - _NAMED} more" if len(quoted) > _NAMED else ""
        parts.append(f"it says {', '.join(quoted[:_NAMED])}{rest}")
    parts += [_WAYS[reason.direction] for reason in reasons if isinstance(reason, Goes)]
    parts += ["nothing that would excuse it is said"] * any(isinstance(reason, Not) for reason in reasons)
    return f"The message was flagged because {'; '.join(dict.fromkeys(parts))}."


def _quoted(reason: _Reason, said: Said) -> str:
    match reason:
        case Near():
            first, second = (_inside(part, reason, said) for part in reason.parts)
            return f"“{first}” near “{second}”"
        case Goes() | Not():
            return ""
        case (term, entry):
            return f"the {_KINDS[term]} “{entry.written}”"


def _inside(part: Sequence[Says], near: Near, said: Said) -> str:
    """The entry of `part` that stands in the first pair of `near`."""
    start, end = said[near.needle][0]
    found = (entry for says in part for entry in says.found(said))
    return next(
        entry.written
        for entry in found
        if any(start <= place[0] and place[1] <= end for place in said[entry.needle])
    )
