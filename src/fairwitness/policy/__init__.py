"""Policies: read, compiled, judged and explained. Values in, values out.

`check` is for what a person wants to publish, `load` for what is in force already.
"""

from fairwitness.policy.check import check, run_tests
from fairwitness.policy.judge import Judge, compile_set
from fairwitness.policy.language import Policy, PolicySet
from fairwitness.policy.lint import Remark, lint, lint_terms
from fairwitness.policy.load import load, plan_of

__all__ = [
    "Judge",
    "Policy",
    "PolicySet",
    "Remark",
    "check",
    "compile_set",
    "lint",
    "lint_terms",
    "load",
    "plan_of",
    "run_tests",
]
