"""The name of a chat, from the name of its file."""

import re

from fairwitness.capture.chat_export.wording import CHAT_FILES

_patterns = tuple(re.compile(pattern, re.IGNORECASE) for pattern in CHAT_FILES)
_ending = re.compile(r"\.(txt|zip)$", re.IGNORECASE)
_copy = re.compile(r"\s?\(\d{1,3}\)$")


def chat_name(file_name: str) -> str:
    """Whom the chat is with, as the file's name says; '' when it does not."""
    bare = file_name.replace("\\", "/").rpartition("/")[2]
    while _ending.search(bare):
        bare = _ending.sub("", bare)
    bare = _copy.sub("", bare.strip())
    for pattern in _patterns:
        match = pattern.fullmatch(bare)
        if match:
            return match.group(1).strip()
    return ""
