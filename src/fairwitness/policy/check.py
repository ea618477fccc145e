"""The policies' own examples, run: what a set must pass before it may be published."""

from collections.abc import Sequence

from fairwitness.errors import PolicyError, PolicyErrors
from fairwitness.model.custody import PolicyFile
from fairwitness.policy.judge import Judge, compile_set
from fairwitness.policy.language import PolicySet, Test
from fairwitness.policy.load import load


def check(files: Sequence[PolicyFile]) -> tuple[PolicySet, Judge]:
    """Read, compile and test `files`, or raise `PolicyErrors` with everything that is wrong."""
    policy_set = load(files)
    judge = compile_set(policy_set)
    if faults := run_tests(policy_set, judge):
        raise PolicyErrors(faults)
    return policy_set, judge


def run_tests(policy_set: PolicySet, judge: Judge) -> list[PolicyError]:
    """Every example that comes out otherwise than its policy says, at its line."""
    return [
        _fault(policy.id, test)
        for policy in policy_set.policies
        for test in policy.tests
        if test.must_match
        != any(found.policy == policy.id for found in judge.judge(test.text, direction=test.direction))
    ]


def _fault(policy: str, test: Test) -> PolicyError:
    must, does = ("must", "does not") if test.must_match else ("must not", "does")
    return PolicyError(
        f"{policy} {must} match this example, and {does}.",
        path=test.place.path,
        line=test.place.line,
        column=test.place.column,
        hint="Change the condition or the example.",
    )
