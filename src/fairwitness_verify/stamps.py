"""RFC 3161 stamps: what a stamp says it is of, and when. Who made it is not checked.

Just enough DER is read to find the stamp's content. Whether the authority's certificate
may be believed takes more than the standard library.
"""

from __future__ import annotations

import re
from hashlib import sha256

from fairwitness_verify.notes import Broken

_INTEGER, _OCTETS, _OID, _TIME, _SEQUENCE = 0x02, 0x04, 0x06, 0x18, 0x30
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_CONTENT = bytes.fromhex("2a864886f70d0109100104")
_SHA256 = bytes.fromhex("608648016503040201")
_GENERALIZED = re.compile(rb"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})(?:\.[0-9]{1,9})?Z")


def read_stamp(data: bytes, stamped: bytes) -> str:
    """When a stamp says it was made, if it is one of `stamped`."""
    # TimeStampResp → status, ContentInfo → SignedData → EncapsulatedContentInfo → TSTInfo
    response = _only(data, _SEQUENCE)
    status, rest = _take(response, _SEQUENCE)
    if _take(status, _INTEGER)[0] not in (b"\x00", b"\x01"):
        raise Broken("is the answer of an authority that refused")
    info, rest = _take(rest, _SEQUENCE)
    kind, rest = _take(info, _OID)
    if kind != _SIGNED_DATA:
        raise Broken("does not hold signed data")
    signed = _only(_take(rest, 0xA0)[0], _SEQUENCE)
    _, rest = _take(signed, _INTEGER)
    _, rest = _take(rest, 0x31)
    content, _ = _take(rest, _SEQUENCE)
    kind, rest = _take(content, _OID)
    if kind != _CONTENT:
        raise Broken("does not hold a time stamp")
    return _read_info(_only(_only(_take(rest, 0xA0)[0], _OCTETS), _SEQUENCE), stamped)


def _read_info(info: bytes, stamped: bytes) -> str:
    _, rest = _take(info, _INTEGER)
    _, rest = _take(rest, _OID)
    imprint, rest = _take(rest, _SEQUENCE)
    algorithm, hashed = _take(imprint, _SEQUENCE)
    if _take(algorithm, _OID)[0] != _SHA256:
        raise Broken("is made with another hash than SHA-256")
    if _only(hashed, _OCTETS) != sha256(stamped).digest():
        raise Broken("is a stamp of something else than the checkpoint beside it")
    _, rest = _take(rest, _INTEGER)
    time, _ = _take(rest, _TIME)
    match = _GENERALIZED.fullmatch(time)
    if match is None:
        raise Broken("does not say when it was made")
    year, month, day, hour, minute, second = (part.decode("ascii") for part in match.groups())
    return f"{year}-{month}-{day} {hour}:{minute}:{second}"


def _take(data: bytes, tag: int) -> tuple[bytes, bytes]:
    """The content of the first value, which must have this tag, and what follows it."""
    if len(data) < 2 or data[0] != tag:
        raise Broken("is not a time stamp in DER")
    length, at = data[1], 2
    if length & 0x80:
        count = length & 0x7F
        length, at = int.from_bytes(data[2 : 2 + count], "big"), 2 + count
        if not 1 <= count <= 3:
            raise Broken("is not a time stamp in DER")
    if at + length > len(data):
        raise Broken("is a time stamp that breaks off")
    return data[at : at + length], data[at + length :]


def _only(data: bytes, tag: int) -> bytes:
    content, rest = _take(data, tag)
    if rest:
        raise Broken("holds more than a time stamp")
    return content
