"""The library and the verifier share no line; the vectors and these trees bind them."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tests.vectors import make, naive
from tests.vectors.load import HERE

from fairwitness import tlog
from fairwitness_verify import tree, verify

ENTRIES = st.lists(st.binary(max_size=20), max_size=600)


@given(ENTRIES)
def test_both_give_a_tree_the_same_root(entries):
    leaves = [tlog.leaf_hash(entry) for entry in entries]
    grown, _ = tlog.extend(tlog.Frontier.empty(), leaves)

    assert [tree.leaf_hash(entry) for entry in entries] == leaves
    assert tree.root_of([leaves]) == grown.root() == naive.mth(leaves)


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=256), st.integers(0, 2**40))
def test_both_lay_out_a_bundle_alike(entries, index):
    data = tlog.encode_bundle(entries)
    path = tlog.bundle_path(index, len(entries))

    assert tree.split_bundle(data) == tlog.decode_bundle(data) == entries
    assert tree.path_of(tree.BUNDLE, index, len(entries)) == path
    assert tree.parse_path(path) == (tree.BUNDLE, index, len(entries))


@given(st.text("tile/0123456789x.pentris", max_size=30))
def test_both_take_the_same_paths(path):
    tile = tlog.parse_path(path)

    assert tree.parse_path(path) == (None if tile is None else (tile.level, tile.index, tile.width))


def test_a_record_published_by_the_library_has_no_fault(tmp_path):
    headers = naive.headers_of(naive.Plan(segments=()))
    lines = []
    for log, entries in headers.items():
        lines.append(_publish(tmp_path / log, f"{naive.NAME}/{log}", entries))
    (tmp_path / "keys").write_text("".join(lines), "utf-8")

    assert verify(str(tmp_path), pause=lambda seconds: None).faults == []


def _publish(folder: Path, origin: str, entries: list[bytes]) -> str:
    """Publish a log in three steps, and give the line of its key."""
    frontier, private = tlog.Frontier.empty(), naive.private_key(origin)
    key = tlog.VerifierKey(origin, private.public_key().public_bytes_raw())
    for stop in (100, 300, len(entries)):
        leaves = [tlog.leaf_hash(entry) for entry in entries[frontier.size : stop]]
        frontier, writes = tlog.extend(frontier, leaves)
        naive.write({write.path: write.data for write in writes}, folder)
        for tile in tlog.bundles_of(frontier.size):
            chunk = entries[tile.index * 256 : tile.index * 256 + tile.width]
            naive.write({tlog.bundle_path(tile.index, tile.width): tlog.encode_bundle(chunk)}, folder)
    text = tlog.write_checkpoint(tlog.Checkpoint(origin, frontier.size, frontier.root()))
    naive.write({"checkpoint": tlog.sign_note(text, [tlog.Signer(key, private.sign)])}, folder)
    return tlog.write_vkey(key) + "\n"


def test_the_vectors_are_what_their_maker_makes():
    made = make.files()
    stored = {
        str(path.relative_to(HERE))
        for path in HERE.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }

    assert stored == set(made)
    assert [name for name, data in made.items() if (HERE / name).read_bytes() != data] == []
