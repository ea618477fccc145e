"""Writes the vectors of this folder: `python -m tests.vectors.make`. Twice gives the same bytes."""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.vectors import naive, witnessed

HERE = Path(__file__).parent
ORDER = 2**252 + 27742317777372353535851937790883648493
FIELD = 2**255 - 19

RECORD = naive.Plan(
    messages=300,
    decisions=12,
    segments=(naive.Segment(naive.MESSAGES, 0, 199, 66_000), naive.Segment(naive.CUSTODY, 0, 3, 500)),
    seed="the vector record",
    witnesses=2,
    witnessed={naive.MESSAGES: 290},
)
OLDER = {naive.MESSAGES: 270, naive.CUSTODY: 5}

_INCLUSION = (
    (0, 1), (0, 2), (1, 3), (6, 7), (255, 256), (256, 257), (300, 1000), (65_536, 65_537), (69_999,
    70_000), (12_345, 70_000),
)  # fmt: skip
_CONSISTENCY = (
    (1, 2), (1, 7), (3, 7), (4, 7), (6, 7), (255, 256), (256, 257), (256, 1000), (65_536, 70_000),
    (65_537, 70_000), (69_999, 70_000),
)  # fmt: skip
# The entries of RFC 6962's own test trees.
_REFERENCE = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip


def entry_vectors() -> dict[str, object]:
    """Headers with their leaves, payloads with their commitments, and what must be refused."""
    salt = sha256(b"a salt").digest()[:16]
    slices = [
        ("item", "/entry/0/changes/0/value/messages/0", b'{"id":"wamid.A","text":{"body":"ol\\u00e1"}}')
    ]
    payloads = [_payload([], sent_at=None), _payload(slices, sent_at=1_764_000_000_000)]
    example = naive.canonical(_example(payloads[1], salt))
    headers = [
        example,
        naive.header(0, kind="account.signed_in", custody_size=0),
        naive.header(1, kind="segment.sealed", custody_size=1, ref="ab" * 32),
        naive.header(2, kind='a kind "nobody" knows \\ yet', custody_size=2**53 - 1),
        naive.header(3, kind="", custody_size=3, payload_size=0, received_at=0),
        naive.header(4, kind="message", custody_size=3, received_at=-1),
    ]
    return {
        "headers": [{"header": data.decode(), "leaf": naive.leaf(data).hex()} for data in headers],
        "payloads": [
            {
                "payload": data.hex(),
                "salt": salt.hex(),
                "commitment": sha256(salt + data).hexdigest(),
                "size": len(data),
            }
            for data in payloads
        ],
        "refused": [{"bytes": data.hex(), "why": why} for why, data in _bad_headers(example)],
    }


def _example(payload: bytes, salt: bytes) -> dict[str, object]:
    return {
        "commitment": sha256(salt + payload).hexdigest(), "custody_size": 12, "kind": "message",
        "payload_size": len(payload), "received_at": 1_764_000_000_123,
        "stream": "0f8fad5bd9cb469fa16570867728950e", "v": 1,
    }  # fmt: skip


def _payload(slices: list[tuple[str, str, bytes]], *, sent_at: int | None) -> bytes:
    head = naive.canonical(
        {
            "v": 1, "source": "cloud_api", "delivery": "00" * 16, "line": "11" * 16, "sent_at": sent_at,
            "checked": {"signature": "app"},
            "slices": [{"length": len(data), "name": name, "pointer": at} for name, at, data in slices],
        }
    )  # fmt: skip
    return len(head).to_bytes(4, "big") + head + b"".join(data for *_, data in slices)


def _bad_headers(good: bytes) -> Iterator[tuple[str, bytes]]:
    def changed(old: bytes, new: bytes) -> bytes:
        assert old in good
        return good.replace(old, new, 1)

    yield "empty", b""
    yield "not UTF-8", b"\xff" + good
    yield "not JSON", good[:-1]
    yield "white space before", b" " + good
    yield "a line end after", good + b"\n"
    yield "white space within", changed(b":12,", b": 12,")
    yield "two values", good + good
    yield "an array", b"[" + good + b"]"
    yield "null", b"null"
    yield "keys not sorted", changed(b'{"commitment"', b'{"zommitment"')
    yield "a member twice", changed(b'"v":1', b'"v":1,"v":1')
    yield "a member missing", changed(b'"custody_size":12,', b"")
    yield "a member that version 1 does not know", changed(b'"stream"', b'"shard":0,"stream"')
    yield "an empty ref", changed(b'"stream"', b'"ref":"","stream"')
    yield "a ref that is not a hash", changed(b'"stream"', b'"ref":"abcd","stream"')
    yield "version 0", changed(b'"v":1', b'"v":0')
    yield "version 2", changed(b'"v":1', b'"v":2')
    yield "a version that is no integer", changed(b'"v":1', b'"v":1.0')
    yield "a version that is true", changed(b'"v":1', b'"v":true')
    yield "a fraction", changed(b":12,", b":12.0,")
    yield "an exponent", changed(b":12,", b":12e0,")
    yield "a leading zero", changed(b":12,", b":012,")
    yield "a plus", changed(b":12,", b":+12,")
    yield "minus zero", changed(b":12,", b":-0,")
    yield "a negative custody size", changed(b":12,", b":-12,")
    yield "a number of 2^53", changed(b":12,", b":9007199254740992,")
    yield "a number of 5,000 digits", changed(b":12,", b":1" + b"0" * 5000 + b",")
    yield "a number as a string", changed(b":12,", b':"12",')
    yield "not a number", changed(b":12,", b":NaN,")
    yield "an upper-case hash", good.upper().replace(b"COMMITMENT", b"commitment")
    yield "upper-case hex", changed(b'"0f8f', b'"0F8F')
    yield "a stream too short", changed(b'"0f8f', b'"0f8')
    yield "a stream with a line end", changed(b'950e"', b'950e\\n"')
    yield "a commitment too long", changed(b'","custody', b'0","custody')
    yield "an escape that is not needed", changed(b'"message"', b'"\\u006dessage"')
    yield "an escaped solidus", changed(b'"message"', b'"\\/message"')
    yield "a control character", changed(b'"message"', b'"\\u0001"')
    yield "a raw control character", changed(b'"message"', b'"\x01"')
    yield "a delete character", changed(b'"message"', b'"\x7f"')
    yield "a letter outside ASCII", changed(b'"message"', '"mensagem é"'.encode())
    yield "a lone surrogate", changed(b'"message"', b'"\\ud800"')
    yield "a kind that is null", changed(b'"message"', b"null")
    yield "nested without end", b'{"a":' * 3_000 + b"1" + b"}" * 3_000


def tlog_vectors() -> dict[str, object]:
    """Roots, proofs and layouts. Entry i of the trees is the decimal number i."""
    leaves = [naive.leaf(str(i).encode()) for i in range(70_000)]
    sizes = [*range(18), 255, 256, 257, 511, 512, 4096, 65_535, 65_536, 65_537, 70_000]
    layout: dict[str, list[int]] = {}
    for name in naive.tree_files([b""] * 70_000):
        level = name.split("/")[1]
        full, partial = layout.setdefault(level, [0, 0])
        layout[level] = [
            full + (".p/" not in name),
            int(name.rpartition("/")[2]) if ".p/" in name else partial,
        ]
    reference_leaves = [naive.leaf(bytes.fromhex(data)) for data in _REFERENCE]
    return {
        "roots": {str(size): naive.mth(leaves[:size]).hex() for size in sizes},
        "inclusion": [
            {"index": m, "size": n, "path": [h.hex() for h in naive.path(m, leaves[:n])]}
            for m, n in _INCLUSION
        ],
        "consistency": [
            {"old": m, "new": n, "path": [h.hex() for h in naive.proof(m, leaves[:n])]}
            for m, n in _CONSISTENCY
        ],
        "layout_of_70000": layout,
        "paths": {str(n): naive.tile_name("0", n, 256) for n in (0, 999, 1000, 1_234_067, 1_000_000_000)},
        "reference": {
            "entries": _REFERENCE,
            "roots": [naive.mth(reference_leaves[:n]).hex() for n in range(1, 9)],
        },
    }


def note_vectors() -> dict[str, object]:
    """Notes that hold, notes and keys that must be refused. Two are the examples of others."""
    key, name = naive.private_key("a note"), "firm.example/record/custody"
    text = f"{name}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
    vkey, good = naive.vkey(name, key), naive.note(text, name, key)
    held = [
        # The example of C2SP's signed-note.
        ("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         "This is an example message.\n\n\u2014 example.com/foo "
         "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"),
        # The example of Go's golang.org/x/mod/sumdb/note.
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
         "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
         "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"),
        (vkey, good.decode()),
        (vkey, good.decode() + _strangers(15)),
        (vkey, good.decode().replace(f"\u2014 {name}", _strangers(1) + f"\u2014 {name}")),
        (vkey, naive.note("a text\n\nwith an empty line\n", name, key).decode()),
    ]  # fmt: skip
    return {
        "held": [{"vkey": key_line, "note": note} for key_line, note in held],
        "refused": [{"vkey": vkey, "note": data.hex(), "why": why} for why, data in _bad_notes(good, name)],
        "refused_keys": [{"vkey": line, "why": why} for why, line in _bad_keys(vkey, name)],
        "refused_checkpoints": [{"text": bad, "why": why} for why, bad in _bad_checkpoints(text, name)],
    }


def _strangers(count: int) -> str:
    lines = []
    for number in range(count):
        other = naive.private_key(f"stranger {number}")
        lines.append(naive.note("x\n", f"witness.example/{number}", other).decode().split("\n\n")[1])
    return "".join(lines)


def _bad_notes(good: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    text, _, signature = good.decode().rpartition("\n\n")
    line, blob = signature, base64.b64decode(signature.rpartition(" ")[2])

    def signed(data: bytes) -> bytes:
        return f"{text}\n\n\u2014 {name} {base64.b64encode(data).decode()}\n".encode()

    yield "empty", b""
    yield "nothing signed", text.encode() + b"\n"
    yield "a blank line and no signature", text.encode() + b"\n\n"
    yield "only a stranger signed", f"{text}\n\n{_strangers(1)}".encode()
    yield "no last line end", good[:-1]
    yield "an empty line after", good + b"\n"
    yield "carriage returns", good.replace(b"\n", b"\r\n")
    yield "a tab", good.replace(b"\n0\n", b"\n0\t\n")
    yield "a zero byte", good.replace(b"\n0\n", b"\n0\0\n")
    yield "not UTF-8", b"\xff" + good
    yield "a changed text", good.replace(b"\n0\n", b"\n1\n")
    yield "a hyphen for the dash", good.replace("\u2014".encode(), b"-")
    yield "two spaces", good.replace(f"{name} ".encode(), f"{name}  ".encode())
    yield "a name with a space", good + b"\xe2\x80\x94 a b " + base64.b64encode(blob) + b"\n"
    yield (
        "a name with an unbreakable space",
        good + "\u2014 a\u00a0b ".encode() + base64.b64encode(blob) + b"\n",
    )
    yield "a name with a plus", good + b"\xe2\x80\x94 a+b " + base64.b64encode(blob) + b"\n"
    yield (
        "a stranger's signature of four bytes",
        good + b"\xe2\x80\x94 a " + base64.b64encode(b"abcd") + b"\n",
    )
    yield "signed twice by one key", good + line.encode()
    yield "a flipped bit in the signature", signed(blob[:20] + bytes([blob[20] ^ 1]) + blob[21:])
    yield "a signature cut short", signed(blob[:-1])
    yield "a signature with a byte more", signed(blob + b"\0")
    yield (
        "S above the order",
        signed(blob[:36] + (int.from_bytes(blob[36:], "little") + ORDER).to_bytes(32, "little")),
    )
    yield "base64 with loose bits", good[:-3] + bytes([good[-3] + 1]) + good[-2:]
    yield "base64 without its end", good.rstrip(b"=\n") + b"\n"
    yield "base64 with a space", good[:-2] + b" =\n"
    yield "URL base64", signed(blob).replace(b"+", b"-") if b"+" in signed(blob) else good.replace(b"=", b"_")


def _bad_keys(good: str, name: str) -> Iterator[tuple[str, str]]:
    _, key_id, encoded = good.split("+", 2)
    yield "empty", ""
    yield "two parts", f"{name}+{encoded}"
    yield "no name", f"+{key_id}+{encoded}"
    yield "a name with a space", good.replace("firm", "fi rm")
    yield "another name", good.replace("firm", "farm")
    yield "another id", f"{name}+{int(key_id, 16) ^ 1:08x}+{encoded}"
    yield "an upper-case id", f"{name}+{'0A' * 4}+{encoded}"
    yield "an id with a sign", f"{name}++{key_id[1:]}+{encoded}"
    yield "a short id", f"{name}+{key_id[1:]}+{encoded}"
    yield "a line end", good + "\n"
    yield "white space", good + " "
    yield "a type that is not known", _line(name, b"\x04" + base64.b64decode(encoded)[1:])
    yield "a key too short", _line(name, base64.b64decode(encoded)[:-1])
    yield "a key too long", _line(name, base64.b64decode(encoded) + b"\0")
    for key in _small_keys():
        yield "a key under which anything can be signed", _line(name, b"\x01" + bytes.fromhex(key))
    yield "a key in another encoding", _line(name, b"\x01" + (FIELD + 3).to_bytes(32, "little"))


def _line(name: str, data: bytes) -> str:
    key_id = sha256(name.encode() + b"\n" + data).digest()[:4]
    return f"{name}+{key_id.hex()}+{base64.b64encode(data).decode()}"


def _bad_checkpoints(good: str, name: str) -> Iterator[tuple[str, str]]:
    root = good.split("\n")[2]
    yield "empty", ""
    yield "no origin", f"\n0\n{root}\n"
    yield "no root", f"{name}\n0\n"
    yield "an extension line", good + "more\n"
    yield "no last line end", good[:-1]
    yield "an empty line", good + "\n"
    for size in ("", "00", "01", "-1", "+1", " 1", "1.0", "1e3", "x", "\u0661", str(2**63), "9" * 5000):
        yield "a size that is not a plain number", f"{name}\n{size}\n{root}\n"
    yield "a root that is no hash", f"{name}\n1\n{base64.b64encode(b'short').decode()}\n"
    yield "a root that is not base64", f"{name}\n1\n{'!' * 44}\n"
    yield "an empty log with another root", f"{name}\n0\n{base64.b64encode(bytes(32)).decode()}\n"


def ed25519_vectors() -> dict[str, object]:
    """Signatures that hold (the first four are RFC 8032's, section 7.1), and that do not."""
    seeds = [
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", b""),
        ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", b"\x72"),
        ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", b"\xaf\x82"),
        ("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
         bytes.fromhex("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")),
        (sha256(b"another").hexdigest(), bytes(range(256)) * 5),
    ]  # fmt: skip
    held = []
    for seed, message in seeds:
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        held.append({"public": public.hex(), "message": message.hex(), "signature": signature.hex()})
    public, message, signature = (bytes.fromhex(held[2][part]) for part in ("public", "message", "signature"))
    scalar = int.from_bytes(signature[32:], "little")
    refused = [
        ("another message", public, message + b"\0", signature),
        ("another key", bytes.fromhex(held[1]["public"]), message, signature),
        ("S above the order", public, message, signature[:32] + (scalar + ORDER).to_bytes(32, "little")),
        ("S of zero", public, message, signature[:32] + bytes(32)),
        ("R of zero", public, message, bytes(32) + signature[32:]),
        ("R and S of zero", public, message, bytes(64)),
        ("empty", public, message, b""),
        ("cut short", public, message, signature[:-1]),
        ("a byte more", public, message, signature + b"\0"),
        ("a key that is no point", (2).to_bytes(32, "little"), message, signature),
        ("a short key", public[:-1], message, signature),
    ]
    return {
        "held": held,
        "refused": [
            {"why": why, "public": key.hex(), "message": text.hex(), "signature": mark.hex()}
            for why, key, text, mark in refused
        ],
        "refused_keys": _small_keys(),
    }


def _small_keys() -> list[str]:
    """The points whose order divides eight, with either sign where they have one."""
    eighth = 2707385501144840649318225287225658788936804267575313519463743609750303402022
    points = [0, 1, FIELD - 1, eighth, FIELD - eighth]
    return [(y | sign << 255).to_bytes(32, "little").hex() for y in points for sign in (0, 1)]


def files() -> dict[str, bytes]:
    """Every vector file, by its name in this folder."""
    tables = {
        "entry.json": entry_vectors(), "tlog.json": tlog_vectors(),
        "note.json": note_vectors(), "ed25519.json": ed25519_vectors(),
        "cosignature.json": witnessed.cosignature_vectors(), "proof.json": witnessed.proof_vectors(),
    }  # fmt: skip
    made = {
        name: (json.dumps(table, indent=1, ensure_ascii=True) + "\n").encode()
        for name, table in tables.items()
    }
    made |= {f"record/{name}": data for name, data in naive.record_files(RECORD).items()}
    manifests = [data for name, data in made.items() if name.startswith("record/") and name.endswith(".json")]
    for log, headers in naive.headers_of(RECORD, manifests).items():
        made[f"older/{log.replace('/', '-')}"] = naive.checkpoint(RECORD, log, headers[: OLDER[log]])
    return made


if __name__ == "__main__":
    naive.write(files(), HERE)
