"""Which decisions an order is concerned with: the audit trail of what is handed over.

An entry is told by its body, not by its kind, so that kinds that come later (holds, notices) are found too.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from fairwitness.archive.custody import read_decision
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import AlertRaised
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.model.envelope import unpack
from fairwitness.produce.orders import Order, Scope
from fairwitness.produce.picking import BLOCK, read_span
from fairwitness.produce.ports import Entries
from fairwitness.produce.said import Flag

_NAMED_BY = {
    "person": "persons", "custodian": "persons", "persons": "persons", "people": "persons",
    "line": "lines", "lines": "lines", "alert": "alerts", "matter": "matters",
    "conversation": "streams", "stream": "streams", "conversations": "streams", "streams": "streams",
}  # fmt: skip
_ENTRIES_IN = ("entries", "reviewed")
_ROLES = ("role.granted", "role.revoked")


@dataclass(frozen=True, slots=True)
class Decisions:
    """What had been decided by the order's checkpoint, and which alerts were raised on which entries."""

    state: CustodyState
    flags: Mapping[int, tuple[Flag, ...]]


def read_decisions(size: int, entries: Entries) -> Decisions:
    """Fold the custody log up to `size`."""
    state, flags = CustodyState(), dict[int, tuple[Flag, ...]]()
    for index, at, payload in _payloads(size, entries):
        decision = read_decision(payload)
        state = state.apply(index, at, decision)
        if isinstance(decision, AlertRaised) and decision.log == MESSAGES:
            flag = Flag(
                alert=decision.alert, entry=decision.index, policy=decision.policy, severity=decision.severity
            )
            flags[decision.index] = (*flags.get(decision.index, ()), flag)
    return Decisions(state, flags)


def concerning(
    order: Order, scope: Scope, decisions: Decisions, *, size: int, entries: Entries,
    selected: Collection[int], custody_sizes: Iterable[int], conversations: Iterable[str],
) -> "array[int]":  # fmt: skip
    """The custody entries below `size` that concern what was selected, in order."""
    flags = (flag for index, flags in decisions.flags.items() if index in selected for flag in flags)
    names = {
        "persons": set(scope.persons), "lines": set(scope.lines), "streams": set(conversations),
        "alerts": {flag.alert for flag in flags}, "matters": {order.asked.matter},
    }  # fmt: skip
    found = set(plans_in_force(decisions.state, custody_sizes))
    actors: set[str] = set()
    roles: list[tuple[int, str]] = []
    for index, _, payload in _payloads(size, entries):
        body = _body(payload)
        if body.get("kind") in _ROLES:
            roles.append((index, str(body.get("account", ""))))
        elif index in found or _concerns(body, names, selected):
            found.add(index)
            actors.add(str(body.get("by", "")))
    found.update(index for index, account in roles if account in actors)
    return array("q", sorted(found))


def plans_in_force(state: CustodyState, custody_sizes: Iterable[int]) -> list[int]:
    """The custody entries that published what was in force at any of these sizes, in order."""
    starts = [plan.index for plan in state.plans]
    places = {bisect_left(starts, size) - 1 for size in custody_sizes}
    return [starts[place] for place in sorted(places) if place >= 0]


def _concerns(body: Mapping[str, Any], names: Mapping[str, set[str]], selected: Collection[int]) -> bool:
    for member, kind in _NAMED_BY.items():
        if any(isinstance(one, str) and one in names[kind] for one in _listed(body.get(member))):
            return True
    numbers = (one for member in _ENTRIES_IN for one in _listed(body.get(member)))
    return any(isinstance(one, int) and one in selected for one in numbers)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _payloads(size: int, entries: Entries) -> Iterator[tuple[int, int, bytes]]:
    for start in range(0, size, BLOCK):
        for opened in read_span(entries, CUSTODY, start, min(start + BLOCK, size)):
            if opened.secret is not None:
                at = msgspec.json.decode(opened.header, type=_At).received_at
                yield opened.index, at, opened.secret.payload


class _At(msgspec.Struct):
    received_at: int


def _body(payload: bytes) -> dict[str, Any]:
    body = unpack(payload).slice("body") or b"{}"
    return msgspec.json.decode(body, type=dict[str, Any])
