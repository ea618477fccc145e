import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vectors import naive
from tests.vectors.load import vectors

from fairwitness.errors import BadCheckpoint
from fairwitness.tlog import open_checkpoint, read_vkey
from fairwitness_verify.notes import Broken, Checkpoint, read_checkpoint, read_key, read_keys, split_origin

PRIVATE = naive.private_key("a verifier test")
ORIGIN = "firm.example/record/custody"
VKEY = naive.vkey(ORIGIN, PRIVATE)
ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
GOOD = naive.note(f"{ORIGIN}\n0\n{ROOT}\n", ORIGIN, PRIVATE)


def test_a_signed_checkpoint_is_read():
    assert read_checkpoint(GOOD, read_key(VKEY)) == Checkpoint(ORIGIN, 0, naive.mth([]))


@pytest.mark.parametrize("vector", vectors("note")["refused"], ids=lambda v: v["why"])
def test_a_spoilt_note_of_the_vectors_is_broken(vector):
    with pytest.raises(Broken):
        read_checkpoint(bytes.fromhex(vector["note"]), read_key(vector["vkey"]))


@pytest.mark.parametrize("vector", vectors("note")["refused_keys"], ids=lambda v: v["why"])
def test_a_spoilt_key_of_the_vectors_is_broken(vector):
    with pytest.raises(Broken):
        read_keys(vector["vkey"].encode() + b"\n")


@pytest.mark.parametrize("vector", vectors("note")["refused_checkpoints"], ids=lambda v: v["why"])
def test_a_spoilt_checkpoint_of_the_vectors_is_broken_even_when_it_is_signed(vector):
    with pytest.raises(Broken):
        read_checkpoint(naive.note(vector["text"], ORIGIN, PRIVATE), read_key(VKEY))


@pytest.mark.parametrize("vector", vectors("note")["held"])
def test_a_key_of_the_vectors_is_read(vector):
    assert [key.name for key in read_keys(vector["vkey"].encode() + b"\n")] == [vector["vkey"].split("+")[0]]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_broken(data):
    for read in (lambda: read_checkpoint(data, None), lambda: read_keys(data)):
        with pytest.raises(Broken):
            read()


@given(st.integers(0, 8 * len(GOOD) - 1), st.integers(0, 8 * len(GOOD) - 1))
def test_both_readers_refuse_the_same_spoilt_checkpoints(one, two):
    note = bytearray(GOOD)
    note[one // 8] ^= 1 << one % 8
    note[two // 8] ^= 1 << two % 8
    if bytes(note) == GOOD:
        return
    with pytest.raises(Broken):
        read_checkpoint(bytes(note), read_key(VKEY))
    with pytest.raises(BadCheckpoint):
        open_checkpoint(bytes(note), origin=ORIGIN, keys=[read_vkey(VKEY)])


def test_the_same_key_may_not_stand_twice():
    with pytest.raises(Broken, match="two keys"):
        read_keys(f"{VKEY}\n{VKEY}\n".encode())


@pytest.mark.parametrize(
    "data", [b"", b"\n", VKEY.encode(), f"{VKEY}\r\n".encode(), f"\n{VKEY}\n".encode(), b"\xff\n"]
)
def test_a_file_of_keys_is_one_key_a_line_and_nothing_else(data):
    with pytest.raises(Broken):
        read_keys(data)


def test_an_origin_is_a_name_and_a_log():
    assert split_origin("firm.example/a/custody") == ("firm.example/a", "custody")
    assert split_origin("firm.example/messages/12") == ("firm.example", "messages/12")
    for origin in ("custody", "a/messages", "a/messages/01", "a/messages/x", "a/other", "/custody"):
        with pytest.raises(Broken):
            split_origin(origin)
