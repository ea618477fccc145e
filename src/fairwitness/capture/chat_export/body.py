"""What the body of an exported message is: words, a file, a notice of something gone.

The words are never changed. What WhatsApp itself wrote (a file's mark, `<This message was
edited>`) is recognised and set apart; anything else is text, whatever it looks like.
"""

import re
import unicodedata

import msgspec

from fairwitness.capture.chat_export import wording
from fairwitness.capture.chat_export.grammar import MARKS
from fairwitness.model.event import Media

_EDGES = MARKS + " \t\r\n\u00a0\u202f"
_FULL_STOPS = ".。।"


class Body(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """`kind` is text, image, video, audio, sticker, gif, contacts, document, file, location,
    poll, call, deleted, waiting or absent. `text` holds every word a person wrote.
    """

    kind: str
    text: str = ""
    media: tuple[Media, ...] = ()
    edited: bool = False
    details: tuple[tuple[str, str], ...] = ()


def plain(written: str) -> str:
    """A copy of a phrase to compare with the tables: no marks, brackets, final full stop or case."""
    bare = written.strip(_EDGES).removeprefix("<").removesuffix(">").strip(_EDGES)
    return _folded(bare.translate(_NO_MARKS))


def _folded(written: str) -> str:
    bare = written.strip().rstrip(_FULL_STOPS).casefold()
    return bare if bare.isascii() else unicodedata.normalize("NFC", bare)


def read_body(body: str) -> Body:
    """What `body` is, by the words that WhatsApp writes in the languages known here."""
    if not _special.search(body):
        return _of_plain_words(body)
    words, edited = _without_edit_mark(body)
    found = _attached(words) or _omitted(words) or _poll(words) or _place(words)
    if found is None and len(words) <= _LONGEST_PHRASE:
        found = _notice(words, plain(words))
    if found is None:
        found = Body(kind="text", text=words)
    return msgspec.structs.replace(found, edited=True) if edited else found


def _of_plain_words(body: str) -> Body:
    """As `read_body`, for a body without any sign of WhatsApp's own: almost every message."""
    newline = body.find("\n")
    if newline < 0:
        found = _notice(body, _folded(body)) if len(body) <= _LONGEST_PHRASE else None
        return found or Body(kind="text", text=body)
    return _omitted(body) or _poll(body) or Body(kind="text", text=body)


def _notice(words: str, phrase: str) -> Body | None:
    """A message that is gone, has not come, was a call or a file: the whole body is WhatsApp's."""
    if phrase in _WHOLE:
        if phrase in _OMITTED:
            return _omitted(words)
        if phrase in _WAITING:
            return Body(kind="waiting", text=words)
        if phrase not in _DELETED:
            return Body(kind="absent")
        by = (("deleted by", "the phone's owner"),) if phrase in _DELETED_BY_SELF else ()
        return Body(kind="deleted", details=by)
    if _call_hint.search(phrase):
        pattern = _call if words[:1] in _LEADING else _call_exactly
        if pattern.fullmatch(phrase):
            return Body(kind="call", text=words.strip(_EDGES))
    return None


def is_notice(body: str, *, sender: str) -> bool:
    """True when `body` is, whole, a line that WhatsApp writes about the chat or about what `sender` did.

    Kept narrow: a person who types a mark in front of words must not pass for a notice.
    """
    phrase = plain(body)
    if "\n" in phrase or len(phrase) > _LONGEST_NOTICE:
        return False
    if _notice_line.fullmatch(phrase):
        return True
    for name in (plain(sender), *wording.YOU):
        if name and phrase.startswith(f"{name} ") and _action.fullmatch(phrase, len(name) + 1):
            return True
    return False


def tells_of_encryption(body: str) -> bool:
    """True for the notice that stands at the beginning of every chat."""
    return bool(_encryption.fullmatch(plain(body)))


def is_call(body: str) -> bool:
    """True for a line about a call."""
    return bool(_call.fullmatch(plain(body)))


def deleted_by_self(body: str) -> bool:
    """True for the notice that only the owner of the phone sees on a message of theirs."""
    return len(body) <= _LONGEST_PHRASE and plain(body) in _DELETED_BY_SELF


def file_kind(name: str) -> str:
    """What sort of file a name says it is: by WhatsApp's own naming, then by its ending."""
    upper = name.upper()
    for mark, kind in _NAMED.items():
        if mark in upper:
            return kind
    return _ENDINGS.get(upper.rpartition(".")[2], "document")


def _without_edit_mark(body: str) -> tuple[str, bool]:
    at = body.rfind("<")
    if at < 0 or plain(body[at:]) not in _EDITED:
        return body, False
    return _before_mark(body[:at]), True


def _before_mark(words: str) -> str:
    """What a person wrote in front of a mark: WhatsApp puts one space and a direction mark between."""
    bare = words.rstrip(MARKS)
    return bare[:-1] if bare.endswith((" ", "\u00a0", "\u202f", "\n")) else bare


def _attached(words: str) -> Body | None:
    """`<attached: F>` at the end (iOS), or `F (file attached)` on the first line (Android)."""
    before = _attached_ios.search(words) if ">" in words else None
    if before:
        name = before.group("name").strip(_EDGES)
        return _file(name, _before_mark(words[: before.start()]))
    first, _, rest = words.partition("\n")
    after = _attached_android.fullmatch(first.strip(_EDGES)) if "(" in first else None
    return _file(after.group("name").strip(_EDGES), rest) if after else None


def _file(name: str, caption: str) -> Body:
    """A file that came with the export. Its name counts as words: people choose it."""
    kind = file_kind(name)
    media = Media(kind=kind, filename=name, voice="PTT-" in name.upper())
    said = "\n".join(part for part in (caption, name) if part.strip(_EDGES))
    return Body(kind=kind, text=said, media=(media,))


def _omitted(words: str) -> Body | None:
    """A file that the export left out, with the title or caption that stayed."""
    first, _, rest = words.partition("\n")
    kind = _OMITTED.get(plain(first)) if len(first) <= _LONGEST_PHRASE else None
    if kind:
        return Body(kind=kind, text=rest, media=(Media(kind=kind),))
    at = max(words.rfind(mark) for mark in _LEADING)
    kind = _OMITTED.get(plain(words[at:])) if at > 0 else None
    if not kind:
        return None
    title = _before_mark(words[:at])
    name = title.strip(_EDGES).partition(" \u2022 ")[0].strip(_EDGES)
    return Body(kind=kind, text=title, media=(Media(kind=kind, filename=name),))


def _poll(words: str) -> Body | None:
    if "\n" not in words:
        return None
    first, colon, _ = words.strip(_EDGES).partition(":")
    if colon and len(first) <= _LONGEST_PHRASE and plain(first) in _POLL:
        return Body(kind="poll", text=words)
    return None


def _place(words: str) -> Body | None:
    if "://maps.google." not in words and "://foursquare.com/v/" not in words:
        return None
    point = _point.search(words)
    if point and _only_place.fullmatch(words.strip(_EDGES)):
        where = (("latitude", point.group(1)), ("longitude", point.group(2)))
        return Body(kind="location", text=words, details=where)
    if _venue.fullmatch(words.strip(_EDGES)):
        return Body(kind="location", text=words)
    return None


_NO_MARKS = dict.fromkeys(map(ord, MARKS))
_LEADING = ("\u200e", "\u200f")
_DELETED_BY_SELF = frozenset(map(plain, wording.DELETED_BY_SELF))
_DELETED = frozenset(map(plain, wording.DELETED)) | _DELETED_BY_SELF
_WAITING = frozenset(map(plain, wording.WAITING))
_EDITED = frozenset(map(plain, wording.EDITED))
_OMITTED = {plain(phrase): kind for kind, phrases in wording.OMITTED.items() for phrase in phrases}
_POLL = frozenset(map(plain, wording.POLL))
_LONGEST_PHRASE = 80
_LONGEST_NOTICE = 400
_special = re.compile(f"[<({MARKS}]|://")
_WHOLE = _DELETED | _WAITING | _OMITTED.keys() | {"", "null"}
_call_hint = re.compile("call|chamada|ligação|llamada|anruf|appel|chiamata|oproep|звон|hovor")
_call = re.compile("|".join(wording.CALLS))
_call_exactly = re.compile("|".join(wording.CALLS).replace(".{0,60}", ""))
_encryption = re.compile("|".join(wording.ENCRYPTION))
_notice_line = re.compile("|".join((*wording.ENCRYPTION, *wording.NOTICES)))
_action = re.compile("|".join(wording.ACTIONS))
_any_of = "|".join(re.escape(word) for word in wording.ATTACHED_BEFORE)
_attached_ios = re.compile(
    rf"[{MARKS}]*<(?:{_any_of})[\s\u00a0\u202f]?:\s?(?P<name>[^<>\n]{{1,300}})>[{_EDGES}]*$",
    re.IGNORECASE,
)
_any_of = "|".join(re.escape(word) for word in wording.ATTACHED_AFTER)
_attached_android = re.compile(
    rf"(?P<name>[^\n]{{1,300}}?\.\w{{1,10}})[{_EDGES}]*\((?:{_any_of})\)", re.IGNORECASE
)
_point = re.compile(r"[?&]q=(-?\d{1,3}(?:\.\d{1,20})?),(-?\d{1,3}(?:\.\d{1,20})?)")
_only_place = re.compile(r"(?:[^:\n]{1,40}: ?|[^\n]{0,300}\n){0,3}https://maps\.google\.\S+")
_venue = re.compile(r"[^\n]{1,300}(?:: |\n(?:[^\n]{1,300}\n)?)https://foursquare\.com/v/\S+")
_NAMED = {
    "-PHOTO-": "image", "-VIDEO-": "video", "-AUDIO-": "audio", "-STICKER-": "sticker", "-GIF-": "gif",
    "IMG-": "image", "VID-": "video", "PTT-": "audio", "AUD-": "audio", "STK-": "sticker", "PTV-": "video",
}  # fmt: skip
_ENDINGS = {
    **dict.fromkeys(("JPG", "JPEG", "PNG", "HEIC", "GIF", "BMP"), "image"),
    **dict.fromkeys(("MP4", "MOV", "3GP", "AVI", "MKV"), "video"),
    **dict.fromkeys(("OPUS", "OGG", "M4A", "MP3", "AAC", "WAV", "AMR"), "audio"),
    "WEBP": "sticker",
    "VCF": "contacts",
}
