"""JSON read without trust: a value of the wrong type is absent, never an error.

What arrives was written by strangers and changes without notice. These readers take
what is there and has the type it should have. Lone surrogates come out as U+FFFD.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import msgspec

from fairwitness.capture.exact import Repeated, is_object, members, whole_text
from fairwitness.errors import Malformed

_any = msgspec.json.Decoder()
_INTEGER_DIGITS = 18
_SECONDS_END = 100_000_000_000
_MS_END = 253_402_300_800_000
_EMPTY: Mapping[str, Any] = {}
_DEEPEST = 4
_hex = re.compile(r"[0-9a-fA-F]{64}")
_name_end = re.compile(rb'"\s*:')


def loads(data: bytes) -> Any:
    """The value that `data` holds, or `Malformed`."""
    try:
        return _any.decode(data)
    except RecursionError as error:
        raise Malformed("nested too deep") from error
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        return _loads_slowly(data)


def loads_object(data: bytes | None) -> Mapping[str, Any]:
    """The object that `data` holds; empty when it holds none."""
    if not data:
        return _EMPTY
    value = loads(data)
    return value if isinstance(value, dict) else _EMPTY


def loads_members(data: bytes, *, depth: int = 0) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The object that `data` holds, and the names of what in it can not be read, which is left out.

    A member that is nested too deep, holds no JSON value, or names something twice, does not
    hide the others.
    """
    try:
        value = loads(data)
        _check_names(data, value)
    except Malformed:
        if depth == _DEEPEST:
            raise
    else:
        return (value if isinstance(value, dict) else _EMPTY), ()
    found: dict[str, Any] = {}
    unread: list[str] = []
    for name, raw in _apart(data).items():
        try:
            found[name], inside = loads_members(raw, depth=depth + 1) if is_object(raw) else (loads(raw), ())
            unread.extend(f"{name}/{part}" for part in inside)
        except Malformed:
            unread.append(name)
    return found, tuple(unread)


def _apart(data: bytes) -> Mapping[str, bytes]:
    try:
        return members(data)
    except Repeated as error:
        raise Malformed("a member is named twice") from error


def _check_names(data: bytes, value: Any) -> None:
    """Raise `Malformed` when an object in `data`, which was read as `value`, names a member twice.

    Readers of JSON keep the last one and say nothing. More names may be counted than there
    are, where text holds quotes; only then is the slow way taken.
    """
    if len(_name_end.findall(data)) == _count_names(value):
        return
    try:
        json.loads(data.decode(), object_pairs_hook=_once, parse_int=len, parse_float=len)
    except RecursionError as error:
        raise Malformed("nested too deep") from error


def _count_names(value: Any) -> int:
    count, pending = 0, [value]
    while pending:
        found = pending.pop()
        if isinstance(found, dict):
            count += len(found)
            pending.extend(found.values())
        elif isinstance(found, list):
            pending.extend(found)
    return count


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise Malformed("a member is named twice")


def peek(data: bytes) -> Any:
    """The value that `data` holds, or None where it can not be read."""
    try:
        return loads(data)
    except Malformed:
        return None


def peek_object(data: bytes) -> Mapping[str, Any]:
    """The object that `data` holds; empty when it holds none, or can not be read."""
    value = peek(data) if data[:1] == b"{" else None
    return value if isinstance(value, dict) else _EMPTY


def obj(value: Any, *path: str) -> Mapping[str, Any]:
    """The object at `path`, or an empty one."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else _EMPTY


def items(value: Any, *path: str) -> list[Any]:
    """The list at `path`, or an empty one."""
    *parents, last = path
    found = obj(value, *parents).get(last)
    return found if isinstance(found, list) else []


def text(value: Any, *path: str) -> str:
    """The string at `path`; numbers as written in decimal, anything else as ''."""
    found = value
    for key in path:
        if not isinstance(found, dict):
            return ""
        found = found.get(key)
    if isinstance(found, str):
        return found
    if found is None or isinstance(found, bool) or not isinstance(found, int | float):
        return ""
    return str(found)


def flag(value: Any, *path: str) -> bool:
    """True only where `path` holds the JSON value true."""
    *parents, last = path
    return obj(value, *parents).get(last) is True


def strings(value: Any, *, skip: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every string inside `value`, in the order written, but not under the names in `skip`."""
    pending = [value]
    while pending:
        found = pending.pop()
        if isinstance(found, str):
            if found.strip():
                yield found
        elif isinstance(found, dict):
            pending.extend(v for k, v in reversed(found.items()) if k not in skip)
        elif isinstance(found, list):
            pending.extend(reversed(found))


def moment(value: Any) -> int | None:
    """A time in ms from seconds or ms, as number or digits; None when it says no time.

    Values below 10**11 are seconds (the year 5138), up to the year 9999 in ms; beyond
    that, or negative, they are not believed.
    """
    number: int | float
    if isinstance(value, str):
        if not (value.isascii() and value.isdigit() and len(value) <= _INTEGER_DIGITS):
            return None
        number = int(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = value
    else:
        return None
    if not 0 <= number < _MS_END:  # also refuses NaN
        return None
    return round(number * 1000) if number < _SECONDS_END else int(number)


def sha256_hex(written: str) -> str:
    """A SHA-256 in lowercase hex, from hex or base64; '' when it is neither."""
    if _hex.fullmatch(written):
        return written.lower()
    try:
        raw = base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""


def _loads_slowly(data: bytes) -> Any:
    try:
        return _whole(json.loads(data.decode(), parse_constant=_no_constant, parse_int=_integer))
    except RecursionError as error:
        raise Malformed("nested too deep") from error
    except ValueError as error:
        raise Malformed("not JSON", reason=type(error).__name__) from error


def _integer(digits: str) -> int | None:
    """Integers that no field of ours can mean are absent."""
    return int(digits) if len(digits) <= _INTEGER_DIGITS else None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, dict):
        return {whole_text(key): _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return value
