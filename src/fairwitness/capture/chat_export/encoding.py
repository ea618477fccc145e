"""The bytes of an exported text as characters, without losing one."""

import codecs

import msgspec

from fairwitness.errors import Malformed


class Encoding(msgspec.Struct, frozen=True):
    """`codec` with surrogateescape turns the text back into its bytes; `skip` bytes come before it."""

    name: str
    codec: str
    skip: int = 0


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text of `data` and how it was written.

    UTF-8 as a rule. Files from before that are Latin-1; a file that is mostly UTF-8 keeps
    its broken bytes as they are.
    """
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return _utf_16(data, codec), Encoding("utf-16", codec, len(mark))
    skip = 3 if data.startswith(codecs.BOM_UTF8) else 0
    try:
        return data[skip:].decode(), Encoding("utf-8", "utf-8", skip)
    except UnicodeDecodeError:
        text = data[skip:].decode("utf-8", "surrogateescape")
    if not any(ord(c) >= 0x80 and not 0xDC80 <= ord(c) <= 0xDCFF for c in text):
        return data[skip:].decode("latin-1"), Encoding("latin-1", "latin-1", skip)
    return text, Encoding("utf-8, damaged", "utf-8", skip)


def _utf_16(data: bytes, codec: str) -> str:
    try:
        return data[2:].decode(codec)
    except UnicodeDecodeError as error:
        raise Malformed("damaged UTF-16; export the chat again", offset=error.start + 2) from error
