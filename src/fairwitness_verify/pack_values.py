"""What a pack's own files say: the manifest, the list of logs, a line of entries. Read strictly."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, NamedTuple

from fairwitness_verify.notes import Broken
from fairwitness_verify.pack_files import PACK_NAME
from fairwitness_verify.values import read_canonical

_COUNT_LIMIT = 2**53
_MOST_HASHES = 64
_LOG_NAME = re.compile(r"custody|messages/(?:0|[1-9][0-9]{0,8})")
_CLAIM = re.compile(rb'"index":(0|[1-9][0-9]{0,15}),"path"')
_DIGEST = re.compile("[0-9a-f]{64}")


class Listed(NamedTuple):
    """A file as the manifest lists it."""

    name: str
    sha256: str
    size: int


class PackedLog(NamedTuple):
    """A log that a pack holds entries of."""

    log: str
    origin: str
    entries: int

    @property
    def stem(self) -> str:
        """The log's name as files of the pack carry it."""
        return self.log.replace("/", "-")


class Line(NamedTuple):
    """One entry of a pack."""

    header: bytes
    number: int
    path: list[bytes]
    payload: bytes | None
    salt: bytes | None


def read_listing(data: bytes) -> list[Listed]:
    """Read `manifest.json`."""
    value = _object(read_canonical(data), {"files", "v"})
    if not _is_number(value["v"]) or value["v"] != 1 or not isinstance(value["files"], list):
        raise Broken("is not a manifest of version 1")
    files = [_listed(one) for one in value["files"]]
    names = [file.name for file in files]
    if any(not PACK_NAME.fullmatch(name) for name in names) or names != sorted(set(names)):
        raise Broken("lists a file twice, out of order or by a name that a pack does not have")
    return files


def read_pack(data: bytes) -> list[PackedLog]:
    """Read `pack.json`: the logs, custody first."""
    value = _object(read_canonical(data), {"at", "logs", "selected", "v"})
    numbers = (value["at"], value["selected"], value["v"])
    if not all(map(_is_number, numbers)) or value["v"] != 1 or not isinstance(value["logs"], list):
        raise Broken("is not the description of a pack of version 1")
    logs = [_packed_log(one) for one in value["logs"]]
    names = [log.log for log in logs]
    if names[:1] != ["custody"] or len(set(names)) != len(names):
        raise Broken("does not name its logs once each, custody first")
    return logs


def read_line(data: bytes) -> Line:
    """Read a line of entries, without its line end."""
    value = _object(read_canonical(data), {"header", "index", "path", "payload", "salt"})
    header, index, path = value["header"], value["index"], value["path"]
    if not isinstance(header, str) or not _is_number(index) or not isinstance(path, list):
        raise Broken("has a member of the wrong type")
    hashes = [_bytes(one) for one in path]
    payload, salt = _secret(value["payload"]), _secret(value["salt"])
    if len(hashes) > _MOST_HASHES or any(len(one) != 32 for one in hashes):
        raise Broken("has a path that is not one of hashes")
    if (payload is None) != (salt is None) or (salt is not None and len(salt) != 16):
        raise Broken("has a payload without its salt, or a salt that is none")
    return Line(header.encode("ascii"), index, hashes, payload, salt)


def claimed_index(data: bytes) -> int | None:
    """The index that a line claims, which may be nonsense; None where it claims none."""
    match = _CLAIM.search(data)
    return int(match.group(1)) if match and int(match.group(1)) < _COUNT_LIMIT else None


def _object(value: dict[str, Any], members: set[str]) -> dict[str, Any]:
    if set(value) != members:
        raise Broken("has other members than it should")
    return value


def _listed(value: Any) -> Listed:
    if not isinstance(value, dict) or set(value) != {"name", "sha256", "size"}:
        raise Broken("lists something that is no file")
    name, digest, size = value["name"], value["sha256"], value["size"]
    if not isinstance(name, str) or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise Broken("lists something that is no file")
    if not _is_number(size):
        raise Broken("lists something that is no file")
    return Listed(name, digest, size)


def _packed_log(value: Any) -> PackedLog:
    if not isinstance(value, dict) or set(value) != {"entries", "log", "origin"}:
        raise Broken("names something that is no log")
    entries, log, origin = value["entries"], value["log"], value["origin"]
    if not isinstance(log, str) or not _LOG_NAME.fullmatch(log) or not isinstance(origin, str):
        raise Broken("names something that is no log")
    if not _is_number(entries):
        raise Broken("names something that is no log")
    return PackedLog(log, origin, entries)


def _secret(value: Any) -> bytes | None:
    return None if value is None else _bytes(value)


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str):
        raise Broken("has a member of the wrong type")
    try:
        data = base64.b64decode(value.encode("ascii"), validate=True)
    except binascii.Error:
        raise Broken("holds something that is not base64") from None
    if base64.b64encode(data).decode("ascii") != value:
        raise Broken("holds base64 that is not spelt the one way")
    return data


def _is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < _COUNT_LIMIT
