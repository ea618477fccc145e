"""What arrived, as bytes: the payload of one entry.

An envelope holds exact byte slices of a delivery, each with the JSON pointer (RFC 6901)
or byte range it came from, the source, the delivery it came in and what the door
checked. `pack` and `unpack` are the payload format of `docs/spec/entry.md`.
"""

import struct

import msgspec

from fairwitness import canonical
from fairwitness.errors import Malformed


class Slice(msgspec.Struct, frozen=True):
    """Exact bytes of a delivery: `name` says what they are, `pointer` where they stood."""

    name: str
    pointer: str
    data: bytes


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a source delivered, before the mandate was asked.

    `line` and `contact` are aliases (`docs/spec/event.md`, "Addresses"); `contact` is
    empty where the item names nobody. `identity` is what makes two deliveries the same
    thing: source, line, kind, WhatsApp's id and a suffix by kind. `refers_to` is the
    identity of the message that an edit or a revocation changes. `sent_at` is in ms.
    """

    source: str
    kind: str
    line: str
    contact: str = ""
    identity: tuple[str, ...]
    refers_to: tuple[str, ...] | None = None
    sent_at: int | None = None
    slices: tuple[Slice, ...]


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """The payload of an entry, unpacked.

    `checked` says what the door verified and noticed, as sorted name and value pairs.
    """

    source: str
    delivery: str
    line: str
    sent_at: int | None
    checked: tuple[tuple[str, str], ...]
    slices: tuple[Slice, ...]

    def slice(self, name: str) -> bytes | None:
        """The bytes of the first slice called `name`, or None."""
        for part in self.slices:
            if part.name == name:
                return part.data
        return None


class _SliceHead(msgspec.Struct, frozen=True):
    length: int
    name: str
    pointer: str


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    checked: dict[str, str]
    delivery: str
    line: str
    sent_at: int | None
    slices: list[_SliceHead]
    source: str
    v: int = 1


def pack(envelope: Envelope) -> bytes:
    """Lay out `envelope` as payload bytes: u32 head length, canonical head, slices."""
    if envelope.sent_at is not None and abs(envelope.sent_at) > canonical.LARGEST:
        raise Malformed("a sent time is out of range", sent_at=envelope.sent_at)
    head = canonical.encode_struct(
        _Head(
            checked=dict(envelope.checked),
            delivery=envelope.delivery,
            line=envelope.line,
            sent_at=envelope.sent_at,
            slices=[_SliceHead(len(s.data), s.name, s.pointer) for s in envelope.slices],
            source=envelope.source,
        )
    )
    return b"".join((struct.pack(">I", len(head)), head, *(s.data for s in envelope.slices)))


_head_decoder = msgspec.json.Decoder(_Head)


def unpack(payload: bytes) -> Envelope:
    """Read payload bytes back, or raise `Malformed` with the offset where they end."""
    if len(payload) < 4:
        raise Malformed("payload shorter than its length field", size=len(payload))
    (length,) = struct.unpack_from(">I", payload)
    try:
        head = _head_decoder.decode(payload[4 : 4 + length])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("payload head is not readable", reason=str(error)) from error
    slices, offset = [], 4 + length
    for entry in head.slices:
        slices.append(Slice(entry.name, entry.pointer, payload[offset : offset + entry.length]))
        offset += entry.length
    if offset != len(payload):
        raise Malformed("payload slices do not fill it", expected=offset, size=len(payload))
    return Envelope(
        source=head.source,
        delivery=head.delivery,
        line=head.line,
        sent_at=head.sent_at,
        checked=tuple(sorted(head.checked.items())),
        slices=tuple(slices),
    )
