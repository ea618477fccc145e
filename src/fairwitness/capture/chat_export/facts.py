"""What the reader of an export must know about a message beside its bytes.

An export's line says little: whose phone it was, how dates are read and where the body
begins are known from the whole file. They travel with each item in a slice `envelope`,
as JSON with sorted keys.
"""

import msgspec

from fairwitness.errors import Malformed


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one message. `body` is where its body begins, in characters.

    `order` and `sure` are how dates were read; `zone` is the time zone that was assumed.
    """

    body: int
    chat: str
    chat_name: str = ""
    encoding: str = "utf-8"
    flags: tuple[str, ...] = ()
    kind: str = "message"
    local: str = ""
    order: str = "DMY"
    owner: str = ""
    owner_how: str = ""
    platform: str = ""
    sender: str = ""
    sure: str = "certain"
    v: int = 1
    zone: str = ""


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Facts)


def pack_facts(facts: Facts) -> bytes:
    """The facts as bytes, the same bytes for the same facts."""
    return _encoder.encode(facts)


def read_facts(data: bytes) -> Facts:
    """Read facts back, or raise `Malformed`."""
    try:
        return _decoder.decode(data)
    except msgspec.DecodeError as error:
        raise Malformed("the facts of an exported message are not readable", reason=str(error)) from error
