"""Vectors of what is handed on: cosignatures and proofs of an entry, those that hold and those that must not."""

import base64
from collections.abc import Iterator

from tests.vectors import naive

PLAN = naive.Plan(seed="the vector record", witnesses=2)
ORIGIN = f"{naive.NAME}/{naive.MESSAGES}"
AT = 1_764_000_000
INDEX, SIZE = 260, 300


def cosignature_vectors() -> dict[str, object]:
    """Cosigned notes with the witness's key and time, and lines that must be refused."""
    name = naive.witness_name(0)
    key, note = naive.private_key(name), naive.checkpoint(PLAN, naive.MESSAGES, _headers())
    vkey, line = naive.witness_vkey(name, key), naive.cosignature(note, name, key, at=AT)
    late = naive.cosignature(note, name, key, at=2**63 - 1)
    stranger = naive.cosignature(note, naive.witness_name(1), naive.private_key("another"), at=AT)
    return {
        "held": [
            {"vkey": vkey, "note": (note + line).decode(), "at": AT},
            {"vkey": vkey, "note": (note + late).decode(), "at": 2**63 - 1},
            {"vkey": vkey, "note": (note + stranger + line).decode(), "at": AT},
        ],
        "refused": [
            {"vkey": vkey, "note": (note + bad).hex(), "why": why} for why, bad in _bad_lines(note, line)
        ],
        "refused_keys": [
            {"vkey": naive.vkey(name, key), "why": "the key of a log"},
            {"vkey": vkey.replace("example", "exemple"), "why": "another name"},
            {"vkey": vkey[:-4] + "AAAA", "why": "another key"},
        ],
    }


def _headers() -> list[bytes]:
    return naive.headers_of(PLAN)[naive.MESSAGES][:SIZE]


def _bad_lines(note: bytes, line: bytes) -> Iterator[tuple[str, bytes]]:
    name, blob = naive.witness_name(0), base64.b64decode(line.decode().rpartition(" ")[2])
    key = naive.private_key(name)

    def signed(data: bytes) -> bytes:
        return f"\u2014 {name} {base64.b64encode(data).decode()}\n".encode()

    yield "nobody cosigned", b""
    yield "another time", signed(blob[:11] + bytes([blob[11] ^ 1]) + blob[12:])
    yield "a flipped bit", signed(blob[:40] + bytes([blob[40] ^ 1]) + blob[41:])
    yield "without its time", signed(blob[:4] + blob[12:])
    yield "a byte more", signed(blob + b"\0")
    yield "only a time", signed(blob[:12])
    yield "a time of 2^63", signed(blob[:4] + (2**63).to_bytes(8, "big") + blob[12:])
    yield "twice", line + line
    yield "of another text", naive.cosignature(note.replace(b"\n300\n", b"\n299\n"), name, key, at=AT)
    plain = naive.note(note.decode().rpartition("\n\n")[0] + "\n", name, key).decode().split("\n\n")[1]
    yield "a plain signature under the same id", signed(blob[:4] + base64.b64decode(plain.split(" ")[2])[4:])
    yield "a plain signature", plain.encode()


def proof_vectors() -> dict[str, object]:
    """Proofs of entries that hold with the keys given, and files that must be refused."""
    headers = _headers()
    keys = naive.vkey(ORIGIN, naive.private_key(f"{PLAN.seed} {naive.MESSAGES}")) + "\n"
    note = naive.cosigned(PLAN, naive.MESSAGES, headers)
    good = naive.proof_file(INDEX, headers, note)
    single = headers[:1]
    return {
        "keys": keys,
        "witnesses": naive.witnesses_of(PLAN).decode(),
        "origin": ORIGIN,
        "held": [
            {"proof": good.decode(), "header": headers[INDEX].decode(), "index": INDEX, "size": SIZE},
            {"proof": naive.proof_file(0, single, naive.cosigned(PLAN, naive.MESSAGES, single)).decode(),
             "header": single[0].decode(), "index": 0, "size": 1},
            {"proof": good.replace(b"\nindex", b"\nextra aGVsbG8=\nindex", 1).decode(),
             "header": headers[INDEX].decode(), "index": INDEX, "size": SIZE},
        ],
        "refused": [
            {"proof": bad.hex(), "header": header.decode(), "why": why}
            for why, bad, header in _bad_proofs(good, headers, note)
        ],
    }  # fmt: skip


def _bad_proofs(good: bytes, headers: list[bytes], note: bytes) -> Iterator[tuple[str, bytes, bytes]]:
    header, lines = headers[INDEX], good.split(b"\n")
    index = f"index {INDEX}".encode()

    def changed(old: bytes, new: bytes) -> bytes:
        assert old in good
        return good.replace(old, new, 1)

    yield "empty", b"", header
    yield "another entry", good, headers[INDEX + 1]
    yield "another version", changed(b"@v1", b"@v2"), header
    yield "carriage returns", good.replace(b"\n", b"\r\n"), header
    yield "another index", changed(index, b"index 261"), header
    yield "an index beyond the tree", changed(index, b"index 300"), header
    yield "an index with a zero before it", changed(index, b"index 0260"), header
    yield "an index with a sign", changed(index, b"index +260"), header
    yield "an index of 2^63", changed(index, f"index {2**63}".encode()), header
    yield "no index", changed(index + b"\n", b""), header
    yield "two extras", changed(b"index", b"extra aGVsbG8=\nextra aGVsbG8=\nindex"), header
    yield "extra after the index", changed(index, index + b"\nextra aGVsbG8="), header
    yield "an extra that is empty", changed(b"index", b"extra \nindex"), header
    yield "an extra that is not base64", changed(b"index", b"extra a\nindex"), header
    yield "a hash missing", b"\n".join(lines[:2] + lines[3:]), header
    yield "a hash twice", b"\n".join([*lines[:3], *lines[2:]]), header
    yield "two hashes exchanged", b"\n".join([*lines[:2], lines[3], lines[2], *lines[4:]]), header
    yield "a hash cut short", changed(lines[2], base64.b64encode(bytes(31))), header
    yield "a hash with loose bits", changed(lines[2], lines[2][:-2] + bytes([lines[2][-2] ^ 1]) + b"="), header
    yield "64 hashes", b"\n".join([*lines[:2], *([lines[2]] * 64), *lines[3:]]), header
    yield "no empty line", changed(b"\n\n", b"\n"), header
    yield "no checkpoint", good.split(b"\n\n")[0] + b"\n\n", header
    yield "a checkpoint of another log", changed(note, naive.cosigned(PLAN, naive.CUSTODY, headers)), header
    unsigned = note.split(b"\n\n")[0] + b"\n\n" + note.split(b"\n\n")[1].split(b"\n", 1)[1]
    yield "a checkpoint that the log did not sign", changed(note, unsigned), header
    first = note.split(b"\n\n")[0] + b"\n\n" + b"\n".join(note.split(b"\n\n")[1].split(b"\n")[:2]) + b"\n"
    yield "a checkpoint that too few cosigned", changed(note, first), header
    yield "a node for an entry", good, b"\x01" + header
