import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vectors import naive
from tests.vectors.load import vectors

from fairwitness.errors import BadProof, Forked, HashMismatch
from fairwitness.tlog import (
    EMPTY_ROOT,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_at,
)

LARGEST = 1100
LEAVES = [leaf_hash(str(i).encode()) for i in range(LARGEST)]
SIZES = st.integers(1, LARGEST)


def reader(size: int):
    """Reads the tiles of a tree, and no tile that it does not have."""
    files = naive.tree_files([str(i).encode() for i in range(size)])
    return lambda level, index, width: files[naive.tile_name(str(level), index, width)]


@st.composite
def places(draw):
    size = draw(SIZES)
    return draw(st.integers(0, size - 1)), size


@st.composite
def pairs(draw):
    new = draw(SIZES)
    return draw(st.integers(0, new)), new


@given(places())
def test_a_path_is_that_of_the_definition_and_holds(place):
    index, size = place
    path = inclusion_proof(index, size, reader(size))

    assert path == naive.path(index, LEAVES[:size])
    check_inclusion(leaf=LEAVES[index], index=index, size=size, path=path, root=naive.mth(LEAVES[:size]))


@given(pairs())
def test_a_consistency_proof_is_that_of_the_definition_and_holds(sizes):
    old, new = sizes
    path = consistency_proof(old, new, reader(new))

    assert path == (naive.proof(old, LEAVES[:new]) if old else [])
    check_consistency(
        old_size=old,
        old_root=naive.mth(LEAVES[:old]),
        new_size=new,
        new_root=naive.mth(LEAVES[:new]),
        path=path,
    )


@given(pairs())
def test_the_root_of_any_beginning_comes_from_the_tiles_of_a_larger_tree(sizes):
    old, new = sizes

    assert root_at(old, reader(new), tree_size=new) == naive.mth(LEAVES[:old])


@given(places(), st.data())
def test_a_path_with_anything_changed_does_not_hold(place, data):
    index, size = place
    leaf, root, path = LEAVES[index], naive.mth(LEAVES[:size]), naive.path(index, LEAVES[:size])
    other = bytes(32)
    changes = [
        {"leaf": other},
        {"root": other},
        {"path": [*path, other]},
        {"path": [other, *path]},
        {"index": size},
        {"index": -1},
        {"size": 0},
        {"leaf": leaf[:31]},
        {"index": index ^ 1} if size > 1 else {"index": 1},
    ]
    for at in range(len(path)):
        changes += [{"path": [*path[:at], other, *path[at + 1 :]]}, {"path": path[:at] + path[at + 1 :]}]
    change = data.draw(st.sampled_from(changes))

    with pytest.raises(BadProof):
        check_inclusion(**{"leaf": leaf, "index": index, "size": size, "path": path, "root": root, **change})


@given(pairs(), st.data())
def test_a_consistency_proof_with_anything_changed_does_not_hold(sizes, data):
    old, new = sizes
    path = naive.proof(old, LEAVES[:new]) if old else []
    good = {
        "old_size": old, "old_root": naive.mth(LEAVES[:old]),
        "new_size": new, "new_root": naive.mth(LEAVES[:new]), "path": path,
    }  # fmt: skip
    other = bytes(32)
    changes = [
        {"old_root": other},
        {"path": [*path, other]},
        {"old_size": new + 1},
        {"old_size": -1},
        {"new_root": b""},
    ]
    if old:
        changes += [{"new_root": other}]
    for at in range(len(path)):
        changes += [{"path": [*path[:at], other, *path[at + 1 :]]}, {"path": path[:at] + path[at + 1 :]}]
    change = data.draw(st.sampled_from(changes))

    with pytest.raises((BadProof, Forked)):
        check_consistency(**{**good, **change})


@pytest.mark.parametrize("vector", vectors("tlog")["inclusion"], ids=lambda v: f"{v['index']} of {v['size']}")
def test_the_paths_of_the_vectors_hold(vector):
    root = bytes.fromhex(vectors("tlog")["roots"].get(str(vector["size"]), "")) or naive.mth(
        LEAVES[: vector["size"]]
    )
    path = [bytes.fromhex(value) for value in vector["path"]]
    leaf = leaf_hash(str(vector["index"]).encode())

    check_inclusion(leaf=leaf, index=vector["index"], size=vector["size"], path=path, root=root)
    with pytest.raises(BadProof):
        check_inclusion(leaf=root, index=vector["index"], size=vector["size"], path=[*path, root], root=root)


@pytest.mark.parametrize("vector", vectors("tlog")["consistency"], ids=lambda v: f"{v['old']} to {v['new']}")
def test_the_consistency_proofs_of_the_vectors_hold(vector):
    leaves = [leaf_hash(str(i).encode()) for i in range(vector["new"])]
    path = [bytes.fromhex(value) for value in vector["path"]]

    check_consistency(
        old_size=vector["old"], old_root=naive.mth(leaves[: vector["old"]]),
        new_size=vector["new"], new_root=naive.mth(leaves), path=path,
    )  # fmt: skip


def test_two_roots_for_one_size_are_a_fork():
    with pytest.raises(Forked):
        check_consistency(old_size=5, old_root=bytes(32), new_size=5, new_root=b"\x01" * 32, path=[])


def test_the_empty_tree_begins_every_tree():
    check_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=5, new_root=LEAVES[0], path=[])
    check_consistency(old_size=0, old_root=EMPTY_ROOT, new_size=0, new_root=EMPTY_ROOT, path=[])
    with pytest.raises(BadProof):
        check_consistency(old_size=0, old_root=LEAVES[0], new_size=0, new_root=LEAVES[0], path=[])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_there_is_no_path_from_an_entry_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(index, size, reader(5))


def test_there_is_no_proof_from_a_larger_tree_to_a_smaller_one():
    with pytest.raises(ValueError, match="does not continue"):
        consistency_proof(6, 5, reader(5))


def test_a_tile_of_the_wrong_length_makes_no_proof():
    with pytest.raises(HashMismatch):
        inclusion_proof(1, 3, lambda level, index, width: bytes(32))
