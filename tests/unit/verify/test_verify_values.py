import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vectors import naive
from tests.vectors.load import HERE, vectors

from fairwitness import canonical
from fairwitness.errors import Malformed
from fairwitness.model.entry import read_header as library_reads
from fairwitness_verify.notes import Broken
from fairwitness_verify.values import read_canonical, read_header, read_manifest

ENTRY = vectors("entry")
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)
MANIFEST = next(
    json.loads(data)
    for name, data in naive.manifest_files(naive.Plan(), naive.Segment("custody", 5, 9, 70_000)).items()
    if name.endswith(".json")
)


@pytest.mark.parametrize("vector", ENTRY["headers"], ids=lambda vector: vector["leaf"][:8])
def test_both_read_a_header_of_the_vectors_alike(vector):
    data = vector["header"].encode()
    mine, theirs = read_header(data), library_reads(data)

    assert (mine.kind, mine.custody_size) == (json.dumps(theirs.kind)[1:-1].encode(), theirs.custody_size)
    assert mine.ref == (theirs.ref or "")


@pytest.mark.parametrize("vector", ENTRY["refused"], ids=lambda vector: vector["why"])
def test_both_refuse_what_the_vectors_say(vector):
    with pytest.raises(Broken):
        read_header(bytes.fromhex(vector["bytes"]))
    with pytest.raises(Malformed):
        library_reads(bytes.fromhex(vector["bytes"]))


@pytest.mark.parametrize("vector", ENTRY["payloads"], ids=lambda vector: vector["commitment"][:8])
def test_a_payload_of_the_vectors_has_its_commitment(vector):
    payload, salt = bytes.fromhex(vector["payload"]), bytes.fromhex(vector["salt"])

    assert sha256(salt + payload).hexdigest() == vector["commitment"]
    assert len(payload) == vector["size"]


def test_the_example_of_the_specification_is_the_first_vector():
    page = (HERE.parents[1] / "docs" / "spec" / "entry.md").read_text("utf-8")
    vector = ENTRY["headers"][0]

    assert f"```\n{vector['header']}\n{vector['leaf']}\n```" in page
    assert f"{len(vector['header'])} bytes" in page


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_both_agree_on_what_is_canonical(value):
    data = canonical.encode(value)

    assert read_canonical(data) == canonical.decode(data) == value


@given(st.dictionaries(TEXT, VALUES, max_size=3), st.data())
def test_both_agree_on_what_is_not_canonical(value, draw):
    data = bytearray(canonical.encode(value))
    at = draw.draw(st.integers(0, len(data) - 1))
    data[at] = draw.draw(st.integers(0, 255))
    mine = theirs = None
    try:
        mine = read_canonical(bytes(data))
    except Broken:
        mine = None
    try:
        theirs = canonical.decode(bytes(data))
    except Malformed:
        theirs = None
    assert mine == theirs


def test_a_header_of_a_newer_version_is_said_plainly():
    newer = naive.canonical({"v": 2, "anything": [1, {"else": None}]})

    with pytest.raises(
        Broken, match="header of version 2, and this verifier knows version 1: use a newer verifier"
    ):
        read_header(newer)


def test_a_manifest_of_a_newer_version_is_said_plainly():
    with pytest.raises(Broken, match="manifest of version 3"):
        read_manifest(naive.canonical({**MANIFEST, "v": 3}))


def test_a_manifest_is_read():
    manifest = read_manifest(naive.canonical(MANIFEST))

    assert (manifest.first, manifest.last, manifest.size, len(manifest.blocks)) == (5, 9, 70_000, 2)


@pytest.mark.parametrize(
    "change",
    [
        {"v": True}, {"v": "1"}, {"more": 1}, {"first": -1}, {"first": True}, {"first": 10}, {"last": 4},
        {"last": 5 + 65_536}, {"size": 70_000.5}, {"size": 65_536}, {"size": 200_000}, {"size": -1}, {"log": 7},
        {"file": None}, {"sha256": "ab"}, {"sha256": ["a"]}, {"blocks": {}}, {"blocks": []}, {"blocks": None},
        {"blocks": [1, 2]}, {"blocks": [{}, {}]},
        {"blocks": [{**block, "first": 0} for block in MANIFEST["blocks"]]},
        {"blocks": [{**block, "last": 10} for block in MANIFEST["blocks"]]},
        {"blocks": [{**block, "first": 9, "last": 5} for block in MANIFEST["blocks"]]},
        {"blocks": [{**block, "sha256": "x" * 64} for block in MANIFEST["blocks"]]},
        {"blocks": [{**block, "sha256": 5} for block in MANIFEST["blocks"]]},
        {"blocks": [{**block, "first": "5"} for block in MANIFEST["blocks"]]},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_with_an_impossible_member_is_broken(change):
    with pytest.raises(Broken):
        read_manifest(naive.canonical({**MANIFEST, **change}))


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"{}" + b" " * 10,
        b'{"a":1' + b"0" * 1_000_000 + b"}",
        b"\xff\xfe",
        b"",
        b"[]",
    ],
    ids=["brackets", "braces", "spaces", "digits", "not text", "nothing", "a list"],
)
def test_hostile_bytes_are_broken_and_nothing_worse(data):
    for read in (read_canonical, read_header, read_manifest):
        with pytest.raises(Broken):
            read(data)
