"""One entry of a log: the header that is hashed, and where the rest of it is.

The header is public: it carries a salted commitment to the payload and no content.
Its canonical bytes are the Merkle leaf (`docs/spec/entry.md`).
"""

from typing import Literal

import msgspec

from fairwitness import canonical
from fairwitness.errors import Malformed

MESSAGES = "messages/0"
CUSTODY = "custody"
LogName = str


class Header(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The hashed part of an entry. `received_at` is in ms; hex strings are lowercase.

    `custody_size` is the size of the custody log whose decisions had been applied.
    `ref` is the SHA-256 of a public artefact that the entry binds, such as a manifest.
    """

    v: Literal[1] = 1
    kind: str
    received_at: int
    custody_size: int
    stream: str
    payload_size: int
    commitment: str
    ref: str = ""


def header_bytes(header: Header) -> bytes:
    """The canonical form of `header`: what is hashed, bundled and proven."""
    value = msgspec.structs.asdict(header)
    if not value["ref"]:
        del value["ref"]
    return canonical.encode(value)


_decoder = msgspec.json.Decoder(Header)


def read_header(data: bytes) -> Header:
    """Read a header, refusing bytes that are not its canonical form."""
    try:
        header = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("not an entry header", reason=str(error)) from error
    if header_bytes(header) != data:
        raise Malformed("header is not in canonical form")
    return header


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """An entry as read back from the record, opened: `payload` is None once its key is gone."""

    log: LogName
    index: int
    header: Header
    payload: bytes | None
