"""An exported chat as values."""

import msgspec

from fairwitness.capture.chat_export.dates import DateReading


class ExportMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message of an export.

    Its bytes are `first_byte` to `last_byte` of the file, both included; `body_at` is where
    the body begins within them, in characters. `local` is the phone's own time,
    `YYYY-MM-DDTHH:MM:SS`, or '' when it cannot be read. `kind` is `message`, `system` or
    `preamble`; `subtype` what the body is. `flags` say what is doubtful.
    """

    first_byte: int
    last_byte: int
    body_at: int
    local: str
    sender: str
    body: str
    kind: str
    subtype: str
    media_name: str = ""
    flags: tuple[str, ...] = ()


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """A whole chat. `owner` is whose phone it was, `chat_name` which chat it is; both may be ''.

    `owner_how` and `chat_how` say how that is known.
    """

    messages: tuple[ExportMessage, ...]
    raw: bytes
    platform: str
    style: str
    encoding: str
    dates: DateReading
    chat_name: str
    chat_how: str
    senders: tuple[str, ...]
    is_group: bool
    owner: str
    owner_how: str
    pasted_lines: int
    doubtful: int
