import pytest
from tests.vectors import naive
from tests.vectors.load import vectors

from fairwitness.tlog import EMPTY_ROOT, Frontier, extend, leaf_hash
from fairwitness.tlog.hashing import fold, peaks


def test_the_trees_of_rfc_6962s_own_test_data_have_their_known_roots():
    reference = vectors("tlog")["reference"]
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in reference["entries"]]
    roots = [fold(peaks(leaves[:size])).hex() for size in range(1, 9)]

    assert roots == reference["roots"]
    assert roots[0] == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert roots[7] == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_the_empty_tree_is_the_hash_of_nothing():
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier.empty().root() == EMPTY_ROOT


def test_the_roots_of_the_vectors_come_out():
    roots = vectors("tlog")["roots"]
    leaves = [leaf_hash(str(i).encode()) for i in range(max(map(int, roots)))]

    assert {size: extend(Frontier.empty(), leaves[: int(size)])[0].root().hex() for size in roots} == roots


@pytest.mark.parametrize("header", vectors("entry")["headers"], ids=lambda header: header["leaf"][:8])
def test_a_header_has_the_leaf_of_the_vectors(header):
    assert leaf_hash(header["header"].encode()).hex() == header["leaf"]


def test_a_leaf_is_never_the_node_of_two_hashes():
    left, right = leaf_hash(b"left"), leaf_hash(b"right")

    assert leaf_hash(left + right) != naive.node(left, right)
