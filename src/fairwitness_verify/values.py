"""Entry headers and segment manifests: canonical JSON, read strictly and without recursion of ours."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from fairwitness_verify.notes import Broken

_LIMIT = 2**53
BLOCK = 65_536
MOST_ROWS = 65_536
_INTEGER = rb"(0|-?[1-9][0-9]{0,15})"
_HEADER = re.compile(
    rb'\{"commitment":"([0-9a-f]{64})","custody_size":' + _INTEGER + rb","
    rb'"kind":"((?:[ !#-\[\]-~]|\\["\\])*)","payload_size":' + _INTEGER + rb","
    rb'"received_at":' + _INTEGER + rb",(?:"
    rb'"ref":"([0-9a-f]{64})",)?"stream":"[0-9a-f]{32}","v":1\}'
)
_HEX = re.compile("[0-9a-f]{64}")
_MEMBERS = {"blocks", "file", "first", "last", "log", "sha256", "size", "v"}


class Header(NamedTuple):
    """What the verifier needs of an entry's header."""

    kind: bytes
    custody_size: int
    ref: str
    commitment: str
    payload_size: int


class Manifest(NamedTuple):
    """A segment's manifest; `blocks` are (hash in hex, first entry, last entry)."""

    log: str
    first: int
    last: int
    file: str
    size: int
    sha256: str
    blocks: list[tuple[str, int, int]]


def read_header(data: bytes) -> Header:
    """Read a header of version 1. The pattern admits exactly its canonical forms."""
    match = _HEADER.fullmatch(data)
    if match is None:
        raise Broken(_why(read_canonical(data), "header"))
    commitment, custody, kind, payload, received, ref = match.groups()
    custody_size, payload_size = int(custody), int(payload)
    if max(custody_size, payload_size, abs(int(received))) >= _LIMIT or min(custody_size, payload_size) < 0:
        raise Broken("holds a number that a header can not have")
    return Header(kind, custody_size, (ref or b"").decode("ascii"), commitment.decode("ascii"), payload_size)


def read_manifest(data: bytes) -> Manifest:
    """Read a segment's manifest and check all that it says about itself."""
    value = read_canonical(data)
    if value.get("v") != 1 or type(value["v"]) is not int or set(value) != _MEMBERS:
        raise Broken(_why(value, "manifest"))
    blocks = value["blocks"]
    numbers = [value["first"], value["last"], value["size"]]
    texts = [value["log"], value["file"], value["sha256"]]
    if not isinstance(blocks, list) or not all(map(_is_count, numbers)) or not all(map(_is_text, texts)):
        raise Broken("has a member of the wrong type")
    manifest = Manifest(
        value["log"], value["first"], value["last"], value["file"], value["size"], value["sha256"],
        [_block(block, value["first"], value["last"]) for block in blocks],
    )  # fmt: skip
    if not 0 <= manifest.last - manifest.first < MOST_ROWS:
        raise Broken("names a range of entries that a segment can not have")
    if len(blocks) != -(-manifest.size // BLOCK) or not _HEX.fullmatch(manifest.sha256):
        raise Broken("does not name a hash for each block of its file")
    return manifest


def read_canonical(data: bytes) -> dict[str, Any]:
    """Read an object in the restricted canonical form (RFC 8785; ASCII, integers below 2^53)."""
    try:
        value = json.loads(
            data.decode("ascii"), parse_int=_integer, parse_float=_refuse, parse_constant=_refuse
        )
        again = json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError):
        raise Broken("is not JSON of the canonical subset") from None
    # An escape other than of a quote or a backslash stands for a character outside the subset.
    odd = re.search(rb"[^ -~]|\\[^\"\\]", re.sub(rb'\\["\\]', b"", data))
    if again != data or odd or not isinstance(value, dict):
        raise Broken("is not in canonical form")
    return value


def _why(value: dict[str, Any], name: str) -> str:
    version = value.get("v")
    if type(version) is int and version > 1:
        return f"is a {name} of version {version}, and this verifier knows version 1: use a newer verifier"
    return f"is not a {name} of version 1"


def _block(block: Any, first: int, last: int) -> tuple[str, int, int]:
    if not isinstance(block, dict) or set(block) != {"sha256", "first", "last"}:
        raise Broken("holds a block that is not a hash with its entries")
    start, stop, digest = block["first"], block["last"], block["sha256"]
    if not _is_text(digest) or not _HEX.fullmatch(digest) or not (_is_count(start) and _is_count(stop)):
        raise Broken("holds a block that is not a hash with its entries")
    if not first <= start <= stop <= last:
        raise Broken("holds a block with entries outside its segment")
    return digest, start, stop


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value < _LIMIT


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) >= _LIMIT:
        raise ValueError("too large")
    return int(digits)


def _refuse(text: str) -> None:
    raise ValueError(text)
