"""The terms of the policy language: one small file each, listed here by name.

A new term is a module with `TERM`, whose docstring shows it in YAML, and a line below.
`fairwitness.policy.lint.lint_terms` checks the registry as a whole.
"""

from fairwitness.policy.terms import direction, near, patterns, phrases, wildcards, words
from fairwitness.policy.terms.term import Example, Term

REGISTRY: tuple[Term, ...] = (
    words.TERM,
    phrases.TERM,
    wildcards.TERM,
    patterns.TERM,
    near.TERM,
    direction.TERM,
)

__all__ = ["REGISTRY", "Example", "Term"]
