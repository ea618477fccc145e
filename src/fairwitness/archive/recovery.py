"""The recovery kit: the keyring's master key, split among officers so that k of them restore it.

Shamir's scheme as in SLIP-39: a share is 33 words that a person can write down, and says when a
word is wrong. Fewer than k shares say nothing about the key.
"""

from collections.abc import Sequence

import msgspec
from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from fairwitness.errors import Misconfigured

MOST_OFFICERS = 16


class KitPlan(msgspec.Struct, frozen=True):
    """Who gets a share, and how many of them are needed."""

    officers: tuple[str, ...]
    threshold: int


class Share(msgspec.Struct, frozen=True):
    """One officer's share of a kit."""

    officer: str
    words: str


def check_plan(plan: KitPlan) -> None:
    """Raise `Misconfigured` for a kit that could not be made, or that protects nothing."""
    names = [name.strip() for name in plan.officers]
    if not names or not all(names) or len(set(names)) != len(names) or len(names) > MOST_OFFICERS:
        raise Misconfigured(
            "a recovery kit needs officers with names of their own", setting="--officer",
            hint=f"Name between 1 and {MOST_OFFICERS}, each once.", officers=len(names),
        )  # fmt: skip
    if not 1 <= plan.threshold <= len(names) or (plan.threshold == 1 and len(names) > 1):
        raise Misconfigured(
            "this number of shares can not restore the key, or one alone could", setting="--threshold",
            hint="Choose at least 2, and no more than there are officers.", threshold=plan.threshold,
        )  # fmt: skip


def split(master: bytes, plan: KitPlan) -> list[Share]:
    """One share per officer."""
    check_plan(plan)
    (words,) = generate_mnemonics(1, [(plan.threshold, len(plan.officers))], master)
    return [Share(officer, said) for officer, said in zip(plan.officers, words, strict=True)]


def combine(words: Sequence[str]) -> bytes:
    """The master key from enough shares, or `Misconfigured` with what is wrong with them."""
    try:
        restored: bytes = combine_mnemonics([" ".join(said.lower().split()) for said in words])
    except MnemonicError as error:
        raise Misconfigured(
            f"these shares do not restore the key: {error}", setting="shares",
            hint="Check each word, and that all shares are of the same kit.", shares=len(words),
        ) from error  # fmt: skip
    return restored
