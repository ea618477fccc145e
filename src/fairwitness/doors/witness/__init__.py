"""The door of a witness: C2SP's tlog-witness over HTTP, and nothing else.

It needs a key, the keys of the logs that it watches and a folder. Nobody signs in: what
is asked is judged by the signature of the log alone.
"""

from fairwitness.doors.witness.app import WitnessDoor

__all__ = ["WitnessDoor"]
