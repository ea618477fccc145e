"""`archive.ports.FileStore` in a local folder, and the keyring's files.

A file appears whole or not at all: a temporary file is written and synced, then renamed,
then the folder is synced. Names that begin with `.tmp-` are never published.
"""

from fairwitness.engines.filesystem.cabinet import FolderCabinet
from fairwitness.engines.filesystem.keyring import read_keyring, write_keyring
from fairwitness.engines.filesystem.lock import alone, hold_lock, let_go, take_lock
from fairwitness.engines.filesystem.mark import read_mark, write_mark
from fairwitness.engines.filesystem.outgoing import OutgoingFile
from fairwitness.engines.filesystem.store import FolderStore, make_folder
from fairwitness.engines.filesystem.witness_key import read_witness_key

__all__ = [
    "FolderCabinet",
    "FolderStore",
    "OutgoingFile",
    "alone",
    "hold_lock",
    "let_go",
    "make_folder",
    "read_keyring",
    "read_mark",
    "read_witness_key",
    "take_lock",
    "write_keyring",
    "write_mark",
]
