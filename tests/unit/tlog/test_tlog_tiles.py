import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vectors import naive
from tests.vectors.load import vectors

from fairwitness.errors import Malformed
from fairwitness.tlog import (
    TileId,
    bundle_path,
    bundles_of,
    decode_bundle,
    encode_bundle,
    parse_path,
    tile_path,
    tiles_of,
)

BUNDLES = st.lists(st.binary(max_size=40), min_size=1, max_size=256)


@given(st.integers(0, 63), st.integers(0, 2**60), st.integers(1, 256))
def test_a_path_is_that_of_the_definition_and_is_read_back(level, index, width):
    assert tile_path(level, index, width) == naive.tile_name(str(level), index, width)
    assert bundle_path(index, width) == naive.tile_name("entries", index, width)
    assert parse_path(tile_path(level, index, width)) == TileId(level, index, width)
    assert parse_path(bundle_path(index, width)) == TileId(-1, index, width)


def test_the_paths_of_the_vectors_come_out():
    paths = vectors("tlog")["paths"]

    assert {index: tile_path(0, int(index)) for index in paths} == paths
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0", "tile/0/00", "tile/0/0000", "tile/0/x000/001", "tile/00/001", "tile/64/001", "tile/-1/001",
        "tile/0/001.p", "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/07", "tile/0/001.p/1/", "tile/0/001/",
        "tile/0/001\n", "/tile/0/001", "tile/0/x001/x002", "tile/0/X001/002", "tile/Entries/001", "tile/0/٠٠١",
        "tile/0/../0/001",
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_path_is_none(path):
    assert parse_path(path) is None


@given(st.integers(0, 3000))
def test_the_tiles_and_bundles_of_a_size_are_those_of_the_definition(size):
    listed = {tile_path(tile.level, tile.index, tile.width) for tile in tiles_of(size)}
    listed |= {bundle_path(tile.index, tile.width) for tile in bundles_of(size)}

    assert listed == set(naive.tree_files([b""] * size))


def test_there_is_no_path_for_an_impossible_tile():
    for index, width in ((-1, 1), (0, 0), (0, 257)):
        with pytest.raises(ValueError, match="no tile"):
            tile_path(0, index, width)


@given(BUNDLES)
def test_a_bundle_is_read_back(entries):
    assert decode_bundle(encode_bundle(entries)) == entries
    assert encode_bundle(entries) == naive.tree_files(entries)[naive.tile_name("entries", 0, len(entries))]


@given(BUNDLES, st.data())
def test_a_bundle_cut_short_never_has_all_its_entries(entries, data):
    whole = encode_bundle(entries)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    try:
        found = decode_bundle(cut)
    except Malformed:
        return
    assert found == entries[: len(found)]
    assert len(found) < len(entries)


def test_a_bundle_of_nothing_or_of_too_much_is_refused():
    for entries in ([], [b""] * 257):
        with pytest.raises(ValueError, match="1 to 256"):
            encode_bundle(entries)
        with pytest.raises(Malformed):
            decode_bundle(b"\0\0" * len(entries))


def test_the_longest_entry_fits_and_a_longer_one_does_not():
    assert decode_bundle(encode_bundle([b"x" * 65_535])) == [b"x" * 65_535]
    with pytest.raises(Malformed):
        encode_bundle([b"x" * 65_536])
