"""`fairwitness witness`: run a witness, for a record of somebody else's."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fairwitness.cli.trusting import read_key_file
from fairwitness.compose.witnesses import witness_key
from fairwitness.errors import BadCheckpoint, Misconfigured
from fairwitness.tlog import read_vkey, write_vkey, write_witness_vkey


def witness(
    home: Annotated[Path, typer.Option("--home", help="The witness's folder: its key, and what it saw.")],
    name: Annotated[
        str, typer.Option("--name", help="What it is called, such as witness.example.com/w1. Said once.")
    ] = "",
    log: Annotated[
        list[str] | None, typer.Option("--log", help="The public key of a log to watch. May be repeated.")
    ] = None,
    logs: Annotated[
        Path | None, typer.Option("--logs", help="A file of such keys, one a line: the record's `keys`.")
    ] = None,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on.")] = 8100,
    show: Annotated[bool, typer.Option("--show", help="Only show the witness's public key.")] = False,
) -> None:
    """Watch logs, and cosign each checkpoint that continues what was seen before."""
    vkey = write_witness_vkey(witness_key(home.absolute(), name=name).key)
    if show:
        typer.echo(vkey)
        return
    watched = _watched(log or [], logs)
    console = Console(stderr=True, soft_wrap=True, highlight=False)
    console.print(f"Witness {vkey}\nat http://{host}:{port}/", markup=False)
    # The door is a program of its own; this process becomes it, so that signals reach it.
    given = [f"--home={home.absolute()}", f"--host={host}", f"--port={port}", *watched]
    os.execv(  # noqa: S606 - our own interpreter and our own module
        sys.executable, [sys.executable, "-m", "fairwitness.doors.witness", *given]
    )


def _watched(lines: list[str], file: Path | None) -> list[str]:
    try:
        keys = [read_vkey(line) for line in lines]
    except BadCheckpoint as error:
        hint = "Copy the line from the record's `keys`."
        raise Misconfigured(error.message, setting="--log", hint=hint) from error
    keys += read_key_file(file) if file else []
    if not keys:
        raise Misconfigured("no log is named", setting="--log", hint="Name at least one, or use --logs.")
    if len({key.name for key in keys}) != len(keys):
        raise Misconfigured("two keys for one log", setting="--log")
    return [f"--log={write_vkey(key)}" for key in keys]
