"""WhatsApp's own chat export, `.txt` or `.zip`, Android and iOS, any locale.

`inspect_zip` and `chat_text` open a zip safely; `read_export` reads a chat's text whole and
says how sure it is; `items` cuts it for the record; `read_events` says what an item tells.
`CAPABILITY` says what this source can and cannot see.
"""

from fairwitness.capture.chat_export.capability import CAPABILITY
from fairwitness.capture.chat_export.container import Member, chat_text, inspect_zip
from fairwitness.capture.chat_export.events import read_events
from fairwitness.capture.chat_export.export import Export, ExportMessage
from fairwitness.capture.chat_export.items import chat_address, items
from fairwitness.capture.chat_export.names import chat_name
from fairwitness.capture.chat_export.reading import read_export

__all__ = [
    "CAPABILITY",
    "Export",
    "ExportMessage",
    "Member",
    "chat_address",
    "chat_name",
    "chat_text",
    "inspect_zip",
    "items",
    "read_events",
    "read_export",
]
