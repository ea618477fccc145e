"""Ed25519 signatures, checked as RFC 8032, section 5.1.7 says, in plain integers.

The check is strict: S below the group's order, points in their one encoding, and the
equation without the cofactor, so that one signature has one spelling. Keys whose order
divides eight are refused, since under them anything can be signed. Nothing here is
secret, so nothing needs to take the same time.
"""

from __future__ import annotations

from hashlib import sha512
from typing import TYPE_CHECKING

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)

if TYPE_CHECKING:  # Python 3.8 can not index tuple
    Point = tuple[int, int, int, int]
_ZERO = (0, 1, 1, 0)


class BadSignature(ValueError):
    """The signature does not hold, or the key is none."""


def check_signature(public: bytes, message: bytes, signature: bytes) -> None:
    """Check that the holder of `public` signed `message`."""
    # 1. The key is a point that can sign; the signature is R and an S below the order.
    key = check_public(public)
    if len(signature) != 64:
        raise BadSignature("a signature is 64 bytes")
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= _ORDER:
        raise BadSignature("a signature is not in its one form")
    # 2. k is the hash of R, the key and the message.
    digest = sha512(signature[:32] + public + message).digest()
    k = int.from_bytes(digest, "little") % _ORDER
    # 3. [S]B - [k]A must be R. Comparing encodings also refuses an R that has another form.
    negative = (_P - key[0], key[1], key[2], _P - key[3])
    if _encode(_add(_times(scalar, _BASE), _times(k, negative))) != signature[:32]:
        raise BadSignature("a signature does not hold")


def check_public(public: bytes) -> Point:
    """Check that these 32 bytes are a public key that can sign, and give its point."""
    if len(public) != 32:
        raise BadSignature("a key is 32 bytes")
    point = _decode(public)
    if _is_zero(_times(8, point)):
        raise BadSignature("under this key anything can be signed")
    return point


def _add(one: Point, two: Point) -> Point:
    # RFC 8032, section 5.1.4: complete, so that doubling needs no case of its own.
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c = 2 * one[3] * two[3] * _D % _P
    d = 2 * one[2] * two[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _times(scalar: int, point: Point) -> Point:
    total = _ZERO
    for bit in bin(scalar)[2:]:
        total = _add(total, total)
        if bit == "1":
            total = _add(total, point)
    return total


def _is_zero(point: Point) -> bool:
    return point[0] % _P == 0 and (point[1] - point[2]) % _P == 0


def _encode(point: Point) -> bytes:
    inverse = pow(point[2], _P - 2, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _decode(data: bytes) -> Point:
    value = int.from_bytes(data, "little")
    sign, y = value >> 255, value & (2**255 - 1)
    if y >= _P:
        raise BadSignature("a point is not in its one encoding")
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if x * x % _P != square:
        x = x * _ROOT % _P
    if x * x % _P != square or (x == 0 and sign):
        raise BadSignature("not a point of the curve")
    if x & 1 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


_BASE = _decode((4 * pow(5, _P - 2, _P) % _P).to_bytes(32, "little"))
