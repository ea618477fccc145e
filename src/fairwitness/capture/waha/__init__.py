"""WAHA: a gateway that people already run, through a linked device. Not an official source.

At the door: `check_signature` checks the raw bytes, `split` cuts a delivery into items,
`scan_lines` looks for lines in one that does not parse. After the record: `read_events`.
Subscribe to `message.any`, `message.reaction`, `message.edited`, `message.revoked` and
`message.ack`. `CAPABILITY` says what this source can and cannot see.
"""

from fairwitness.capture.waha.capability import CAPABILITY
from fairwitness.capture.waha.events import read_events
from fairwitness.capture.waha.signature import check_signature
from fairwitness.capture.waha.split import scan_lines, split

__all__ = ["CAPABILITY", "check_signature", "read_events", "scan_lines", "split"]
