"""An export as items for the record: exact bytes, an identity that survives a second export.

Exports carry no message ids. Two messages are the same when chat, local time, sender and
body are; equal ones are told apart by their place among equals, so that overlapping
exports of one chat meet. The time is the phone's, so the identity holds whatever zone is
assumed for it.
"""

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from fairwitness.capture import addresses
from fairwitness.capture.chat_export.export import Export, ExportMessage
from fairwitness.capture.chat_export.facts import Facts, pack_facts
from fairwitness.capture.exact import whole_text
from fairwitness.model.envelope import Item, Slice

SOURCE = "chat_export"
_SCHEMES = ("phone:", "user:", "group:", "jid:", "name:")


def items(export: Export, *, line: str, zone: ZoneInfo, owner_name: str | None, chat: str) -> Sequence[Item]:
    """The items of `export`, captured for `line`.

    `chat` is the other side or the group: an address, a number or a name. `owner_name`
    overrules what the export says about whose phone it was.
    """
    return tuple(_items(export, line, _Clock(zone), owner_name, chat_address(chat, group=export.is_group)))


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
        self.minutes: dict[tuple[str, int], int] = {}

    def ms(self, local: str) -> int | None:
        """The time of `local`; asked in the order of the file."""
        if not local:
            return None
        if self._ms(local, 0) == self._ms(local, 1):
            self.fold = 0
        elif local < self.before:
            self.fold = 1
        self.before = local
        return self._ms(local, self.fold)

    def _ms(self, local: str, fold: int) -> int:
        key = (local[:16], fold)
        if key not in self.minutes:
            when = datetime.datetime.fromisoformat(local[:16]).replace(tzinfo=self.zone, fold=fold)
            self.minutes[key] = int(when.timestamp()) * 1000
        return self.minutes[key] + int(local[17:]) * 1000


def _items(export: Export, line: str, clock: _Clock, owner_name: str | None, chat: str) -> Iterator[Item]:
    seen: dict[bytes, int] = {}
    for message in export.messages:
        words = whole_text(message.body)
        named = "\0".join((chat, message.local, message.sender, words)).encode()
        key = hashlib.sha256(named).digest()
        place = seen[key] = seen.get(key, -1) + 1
        facts = _facts(export, message, chat, owner_name, clock.zone.key)
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


def _facts(export: Export, message: ExportMessage, chat: str, owner_name: str | None, zone: str) -> Facts:
    return Facts(
        body=message.body_at,
        chat=chat,
        chat_name=export.chat_name,
        encoding=export.encoding,
        flags=message.flags,
        kind=message.kind,
        local=message.local,
        order=export.dates.order,
        owner=owner_name or export.owner,
        owner_how="given" if owner_name else export.owner_how,
        platform=export.platform,
        sender=whole_text(message.sender),
        sure=export.dates.confidence,
        zone=zone,
    )
