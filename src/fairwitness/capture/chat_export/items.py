"""An export as items for the record: exact bytes, an identity that survives a second export.

Exports carry no message ids. Two messages are the same when chat, local time, sender and
body are; equal ones are told apart by their place among equals, so that overlapping
exports of one chat meet. The time is the phone's, so the identity holds whatever zone is
assumed for it.
"""

import datetime
import hashlib
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from fairwitness.capture import addresses
from fairwitness.capture.chat_export.export import Export
from fairwitness.capture.chat_export.facts import Facts, pack_facts
from fairwitness.capture.exact import whole_text
from fairwitness.model.envelope import Item, Slice

SOURCE = "chat_export"
_SCHEMES = ("phone:", "user:", "group:", "jid:", "name:")


def items(export: Export, *, line: str, zone: ZoneInfo, owner_name: str | None, chat: str) -> Iterator[Item]:
    """The items of `export`, captured for `line`, one after another: a chat may be long.

    `chat` is the other side or the group: an address, a number or a name. `owner_name`
    overrules what the export says about whose phone it was.
    """
    return _items(export, line, _Clock(zone), owner_name, chat_address(chat, group=export.is_group))


def chat_address(chat: str, *, group: bool) -> str:
    """The address of a chat: as given, else a phone, else a name."""
    if chat.startswith(_SCHEMES) or not chat:
        return chat
    number = addresses.phone(chat)
    if number and not group:
        return number
    return f"group:{chat}" if group else f"name:{chat}"


class _Clock:
    """Local time to ms, in one zone; each minute is worked out once.

    The hour that is repeated when summer time ends is taken as the first, and as the
    second once the phone's clock has gone back.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone, self.before, self.fold = zone, "", 0
        self.minutes: dict[str, tuple[int, int]] = {}

    def ms(self, local: str) -> int | None:
        """The time of `local`; asked in the order of the file."""
        if not local:
            return None
        minute = local[:16]
        both = self.minutes.get(minute) or self._both(minute)
        if both[0] == both[1]:
            self.fold = 0
        elif local < self.before:
            self.fold = 1
        self.before = local
        return both[self.fold] + int(local[17:]) * 1000

    def _both(self, minute: str) -> tuple[int, int]:
        when = datetime.datetime.fromisoformat(minute).replace(tzinfo=self.zone)
        both = int(when.timestamp()) * 1000, int(when.replace(fold=1).timestamp()) * 1000
        self.minutes[minute] = both
        return both


def _items(export: Export, line: str, clock: _Clock, owner_name: str | None, chat: str) -> Iterator[Item]:
    seen: dict[bytes, int] = {}
    common = _common(export, chat, owner_name, clock.zone.key)
    for message in export.messages:
        words = whole_text(message.body)
        named = "\0".join((chat, message.local, message.sender, words)).encode()
        key = hashlib.sha256(named).digest()
        place = seen[key] = seen.get(key, -1) + 1
        facts = msgspec.structs.replace(
            common, body=message.body_at, flags=message.flags, kind=message.kind, local=message.local,
            sender=whole_text(message.sender),
        )  # fmt: skip
        first, last = message.first_byte, message.last_byte
        yield Item(
            source=SOURCE,
            kind="export",
            line=line,
            contact=chat,
            identity=(SOURCE, line, "export", chat, message.local, message.sender, words, str(place)),
            sent_at=clock.ms(message.local),
            slices=(
                Slice("item", f"bytes={first}-{last}", export.raw[first : last + 1]),
                Slice("envelope", "", pack_facts(facts)),
            ),
        )


def _common(export: Export, chat: str, owner_name: str | None, zone: str) -> Facts:
    """What is the same for every message."""
    return Facts(
        body=0,
        chat=chat,
        chat_name=export.chat_name,
        encoding=export.encoding,
        order=export.dates.order,
        owner=owner_name or export.owner,
        owner_how="given" if owner_name else export.owner_how,
        platform=export.platform,
        sure=export.dates.confidence,
        zone=zone,
    )
