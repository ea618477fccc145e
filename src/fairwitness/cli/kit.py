"""Hands out the shares of a recovery kit, and takes them in again."""

import getpass
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from fairwitness.archive.recovery import Share, combine
from fairwitness.compose import forbid_dumps
from fairwitness.errors import Misconfigured


def ask_officers() -> tuple[str, ...]:
    """The officers' names, asked for on a terminal."""
    if not sys.stdin.isatty():
        raise Misconfigured(
            "a deployment has a recovery kit, and nobody is named to keep it", setting="--officer",
            hint="Name each officer with --officer, and where the shares go with --kit-folder.",
        )  # fmt: skip
    said = typer.prompt("Who keeps a share of the recovery kit? Names, with commas between them")
    return tuple(name.strip() for name in str(said).split(",") if name.strip())


def show_shares(shares: Sequence[Share]) -> None:
    """Show each officer their share in turn, and wait until it is written down."""
    if not sys.stdin.isatty():
        raise Misconfigured(
            "the shares can not be shown here", setting="--kit-folder", hint="Name a folder for them."
        )
    console = Console(highlight=False)
    for share in shares:
        console.clear()
        console.print(f"The share of {share.officer}. Write these words down, in this order:\n", markup=False)
        console.print(share.words, markup=False)
        typer.prompt(
            "\nDone? Press Enter, and the next officer comes to the screen", default="", show_default=False
        )
        console.clear()


def write_shares(folder: Path, shares: Sequence[Share]) -> None:
    """Write each share to a file of its own for its owner only, and read all of them back."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = [folder / f"{number:02d}-{_plain(share.officer)}.txt" for number, share in enumerate(shares, 1)]
    for path, share in zip(paths, shares, strict=True):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"{share.words}\n")
            file.flush()
            os.fsync(file.fileno())
    if [path.read_text().strip() for path in paths] != [share.words for share in shares]:
        raise Misconfigured("the shares did not read back as written", setting="--kit-folder")


def read_shares(files: Sequence[Path] | None) -> tuple[bytes, int]:
    """The master key from shares, out of files or typed in turn, and how many there were."""
    forbid_dumps()
    if files:
        words = [file.read_text() for file in files]
    elif sys.stdin.isatty():
        words = []
        while said := getpass.getpass(f"Share {len(words) + 1} (empty when done): ").strip():
            words.append(said)
    else:
        raise Misconfigured("no share was given", setting="--share-file", hint="Name a file for each.")
    return combine(words), len(words)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "officer"
