"""Which entries stand near each other: the meaning of the term `near`, for a whole set at once.

What is found is handed round once: each needle names the conditions it is a part of, and
only those that have both parts are measured.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from fairwitness.policy.language import Near, Says
from fairwitness.signals.lexicon import PLACES_LIMIT, Needle, Places

BEFORE = 3
"""So many words before a pair does an `unless` still forbid it."""

_BOTH = 3


class Pairs:
    """Every `near` of a set. Immutable."""

    def __init__(self, nears: Sequence[tuple[Near, int]], needles: Sequence[Needle]) -> None:
        self._nears = tuple(nears)
        numbers = {needle: number for number, needle in enumerate(needles)}
        self._sides = [tuple(_numbers(part, numbers) for part in near.parts) for near, _ in self._nears]
        self._unless = [_numbers(near.unless, numbers) for near, _ in self._nears]
        self._parts: list[list[tuple[int, int]]] = [[] for _ in needles]
        for index, sides in enumerate(self._sides):
            for bit, side in enumerate(sides, start=1):
                for number in side:
                    self._parts[number].append((index, bit))

    def met(self, found: Mapping[int, Places], folded: str) -> Iterator[tuple[Near, Places, int]]:
        """Each `near` that holds, the places of its pairs, and the number that it was given with."""
        seen: dict[int, int] = {}
        for number in found:
            for index, bit in self._parts[number]:
                seen[index] = seen.get(index, 0) | bit
        both = [index for index, bits in seen.items() if bits == _BOTH]
        blanks = [place for place, char in enumerate(folded) if char == " "] if both else []
        for index in both:
            near, owner = self._nears[index]
            first, second = (_places(side, found) for side in self._sides[index])
            pairs = _following(first, second, near.within, blanks)
            if not near.ordered:
                pairs = sorted({*pairs, *_following(second, first, near.within, blanks)})
            forbidding = _places(self._unless[index], found)
            if allowed := [pair for pair in pairs if not _forbidden(pair, forbidding, blanks)]:
                yield near, allowed[:PLACES_LIMIT], owner


def _numbers(part: Sequence[Says], numbers: Mapping[Needle, int]) -> frozenset[int]:
    return frozenset(numbers[entry.needle] for says in part for entry in says.entries)


def _places(side: frozenset[int], found: Mapping[int, Places]) -> Places:
    return sorted(place for number in side & found.keys() for place in found[number])


def _following(first: Places, second: Places, within: int, blanks: Sequence[int]) -> Places:
    """From each place of `first` to the next of `second` that begins after it, where that is near enough."""
    pairs = []
    for start, end in first:
        after = bisect_left(second, (end, end))
        if after < len(second) and _words(end, second[after][0], blanks) <= within:
            pairs.append((start, second[after][1]))
    return pairs


def _forbidden(pair: tuple[int, int], forbidding: Places, blanks: Sequence[int]) -> bool:
    start, end = pair
    return any(
        _words(place[1], start, blanks) <= BEFORE if place[1] <= start else place[0] < end
        for place in forbidding
    )


def _words(left: int, right: int, blanks: Sequence[int]) -> int:
    """How many words stand between two places: words are what white space divides."""
    return max(bisect_left(blanks, right) - bisect_left(blanks, left) - 1, 0)
