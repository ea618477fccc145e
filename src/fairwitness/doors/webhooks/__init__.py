"""The door for webhooks: a bare ASGI application.

A sender is answered 200 only after the items of its delivery are durable, or were
refused for want of a mandate, or had come before. Nothing is parsed before its signature
was checked, and nothing of a refused item is written.
"""

from fairwitness.doors.webhooks.app import Door
from fairwitness.doors.webhooks.writer import Writer

__all__ = ["Door", "Writer"]
