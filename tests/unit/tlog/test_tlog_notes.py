import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from tests.vectors import naive
from tests.vectors.load import vectors

from fairwitness.errors import BadCheckpoint
from fairwitness.tlog import (
    Checkpoint,
    Signer,
    VerifierKey,
    open_checkpoint,
    open_note,
    read_checkpoint,
    read_vkey,
    sign_note,
    write_checkpoint,
    write_vkey,
)

PRIVATE = naive.private_key("a tlog test")
ORIGIN = "firm.example/record/messages/0"
SIGNER = Signer(VerifierKey(ORIGIN, PRIVATE.public_key().public_bytes_raw()), PRIVATE.sign)


def signed(checkpoint: Checkpoint, *signers: Signer) -> bytes:
    return sign_note(write_checkpoint(checkpoint), signers or (SIGNER,))


@pytest.mark.parametrize("vector", vectors("note")["held"])
def test_a_note_of_the_vectors_opens(vector):
    key = read_vkey(vector["vkey"])
    note = open_note(vector["note"].encode(), [key])

    assert note.signed_by == (key,)
    assert vector["note"].startswith(note.text + "\n\u2014 ")
    assert write_vkey(key) == vector["vkey"]


@pytest.mark.parametrize("vector", vectors("note")["refused"], ids=lambda v: v["why"])
def test_a_spoilt_note_of_the_vectors_is_refused(vector):
    with pytest.raises(BadCheckpoint):
        open_note(bytes.fromhex(vector["note"]), [read_vkey(vector["vkey"])])


@pytest.mark.parametrize("vector", vectors("note")["refused_keys"], ids=lambda v: v["why"])
def test_a_spoilt_key_of_the_vectors_is_refused(vector):
    with pytest.raises(BadCheckpoint):
        read_vkey(vector["vkey"])


@pytest.mark.parametrize("vector", vectors("note")["refused_checkpoints"], ids=lambda v: v["why"])
def test_a_spoilt_checkpoint_of_the_vectors_is_refused(vector):
    with pytest.raises(BadCheckpoint):
        read_checkpoint(vector["text"])


@given(st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_is_read_back(size, root):
    checkpoint = Checkpoint(ORIGIN, size, root)

    assert open_checkpoint(signed(checkpoint), origin=ORIGIN, keys=[SIGNER.key]) == checkpoint


@given(st.integers(0, 8 * len(signed(Checkpoint(ORIGIN, 7, bytes(32)))) - 1))
def test_a_checkpoint_with_any_bit_flipped_is_refused(bit):
    note = bytearray(signed(Checkpoint(ORIGIN, 7, bytes(32))))
    note[bit // 8] ^= 1 << bit % 8

    with pytest.raises(BadCheckpoint):
        open_checkpoint(bytes(note), origin=ORIGIN, keys=[SIGNER.key])


def test_a_note_is_what_the_definition_signs():
    assert sign_note("text\n", [SIGNER]) == naive.note("text\n", ORIGIN, PRIVATE)
    assert write_vkey(SIGNER.key) == naive.vkey(ORIGIN, PRIVATE)


def test_the_key_of_one_log_does_not_speak_for_another():
    custody = Signer(VerifierKey("firm.example/record/custody", SIGNER.key.public), PRIVATE.sign)
    crossed = sign_note(write_checkpoint(Checkpoint(ORIGIN, 7, bytes(32))), [custody])

    with pytest.raises(BadCheckpoint):
        open_checkpoint(crossed, origin=ORIGIN, keys=[SIGNER.key, custody.key])
    with pytest.raises(BadCheckpoint, match="another log"):
        open_checkpoint(crossed, origin=custody.key.name, keys=[SIGNER.key, custody.key])
    with pytest.raises(BadCheckpoint, match="no key"):
        open_checkpoint(signed(Checkpoint(ORIGIN, 7, bytes(32))), origin=ORIGIN, keys=[custody.key])


def test_a_note_may_carry_a_hundred_signatures():
    others = [Ed25519PrivateKey.generate() for _ in range(100)]
    signers = [
        Signer(VerifierKey(f"witness.example/{number}", key.public_key().public_bytes_raw()), key.sign)
        for number, key in enumerate(others)
    ]
    note = sign_note("text\n", [*signers, SIGNER])

    assert open_note(note, [SIGNER.key]).signed_by == (SIGNER.key,)
    assert len(open_note(note, [signer.key for signer in signers]).signed_by) == 100


def test_one_bad_signature_of_a_known_key_spoils_the_note():
    other = naive.private_key("another")
    key = VerifierKey("witness.example/1", other.public_key().public_bytes_raw())
    lines = naive.note("other text\n", key.name, other).decode().split("\n\n")[1]
    note = sign_note("text\n", [SIGNER]) + lines.encode()

    assert open_note(note, [SIGNER.key]).text == "text\n"
    with pytest.raises(BadCheckpoint, match="does not hold"):
        open_note(note, [SIGNER.key, key])


def test_a_signer_that_signs_something_else_is_caught_at_once():
    liar = Signer(SIGNER.key, lambda message: PRIVATE.sign(message + b"!"))

    with pytest.raises(BadCheckpoint, match="does not hold"):
        sign_note("text\n", [liar])


def test_a_note_that_nobody_signs_is_not_made():
    with pytest.raises(ValueError, match="signed by somebody"):
        sign_note("text\n", [])


def test_a_note_larger_than_any_checkpoint_is_refused():
    with pytest.raises(BadCheckpoint, match="too large"):
        open_note(b"x" * 1_000_001, [SIGNER.key])


def test_two_keys_of_one_name_and_id_are_refused():
    with pytest.raises(BadCheckpoint, match="share"):
        open_note(sign_note("text\n", [SIGNER]), [SIGNER.key, SIGNER.key])


@pytest.mark.parametrize("checkpoint", [Checkpoint(ORIGIN, -1, bytes(32)), Checkpoint(ORIGIN, 1, b"")])
def test_a_checkpoint_that_can_not_be_is_not_written(checkpoint):
    with pytest.raises(ValueError, match="size and root"):
        write_checkpoint(checkpoint)


def test_a_checkpoint_of_an_origin_with_a_line_end_is_not_written():
    with pytest.raises(BadCheckpoint):
        write_checkpoint(Checkpoint("a\nb", 1, bytes(32)))
