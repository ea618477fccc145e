"""Why a policy holds: the steps that led there, and a sentence.

The sentence quotes entries as the policy's author wrote them, never the message: its
words are the steps' business, and screens show them as the hostile text they may be.
"""

from collections.abc import Mapping

from fairwitness.model.finding import Finding, Step
from fairwitness.policy.language import AllOf, AnyOf, Condition, Entry, Goes, Not, Policy, Says, holds
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
        sentence=_sentence(reasons),
        steps=tuple(_step(reason, text, said, locator) for reason in reasons),
    )


_Reason = tuple[str, Entry] | Goes | Not


def _reasons(condition: Condition, said: Said, direction: str) -> list[_Reason]:
    """What made `condition` hold, in the order of the document."""
    match condition:
        case Says():
            return [(condition.term, entry) for entry in condition.found(said)]
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
        case (term, entry):
            spans = tuple(locator.spans(said[entry.needle]))
            matched = text[spans[0].start : spans[0].end][:_MATCHED_LIMIT]
            return Step(entry.clause, f"{term}: {entry.written}", matched, spans)


def _sentence(reasons: list[_Reason]) -> str:
    said = [reason for reason in reasons if isinstance(reason, tuple)]
    quoted = [f"the {_KINDS[term]} “{entry.written}”" for term, entry in said]
    parts = []
    if quoted:
        rest = f" and {len(quoted) - _NAMED} more" if len(quoted) > _NAMED else ""
        parts.append(f"it says {', '.join(quoted[:_NAMED])}{rest}")
    parts += [_WAYS[reason.direction] for reason in reasons if isinstance(reason, Goes)]
    parts += ["nothing that would excuse it is said"] * any(isinstance(reason, Not) for reason in reasons)
    return f"The message was flagged because {'; '.join(dict.fromkeys(parts))}."
