"""What in an export does not fit: lines that may be pasted text rather than messages."""

from collections import Counter

import msgspec

from fairwitness.capture.chat_export.export import ExportMessage

_EARLY, _LATE = 600, 3_700  # clocks go back by an hour when summer time ends


def _seconds(local: str) -> int:
    """A rising number for `local`, good enough to compare: months count 31 days."""
    y, mo, d = int(local[:4]), int(local[5:7]), int(local[8:10])
    seconds = int(local[11:13]) * 3600 + int(local[14:16]) * 60 + int(local[17:])
    return ((y * 12 + mo) * 31 + d) * 86400 + seconds


def mark_islands(messages: list[ExportMessage]) -> list[ExportMessage]:
    """Flag a message whose time fits neither neighbour while they fit each other."""
    for i in range(1, len(messages) - 1):
        before, here, after = messages[i - 1].local, messages[i].local, messages[i + 1].local
        if before <= here <= after or not before or not here or not after:
            continue
        first, middle, last = _seconds(before), _seconds(here), _seconds(after)
        if not first - _EARLY <= middle <= last + _LATE and first - _EARLY <= last:
            messages[i] = _flag(messages[i], "its time is out of order: perhaps pasted text")
    return messages


def mark_strangers(
    messages: list[ExportMessage], chat: str, owner: str, senders: Counter[str]
) -> list[ExportMessage]:
    """In a chat of two, flag lines under any other name."""
    if not chat or not owner or chat not in senders or owner == chat:
        return messages
    others = {name for name in senders if name not in (chat, owner)}
    if len(others) == 0 or sum(senders[n] for n in others) * 10 > senders.total():
        return messages  # too many to be forged: rather a group named after a person
    return [_flag(m, "a third name in a chat of two") if m.sender in others else m for m in messages]


def _flag(message: ExportMessage, why: str) -> ExportMessage:
    return msgspec.structs.replace(message, flags=(*message.flags, why))
