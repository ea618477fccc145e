import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vectors import naive
from tests.vectors.load import vectors

from fairwitness.errors import HashMismatch
from fairwitness.tlog import Frontier, extend, leaf_hash, load_frontier

BATCHES = st.lists(st.integers(0, 700), max_size=6)


def entries(count: int) -> list[bytes]:
    return [str(i).encode() for i in range(count)]


def grow(batches: list[int]) -> tuple[Frontier, dict[str, bytes]]:
    """A tree grown in these steps, and every tile that was ever written."""
    leaves = [leaf_hash(entry) for entry in entries(sum(batches))]
    frontier, files = Frontier.empty(), {}
    for count in batches:
        start = frontier.size
        frontier, writes = extend(frontier, leaves[start : start + count])
        for write in writes:
            assert files.setdefault(write.path, write.data) == write.data
    return frontier, files


def tiles(count: int) -> dict[str, bytes]:
    return {name: data for name, data in naive.tree_files(entries(count)).items() if "/entries/" not in name}


@given(BATCHES)
def test_a_tree_grown_in_any_steps_is_the_tree_of_the_definition(batches):
    frontier, files = grow(batches)
    expected = tiles(sum(batches))

    assert {name: files[name] for name in expected} == expected
    assert frontier.root() == naive.mth([leaf_hash(entry) for entry in entries(sum(batches))])


@given(BATCHES)
def test_the_steps_of_growth_do_not_show_in_the_frontier(batches):
    assert grow(batches)[0] == grow([sum(batches)])[0]


@given(BATCHES)
def test_a_frontier_is_read_back_from_one_tile_a_level(batches):
    frontier, files = grow(batches)
    read = []

    def read_tile(level: int, index: int, width: int) -> bytes:
        read.append(level)
        return files[naive.tile_name(str(level), index, width)]

    assert load_frontier(frontier.size, read_tile) == frontier
    assert len(read) == len(set(read))


def test_a_full_tile_is_written_once():
    leaves = [leaf_hash(entry) for entry in entries(600)]
    frontier, first = extend(Frontier.empty(), leaves[:300])
    _, second = extend(frontier, leaves[300:])

    assert [write.path for write in first if write.full] == ["tile/0/000"]
    assert [write.path for write in second if write.full] == ["tile/0/001"]


def test_growing_writes_only_what_has_grown():
    leaves = [leaf_hash(entry) for entry in entries(70_001)]
    frontier, _ = extend(Frontier.empty(), leaves[:70_000])

    assert [write.path for write in extend(frontier, leaves[70_000:])[1]] == ["tile/0/273.p/113"]
    assert extend(frontier, [])[1] == []


def test_a_tree_of_256_has_a_full_tile_and_one_hash_above_it():
    _, writes = extend(Frontier.empty(), [leaf_hash(b"")] * 256)

    assert [write.path for write in writes] == ["tile/0/000", "tile/1/000.p/1"]


def test_seventy_thousand_entries_lie_as_tlog_tiles_says():
    _, writes = extend(Frontier.empty(), [leaf_hash(b"")] * 70_000)
    layout = vectors("tlog")["layout_of_70000"]

    for level in "012":
        mine = [write for write in writes if write.level == int(level)]
        assert [sum(write.full for write in mine), mine[-1].width] == layout[level]


def test_a_tile_of_the_wrong_length_is_not_taken_for_a_frontier():
    with pytest.raises(HashMismatch):
        load_frontier(3, lambda level, index, width: bytes(64))


def test_a_leaf_that_is_no_hash_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        extend(Frontier.empty(), [b"short"])
