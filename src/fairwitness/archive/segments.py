"""Names and contexts of segments (`docs/spec/record.md`, section 4)."""

from fairwitness.model.entry import LogName

BLOCK = 65_536
CUSTODY_KEY_ID = bytes(16)
"""The key id in segments of the custody log: its payloads stay under the custody key."""


def segment_name(log: LogName, first: int, last: int) -> str:
    """The name of a segment file without its ending."""
    return f"{log}/segment/{first:012d}-{last:012d}"


def segment_context(origin: str, index: int, commitment: str) -> bytes:
    """The additional data under which a payload in a segment is encrypted."""
    return f"fairwitness/segment/v1\n{origin}\n{index}\n{commitment}".encode("ascii")
