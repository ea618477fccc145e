"""What a policy saw, where it saw it, and why that is a finding."""

from typing import Literal

import msgspec

Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")


class Span(msgspec.Struct, frozen=True, order=True):
    """Code points `[start, end)` of the original text."""

    start: int
    end: int


class Step(msgspec.Struct, frozen=True):
    """One condition that held: its place in the policy, what it is, what it matched."""

    clause: str
    term: str
    matched: str
    spans: tuple[Span, ...]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict of one policy on one message, with the steps that led to it.

    `sentence` says why in English; screens build their own from `steps`.
    """

    policy: str
    version: str
    title: str
    severity: Severity
    sentence: str
    steps: tuple[Step, ...]

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every matched span, sorted, without repeats."""
        return tuple(sorted({span for step in self.steps for span in step.spans}))
