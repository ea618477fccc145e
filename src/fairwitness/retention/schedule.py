"""Schedules: which rule keeps an entry, and until when.

A schedule is a YAML document of rules. Of all rules that fit an entry the longest counts. What
was captured under a schedule keeps its period: a later schedule can lengthen it, never shorten.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import yaml

from fairwitness.errors import PolicyError, PolicyErrors
from fairwitness.model.holding import Published
from fairwitness.retention.facts import Facts
from fairwitness.retention.periods import Period, read_period


class _Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    period: str
    cites: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class _Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schedule: tuple[_Rule, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Keeps what fits every condition that it names, for a period from sending."""

    id: str
    period: Period
    cites: tuple[str, ...]
    regions: frozenset[str]
    departments: frozenset[str]
    kinds: frozenset[str]

    def fits(self, facts: Facts) -> bool:
        """Whether the rule speaks of this entry."""
        return (
            (not self.regions or bool(self.regions & facts.regions))
            and (not self.departments or bool(self.departments & facts.departments))
            and (not self.kinds or facts.kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rules as they were published, and the custody index of that; -1 for a draft."""

    index: int
    rules: tuple[Rule, ...]

    def due_at(self, facts: Facts) -> int | None:
        """When the longest rule that fits has run out; None when no rule fits."""
        ends = [rule.period.after(facts.sent_at) for rule in self.rules if rule.fits(facts)]
        return max(ends, default=None)


def load_schedule(text: str, *, path: str, index: int = -1) -> Schedule:
    """Read a schedule, or raise `PolicyErrors` with all that is wrong with it."""
    try:
        document = msgspec.convert(yaml.safe_load(text), _Document)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise PolicyErrors([_fault(error.problem or "is not YAML", path, line, column)]) from error
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise PolicyErrors([_fault(str(error), path, 1, 1)]) from error
    faults = [*_faults(document, path)]
    if faults:
        raise PolicyErrors(faults)
    return Schedule(index, tuple(map(_rule, document.schedule)))


def read_published(published: Sequence[Published]) -> tuple[Schedule, ...]:
    """Every schedule that was published, oldest first."""
    return tuple(load_schedule(one.published.text, path="schedule", index=one.index) for one in published)


def due_at(schedules: Sequence[Schedule], facts: Facts) -> int | None:
    """When nothing keeps the entry any more; None when nothing says how long it stays.

    The newest schedule must speak of the entry; that in force when it was captured, and every
    one since, can only make it later.
    """
    if not schedules or (newest := schedules[-1].due_at(facts)) is None:
        return None
    before = [number for number, one in enumerate(schedules) if one.index < facts.custody_size]
    since = schedules[before[-1] if before else 0 :]
    return max([newest, *(end for one in since if (end := one.due_at(facts)) is not None)])


def _faults(document: _Document, path: str) -> list[PolicyError]:
    ids = [rule.id for rule in document.schedule]
    found = [] if ids else [_fault("a schedule has at least one rule", path, 1, 1)]
    for rule in document.schedule:
        if ids.count(rule.id) > 1:
            found.append(_fault(f"the id {rule.id} is used twice", path, 1, 1))
        if read_period(rule.period) is None:
            what = f"the period of {rule.id} is not read: {rule.period!r}"
            found.append(_fault(what, path, 1, 1, "Write 90 days, 18 months or 6 years; 200 years at most."))
    return found


def _rule(rule: _Rule) -> Rule:
    period = read_period(rule.period)
    assert period is not None
    return Rule(
        rule.id,
        period,
        rule.cites,
        frozenset(rule.regions),
        frozenset(rule.departments),
        frozenset(rule.kinds),
    )


def _fault(message: str, path: str, line: int, column: int, hint: str = "") -> PolicyError:
    return PolicyError(message, path=path, line=line, column=column, hint=hint)
