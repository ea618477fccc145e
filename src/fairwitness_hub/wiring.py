"""The one door between the hub and the house. No other hub file imports `fairwitness.compose`."""

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairwitness.compose import House

_lock = Lock()
_house: "House | None" = None


def house() -> "House":
    """The house, opened when it is first asked for."""
    global _house
    with _lock:
        if _house is None:
            _house = _open()
        return _house


def use(house: "House | None") -> None:
    """Put another house in its place (tests, and `None` to open it afresh)."""
    global _house
    with _lock:
        _house = house


def start() -> None:
    """Make this process a hub process (its logging, no core dumps) and open the house, unless it is.

    From then on sessions and links are signed with the secret that the keyring gives.
    """
    if _house is not None:
        return
    from fairwitness.compose import start_process

    start_process("hub")
    house()


def _open() -> "House":
    from django.conf import settings

    from fairwitness.compose import open_house, read_settings

    opened = open_house(read_settings(Path(settings.HOME)))
    settings.SECRET_KEY = opened.hub_secret()
    return opened
