"""What the hub makes for itself on its first start: a folder, and an empty file for Django's rows.

Both are readable by their owner only. Nothing here knows of any content.
"""

import os
import secrets
from pathlib import Path

OWNER_ONLY_FOLDER = 0o700
OWNER_ONLY_FILE = 0o600


def hub_folder(home: Path) -> Path:
    """The hub's own folder below `home`, made when it is missing."""
    folder = home / "hub"
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    return folder


def database_file(folder: Path) -> Path:
    """Where Django keeps accounts and sessions."""
    path = folder / "db.sqlite3"
    _create(path, b"")
    return path


def _create(path: Path, content: bytes) -> None:
    """Write `path` whole for its owner only, unless it is there: two processes may start at once."""
    if path.exists():
        return
    mine = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_FILE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(mine, path)
        except FileExistsError:
            return
    finally:
        mine.unlink()
