"""Fairwitness: WhatsApp as a channel that a regulated firm can keep, check and trust.

`docs/map.md` says which room a line of code belongs in.
"""

__version__ = "0.1.0"
