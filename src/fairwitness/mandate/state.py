"""Custody state: who and what is enrolled, as of a custody size.

A fold over the custody log. `apply` returns the next state and leaves the old one as
it was, so a reader never sees half a decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from fairwitness.model import custody as c
from fairwitness.model.holding import Disposal, Hold, Kit, Published

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
    `roles` by account. `holds` and `disposals` are by their own id, `sealing` are the sealing keys
    that were announced, oldest first: nobody has checked their signatures here.
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
    holds: Mapping[str, Hold] = field(default_factory=_empty)
    schedules: tuple[Published, ...] = ()
    disposals: Mapping[str, Disposal] = field(default_factory=_empty)
    sealing: tuple[c.KeyCreated, ...] = ()
    kit: Kit | None = None

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
            return _keeping(state, index, at, decision)


def _keeping(state: CustodyState, index: int, at: int, decision: c.Decision | None) -> dict[str, Any]:
    """What changes about holds, schedules, disposals and keys. Who names an id first has it."""
    match decision:
        case c.HoldPlaced(hold=hold) if hold not in state.holds:
            return {"holds": _put(state.holds, hold, Hold(decision, index, at))}
        case c.HoldReleased(hold=hold) if hold in state.holds and state.holds[hold].released_at is None:
            released = replace(state.holds[hold], released_at=at, released_by=decision.by)
            return {"holds": _put(state.holds, hold, released)}
        case c.HoldAcknowledged(hold=hold) if hold in state.holds:
            told = (*state.holds[hold].acknowledged, decision)
            return {"holds": _put(state.holds, hold, replace(state.holds[hold], acknowledged=told))}
        case c.SchedulePublished():
            return {"schedules": (*state.schedules, Published(index, at, decision))}
        case c.DisposalProposed(disposal=disposal) if disposal not in state.disposals:
            return {"disposals": _put(state.disposals, disposal, Disposal(decision, index, at))}
        case c.DisposalApproved(disposal=disposal) | c.DisposalRun(disposal=disposal):
            return _disposal(state, disposal, at, decision)
        case c.KeyCreated(purpose="sealing"):
            return {"sealing": (*state.sealing, decision)}
        case c.RecoveryKitMade():
            return {"kit": Kit(decision, at)}
        case c.RecoveryDrilled(kit=kit) if state.kit is not None and state.kit.made.kit == kit:
            return {"kit": replace(state.kit, drilled_at=at)}
        case _:
            return {}


def _verified(state: CustodyState, at: int, decision: c.RecordVerified) -> dict[str, Any]:
    waiting = None if state.asked and state.asked[0] == decision.asked else state.asked
    finished = {} if decision.trouble else {"verified": (at, decision)}
    return {"answered": (at, decision), "asked": waiting, **finished}


def _disposal(
    state: CustodyState, disposal: str, at: int, decision: c.DisposalApproved | c.DisposalRun
) -> dict[str, Any]:
    known = state.disposals.get(disposal)
    if known is None or known.run is not None:
        return {}
    if isinstance(decision, c.DisposalRun):
        return {"disposals": _put(state.disposals, disposal, replace(known, run=decision))}
    approved = (*known.approved, (at, decision))
    return {"disposals": _put(state.disposals, disposal, replace(known, approved=approved))}


def _withdraw(mandate: Mandate, decision: c.MandateWithdrawn, index: int, at: int) -> Mandate:
    if mandate.granted.mandate != decision.mandate or mandate.withdrawn_index is not None:
        return mandate
    return replace(mandate, withdrawn_at=at, withdrawn_index=index, withdrawn_by=decision.by)
