"""Every term does what its examples say, and the registry may be released."""

import textwrap

import pytest

from fairwitness.model.custody import PolicyFile
from fairwitness.policy import Judge, compile_set, lint_terms, load
from fairwitness.policy.terms import REGISTRY, Example

_POLICY = """id: x
title: t
severity: low
languages: [en]
cites: []
owner: o
when:
{when}
tests: {{must_match: [x], must_not_match: [y]}}
"""


def judge_of(when: str) -> Judge:
    return compile_set(load([PolicyFile("x.yaml", _POLICY.format(when=textwrap.indent(when, "  ")))]))


def test_the_registry_may_be_released():
    assert lint_terms() == ()


@pytest.mark.parametrize(
    ("name", "example"), [(term.name, example) for term in REGISTRY for example in term.examples]
)
def test_a_documented_example_matches_what_it_says_and_nothing_else(name: str, example: Example):
    judge = judge_of(example.yaml)

    assert [text for text, way in example.matches if not judge.judge(text, direction=way)] == []
    assert [text for text, way in example.misses if judge.judge(text, direction=way)] == []
