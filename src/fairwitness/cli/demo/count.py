"""What the system must end up with, counted from what the generator knows and nothing else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fairwitness.cli.demo.bodies import Delivery
from fairwitness.cli.demo.cast import Rep
from fairwitness.cli.demo.happenings import Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Counts. `refused` is by line id; `kept_by_what` by what happened; `items` is everything posted."""

    items: int
    kept: int
    duplicates: int
    refused: Mapping[str, int]
    kept_by_what: Mapping[str, int]
    kept_media: int
    kept_inward: int
    kept_outward: int
    first_kept: tuple[Happening, ...]

    @property
    def shown(self) -> int:
        """What a conversation shows as a message: unreadable ones are shown as what they are."""
        return self.kept_by_what.get("message", 0) + self.kept_by_what.get("unsupported", 0)

    @property
    def not_understood(self) -> int:
        """Kept whole, and listed as not or not fully understood."""
        return self.kept_by_what.get("unsupported", 0) + self.kept_by_what.get("unknown", 0)


def count(deliveries: Sequence[Delivery], *, withdrawn_before: int) -> Expected:
    """Walk the deliveries as a careful clerk would, with a list of who agreed and until when."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Happening] = []
    refused: Counter[str] = Counter()
    items = duplicates = 0
    for number, delivery in enumerate(deliveries):
        for one in delivery.holds:
            items += 1
            if one.key in seen:
                duplicates += 1
            elif _agreed(one.rep, withdrawn=number >= withdrawn_before):
                kept.append(one)
            else:
                refused[one.rep.line] += 1
            seen.add(one.key)
    messages = [one for one in kept if one.what == "message"]
    return Expected(
        items=items,
        kept=len(kept),
        duplicates=duplicates,
        refused=dict(refused),
        kept_by_what=dict(Counter(one.what for one in kept)),
        kept_media=sum(one.media for one in messages),
        kept_inward=sum(not one.outward for one in messages),
        kept_outward=sum(one.outward for one in messages),
        first_kept=tuple(kept),
    )


def _agreed(rep: Rep, *, withdrawn: bool) -> bool:
    return rep.standing == "agreed" or (rep.standing == "withdraws" and not withdrawn)
