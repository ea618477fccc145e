"""JSON cut into the exact bytes of its parts.

Nothing is written anew: every part is a slice of the bytes that came in. A lone
surrogate escape such as `\\ud800` is JSON that the fast parser refuses; a slower scan
then finds the same slices. An object that names a member twice is never read as if one
of the two were not there: `members` raises `Repeated`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import msgspec

from fairwitness.errors import Malformed

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_array = msgspec.json.Decoder(list[msgspec.Raw])
_token = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]')
_PLAIN = frozenset({"entry", "changes", "value", "field", "metadata", "messages", "statuses", "contacts"})
_ascii_printable = re.compile(r"[ -~]*")


class Repeated(Exception):
    """An object has two members of the same name. Callers keep the object whole."""


def check_text(body: bytes) -> None:
    """Raise `Malformed` unless `body` is UTF-8, as JSON between systems must be."""
    if body.isascii():
        return
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Malformed("not UTF-8", offset=error.start) from error


def is_object(data: bytes) -> bool:
    """True for the bytes of a JSON object."""
    return data[:1] == b"{"


def is_array(data: bytes) -> bool:
    """True for the bytes of a JSON array."""
    return data[:1] == b"["


def members(data: bytes) -> Mapping[str, bytes]:
    """The members of a JSON object, each value as its exact bytes, in the order written."""
    try:
        found = _object.decode(data)
    except RecursionError as error:
        raise Malformed("nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _members_slowly(data)
    values, accounted_for = {}, 1
    for key, raw in found.items():
        value = values[key] = bytes(raw)
        accounted_for += len(key) + 4 + len(value)
    if values and accounted_for != len(data):  # not compact, or a member is hidden by another
        _refuse_repeats(data)
    return values


def elements(data: bytes) -> Sequence[bytes]:
    """The elements of a JSON array, each as its exact bytes."""
    try:
        return [bytes(value) for value in _array.decode(data)]
    except RecursionError as error:
        raise Malformed("nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError):
        _check_json(data)
        if not is_array(data.lstrip()):
            raise Malformed("not a JSON array") from None
        return [data[first:last] for _, first, last in _parts(data)]


def below(pointer: str, part: str | int) -> str:
    """The JSON pointer to `part` of what is at `pointer`.

    One that is not printable ASCII is given in RFC 6901's form for URI fragments.
    """
    if isinstance(part, int) or part in _PLAIN:
        return f"{pointer}/{part}"
    name = part.replace("~", "~0").replace("/", "~1")
    if _ascii_printable.fullmatch(name) and not pointer.startswith("#"):
        return f"{pointer}/{name}"
    if not pointer.startswith("#"):
        pointer = "#" + _as_fragment(pointer)
    return f"{pointer}/{_as_fragment(name)}"


def _as_fragment(text: str) -> str:
    safe = text.encode("utf-8", "replace")
    return "".join(chr(b) if 0x21 <= b <= 0x7E and b not in b'%#"' else f"%{b:02X}" for b in safe)


def _members_slowly(data: bytes) -> Mapping[str, bytes]:
    _check_json(data)
    if not is_object(data.lstrip()):
        raise Malformed("not a JSON object")
    _refuse_repeats(data)
    return {key: data[first:last] for key, first, last in _parts(data)}


def _refuse_repeats(data: bytes) -> None:
    keys = _keys(data)
    if len(set(keys)) != len(keys):
        raise Repeated


def _keys(data: bytes) -> list[str]:
    """The names of an object's own members, repeats included."""
    try:
        # The hook is called for the outermost object last, so what comes back is that one's names.
        found: Any = json.loads(data.decode(), object_pairs_hook=_names, parse_int=len, parse_float=len)
    except RecursionError:
        return [key for key, _, _ in _parts(data)]
    return [whole_text(key) for key in found]


def _names(pairs: list[tuple[str, Any]]) -> list[str]:
    return [name for name, _ in pairs]


def _check_json(data: bytes) -> None:
    """Raise `Malformed` unless `data` is JSON by the letter of RFC 8259."""
    try:
        json.loads(data.decode(), parse_constant=_no_constant, parse_int=len, parse_float=len)
    except RecursionError as error:
        raise Malformed("nested too deep") from error
    except ValueError as error:
        raise Malformed("not JSON", offset=getattr(error, "pos", None)) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _parts(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Key (empty in an array), first and last byte offset of each part of valid JSON."""
    depth, key, start = 0, "", 0
    for token in _token.finditer(data):
        mark = data[token.start()]
        if mark in b"}]":
            depth -= 1
        if (depth == 0 and mark in b"}]") or (depth == 1 and mark == 0x2C):
            value = data[start : token.start()]
            if value.strip(_SPACE):
                first = start + len(value) - len(value.lstrip(_SPACE))
                yield key, first, start + len(value.rstrip(_SPACE))
            start = token.end()
        elif depth == 1 and mark == 0x3A:
            key, start = _name(data[start : token.start()]), token.end()
        if mark in b"{[":
            depth += 1
            if depth == 1:
                start = token.end()


_SPACE = b" \t\r\n"


def _name(written: bytes) -> str:
    """A member's name; a lone surrogate in it becomes U+FFFD."""
    name: Any = json.loads(written)
    return whole_text(str(name))


def whole_text(text: str) -> str:
    """`text` with every lone surrogate replaced by U+FFFD, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
