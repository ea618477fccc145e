"""Reads the tiles of a log from its published files, for proofs."""

from fairwitness.archive.ports import FileStore
from fairwitness.model.entry import LogName
from fairwitness.tlog import HASH, WIDTH, ReadTile, tile_path


def tile_reader(files: FileStore, log: LogName) -> ReadTile:
    """Reads tiles of `log`; a partial one that has gone is read from the full one that it grew into.

    What it gives proves nothing: a proof made of it must be checked against a signed root.
    """

    def read(level: int, index: int, width: int) -> bytes:
        data = files.read(f"{log}/{tile_path(level, index, width)}")
        if data is None and width < WIDTH:
            data = files.read(f"{log}/{tile_path(level, index)}")
        return (data or b"")[: width * HASH]

    return read
