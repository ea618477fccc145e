"""The one byte encoding that is hashed and signed: RFC 8785 JSON, restricted.

Values are objects, arrays, printable ASCII strings, integers with an absolute value
below 2**53, booleans and null. Within that subset RFC 8785 sorts keys the way plain
byte order does and escapes only `"` and `\\`, so msgspec's sorted encoder writes the
canonical form; the tests hold it against the `rfc8785` package.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from fairwitness.errors import Malformed

LARGEST = 2**53 - 1
_ESCAPES = re.compile(rb'(?:[^\\]|\\["\\])*')
_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder()


def encode(value: Mapping[str, Any]) -> bytes:
    """Encode `value` canonically, or raise `Malformed` when it is outside the subset."""
    _check(value, "$")
    return _encoder.encode(value)


def encode_struct(value: msgspec.Struct) -> bytes:
    """Encode a struct whose fields can only be text, integers, null, and lists and tables of those.

    The same bytes as `encode` at a fraction of the cost: what the types do not rule out is
    looked for in the result. Integers are the caller's to bound.
    """
    data = _encoder.encode(value)
    if not data.isascii() or b"\x7f" in data or (b"\\" in data and not _ESCAPES.fullmatch(data)):
        raise Malformed("a string is not printable ASCII")
    return data


def decode(data: bytes) -> dict[str, Any]:
    """Decode canonical bytes, refusing any that are not exactly what `encode` writes."""
    try:
        value = _decoder.decode(data)
        again = encode(value) if isinstance(value, dict) else b""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("not JSON", reason=str(error)) from error
    if not isinstance(value, dict) or again != data:
        raise Malformed("not in canonical form")
    return value


def _check(value: Any, where: str) -> None:
    match value:
        case bool() | None:
            return
        case int():
            if abs(value) > LARGEST:
                raise Malformed("an integer is outside ±2**53", where=where)
        case str():
            if not (value.isascii() and value.isprintable()):
                raise Malformed("a string is not printable ASCII", where=where)
        case list() | tuple():
            for number, item in enumerate(value):
                _check(item, f"{where}[{number}]")
        case Mapping():
            for key, item in value.items():
                _check(key, where)
                _check(item, f"{where}.{key}")
        case _:
            raise Malformed(f"a {type(value).__name__} has no canonical form", where=where)
