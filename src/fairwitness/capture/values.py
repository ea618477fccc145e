"""JSON read without trust: a value of the wrong type is absent, never an error.

What arrives was written by strangers and changes without notice. These readers take
what is there and has the type it should have. Lone surrogates come out as U+FFFD.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import msgspec

from fairwitness.capture.exact import whole_text
from fairwitness.errors import Malformed

_any = msgspec.json.Decoder()
_INTEGER_DIGITS = 18
_SECONDS_END = 100_000_000_000
_MS_END = 253_402_300_800_000
_EMPTY: Mapping[str, Any] = {}


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


def _loads_slowly(data: bytes) -> Any:
    try:
        value = json.loads(data.decode(), parse_constant=_no_constant, parse_int=_integer)
    except RecursionError as error:
        raise Malformed("nested too deep") from error
    except ValueError as error:
        raise Malformed("not JSON", reason=type(error).__name__) from error
    return _whole(value)


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
