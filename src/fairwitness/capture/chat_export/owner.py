"""Whose phone an export came from, as far as the file tells."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol

from fairwitness.capture import addresses
from fairwitness.capture.chat_export.body import deleted_by_self


class _Line(Protocol):
    @property
    def kind(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def body(self) -> str: ...


def guess_owner(
    messages: Sequence[_Line], chat: str, senders: Counter[str], *, line: Collection[str] = ()
) -> tuple[str, str]:
    """The owner's name and how it is known; two empty strings when the file does not tell.

    `line` holds the names and numbers of whoever has the line.
    """
    deleted = Counter(m.sender for m in messages if m.kind == "message" and deleted_by_self(m.body))
    if len(deleted) == 1:
        return next(iter(deleted)), "only the owner sees `You deleted this message`"
    if chat in senders and len(senders) >= 2:
        others = [name for name, _ in senders.most_common() if name != chat]
        share = senders[others[0]] / (senders.total() - senders[chat])
        if len(others) == 1 or share > 0.9:
            return others[0], "the chat is named after the other side"
    known = {_plain(name) for name in line}
    named = [sender for sender in senders if _plain(sender) in known]
    if len(named) == 1:
        return named[0], "the line's person has this name or number"
    return "", ""


def _plain(name: str) -> str:
    return addresses.phone(name) or name.casefold().strip()
