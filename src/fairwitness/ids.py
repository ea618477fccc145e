"""Identity is an argument.

Ids are 128 random bits in 32 lowercase hex digits: they say nothing about what
they name, so they may stand in the open part of the record.
"""

import secrets
from collections.abc import Callable

NewId = Callable[[], str]
"""Returns a fresh id."""


def random_id() -> str:
    """A fresh id from the operating system's generator."""
    return secrets.token_hex(16)
