"""Numbers as the log formats write them: decimal, without leading zeroes."""

import re

from fairwitness.errors import BadCheckpoint

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


def read_number(text: str, largest: int) -> int:
    """The number that `text` spells in its one way, up to `largest`."""
    if not _NUMBER.fullmatch(text) or int(text) > largest:
        raise BadCheckpoint("not a decimal number without leading zeroes")
    return int(text)
