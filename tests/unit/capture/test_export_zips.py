"""What a zip may try: each is refused with its reason before anything is unpacked, or read rightly."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairwitness.capture.chat_export import chat_text, inspect_zip
from fairwitness.errors import FairwitnessError, Malformed, TooLarge

TEXT = b"[01.03.24, 10:00:00] Ana: oi\r\n" * 20
LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
Members = list[tuple[str, bytes]]


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, streamed: bool = False) -> bytes:
    """A zip as any program writes it; streamed ones give sizes after the data."""
    out = io.BytesIO()
    target = _Unseekable(out) if streamed else out
    with zipfile.ZipFile(target, "w", method) as archive:  # type: ignore[call-overload]
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


class _Unseekable(io.RawIOBase):
    """A file that can only be written on, so that sizes must follow the data."""

    def __init__(self, to: io.BytesIO) -> None:
        self.to = to

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:  # type: ignore[no-untyped-def, override]
        return self.to.write(data)


def changed(data: bytes, record: bytes, offset: int, value: bytes, *, which: int = 0) -> bytes:
    """`data` with bytes of its `which`-th `record` written over."""
    at = -1
    for _ in range(which + 1):
        at = data.index(record, at + 1)
    return data[: at + offset] + value + data[at + offset + len(value) :]


def both(data: bytes, local: int, central: int, value: bytes) -> bytes:
    """The same change in a member's own header and in the directory."""
    return changed(changed(data, LOCAL, local, value), CENTRAL, central, value)


def named(name: str | bytes) -> bytes:
    """A zip whose one extra member has this name, byte for byte."""
    raw = name if isinstance(name, bytes) else name.encode()
    return packed(("_chat.txt", TEXT), ("N" * len(raw), b"x")).replace(b"N" * len(raw), raw)


def refusal(data: bytes) -> FairwitnessError:
    with pytest.raises((Malformed, TooLarge)) as caught:
        chat_text(io.BytesIO(data))
    return caught.value


GOOD = packed(("_chat.txt", TEXT), ("00000001-PHOTO.jpg", b"\xff\xd8" * 50))


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        packed(("_chat.txt", TEXT), method=zipfile.ZIP_STORED),
        packed(("_chat.txt", TEXT), ("a.jpg", b"x" * 90), streamed=True),
        packed(("WhatsApp Chat - Ana/_chat.txt", TEXT), ("WhatsApp Chat - Ana/a.opus", b"x")),
        packed(("WhatsApp Chat with Ana.txt", TEXT), ("notes.txt", b"mine"), ("list.txt", b"mine")),
        packed(("_chat.txt", TEXT), ("__MACOSX/._chat.txt", b"x"), ("other.zip", GOOD)),
        packed(("_chat.txt", TEXT), ("Report.pdf", b"1"), ("report.pdf", b"2")),
        packed(("Conversa do WhatsApp com João.txt", TEXT)),
        GOOD[:-2] + b"\x05\x00" + b"hello",
    ],
    ids=["usual", "stored", "sizes after the data", "in a folder", "beside other texts", "beside a zip", "names that differ in case",
         "a name that is not ASCII", "a comment"],
)  # fmt: skip
def test_the_chat_of_a_sound_zip_is_read(data: bytes) -> None:
    assert chat_text(io.BytesIO(data))[1] == TEXT


def test_a_name_in_an_old_encoding_does_not_hide_the_chat() -> None:
    assert chat_text(io.BytesIO(named(b"f\x81r.jpg")))[1] == TEXT


def test_sizes_in_the_long_form_are_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("_chat.txt", "w", force_zip64=True) as member:
        member.write(TEXT)

    assert chat_text(io.BytesIO(out.getvalue()))[1] == TEXT


REFUSED: dict[str, tuple[bytes, str]] = {
    "climbs": (named("../../etc/cron.d/x"), "climbs"),
    "climbs inside": (named("a/../../b"), "climbs"),
    "absolute": (named("/etc/passwd"), "absolute"),
    "a drive": (named("C:/x.txt"), "absolute"),
    "a backslash": (named("..\\x.txt"), "absolute"),
    "a control character": (named("a\nb.jpg"), "control"),
    "said to be UTF-8 and is not": (changed(named(b"f\xfcr.jpg"), CENTRAL, 8, struct.pack("<H", 0x800), which=1), "UTF-8"),
    "named twice": (packed(("_chat.txt", TEXT), ("Xchat.txt", TEXT)).replace(b"Xchat.txt", b"_chat.txt"), "same name"),
    "two chats": (packed(("a/_chat.txt", TEXT), ("b/_chat.txt", TEXT)), "several texts"),
    "no text": (packed(("a.jpg", b"x")), "holds no .txt"),
    "only another zip": (packed(("inner.zip", GOOD)), "holds no .txt"),
    "encrypted": (both(GOOD, 6, 8, b"\x01\x00"), "encrypted"),
    "encrypted in one place": (changed(GOOD, LOCAL, 6, b"\x01\x00"), "is and is not encrypted"),
    "another packing": (both(GOOD, 8, 10, struct.pack("<H", 12)), "packed in a way"),
    "packed in two ways": (changed(GOOD, LOCAL, 8, b"\x00\x00"), "two ways"),
    "named in two ways": (GOOD.replace(b"_chat.txt", b"_chot.txt", 1), "two ways"),
    "two sizes": (changed(GOOD, LOCAL, 22, struct.pack("<L", 7)), "two sizes"),
    "two sums": (changed(GOOD, LOCAL, 14, b"\0\0\0\0"), "two sizes"),
    "a wrong sum": (both(GOOD, 14, 16, b"\0\0\0\0"), "damaged"),
    "a wrong size": (both(GOOD, 22, 24, struct.pack("<L", len(TEXT) + 1)), "damaged"),
    "unpacks to more": (both(GOOD, 22, 24, struct.pack("<L", len(TEXT) - 1)), "more than the zip announced"),
    "a long size that is missing": (changed(GOOD, CENTRAL, 24, b"\xff\xff\xff\xff"), "long size"),
    "starts in the directory": (changed(GOOD, CENTRAL, 42, struct.pack("<L", GOOD.index(CENTRAL))), "no header"),
    "cut off": (GOOD[:-30], "cut off"),
    "cut off in the middle": (GOOD[: len(GOOD) // 2], "cut off"),
    "something after it": (GOOD + b"x" * 9, "cut off"),
    "something before it": (b"#!/bin/sh\n" + GOOD, "not where its end says"),
    "several disks": (changed(GOOD, END, 4, b"\x01\x00"), "several files"),
    "more members than there are": (changed(changed(GOOD, END, 8, b"\x09\x00"), END, 10, b"\x09\x00"), "fewer members"),
    "fewer members than there are": (changed(changed(GOOD, END, 8, b"\x01\x00"), END, 10, b"\x01\x00"), "more than it lists"),
    "a long end that is missing": (changed(changed(GOOD, END, 8, b"\xff\xff"), END, 10, b"\xff\xff"), "long form"),
    "empty": (packed(), "holds no .txt"),
    "not a zip": (b"PK\x03\x04" + b"\0" * 100, "not a zip"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_zip_that_lies_is_refused_with_its_reason(data: bytes, why: str) -> None:
    error = refusal(data)

    assert why in error.message
    assert error.diagnosis()


def test_a_link_is_refused() -> None:
    info = zipfile.ZipInfo("_chat.txt")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/passwd")

    assert "link" in refusal(out.getvalue()).message


def overlapping(count: int, *, size: int = 1 << 20) -> bytes:
    """Fifield's quoted overlap, in small: every member's data holds the headers of those after it."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    core = kernel.compress(b"a" * size) + kernel.flush()
    body, entries = b"", []
    crc = zlib.crc32(b"a" * size)
    for number in reversed(range(count)):
        name = f"{number:05d}.txt".encode()
        local = struct.pack("<4s5H3L2H", LOCAL, 20, 0, 8, 0, 0, crc, len(core) + len(body), size, len(name), 0) + name
        body = local + body
        entries.insert(0, (name, len(core) + len(body) - len(local)))
    start, directory = len(body) + len(core), b""
    at = 0
    for name, length in entries:
        directory += struct.pack("<4s6H3L5H2L", CENTRAL, 20, 20, 0, 8, 0, 0, crc, length, size, len(name), 0, 0, 0, 0, 0, at) + name
        at += 30 + len(name)
    return body + core + directory + struct.pack("<4s4H2LH", END, 0, 0, count, count, len(directory), start, 0)


def test_members_that_share_bytes_are_refused() -> None:
    assert "overlap" in refusal(overlapping(20, size=1_000)).message


def test_more_members_than_a_chat_ever_has_are_refused() -> None:
    with pytest.raises(TooLarge):
        inspect_zip(io.BytesIO(packed(("a.txt", b""), ("b.txt", b""), ("c.txt", b""))), max_entries=2)


def test_more_bytes_than_a_chat_ever_has_are_refused() -> None:
    with pytest.raises(TooLarge):
        inspect_zip(io.BytesIO(GOOD), max_total=len(TEXT))
    with pytest.raises(TooLarge):
        chat_text(io.BytesIO(GOOD), limit=len(TEXT) - 1)


def test_a_member_that_unpacks_to_far_more_than_it_is_is_refused() -> None:
    assert isinstance(refusal(packed(("_chat.txt", b"a" * (4 << 20)))), TooLarge)
    assert isinstance(refusal(packed(("_chat.txt", TEXT), ("a.jpg", b"\0" * (4 << 20)))), TooLarge)


LIMITED = """
import io, resource, sys, time
from fairwitness.capture.chat_export import chat_text
from fairwitness.errors import FairwitnessError
data = sys.stdin.buffer.read()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (48 << 20), used + (48 << 20)))
started = time.process_time()
try:
    chat_text(io.BytesIO(data))
except FairwitnessError as error:
    print(error.code, time.process_time() - started < 2)
"""


@pytest.mark.parametrize("kind", ["overlaps", "ratio", "lies about its size", "many members"])
def test_a_bomb_is_refused_in_little_memory_and_time(kind: str) -> None:
    match kind:
        case "overlaps":
            data = overlapping(2_000)
        case "ratio":
            data = packed(("_chat.txt", b"\0" * (200 << 20)))
        case "lies about its size":
            data = both(packed(("_chat.txt", b"\0" * (200 << 20))), 22, 24, struct.pack("<L", 100_000))
        case _:
            data = packed(*((f"{number}.txt", b"") for number in range(20_001)))
    done = subprocess.run([sys.executable, "-c", LIMITED], input=data, capture_output=True, check=False)

    assert done.stdout.decode().split() in (["refused.too_large", "True"], ["unreadable.malformed", "True"]), done.stderr.decode()


def _flipped(data: bytes, changes: list[tuple[int, int]]) -> bytes:
    out = bytearray(data)
    for at, value in changes:
        out[at % len(out)] = value
    return bytes(out)


@settings(max_examples=400, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_any_change_gives_the_chat_itself_or_a_reason(changes: list[tuple[int, int]]) -> None:
    try:
        _, text = chat_text(io.BytesIO(_flipped(GOOD, changes)))
    except (Malformed, TooLarge):
        text = TEXT

    assert text == TEXT


def test_what_is_no_file_of_the_chat_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int] = []
    real: Callable[..., object] = zlib.decompressobj

    def counting(*given: int) -> object:
        opened.append(1)
        return real(*given)

    monkeypatch.setattr(zlib, "decompressobj", counting)
    chat_text(io.BytesIO(packed(("_chat.txt", TEXT), ("inner.zip", GOOD), ("b.jpg", b"x" * 99))))

    assert len(opened) == 1
