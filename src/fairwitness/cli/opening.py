"""How a command finds its deployment and unlocks it."""

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from fairwitness.compose import House, forbid_dumps, open_house, read_settings, unlock
from fairwitness.errors import Misconfigured

HomeOption = Annotated[
    Path, typer.Option("--home", envvar="FAIRWITNESS_HOME", help="The folder of the deployment.")
]
PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file", envvar="FAIRWITNESS_PASSPHRASE_FILE",
        help="A file whose first line unlocks the keys. Without it you are asked.",
    ),
]  # fmt: skip
DEFAULT_HOME = Path("fairwitness-data")


def read_passphrase(file: Path | None, *, confirm: bool = False) -> str:
    """The passphrase, from its file or asked for; never shown, never an argument."""
    forbid_dumps()
    if file is not None:
        lines = file.read_text().splitlines()
        if not lines or not lines[0]:
            raise Misconfigured("the passphrase file is empty", setting="--passphrase-file")
        return lines[0]
    if not sys.stdin.isatty():
        raise Misconfigured(
            "no passphrase was given", setting="--passphrase-file", hint="Name a file that holds it."
        )
    passphrase = getpass.getpass("Passphrase: ")
    if confirm and getpass.getpass("Once more: ") != passphrase:
        raise Misconfigured("the two were not the same", setting="passphrase")
    return passphrase


def unlocked(home: Path, passphrase_file: Path | None) -> House:
    """The house of the deployment at `home`, with every key."""
    settings = read_settings(home)
    return open_house(settings, unlock(settings, passphrase=read_passphrase(passphrase_file)))


def acting() -> str:
    """Who acts on this command line, for the custody log."""
    return f"cli:{os.environ.get('SUDO_USER') or getpass.getuser()}"
