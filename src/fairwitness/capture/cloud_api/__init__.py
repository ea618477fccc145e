"""WhatsApp Cloud API: Meta's official webhooks, coexistence with the Business app included.

At the door: `challenge` answers the handshake, `check_signature` checks the raw bytes,
`split` cuts a delivery into items, `scan_lines` looks for lines in one that does not parse.
After the record: `read_events` says what an item tells. `CAPABILITY` says what this source
can and cannot see.
"""

from fairwitness.capture.cloud_api.capability import CAPABILITY
from fairwitness.capture.cloud_api.events import read_events
from fairwitness.capture.cloud_api.lines import scan_lines
from fairwitness.capture.cloud_api.signature import challenge, check_signature
from fairwitness.capture.cloud_api.split import split

__all__ = ["CAPABILITY", "challenge", "check_signature", "read_events", "scan_lines", "split"]
