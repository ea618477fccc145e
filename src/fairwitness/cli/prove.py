"""`fairwitness prove`: a proof of one entry, to hand on."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption
from fairwitness.compose import read_settings
from fairwitness.compose.witnesses import record_proof
from fairwitness.model.entry import MESSAGES


def prove(
    index: Annotated[int, typer.Argument(metavar="INDEX", min=0, help="The number of the entry.")],
    log: Annotated[str, typer.Option("--log", help="The log that it is in.")] = MESSAGES,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; INDEX.tlog-proof otherwise.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Write the proof that an entry is in the record, and its header beside it. Opens nobody's words."""
    proof, header = record_proof(read_settings(home.absolute()), log, index)
    target = output or Path(f"{index}.tlog-proof")
    beside = target.with_suffix(".header")
    target.write_bytes(proof)
    beside.write_bytes(header)
    Console(soft_wrap=True, highlight=False).print(f"{target} and {beside}", markup=False)
