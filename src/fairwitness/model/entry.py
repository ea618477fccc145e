"""One entry of a log: the header that is hashed, and where the rest of it is.

The header is public: it carries a salted commitment to the payload and no content.
Its canonical bytes are the Merkle leaf (`docs/spec/entry.md`).
"""

from typing import Annotated, Literal

import msgspec

from fairwitness import canonical
from fairwitness.errors import Malformed

MESSAGES = "messages/0"
CUSTODY = "custody"
LogName = str
_Id = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{32}\Z")]
_Hash = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The hashed part of an entry. `received_at` is in ms; hex strings are lowercase.

    `custody_size` is the size of the custody log whose decisions had been applied.
    `ref` is the SHA-256 of a public artefact that the entry binds, such as a manifest.
    """

    kind: str
    received_at: int
    custody_size: int
    stream: _Id
    payload_size: int
    commitment: _Hash
    v: Literal[1] = 1
    ref: _Hash | msgspec.UnsetType = msgspec.UNSET


def header_bytes(header: Header) -> bytes:
    """The canonical form of `header`: what is hashed, bundled and proven."""
    largest = max(abs(header.received_at), header.custody_size, header.payload_size)
    if largest > canonical.LARGEST or min(header.custody_size, header.payload_size) < 0:
        raise Malformed("a header's number is out of range", largest=largest)
    return canonical.encode_struct(header)


_decoder = msgspec.json.Decoder(Header)


def read_header(data: bytes) -> Header:
    """Read a header, refusing bytes that are not its canonical form."""
    try:
        header = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
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
