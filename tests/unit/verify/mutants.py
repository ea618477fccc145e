"""Packs that somebody has been at: each mutation is made from a seed, so that it can be made again."""

import base64
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from fairwitness.produce.formats.pack.zipping import Packer

Files = dict[str, bytes]
EVIDENCE = ("entries/messages-0.jsonl", "entries/custody.jsonl")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutated pack: what was done, the zip, and where a fault must be named, if it can be known."""

    name: str
    zip: bytes
    file: str = ""
    line: int | None = None
    seen: bool = True


def read_zip(data: bytes) -> Files:
    """The files of a pack."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return {info.filename: opened.read(info) for info in opened.infolist()}


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip of exactly these files, laid out as a pack is."""
    out = io.BytesIO()
    packer = Packer(out)
    for name, data in files.items():
        packer.add(name, [data])
    packer._zip.close()
    return out.getvalue()


def relist(files: Files) -> None:
    """Make the manifest that a forger would make."""
    listed = [
        {"name": name, "sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in sorted(files.items()) if name != "manifest.json"
    ]
    files["manifest.json"] = canonical({"files": listed, "v": 1})


def canonical(value: object) -> bytes:
    """JSON as every canonical file has it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def mutants(pack: bytes, count: int, *, seed: str = "pack") -> list[Mutant]:
    """`count` mutants, every kind in turn."""
    files = read_zip(pack)
    kinds = [*_LINE_KINDS, *_FILE_KINDS, *_ZIP_KINDS]
    made = []
    for number in range(count):
        rng = random.Random(f"{seed} {number}")
        kind = kinds[number % len(kinds)]
        if kind in _ZIP_KINDS:
            made.append(Mutant(f"{number} {kind.__name__}", kind(pack, rng)))  # type: ignore[arg-type]
        elif kind in _FILE_KINDS:
            made.append(_mutate_files(f"{number} {kind.__name__}", dict(files), kind, rng))  # type: ignore[arg-type]
        else:
            made.append(_mutate_line(f"{number} {kind.__name__}", dict(files), kind, rng))  # type: ignore[arg-type]
    return made


def flip(data: bytes, rng: random.Random) -> bytes:
    """The bytes with one bit flipped."""
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def _mutate_line(name: str, files: Files, kind: Callable[..., bytes], rng: random.Random) -> Mutant:
    """One line of entries changed, and the manifest made to agree: only the log's signature can tell."""
    file = rng.choice(EVIDENCE)
    lines = files[file].splitlines(keepends=True)
    at = rng.randrange(len(lines))
    lines[at] = kind(lines[at], rng)
    files[file] = b"".join(lines)
    relist(files)
    return Mutant(f"{name} line {at + 1} of {file}", write_zip(files), file, at + 1)


def _mutate_files(name: str, files: Files, kind: Callable[[Files, random.Random], str], rng: random.Random) -> Mutant:
    file = kind(files, rng)
    seen = kind.__name__ != "an_omission_well_hidden"
    return Mutant(f"{name} {file}", write_zip(files), file, None, seen)


def _field(change: Callable[[dict[str, object], random.Random], None]) -> Callable[[bytes, random.Random], bytes]:
    def kind(line: bytes, rng: random.Random) -> bytes:
        value = json.loads(line)
        change(value, rng)
        return canonical(value) + b"\n"

    kind.__name__ = change.__name__
    return kind


def _flip64(text: object, rng: random.Random) -> str:
    return base64.b64encode(flip(base64.b64decode(str(text)), rng)).decode("ascii")


def a_bit_of_the_payload(line, rng):
    line["payload"] = _flip64(line["payload"], rng)


def a_shorter_payload(line, rng):
    line["payload"] = base64.b64encode(base64.b64decode(line["payload"])[:-1]).decode("ascii")


def a_bit_of_the_salt(line, rng):
    line["salt"] = _flip64(line["salt"], rng)


def another_time_in_the_header(line, rng):
    header = json.loads(line["header"])
    header["received_at"] += rng.choice([-1000, 1, 3_600_000])
    line["header"] = canonical(header).decode()


def a_commitment_to_other_words(line, rng):
    words = b"other words, salted well"
    salt = bytes(rng.randrange(256) for _ in range(16))
    header = json.loads(line["header"])
    header["commitment"], header["payload_size"] = sha256(salt + words).hexdigest(), len(words)
    line["header"] = canonical(header).decode()
    line["payload"], line["salt"] = base64.b64encode(words).decode(), base64.b64encode(salt).decode()


def another_index(line, rng):
    line["index"] += rng.choice([1, 7, 10**6, 2**40])


def a_bit_of_the_path(line, rng):
    place = rng.randrange(len(line["path"]))
    line["path"][place] = _flip64(line["path"][place], rng)


def a_shorter_path(line, rng):
    del line["path"][rng.randrange(len(line["path"]))]


def a_longer_path(line, rng):
    line["path"].insert(rng.randrange(len(line["path"]) + 1), base64.b64encode(bytes(32)).decode())


def a_salt_without_payload(line, rng):
    line["payload"] = None


def a_member_too_many(line, rng):
    line["note"] = "nothing to see"


def a_number_as_text(line, rng):
    line["index"] = str(line["index"])


def a_header_with_spaces(line, rng):
    line["header"] = line["header"].replace(",", ", ", 1)


def decisions_of_tomorrow(line, rng):
    header = json.loads(line["header"])
    header["custody_size"] += 1000
    line["header"] = canonical(header).decode()


def a_bit_of_the_line(line, rng):
    return flip(line[:-1], rng).replace(b"\n", b"x") + b"\n"


def a_line_not_canonical(line, rng):
    return rng.choice([b" " + line, line.replace(b'":', b'": ', 1), line.replace(b"}\n", b',"index":0}\n'), line.replace(b'"header"', b'"\\u0068eader"', 1)])


def a_line_that_is_not_json(line, rng):
    return rng.choice([b"\n", b"null\n", b"[1e3]\n", b"{}\n", b'{"index":1e0}\n', b"\xff\xfe\n", b'{"index":NaN}\n', b"[" * 50 + b"\n"])


_LINE_KINDS = [
    _field(a_bit_of_the_payload), _field(a_shorter_payload), _field(a_bit_of_the_salt), _field(another_time_in_the_header),
    _field(a_commitment_to_other_words), _field(another_index), _field(a_bit_of_the_path), _field(a_shorter_path), _field(a_longer_path),
    _field(a_salt_without_payload), _field(a_member_too_many), _field(a_number_as_text), _field(a_header_with_spaces), _field(decisions_of_tomorrow),
    a_bit_of_the_line, a_line_not_canonical, a_line_that_is_not_json,
]  # fmt: skip


def a_bit_of_any_file(files, rng):
    file = rng.choice(sorted(files))
    files[file] = flip(files[file], rng)
    return file


def a_bit_of_evidence_listed_anew(files, rng):
    # Not `pack.json`: its `at` and `selected` are statements that nothing signed, as the specification says.
    file = rng.choice(["keys", "checkpoints/custody", "checkpoints/messages-0"])
    before = files[file]
    while files[file] == before:
        files[file] = flip(before, rng)
    relist(files)
    return file


def a_line_left_out(files, rng):
    file, lines = _lines(files, rng)
    del lines[rng.randrange(len(lines))]
    return _put(files, file, lines)


def a_line_twice(files, rng):
    file, lines = _lines(files, rng)
    at = rng.randrange(len(lines))
    lines.insert(at, lines[at])
    return _put(files, file, lines)


def two_lines_swapped(files, rng):
    file, lines = _lines(files, rng)
    one, two = rng.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    return _put(files, file, lines)


def no_end_of_the_last_line(files, rng):
    file, lines = _lines(files, rng)
    lines[-1] = lines[-1][:-1]
    return _put(files, file, lines)


def an_omission_well_hidden(files, rng):
    file, lines = _lines(files, rng)
    del lines[rng.randrange(len(lines))]
    about = json.loads(files["pack.json"])
    log = next(log for log in about["logs"] if log["log"].replace("/", "-") in file)
    log["entries"] -= 1
    files["pack.json"] = canonical(about)
    return _put(files, file, lines)


def the_other_log_s_checkpoint(files, rng):
    files["checkpoints/custody"] = files["checkpoints/messages-0"]
    relist(files)
    return "checkpoints/custody"


def a_larger_log(files, rng):
    file = rng.choice(["checkpoints/custody", "checkpoints/messages-0"])
    lines = files[file].split(b"\n")
    lines[1] = str(int(lines[1]) + rng.choice([1, 10, 2**60])).encode()
    files[file] = b"\n".join(lines)
    relist(files)
    return file


def a_signature_twice(files, rng):
    file = rng.choice(["checkpoints/custody", "checkpoints/messages-0"])
    files[file] += files[file].split(b"\n\n")[1]
    relist(files)
    return file


def a_key_left_out(files, rng):
    lines = files["keys"].splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    files["keys"] = b"".join(lines)
    relist(files)
    return "keys"


def a_key_of_small_order(files, rng):
    name = files["keys"].decode().split("+")[0]
    key = b"\x01" + rng.choice([bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"])
    key_id = sha256(name.encode() + b"\n" + key).digest()[:4]
    vkey = f"{name}+{key_id.hex()}+{base64.b64encode(key).decode()}\n"
    files["keys"] = vkey.encode()
    relist(files)
    return "keys"


def another_reading(files, rng):
    file = rng.choice(["messages.jsonl", "summary.json", "conversations/0001-01.html", "policies/01/001.yaml", "verify.py", "readme.txt"])
    files[file] = files[file].replace(b"e", b"a", 1)
    return file


def a_file_left_out(files, rng):
    file = rng.choice(sorted(set(files) - {"manifest.json"}))
    del files[file]
    return file


def a_file_left_out_of_the_list(files, rng):
    file = rng.choice(sorted(set(files) - {"manifest.json"}))
    listed = json.loads(files["manifest.json"])
    listed["files"] = [one for one in listed["files"] if one["name"] != file]
    files["manifest.json"] = canonical(listed)
    return file


def a_file_added(files, rng):
    file = rng.choice(["zz.txt", "entries/other.jsonl", "autorun.inf", "0"])
    files[file] = b"surprise"
    return file


def a_list_out_of_order(files, rng):
    listed = json.loads(files["manifest.json"])
    rng.shuffle(listed["files"])
    files["manifest.json"] = canonical(listed)
    return "manifest.json"


def another_description(files, rng):
    about = json.loads(files["pack.json"])
    change = rng.randrange(6)
    if change == 0:
        about["logs"].reverse()
    elif change == 1:
        about["logs"][0]["origin"] = "other.example/custody"
    elif change == 2:
        about["logs"][1]["entries"] += 1
    elif change == 3:
        about["v"] = 2
    elif change == 4:
        about["logs"].append({"entries": 0, "log": "messages/1", "origin": about["logs"][1]["origin"]})
    else:
        about["logs"][1]["log"] = "messages/01"
    files["pack.json"] = canonical(about)
    relist(files)
    return "pack.json"


def _lines(files: Files, rng: random.Random) -> tuple[str, list[bytes]]:
    file = rng.choice(EVIDENCE)
    return file, files[file].splitlines(keepends=True)


def _put(files: Files, file: str, lines: list[bytes]) -> str:
    files[file] = b"".join(lines)
    relist(files)
    return file


_FILE_KINDS = [
    a_bit_of_any_file, a_bit_of_evidence_listed_anew, a_line_left_out, a_line_twice, two_lines_swapped, no_end_of_the_last_line,
    an_omission_well_hidden, the_other_log_s_checkpoint, a_larger_log, a_signature_twice, a_key_left_out, a_key_of_small_order, another_reading,
    a_file_left_out, a_file_left_out_of_the_list, a_file_added, a_list_out_of_order, another_description,
]  # fmt: skip


def a_bit_of_the_zip(pack, rng):
    return flip(pack, rng)


def a_bit_of_its_directory(pack, rng):
    start = len(pack) - 22 - int.from_bytes(pack[-10:-6], "little")
    return pack[:start] + flip(pack[start:], rng)


def the_zip_cut_off(pack, rng):
    return pack[: rng.randrange(len(pack))]


def something_before_or_behind(pack, rng):
    return rng.choice([b"x" + pack, pack + b"\0", pack[:-2] + b"\x01\x00x"])


_ZIP_KINDS = [a_bit_of_the_zip, a_bit_of_its_directory, the_zip_cut_off, something_before_or_behind]
