"""Who may have what disposed of: the rules of proposals and approvals.

Two people, always; the second is another than the first. Ahead of its time an entry goes only
when it was captured in error, and that was said within 72 hours, or early and with a reason.
"""

from collections.abc import Iterable

from fairwitness.clock import DAY_MS
from fairwitness.errors import Forbidden, OnHold
from fairwitness.model.custody import DisposalApproved
from fairwitness.model.holding import Disposal
from fairwitness.retention.decide import Due, Facts, Held, Verdict

ERROR_MS = 3 * DAY_MS
"""How long after capture an entry may be called captured in error: 72 hours."""
STALE_MS = 30 * DAY_MS
"""How old a proposal may be when it is carried out."""


def check_proposal(disposal: Disposal, facts: Facts, verdict: Verdict) -> None:
    """Raise `OnHold` or `Forbidden` when the proposal does not cover this entry, as it stands now."""
    if isinstance(verdict, Held):
        raise OnHold(
            "a hold covers this entry, so it stays", entry=facts.index, holds=", ".join(verdict.holds)
        )
    basis = disposal.proposed.basis
    if basis == "schedule" and not isinstance(verdict, Due):
        raise Forbidden("the schedule keeps this entry", entry=facts.index, until=verdict.due_at)
    if basis == "captured_in_error" and disposal.at - facts.received_at > ERROR_MS:
        raise Forbidden(
            "over 72 hours have passed since this entry was captured: it can not go as captured in error",
            entry=facts.index,
        )  # fmt: skip
    if basis != "schedule" and not disposal.proposed.reason.strip():
        raise Forbidden("a disposal ahead of the schedule needs a reason", entry=facts.index)


def check_approved(disposal: Disposal, *, now: int) -> None:
    """Raise `Forbidden` unless a second person has approved, lately, and nothing was done yet."""
    if disposal.run is not None:
        raise Forbidden("this disposal is done already", disposal=disposal.proposed.disposal)
    if not _seconds(disposal):
        raise Forbidden(
            "a second person must approve a disposal; whoever proposed it can not",
            disposal=disposal.proposed.disposal, proposed_by=disposal.proposed.by,
        )  # fmt: skip
    if not 0 <= now - disposal.at <= STALE_MS:
        raise Forbidden("the proposal is older than 30 days; make a new one", proposed_at=disposal.at)


def said_today(disposal: Disposal) -> tuple[str, str]:
    """The dates that the proposer and a second person said it was."""
    seconds = [approval.today for approval in _seconds(disposal) if approval.today]
    return disposal.proposed.today, next(iter(seconds), "")


def _seconds(disposal: Disposal) -> list[DisposalApproved]:
    return [approval for _, approval in disposal.approved if approval.by != disposal.proposed.by]


def ranges_of(indexes: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Entries as sorted ranges, inclusive."""
    ranges: list[tuple[int, int]] = []
    for index in sorted(set(indexes)):
        if ranges and ranges[-1][1] == index - 1:
            ranges[-1] = ranges[-1][0], index
        else:
            ranges.append((index, index))
    return tuple(ranges)
