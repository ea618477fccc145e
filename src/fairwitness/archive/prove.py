"""Makes a proof of one entry that can be handed on and checked offline."""

from fairwitness.archive.checkpoint import read_keys, read_published
from fairwitness.archive.ports import FileStore
from fairwitness.archive.tiles import tile_reader
from fairwitness.archive.vouched import read_witnessed
from fairwitness.errors import BadProof
from fairwitness.model.entry import LogName
from fairwitness.tlog import (
    WIDTH,
    EntryProof,
    bundle_path,
    check_proof,
    decode_bundle,
    inclusion_proof,
    open_checkpoint,
)


def prove_entry(files: FileStore, log: LogName, origin: str, index: int) -> tuple[EntryProof, bytes]:
    """The proof of entry `index` and its header, under the newest cosigned checkpoint that covers it.

    Where no cosigned one does, the newest checkpoint serves. Costs a few tiles, whatever the log's size.
    """
    keys = read_keys(files)
    note = read_witnessed(files, log)
    if note is None or open_checkpoint(note, origin=origin, keys=keys).size <= index:
        published = read_published(files, log, origin)
        note = published.note if published else b""
    checkpoint = open_checkpoint(note, origin=origin, keys=keys)
    if not 0 <= index < checkpoint.size:
        raise BadProof("no checkpoint covers this entry yet", log=log, index=index, size=checkpoint.size)
    header = _header(files, log, index, checkpoint.size)
    path = inclusion_proof(index, checkpoint.size, tile_reader(files, log))
    proof = EntryProof(index, tuple(path), note)
    check_proof(proof, entry=header, origin=origin, keys=keys)
    return proof, header


def _header(files: FileStore, log: LogName, index: int, size: int) -> bytes:
    number, place = divmod(index, WIDTH)
    width = min(WIDTH, size - number * WIDTH)
    data = files.read(f"{log}/{bundle_path(number, width)}")
    if data is None and width < WIDTH:
        data = files.read(f"{log}/{bundle_path(number)}")
    headers = decode_bundle(data) if data else []
    if place >= len(headers):
        raise BadProof("the bundle of this entry is missing or short", log=log, index=index)
    return headers[place]
