"""The log formats once more, as the specifications define them and as slowly as they read.

Nothing here is shared with `fairwitness` or `fairwitness_verify`: vectors and test records
are made with it, so that neither is tested against itself.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256, shake_128
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAME = "firm.example/record"
MESSAGES, CUSTODY = "messages/0", "custody"
BLOCK = 65_536


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    power = 1
    while 2 * power < count:
        power *= 2
    return power


def mth(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1, of leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return node(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 6962, section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def proof(m: int, leaves: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """RFC 6962, section 2.1.2."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = _split(len(leaves))
    if m <= k:
        return [*proof(m, leaves[:k], whole=whole), mth(leaves[k:])]
    return [*proof(m - k, leaves[k:], whole=False), mth(leaves[:k])]


def tile_name(level: str, index: int, width: int) -> str:
    digits = str(index).rjust(3 * -(-len(str(index)) // 3), "0")
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    number = "/".join(["x" + group for group in groups[:-1]] + [groups[-1]])
    return f"tile/{level}/{number}" + (f".p/{width}" if width < 256 else "")


def tree_files(entries: Sequence[bytes]) -> dict[str, bytes]:
    """Every tile and bundle of a log with these entries."""
    files, hashes, level = {}, [leaf(entry) for entry in entries], 0
    for index in range(0, len(entries), 256):
        chunk = entries[index : index + 256]
        bundle = b"".join(len(entry).to_bytes(2, "big") + entry for entry in chunk)
        files[tile_name("entries", index // 256, len(chunk))] = bundle
    while hashes:
        rows = [hashes[at : at + 256] for at in range(0, len(hashes), 256)]
        for index, row in enumerate(rows):
            files[tile_name(str(level), index, len(row))] = b"".join(row)
        hashes, level = [mth(row) for row in rows if len(row) == 256], level + 1
    return files


def private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(seed.encode()).digest())


def key_id(name: str, public: bytes) -> bytes:
    return sha256(name.encode() + b"\n\x01" + public).digest()[:4]


def vkey(name: str, key: Ed25519PrivateKey) -> str:
    public = key.public_key().public_bytes_raw()
    encoded = base64.b64encode(b"\x01" + public).decode()
    return f"{name}+{key_id(name, public).hex()}+{encoded}"


def note(text: str, name: str, key: Ed25519PrivateKey) -> bytes:
    blob = key_id(name, key.public_key().public_bytes_raw()) + key.sign(text.encode())
    return f"{text}\n\u2014 {name} {base64.b64encode(blob).decode()}\n".encode()


def witness_name(number: int) -> str:
    return f"witness.example/w{number}"


def witness_vkey(name: str, key: Ed25519PrivateKey) -> str:
    data = b"\x04" + key.public_key().public_bytes_raw()
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    return f"{name}+{key_id.hex()}+{base64.b64encode(data).decode()}"


def cosignature(note_bytes: bytes, name: str, key: Ed25519PrivateKey, *, at: int) -> bytes:
    """C2SP's tlog-cosignature, Ed25519: the line by which a witness cosigns a note."""
    text = note_bytes.decode().rpartition("\n\n")[0] + "\n"
    signed = key.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
    data = b"\x04" + key.public_key().public_bytes_raw()
    blob = sha256(name.encode() + b"\n" + data).digest()[:4] + at.to_bytes(8, "big") + signed
    return f"\u2014 {name} {base64.b64encode(blob).decode()}\n".encode()


def proof_file(index: int, headers: Sequence[bytes], note_bytes: bytes) -> bytes:
    """C2SP's tlog-proof, version 1, without extra data."""
    hashes = path(index, [leaf(entry) for entry in headers])
    lines = ["c2sp.org/tlog-proof@v1", f"index {index}", *(base64.b64encode(h).decode() for h in hashes), ""]
    return "".join(f"{line}\n" for line in lines).encode() + note_bytes


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def header(number: int, *, kind: str, custody_size: int, ref: str = "", **other: object) -> bytes:
    """A header that looks like any other."""
    value = {
        "commitment": sha256(f"payload {kind} {number}".encode()).hexdigest(),
        "custody_size": custody_size,
        "kind": kind,
        "payload_size": 100 + number % 400,
        "received_at": 1_764_000_000_000 + number,
        "stream": sha256(f"stream {number % 7}".encode()).hexdigest()[:32],
        "v": 1,
        **({"ref": ref} if ref else {}),
        **other,
    }
    return canonical(value)


@dataclass
class Segment:
    """A segment to make: its range and how many bytes its file has."""

    log: str
    first: int
    last: int
    size: int


@dataclass
class Plan:
    """A record to make. `edit(log, headers)` may change the headers before they are hashed.

    So many `witnesses` cosigned each log, at the size in `witnessed` or its last.
    """

    messages: int = 700
    decisions: int = 300
    segments: tuple[Segment, ...] = (
        Segment(MESSAGES, 0, 299, 150_000),
        Segment(MESSAGES, 300, 511, 65_536),
        Segment(CUSTODY, 0, 9, 1_000),
    )
    name: str = NAME
    seed: str = "a test"
    witnesses: int = 0
    witnessed: dict[str, int] = field(default_factory=dict)
    edit: Callable[[str, list[bytes]], list[bytes]] = field(default=lambda _, headers: headers)


def manifest_files(plan: Plan, segment: Segment, **changed: object) -> dict[str, bytes]:
    """A segment's file, filled with noise, and its manifest."""
    stem = f"{segment.log}/segment/{segment.first:012d}-{segment.last:012d}"
    data = shake_128(f"{plan.seed} {stem}".encode()).digest(segment.size)
    parts = [data[at : at + BLOCK] for at in range(0, len(data), BLOCK)]
    share = (segment.last - segment.first + 1) // len(parts)
    bounds = [(segment.first + at * share, segment.first + (at + 1) * share - 1) for at in range(len(parts))]
    bounds[-1] = (bounds[-1][0], segment.last)
    manifest = {
        "v": 1, "log": f"{plan.name}/{segment.log}", "first": segment.first, "last": segment.last,
        "file": stem.rpartition("/")[2] + ".parquet", "size": len(data), "sha256": sha256(data).hexdigest(),
        "blocks": [
            {"sha256": sha256(part).hexdigest(), "first": first, "last": last}
            for part, (first, last) in zip(parts, bounds, strict=True)
        ],
        **changed,
    }  # fmt: skip
    return {f"{stem}.parquet": data, f"{stem}.json": canonical(manifest)}


def log_files(plan: Plan, log: str, headers: Sequence[bytes]) -> dict[str, bytes]:
    """A log's tiles, bundles and checkpoint."""
    files = {f"{log}/{name}": data for name, data in tree_files(headers).items()}
    files[f"{log}/checkpoint"] = checkpoint(plan, log, headers)
    return files


def checkpoint(plan: Plan, log: str, headers: Sequence[bytes]) -> bytes:
    """The signed checkpoint of a log with these entries."""
    origin = f"{plan.name}/{log}"
    root = base64.b64encode(mth([leaf(entry) for entry in headers])).decode()
    return note(f"{origin}\n{len(headers)}\n{root}\n", origin, private_key(f"{plan.seed} {log}"))


def headers_of(plan: Plan, manifests: Sequence[bytes] = ()) -> dict[str, list[bytes]]:
    """The headers of both logs; the custody log ends with what was sealed."""
    sealed = [sha256(manifest).hexdigest() for manifest in manifests]
    custody = [header(i, kind="content.shown", custody_size=i) for i in range(plan.decisions)]
    custody += [
        header(i, kind="segment.sealed", custody_size=i, ref=ref)
        for i, ref in enumerate(sealed, plan.decisions)
    ]
    messages = [
        header(i, kind="message", custody_size=min(i // 3, len(custody))) for i in range(plan.messages)
    ]
    return {MESSAGES: plan.edit(MESSAGES, messages), CUSTODY: plan.edit(CUSTODY, custody)}


def record_files(plan: Plan) -> dict[str, bytes]:
    """Every file of a whole and healthy record, by name."""
    files: dict[str, bytes] = {}
    for segment in plan.segments:
        files |= manifest_files(plan, segment)
    manifests = [data for name, data in files.items() if name.endswith(".json")]
    for log, headers in headers_of(plan, manifests).items():
        files |= log_files(plan, log, headers)
        if plan.witnesses:
            size = plan.witnessed.get(log, len(headers))
            files[f"{log}/checkpoint.witnessed"] = cosigned(plan, log, headers[:size])
    files["keys"] = keys_of(plan)
    if plan.witnesses:
        files["witnesses"] = witnesses_of(plan)
    return files


def cosigned(plan: Plan, log: str, headers: Sequence[bytes]) -> bytes:
    """A log's checkpoint, cosigned by every witness of the plan, a second apart."""
    signed = checkpoint(plan, log, headers)
    return signed + b"".join(
        cosignature(signed, witness_name(n), private_key(witness_name(n)), at=1_764_000_000 + n)
        for n in range(plan.witnesses)
    )


def witnesses_of(plan: Plan) -> bytes:
    """The `witnesses` file of a plan."""
    names = [witness_name(n) for n in range(plan.witnesses)]
    return "".join(witness_vkey(name, private_key(name)) + "\n" for name in names).encode()


def keys_of(plan: Plan) -> bytes:
    """The `keys` file of a plan."""
    logs = (CUSTODY, MESSAGES)
    lines = [vkey(f"{plan.name}/{log}", private_key(f"{plan.seed} {log}")) + "\n" for log in logs]
    return "".join(lines).encode()


def write(files: dict[str, bytes], folder: Path) -> None:
    """Write the files of a record below a folder."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
