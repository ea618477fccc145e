"""Cosignatures, submissions and proofs of an entry, by the vectors that the verifier reads too."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sigstore._internal import merkle
from tests.vectors import naive
from tests.vectors.load import vectors

from fairwitness import tlog
from fairwitness.errors import BadCheckpoint, BadProof, NotWitnessed, Tampered
from fairwitness_verify import cosigned, notes, proof, tree

COSIGNATURES, PROOFS = vectors("cosignature"), vectors("proof")
LOG = naive.private_key("a log of this test")
ORIGIN = "firm.example/record/messages/0"
KEY = tlog.VerifierKey(ORIGIN, LOG.public_key().public_bytes_raw())
WITNESS = naive.private_key("a witness of this test")
COSIGNER = tlog.Cosigner(
    tlog.WitnessKey("witness.example/w", WITNESS.public_key().public_bytes_raw()), WITNESS.sign
)
LEAVES = [naive.leaf(str(number).encode()) for number in range(70)]


def note(size: int, *, salt: bytes = b"") -> bytes:
    """The signed checkpoint of the first leaves; with salt, of others."""
    root = naive.mth([naive.leaf(salt + leaf) for leaf in LEAVES[:size]] if salt else LEAVES[:size])
    return tlog.sign_note(tlog.write_checkpoint(tlog.Checkpoint(ORIGIN, size, root)), [tlog.Signer(KEY, LOG.sign)])


def submission(old: int, size: int, **salted: bytes) -> tlog.Submission:
    """Why the checkpoint of `size` continues that of `old`."""
    path = naive.proof(old, LEAVES[:size]) if 0 < old < size else []
    return tlog.Submission(old, tuple(path), note(size, **salted))


def seen(size: int) -> tlog.Checkpoint:
    return tlog.Checkpoint(ORIGIN, size, naive.mth(LEAVES[:size]))


def status_of(made: tlog.Submission, remembered: tlog.Checkpoint | None) -> tuple[int, int | None]:
    with pytest.raises(NotWitnessed) as refusal:
        tlog.consider(made, logs=[KEY], seen=remembered)
    return refusal.value.status, refusal.value.size


@pytest.mark.parametrize("vector", COSIGNATURES["held"])
def test_both_read_a_cosignature_of_the_vectors(vector):
    key = tlog.read_witness_vkey(vector["vkey"])
    (found,) = tlog.check_quorum(vector["note"].encode(), [key], 1)
    theirs = cosigned.read_cosignatures(vector["note"].encode(), cosigned.read_witnesses(vector["vkey"].encode() + b"\n"), 1)

    assert (found.key, found.at) == (key, vector["at"])
    assert theirs == [cosigned.Cosignature(key.name, vector["at"])]
    assert tlog.write_witness_vkey(key) == vector["vkey"]


@pytest.mark.parametrize("vector", COSIGNATURES["refused"], ids=lambda v: v["why"])
def test_both_refuse_a_spoilt_cosignature_of_the_vectors(vector):
    data = bytes.fromhex(vector["note"])
    with pytest.raises(BadCheckpoint):
        tlog.check_quorum(data, [tlog.read_witness_vkey(vector["vkey"])], 1)
    with pytest.raises(notes.Broken):
        cosigned.read_cosignatures(data, cosigned.read_witnesses(vector["vkey"].encode() + b"\n"), 1)


@pytest.mark.parametrize("vector", COSIGNATURES["refused_keys"], ids=lambda v: v["why"])
def test_both_refuse_what_is_no_key_of_a_witness(vector):
    with pytest.raises(BadCheckpoint):
        tlog.read_witness_vkey(vector["vkey"])
    with pytest.raises(notes.Broken):
        cosigned.read_witnesses(vector["vkey"].encode() + b"\n")


def test_a_cosignature_is_what_the_definition_signs():
    text, _ = tlog.parse_note(note(7))
    line = tlog.cosign(text, COSIGNER, at=1_700_000_000)

    assert line.write().encode() == naive.cosignature(note(7), COSIGNER.key.name, WITNESS, at=1_700_000_000)


def test_one_witness_under_two_names_is_not_two_witnesses():
    twin = tlog.WitnessKey("witness.example/other", COSIGNER.key.public)
    with pytest.raises(BadCheckpoint, match="share"):
        tlog.check_quorum(note(1), [COSIGNER.key, twin], 0)
    lines = "".join(tlog.write_witness_vkey(key) + "\n" for key in (COSIGNER.key, twin))
    with pytest.raises(notes.Broken, match="twice"):
        cosigned.read_witnesses(lines.encode())


def test_a_quorum_is_reached_when_the_last_of_it_signed():
    found = [tlog.Cosignature(COSIGNER.key, at, tlog.SignatureLine("w", b"", b"")) for at in (30, 10, 20)]

    assert [tlog.witnessed_at(found, quorum) for quorum in (1, 2, 3)] == [10, 20, 30]


@pytest.mark.parametrize("vector", PROOFS["held"])
def test_both_take_a_proof_of_the_vectors(vector):
    data, header = vector["proof"].encode(), vector["header"].encode()
    keys = [tlog.read_vkey(line) for line in PROOFS["keys"].splitlines()]
    witnesses = [tlog.read_witness_vkey(line) for line in PROOFS["witnesses"].splitlines()]
    read = tlog.read_proof(data)
    checkpoint = tlog.check_proof(read, entry=header, origin=PROOFS["origin"], keys=keys, witnesses=witnesses, quorum=2)
    theirs = proof.check_proof(data, header, notes.read_keys(PROOFS["keys"].encode()), cosigned.read_witnesses(PROOFS["witnesses"].encode()), 2)

    assert (read.index, checkpoint.size) == (vector["index"], vector["size"])
    assert (theirs.number, theirs.checkpoint.size, len(theirs.cosignatures)) == (vector["index"], vector["size"], 2)
    assert tlog.write_proof(read) == data


@pytest.mark.parametrize("vector", PROOFS["refused"], ids=lambda v: v["why"])
def test_b11_both_refuse_a_spoilt_proof_of_the_vectors(vector):
    data, header = bytes.fromhex(vector["proof"]), vector["header"].encode()
    keys = [tlog.read_vkey(line) for line in PROOFS["keys"].splitlines()]
    witnesses = [tlog.read_witness_vkey(line) for line in PROOFS["witnesses"].splitlines()]
    with pytest.raises(Tampered):
        tlog.check_proof(tlog.read_proof(data), entry=header, origin=PROOFS["origin"], keys=keys, witnesses=witnesses, quorum=2)
    with pytest.raises(notes.Broken):
        proof.check_proof(data, header, notes.read_keys(PROOFS["keys"].encode()), cosigned.read_witnesses(PROOFS["witnesses"].encode()), 2)


@pytest.fixture(scope="module")
def large() -> dict[tuple[int, int], bytes]:
    """The tiles of C2SP's example tree of 70,000 entries, as we make them; entry i is the number i."""
    tiles, frontier = {}, tlog.Frontier.empty()
    leaves = [tlog.leaf_hash(str(number).encode()) for number in range(70_000)]
    for start, stop in pairwise((0, 1, 255, 40_000, 70_000)):
        frontier, writes = tlog.extend(frontier, leaves[start:stop])
        tiles |= {(write.level, write.index): write.data for write in writes}
    return tiles


@pytest.mark.parametrize("index", [0, 1, 255, 256, 65_535, 65_536, 69_887, 69_888, 69_999, 12_345])
def test_sigstore_takes_our_proofs_in_the_tree_of_70_000(large, index):
    """`sigstore`'s Merkle code is not ours: it must lead our proofs to the root that the vectors name."""
    reads: list[tuple[int, int]] = []

    def read(level: int, number: int, width: int) -> bytes:
        reads.append((level, number))
        return large[level, number][: width * 32]

    path = tlog.inclusion_proof(index, 70_000, read)
    inner, border = merkle._decomp_inclusion_proof(index, 70_000)
    assert len(path) == inner + border
    leaf = merkle._hash_leaf(str(index).encode())
    root = merkle._chain_border_right(merkle._chain_inner(leaf, path[:inner], index), path[inner:])

    assert root.hex() == vectors("tlog")["roots"]["70000"]
    assert len(reads) <= 8, "a proof is made of a few tiles"


def test_sigstore_and_both_of_ours_agree_on_proofs_of_every_small_tree():
    for size in range(1, 40):
        root = naive.mth(LEAVES[:size])
        for index in range(size):
            path = naive.path(index, LEAVES[:size])
            inner, _ = merkle._decomp_inclusion_proof(index, size)
            theirs = merkle._chain_border_right(merkle._chain_inner(LEAVES[index], path[:inner], index), path[inner:])
            tlog.check_inclusion(leaf=LEAVES[index], index=index, size=size, path=path, root=root)
            assert theirs == proof.root_from(LEAVES[index], index, size, path) == root


@given(st.data())
def test_b11_the_two_verifiers_agree_on_mangled_proofs(data):
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    path = naive.path(index, LEAVES[:size])
    claimed = data.draw(st.integers(0, size - 1))
    mangled = [data.draw(st.sampled_from([hashed, bytes(32)])) for hashed in path][: data.draw(st.integers(0, len(path)))]
    mangled += [bytes(32)] * data.draw(st.integers(0, 1))
    root = naive.mth(LEAVES[:size])
    try:
        tlog.check_inclusion(leaf=LEAVES[index], index=claimed, size=size, path=mangled, root=root)
        ours = True
    except BadProof:
        ours = False
    try:
        theirs = proof.root_from(LEAVES[index], claimed, size, mangled) == root
    except notes.Broken:
        theirs = False

    assert ours == theirs == ((claimed, mangled) == (index, path))


def test_b12_a_node_does_not_pass_for_an_entry():
    """An entry made of two hashes must not have the hash of the node above them."""
    left, right = LEAVES[:2]

    assert len({tlog.node_hash(left, right), tlog.leaf_hash(left + right), tlog.leaf_hash(b"\x01" + left + right)}) == 3
    for forged in (left + right, b"\x01" + left + right):
        with pytest.raises(BadProof):
            tlog.check_inclusion(leaf=tlog.leaf_hash(forged), index=0, size=1, path=[], root=naive.mth(LEAVES[:2]))
        assert proof.root_from(tree.leaf_hash(forged), 0, 1, []) != naive.mth(LEAVES[:2])


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_submission_is_read_back_and_considered(old, size):
    old, size = min(old, size), max(old, size)
    made = submission(old, size)

    assert tlog.read_submission(tlog.write_submission(made)) == made
    assert tlog.consider(made, logs=[KEY], seen=seen(old) if old else None) == seen(size)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"\n\n", b"old 1\n", b"old 01\n\n", b"old -1\n\n", b"old  1\n\n", b"old 1 \n\n", b"new 1\n\n",
        f"old {2**63}\n\n".encode(), b"old 1\nAAAA\n\n", b"old 1\n!\n\n", b"old 1\r\n\r\n", b"\xff",
        b"old 1\n" + b"A" * 43 + b"=\n" * 64 + b"\n", b"old 0\n\n" + b"x" * 70_000,
    ],
)  # fmt: skip
def test_a_submission_that_is_not_well_formed_is_refused(body):
    with pytest.raises(BadCheckpoint):
        tlog.read_submission(body)


def test_a_witness_says_why_it_does_not_sign():
    other = tlog.VerifierKey("firm.example/other", KEY.public)
    stranger = naive.private_key("stranger")
    forged = naive.note(tlog.parse_note(note(7))[0], ORIGIN, stranger)
    wrong_path = tlog.Submission(3, (bytes(32),), note(7))

    with pytest.raises(NotWitnessed) as unknown:
        tlog.consider(submission(0, 7), logs=[other], seen=None)
    assert unknown.value.status == 404
    assert status_of(tlog.Submission(0, (), forged), None) == (403, None)
    assert status_of(tlog.Submission(8, (), note(7)), None) == (400, None)
    assert status_of(submission(0, 7), seen(3)) == (409, 3)
    assert status_of(submission(5, 7), None) == (409, 0)
    assert status_of(wrong_path, seen(3)) == (422, None)


def test_b6_another_root_of_the_same_size_is_not_signed():
    assert status_of(submission(7, 7, salt=b"x"), seen(7)) == (422, None)
