"""Which lines does a body name that does not parse? A scan of bytes, nothing more."""

import re

_named = re.compile(rb'"phone_number_id"\s*:\s*(?:"([^"\\]{1,64})"|(\d{1,64})(?=[\s,}]))?')
UNKNOWN_LINE = "pnid:"
"""Stands for a line that is named but cannot be read; no mandate can exist for it."""


def scan_lines(body: bytes) -> set[str]:
    """The line aliases that `body` names.

    A `phone_number_id` whose value is cut off or unreadable gives `UNKNOWN_LINE`, so that
    the body counts as one of a line without mandate.
    """
    found = set()
    for match in _named.finditer(body):
        name = match.group(1) or match.group(2) or b""
        readable = name.isascii() and name.decode("ascii", "replace").isprintable()
        found.add(f"pnid:{name.decode('ascii')}" if name and readable else UNKNOWN_LINE)
    return found
