"""What a command is given from elsewhere: keys of logs and witnesses, kept checkpoints."""

from pathlib import Path
from typing import Annotated

import typer

from fairwitness.errors import BadCheckpoint, Misconfigured
from fairwitness.tlog import VerifierKey, WitnessKey, read_vkey, read_witness_vkey

WitnessesOption = Annotated[
    Path | None,
    typer.Option("--witnesses", help="A file of witnesses' public keys, one a line, that you were given."),
]
QuorumOption = Annotated[
    int, typer.Option("--quorum", min=0, help="How many of these witnesses must have cosigned.")
]


def read_witness_file(file: Path | None) -> list[WitnessKey] | None:
    """The witnesses' keys in a file; None where no file is given."""
    if file is None:
        return None
    try:
        return [read_witness_vkey(line) for line in file.read_text("utf-8").splitlines()]
    except (BadCheckpoint, UnicodeDecodeError) as error:
        raise Misconfigured(f"not a file of witnesses' keys: {error}", setting="--witnesses") from error


def read_key_file(file: Path) -> list[VerifierKey]:
    """The logs' keys in a file, as the record's own `keys` holds them."""
    try:
        return [read_vkey(line) for line in file.read_text("utf-8").splitlines()]
    except (BadCheckpoint, UnicodeDecodeError) as error:
        raise Misconfigured(f"not a file of logs' keys: {error}", setting="--keys") from error
