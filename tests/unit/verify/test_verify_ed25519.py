import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.vectors.load import vectors

from fairwitness_verify.ed25519 import BadSignature, check_public, check_signature

VECTORS = vectors("ed25519")
SEEDS = st.binary(min_size=32, max_size=32)


def parts(vector: dict[str, str]) -> list[bytes]:
    return [bytes.fromhex(vector[part]) for part in ("public", "message", "signature")]


@pytest.mark.parametrize("vector", VECTORS["held"])
def test_a_signature_of_the_vectors_holds(vector):
    check_signature(*parts(vector))


def test_the_vectors_are_those_of_rfc_8032():
    keys = [vector["public"] for vector in VECTORS["held"]]

    assert keys[:4] == [
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    ]
    assert VECTORS["held"][0]["signature"].startswith(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    )


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["why"])
def test_a_spoilt_signature_of_the_vectors_is_refused(vector):
    with pytest.raises(BadSignature):
        check_signature(*parts(vector))


@pytest.mark.parametrize("key", VECTORS["refused_keys"])
def test_a_key_under_which_anything_can_be_signed_is_refused(key):
    with pytest.raises(BadSignature):
        check_public(bytes.fromhex(key))


@settings(max_examples=40)
@given(SEEDS, st.binary(max_size=300))
def test_what_cryptography_signs_holds(seed, message):
    key = Ed25519PrivateKey.from_private_bytes(seed)

    check_signature(key.public_key().public_bytes_raw(), message, key.sign(message))


@settings(max_examples=60)
@given(SEEDS, st.binary(max_size=40), st.integers(0, 8 * 96 - 1))
def test_a_flipped_bit_is_refused_as_cryptography_refuses_it(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    both = bytearray(key.public_key().public_bytes_raw() + key.sign(message))
    both[bit // 8] ^= 1 << bit % 8
    public, signature = bytes(both[:32]), bytes(both[32:])

    with pytest.raises((InvalidSignature, ValueError)):
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    with pytest.raises(BadSignature):
        check_signature(public, message, signature)
