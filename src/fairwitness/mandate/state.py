"""Custody state: who and what is enrolled, as of a custody size.

A fold over the custody log. `apply` returns the next state and leaves the old one as
it was, so a reader never sees half a decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from fairwitness.model import custody as c

_V = TypeVar("_V")


def _put(table: Mapping[str, _V], key: str, value: _V) -> Mapping[str, _V]:
    return MappingProxyType({**table, key: value})


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mandate:
    """A granted mandate and, once withdrawn, the custody index and time of that."""

    granted: c.MandateGranted
    granted_index: int
    withdrawn_at: int | None = None
    withdrawn_index: int | None = None
    withdrawn_by: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A published policy set, in force for entries whose custody size is above `index`."""

    index: int
    published: c.PoliciesPublished
    at: int


@dataclass(frozen=True, slots=True)
class CustodyState:
    """What had been decided when the custody log had `size` entries.

    `verified` is when (ms) a check of the record was last finished and what it gave; `answered` is
    the newest check, finished or not; `asked` is the index and time of a request that waits for one.
    `lines` is by line id, `aliases` maps an alias to a line id, `mandates` is by line id,
    `roles` by account.
    """

    size: int = 0
    people: Mapping[str, c.PersonEnrolled] = field(default_factory=_empty)
    lines: Mapping[str, c.LineAdded] = field(default_factory=_empty)
    aliases: Mapping[str, str] = field(default_factory=_empty)
    assignments: Mapping[str, tuple[c.LineAssigned, ...]] = field(default_factory=_empty)
    mandates: Mapping[str, tuple[Mandate, ...]] = field(default_factory=_empty)
    roles: Mapping[str, frozenset[str]] = field(default_factory=_empty)
    plans: tuple[Plan, ...] = ()
    verified: tuple[int, c.RecordVerified] | None = None
    answered: tuple[int, c.RecordVerified] | None = None
    asked: tuple[int, int, c.VerificationAsked] | None = None

    def plan_at(self, custody_size: int) -> Plan | None:
        """The policies in force for an entry that names `custody_size`."""
        return next((plan for plan in reversed(self.plans) if plan.index < custody_size), None)

    def person_of(self, line: str) -> c.PersonEnrolled | None:
        """Whoever was last assigned to `line`."""
        assigned = self.assignments.get(line, ())
        return self.people.get(assigned[-1].person) if assigned else None

    def apply(self, index: int, at: int, decision: c.Decision | None) -> "CustodyState":
        """The state after custody entry `index`, recorded at `at`; None is an unknown kind."""
        return replace(self, size=index + 1, **_changes(self, index, at, decision))


def _changes(state: CustodyState, index: int, at: int, decision: c.Decision | None) -> dict[str, Any]:
    match decision:
        case c.PersonEnrolled(person=person):
            return {"people": _put(state.people, person, decision)}
        case c.LineAdded(line=line, aliases=aliases):
            table = {**state.aliases, **dict.fromkeys(aliases, line)}
            return {"lines": _put(state.lines, line, decision), "aliases": MappingProxyType(table)}
        case c.LineAssigned(line=line):
            assigned = (*state.assignments.get(line, ()), decision)
            return {"assignments": _put(state.assignments, line, assigned)}
        case c.MandateGranted(line=line):
            granted = (*state.mandates.get(line, ()), Mandate(decision, index))
            return {"mandates": _put(state.mandates, line, granted)}
        case c.MandateWithdrawn(line=line):
            kept = tuple(_withdraw(m, decision, index, at) for m in state.mandates.get(line, ()))
            return {"mandates": _put(state.mandates, line, kept)}
        case c.RoleGranted(account=account, role=role):
            roles = state.roles.get(account, frozenset()) | {role}
            return {"roles": _put(state.roles, account, roles)}
        case c.RoleRevoked(account=account, role=role):
            roles = state.roles.get(account, frozenset()) - {role}
            return {"roles": _put(state.roles, account, roles)}
        case c.PoliciesPublished():
            return {"plans": (*state.plans, Plan(index, decision, at))}
        case c.VerificationAsked():
            return {"asked": (index, at, decision)}
        case c.RecordVerified():
            return _verified(state, at, decision)
        case _:
            return {}


def _verified(state: CustodyState, at: int, decision: c.RecordVerified) -> dict[str, Any]:
    waiting = None if state.asked and state.asked[0] == decision.asked else state.asked
    finished = {} if decision.trouble else {"verified": (at, decision)}
    return {"answered": (at, decision), "asked": waiting, **finished}


def _withdraw(mandate: Mandate, decision: c.MandateWithdrawn, index: int, at: int) -> Mandate:
    if mandate.granted.mandate != decision.mandate or mandate.withdrawn_index is not None:
        return mandate
    return replace(mandate, withdrawn_at=at, withdrawn_index=index, withdrawn_by=decision.by)
