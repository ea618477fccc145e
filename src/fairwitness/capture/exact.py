"""JSON cut into the exact bytes of its parts.

Nothing is written anew: every part is a slice of the bytes that came in. A lone
surrogate escape such as `\\ud800` is JSON that the fast parser refuses; a slower scan
then finds the same slices. So it does around a part that is nested too deep to be read, or
holds what is no JSON value (`NaN`): that part is cut out whole, and its siblings stay
readable. An object that names a member twice is never read as if one of the two were not
there: `members` raises `Repeated`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from fairwitness.errors import Malformed

_object = msgspec.json.Decoder(dict[str, msgspec.Raw])
_array = msgspec.json.Decoder(list[msgspec.Raw])
_lexeme = re.compile(rb'[ \t\r\n]*("[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[-+.\w]+)', re.DOTALL)
_VALUE = "v{[s"
_OBJECT = ord("{")
_DEEPEST = 10_000
_kinds = ["v"] * 256
for _mark, _kind in zip(b'{}[],:"', "{}[],:s", strict=True):
    _kinds[_mark] = _kind
MOST_ELEMENTS = 10_000
"""How many elements an array may have. Meta sends 1,000 at most in one delivery (webhooks, "batching")."""
_MOST_COMMAS = 1_000_000
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
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _members_slowly(data)
    values, accounted_for = {}, 1
    for key, raw in found.items():
        value = values[key] = bytes(raw)
        accounted_for += len(key) + 4 + len(value)
    if values and accounted_for != len(data):  # not compact, or a member is hidden by another
        _refuse_repeats_of(data)
    return values


def every_member(data: bytes) -> Sequence[tuple[str, bytes]]:
    """As `members`, with each of those that share a name."""
    try:
        return tuple(members(data).items())
    except Repeated:
        return [(name, data[first:last]) for name, first, last in _parts(data)]


def elements(data: bytes) -> Sequence[bytes]:
    """The elements of a JSON array, each as its exact bytes."""
    if data.count(b",") >= _MOST_COMMAS:
        raise Malformed("too many parts", size=len(data))
    try:
        found = _array.decode(data)
        if len(found) > MOST_ELEMENTS:
            raise Malformed("an array of too many elements", elements=len(found))
        return [bytes(value) for value in found]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        parts = _parts(data)
        if not is_array(data.lstrip()):
            raise Malformed("not a JSON array") from None
        return [data[first:last] for _, first, last in parts]


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
    parts = _parts(data)
    if not is_object(data.lstrip()):
        raise Malformed("not a JSON object")
    _refuse_repeats(parts)
    return {key: data[first:last] for key, first, last in parts}


def _refuse_repeats(parts: Sequence[tuple[str, int, int]]) -> None:
    if len({key for key, _, _ in parts}) != len(parts):
        raise Repeated


def _refuse_repeats_of(data: bytes) -> None:
    """The same for the bytes of an object that the fast parser took, without looking for its parts."""
    try:
        # The hook is called for the outermost object last, so what comes back is that one's names.
        found: Any = json.loads(data.decode(), object_pairs_hook=_names, parse_int=len, parse_float=len)
    except (RecursionError, ValueError):
        _refuse_repeats(_parts(data))
        return
    if len({whole_text(name) for name in found}) != len(found):
        raise Repeated


def _names(pairs: list[tuple[str, Any]]) -> list[str]:
    return [name for name, _ in pairs]


def _parts(data: bytes) -> list[tuple[str, int, int]]:
    """Key (empty in an array), first and last byte offset of each part of an object or array.

    Raises `Malformed` unless brackets, commas and colons stand in `data` as they do in JSON,
    and strings end. Numbers and words are not looked at. What no sender means to send (deeper
    than `_DEEPEST`) is not scanned to its end.
    """
    parts: list[tuple[str, int, int]] = []
    around, wanted, key, start, at = bytearray(), _VALUE, "", 0, 0
    end = len(data.rstrip(_SPACE))
    while at < end:
        found = _lexeme.match(data, at)
        first = found.start(1) if found else 0
        kind = _kinds[data[first]] if found else ""
        if found is None or kind not in wanted:
            raise Malformed("not JSON", offset=at)
        if kind in "}]," and len(around) == 1 and start:
            parts.append((key, start, at))
            key, start = "", 0
        at = found.end()
        if kind in "{[":
            start = start or (first if around else 0)
            around.append(data[first])
            if len(around) > _DEEPEST:
                raise Malformed("nested too deep", offset=first)
            wanted = "s}" if kind == "{" else _VALUE + "]"
        elif kind == ",":
            wanted = "s" if around[-1] == _OBJECT else _VALUE
        elif kind == ":":
            wanted = _VALUE
        elif kind == "s" and wanted[0] == "s":
            key = _name(data[first:at]) if len(around) == 1 else key
            wanted = ":"
        else:
            if kind in "}]":
                around.pop()
            else:
                start = start or first
            wanted = (",}" if around[-1] == _OBJECT else ",]") if around else "end"
    if wanted != "end":
        raise Malformed("not JSON: it is cut off", offset=end)
    return parts


_SPACE = b" \t\r\n"


def _name(written: bytes) -> str:
    """A member's name; a lone surrogate in it becomes U+FFFD. One that is no JSON is taken as written."""
    try:
        name: Any = json.loads(written)
    except ValueError:
        return written.strip(_SPACE).decode("utf-8", "replace")
    return whole_text(str(name))


def whole_text(text: str) -> str:
    """`text` with every lone surrogate replaced by U+FFFD, so that it can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
