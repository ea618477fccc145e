"""Tells messages for those who produce them, in the very way in which conversations show them."""

from collections.abc import Mapping, Sequence

from fairwitness.flow.facts import Gathered, Part
from fairwitness.flow.reading import Read
from fairwitness.followers.conversations import message_row
from fairwitness.followers.normalise import parts_of
from fairwitness.followers.views import MessageRow
from fairwitness.produce.said import Happened, Said, Wording

_HAPPENS = frozenset({"edit", "revoke", "reaction", "receipt"})


class TellAsShown:
    """Fulfils `fairwitness.produce.ports.Telling`."""

    def parts(self, read: Read) -> Sequence[Part]:
        """The events of an entry that are, or speak of, a message."""
        return tuple(parts_of(read))

    def said(self, messages: Sequence[Gathered]) -> Sequence[Said]:
        """Each message as a conversation shows it, with everything that happened to it."""
        return [_said(message, message_row(message, names=_NO_NAMES)) for message in messages]


_NO_NAMES: Mapping[tuple[str, str], str] = {}


def _said(message: Gathered, row: MessageRow) -> Said:
    return Said(
        entry=row.index, conversation=row.stream, line=row.line, chat=row.chat, id=row.id,
        direction=row.direction, sender=row.sender, sender_name=row.sender_name, at=row.at,
        received_at=row.received_at, kind=row.kind, subtype=row.subtype, text=row.text, held=row.held,
        forwarded=row.forwarded, reply_to=row.reply_to,
        versions=tuple(Wording(entry=v.index, at=v.at, text=v.text) for v in row.versions),
        happened=tuple(_happened(part) for part in message.parts if part.event.kind in _HAPPENS),
        media=row.media, details=row.details,
        entries=tuple(dict.fromkeys(part.index for part in message.parts)),
    )  # fmt: skip


def _happened(part: Part) -> Happened:
    event = part.event
    return Happened(
        entry=part.index, kind=event.kind, subtype=event.subtype, sender=event.sender, at=event.at,
        emoji=event.emoji,
    )  # fmt: skip
