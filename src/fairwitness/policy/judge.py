"""Policies, compiled: the one scan that every message gets, and the verdicts that follow.

A message in which nothing is found leaves after the scan, save for the few policies
that can hold with nothing said. The same text and direction always give the same findings.
"""

from collections.abc import Sequence

from fairwitness.model.finding import SEVERITIES, Finding
from fairwitness.policy.explain import explain
from fairwitness.policy.language import DIRECTIONS, Policy, PolicySet, Says, entries, holds, leaves, nears
from fairwitness.policy.pairs import Pairs
from fairwitness.signals.lexicon import Locator, Needle, Places, compiled, fold


class Judge:
    """A compiled set. Immutable; one judge may serve several threads."""

    def __init__(self, policy_set: PolicySet) -> None:
        self.plan = policy_set.plan
        self._policies = tuple(sorted(policy_set.policies, key=_gravest_first))
        needles = [[entry.needle for entry in entries(policy.when)] for policy in self._policies]
        self._needles: tuple[Needle, ...] = tuple(sorted({needle for found in needles for needle in found}))
        self._lexicon = compiled(self._needles)
        self._concerned = self._triggers()
        self._pairs = Pairs(
            [(near, number) for number, policy in enumerate(self._policies) for near in nears(policy.when)],
            self._needles,
        )
        self._silent = {way: self._holding_in_silence(way) for way in DIRECTIONS}

    def judge(self, text: str, *, direction: str) -> tuple[Finding, ...]:
        """The findings of every policy that `text`, going this way, breaks; the gravest first."""
        folded = fold(text)
        found = self._lexicon.scan(folded)
        silent = self._silent[direction]  # type: ignore[index]
        if not found and not silent:
            return ()
        said: dict[Needle, Places] = {self._needles[number]: places for number, places in found.items()}
        concerned = {policy for number in found for policy in self._concerned[number]} | silent
        for near, places, policy_number in self._pairs.met(found, folded):
            said[near.needle] = places
            concerned.add(policy_number)
        locator = Locator(text)
        return tuple(
            explain(policy, text, said, direction, locator)
            for policy in (self._policies[number] for number in sorted(concerned))
            if holds(policy.when, said, direction)
        )

    def judge_many(self, items: Sequence[tuple[str, str]]) -> list[tuple[Finding, ...]]:
        """The findings for each text and direction, in order."""
        return [self.judge(text, direction=direction) for text, direction in items]

    def _triggers(self) -> list[list[int]]:
        """For each needle, the policies that it may bring to hold; inside a `near` it cannot alone."""
        triggers: list[list[int]] = [[] for _ in self._needles]
        for number, policy in enumerate(self._policies):
            alone = (leaf for leaf in leaves(policy.when) if isinstance(leaf, Says))
            for needle in dict.fromkeys(entry.needle for says in alone for entry in says.entries):
                triggers[self._lexicon.number(needle)].append(number)
        return triggers

    def _holding_in_silence(self, direction: str) -> frozenset[int]:
        """The policies that hold when nothing they look for is said. Others need something found."""
        return frozenset(n for n, policy in enumerate(self._policies) if holds(policy.when, (), direction))


def compile_set(policy_set: PolicySet) -> Judge:
    """Compile every policy of `policy_set` into one plan."""
    return Judge(policy_set)


def _gravest_first(policy: Policy) -> tuple[int, str]:
    return -SEVERITIES.index(policy.severity), policy.id
