"""Messages as bubbles: what a conversation shows of each, worked out before a template sees it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from fairwitness.followers.views import AlertDetail, AlertRow, MessageRow, Receipt
from fairwitness.model.event import Media
from fairwitness_hub.conversation.highlight import highlight
from fairwitness_hub.design.templatetags.hub import address, day_words

_RANK = ("failed", "played", "read", "delivered", "sent")
_NOTES = ("call", "group", "contact", "account", "system")


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What bubbles share: who is who, which alerts stand on them, which messages are in view."""

    person: str
    other: str
    group: bool
    line: str
    alerts: tuple[AlertDetail, ...]
    focus: str
    in_view: Mapping[str, int]


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """One text that a message had, with the entry that brought it."""

    index: int
    at: int | None
    html: SafeString


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """How far a message got: a picture and its word."""

    icon: str
    status: str
    word: str
    at: int | None


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a message names: what it says that it is."""

    icon: str
    word: str
    filename: str
    mime: str
    sha256: str


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a message replies to. `index` is its entry when it is in view."""

    text: str
    index: int | None


class Bubble(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a conversation shows it. `side` is in, out, note or absent."""

    index: int
    side: str
    day: str
    speaker: str
    follows: bool
    text: Text | None
    before: tuple[Text, ...]
    quote: Quote | None
    forwarded: bool
    files: tuple[File, ...]
    note: str
    revoked_by: str
    revoked_at: int | None
    reactions: tuple[tuple[str, int, str], ...]
    tick: Tick | None
    at: int | None
    received_at: int
    alerts: tuple[AlertRow, ...]
    flagged: bool
    line: str
    id: str
    facts: tuple[tuple[str, str], ...]


def bubbles(rows: Sequence[MessageRow], setting: Setting) -> tuple[Bubble, ...]:
    """A bubble for each row, with a day where the day changes and a speaker where the speaker does."""
    made, day, before = [], "", None
    for row in rows:
        today = day_words(row.at if row.at is not None else row.received_at)
        follows = before is not None and today == day and _same_voice(before, row)
        made.append(_bubble(row, setting, day=today if today != day else "", follows=follows))
        day, before = today, row
    return tuple(made)


def _bubble(row: MessageRow, setting: Setting, *, day: str, follows: bool) -> Bubble:
    texts = tuple(_texts(row, setting))
    side = _side(row)
    details = [d for d in setting.alerts if d.row.index in {row.index, *(t.index for t in texts)}]
    return Bubble(
        index=row.index,
        side=side,
        day=day,
        speaker=_speaker(row, setting),
        follows=follows,
        text=texts[-1] if texts else None,
        before=texts[:-1],
        quote=_quote(row, setting),
        forwarded=row.forwarded,
        files=tuple(_file(media) for media in row.media),
        note=_note(row, side),
        revoked_by=_voice(row.revoked.sender, row, setting) if row.revoked else "",
        revoked_at=row.revoked.at if row.revoked else None,
        reactions=_reactions(row, setting),
        tick=_tick(row.receipts) if side == "out" else None,
        at=row.at,
        received_at=row.received_at,
        alerts=tuple(detail.row for detail in details),
        flagged=any(detail.row.alert == setting.focus for detail in details),
        line=setting.line,
        id=row.id,
        facts=row.details,
    )


def _side(row: MessageRow) -> str:
    if not row.held:
        return "absent"
    if row.kind in _NOTES or row.direction not in ("in", "out"):
        return "note"
    return row.direction


def _texts(row: MessageRow, setting: Setting) -> Iterator[Text]:
    versions = [(v.index, v.at, v.text) for v in row.versions] or [(row.index, row.at, row.text)]
    for index, at, text in versions:
        if not text:
            continue
        here = [detail for detail in setting.alerts if detail.row.index == index]
        # Without an alert that the conversation is read for, all of them count alike.
        hits = [d for d in here if d.row.alert == setting.focus or not setting.focus]
        html = highlight(
            text,
            hits=[span for detail in hits for span in detail.finding.spans],
            others=[span for detail in here if detail not in hits for span in detail.finding.spans],
        )
        yield Text(index=index, at=at, html=html)


def _same_voice(before: MessageRow, row: MessageRow) -> bool:
    return (_side(before), before.sender) == (_side(row), row.sender) and _side(row) in ("in", "out")


def _speaker(row: MessageRow, setting: Setting) -> str:
    if row.direction == "out":
        return setting.person
    return row.sender_name or (address(row.sender) if setting.group else setting.other)


def _voice(sender: str, row: MessageRow, setting: Setting) -> str:
    """Whose address this is, in words; a line's own address is the person's."""
    if sender and sender == row.chat:
        return setting.other
    if sender and sender == row.sender:
        return _speaker(row, setting)
    return setting.person if sender in ("", row.line) else address(sender)


def _quote(row: MessageRow, setting: Setting) -> Quote | None:
    if not row.reply_to and not row.reply_text:
        return None
    return Quote(text=row.reply_text, index=setting.in_view.get(row.reply_to))


def _reactions(row: MessageRow, setting: Setting) -> tuple[tuple[str, int, str], ...]:
    counted = Counter(reaction.emoji for reaction in row.reactions if reaction.emoji)
    return tuple(
        (emoji, count, ", ".join(_voice(r.sender, row, setting) for r in row.reactions if r.emoji == emoji))
        for emoji, count in counted.most_common()
    )


def _tick(receipts: Sequence[Receipt]) -> Tick | None:
    known = [receipt for receipt in receipts if receipt.status in _RANK]
    if not known:
        return None
    best = min(known, key=lambda receipt: _RANK.index(receipt.status))
    words = {
        "failed": _("Not delivered"), "played": _("Played"), "read": _("Read"),
        "delivered": _("Delivered"), "sent": _("Sent"),
    }  # fmt: skip
    icon = {"failed": "failed", "sent": "sent"}.get(best.status, "delivered")
    return Tick(icon=icon, status=best.status, word=words[best.status], at=best.at)


def _file(media: Media) -> File:
    kinds = {
        "image": ("photo", _("Photo")), "sticker": ("photo", _("Sticker")), "video": ("video", _("Video")),
        "audio": ("voice", _("Audio")), "document": ("file", _("Document")),
        "location": ("pin", _("Location")), "contacts": ("person", _("Contact card")),
    }  # fmt: skip
    icon, word = kinds.get(media.kind, ("file", _("File")))
    if media.voice:
        icon, word = "voice", _("Voice note")
    return File(icon=icon, word=word, filename=media.filename, mime=media.mime, sha256=media.sha256)


def _note(row: MessageRow, side: str) -> str:
    """What stands in for words where a message has none to show."""
    if side == "absent":
        return _absence(row)
    if row.text or row.media or (row.versions and any(version.text for version in row.versions)):
        return ""
    words = {
        "call": pgettext("in a conversation", "Call"), "group": _("Change in the group"),
        "contact": _("Contact changed"), "account": _("Account changed"), "system": _("Notice by WhatsApp"),
        "unreadable": _("This message was not understood. It is kept whole in its entry."),
    }  # fmt: skip
    if row.kind in words:
        return words[row.kind]
    if row.subtype in ("view_once", "unsupported"):
        return _("WhatsApp did not hand over what this message says.")
    return _("This message has no words. It is kept whole in its entry.")


def _absence(row: MessageRow) -> str:
    if row.versions and row.text:
        return _("We do not hold this message as it was first sent: only a later text of it.")
    if row.revoked:
        return _("We do not hold this message: only its deletion names it.")
    if row.reactions:
        return _("We do not hold this message: only a reaction names it.")
    if row.receipts:
        return _("We do not hold this message: only its receipts name it.")
    return _("We do not hold this message: only a reply names it.")
