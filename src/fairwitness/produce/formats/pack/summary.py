"""What is said on the first page: what was asked, what is missing and why, what no detector read."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from fairwitness.mandate.state import CustodyState
from fairwitness.produce.catalogue import Selection
from fairwitness.produce.formats.pack.chat import part_name
from fairwitness.produce.orders import Order, Scope, windows_without_mandate
from fairwitness.produce.reading import Tally, parts_of


class Chat(msgspec.Struct, kw_only=True):
    """A conversation as the first page lists it."""

    number: int
    conversation: str
    line: str
    title: str = ""
    messages: int = 0
    first_at: int | None = None
    last_at: int | None = None
    parts: int = 1
    files: list[str] = msgspec.field(default_factory=list)
    bare: list[int] = msgspec.field(default_factory=list)


def chats_of(selection: Selection) -> list[Chat]:
    """Every conversation of the selection, to be filled while it is told."""
    return [
        Chat(
            number=number, conversation=one.stream, line=one.line, parts=parts_of(one), bare=one.bare,
            files=[part_name(number, part) for part in range(1, parts_of(one) + 1)],
        )
        for number, one in enumerate(selection.conversations, 1)
    ]  # fmt: skip


def summary(
    order: Order, scope: Scope, state: CustodyState, *, selection: Selection, tally: Tally,
    chats: Sequence[Chat], policies: Mapping[int, str],
) -> bytes:  # fmt: skip
    """`summary.json`."""
    asked = order.asked
    refused = refusals(order, scope)
    bare = sum(len(one.bare) for one in selection.conversations) - selection.destroyed
    missing = {
        **{f"refused.{reason}": count for reason, count in sorted(refused.items())},
        "destroyed": selection.destroyed, "unattributable": selection.unattributable,
        "never_came": tally.missing["never_came"], "not_delivered": tally.missing["not_delivered"],
    }  # fmt: skip
    value = {
        "v": 1,
        "asked": {
            "matter": asked.matter, "persons": _people(scope, state), "lines": _lines(scope, state),
            "conversations": sorted(asked.conversations), "from_at": asked.from_at, "to_at": asked.to_at,
            "alerts": asked.alerts, "reason": asked.reason, "by": asked.by, "whole": scope.whole,
        },
        "at": order.at, "selected": order.selected, "language": asked.language,
        "sizes": {log: one.checkpoint.size for log, one in sorted(order.checkpoints.items())},
        "messages": tally.messages, "files": tally.files,
        "missing": {reason: count for reason, count in missing.items() if count},
        "windows": windows_without_mandate(order, scope, state),
        "unread": {**_counts(tally.unread), **({"not_understood": bare} if bare else {})},
        "chats": chats,
        "policies": {str(index): folder for index, folder in sorted(policies.items())},
    }  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"


def refusals(order: Order, scope: Scope) -> Counter[str]:
    """How many items of the lines and days asked for the door refused, by reason."""
    found: Counter[str] = Counter()
    for row in order.asked.refused:
        first = int(datetime.fromisoformat(row.day).replace(tzinfo=UTC).timestamp()) * 1000
        last = first + 86_399_999
        within = (order.asked.from_at is None or last >= order.asked.from_at) and (
            order.asked.to_at is None or first < order.asked.to_at
        )
        if within and (scope.whole or row.line in scope.lines):
            found[row.reason] += row.count
    return found


def _people(scope: Scope, state: CustodyState) -> list[dict[str, Any]]:
    people = [state.people[person] for person in sorted(scope.persons) if person in state.people]
    return [{"person": one.person, "name": one.name, "department": one.department} for one in people]


def _lines(scope: Scope, state: CustodyState) -> list[dict[str, Any]]:
    lines = [state.lines[line] for line in sorted(scope.lines) if line in state.lines]
    return [{"line": one.line, "name": one.name, "aliases": one.aliases, "zone": one.zone} for one in lines]


def _counts(counter: Counter[str]) -> dict[str, int]:
    return dict(sorted(counter.items()))
