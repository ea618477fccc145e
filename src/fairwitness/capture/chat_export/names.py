"""Which chat an export is of: as told, as the file or its folder is named, or as it says itself.

A chat is told from another by its name, so the same chat must get the same name each time:
a second download (`… (1).zip`), a renamed file and a longer export are all of one chat.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

from fairwitness.capture.chat_export.body import tells_of_encryption
from fairwitness.capture.chat_export.export import ExportMessage
from fairwitness.capture.chat_export.wording import CHAT_FILES

_patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in CHAT_FILES)
_ending = re.compile(r"\.(txt|zip)$", re.IGNORECASE)
_copy = re.compile(r"\s?\(\d{1,3}\)$")
_copied = re.compile(
    r"[\s_-]*(\d{1,3}|[-–]?\s?(copy|copia|cópia|kopie|copie)(\s\(?\d{1,3}\)?)?)", re.IGNORECASE
)
_GIVEN, _FILE, _FOLDER = "as given", "as the file is named", "as the folder is named"
_NOTICE = "as WhatsApp's first line in it says"
_OTHER, _PAIR = "the only one who writes beside the owner", "the two who write in it"


def chat_name(file_name: str) -> str:
    """Whom the chat is with, as the file's name says; '' when it does not."""
    bare = unicodedata.normalize("NFC", file_name).replace("\\", "/").rpartition("/")[2]
    while _ending.search(bare):
        bare = _ending.sub("", bare)
    bare = _copy.sub("", bare.strip())
    for pattern in _patterns:
        match = pattern.fullmatch(bare)
        if match:
            return next(part for part in match.groups() if part).strip()
    return ""


def told_name(*, given: str, file_name: str, folder: str) -> tuple[str, str]:
    """The chat's name by what stands outside the file, and how it is known."""
    for name, how in ((given, _GIVEN), (chat_name(file_name), _FILE), (chat_name(folder), _FOLDER)):
        if name:
            return unicodedata.normalize("NFC", name), how
    return "", ""


def without_copy(name: str, senders: Collection[str]) -> str:
    """`name` without what a system adds to the name of a second download, if somebody has the rest."""
    if name in senders:
        return name
    for sender in senders:
        if name.startswith(sender) and _copied.fullmatch(name, len(sender)):
            return sender
    return name


def name_by_notice(messages: Sequence[ExportMessage]) -> tuple[str, str]:
    """The chat's name by the notice that iOS writes under it at the beginning of every chat."""
    first = next((m for m in messages if m.kind != "preamble"), None)
    if first is None or first.kind != "system" or not first.sender:
        return "", ""
    return (first.sender, _NOTICE) if tells_of_encryption(first.body) else ("", "")


def name_by_people(senders: Counter[str], owner: str) -> tuple[str, str]:
    """The chat's name by who writes in it, where that does not change: two people."""
    others = [name for name in senders if name != owner]
    if owner and len(others) == 1:
        return others[0], _OTHER
    if len(senders) == 2:
        return " & ".join(sorted(senders)), _PAIR
    return "", ""
