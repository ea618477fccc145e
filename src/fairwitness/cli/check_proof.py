"""`fairwitness check-proof`: check a proof that somebody handed on. Needs no deployment."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fairwitness.cli.terminal import plain
from fairwitness.cli.trusting import QuorumOption, WitnessesOption, read_key_file, read_witness_file
from fairwitness.errors import BadProof, Misconfigured
from fairwitness.tlog import (
    check_proof,
    check_quorum,
    parse_note,
    read_checkpoint,
    read_proof,
)


def check(
    proof_file: Annotated[Path, typer.Argument(metavar="PROOF", help="A .tlog-proof file.")],
    entry: Annotated[Path, typer.Option("--entry", help="The header that it is said to prove.")],
    keys_file: Annotated[Path, typer.Option("--keys", help="Public keys of the logs, one a line.")],
    index: Annotated[
        int | None, typer.Option("--index", min=0, help="Which entry it must be; otherwise any.")
    ] = None,
    witnesses_file: WitnessesOption = None,
    quorum: QuorumOption = 0,
) -> None:
    """Check that a header is the entry that its proof says, in the log that these keys sign for."""
    keys, witnesses = read_key_file(keys_file), read_witness_file(witnesses_file) or []
    if quorum and not witnesses:
        raise Misconfigured("a quorum of nobody", setting="--quorum", hint="Name --witnesses.")
    proof = read_proof(proof_file.read_bytes())
    if index is not None and proof.index != index:
        raise BadProof("the proof is of another entry", index=proof.index)
    origin = read_checkpoint(parse_note(proof.note)[0]).origin
    checkpoint = check_proof(
        proof, entry=entry.read_bytes(), origin=origin, keys=keys, witnesses=witnesses, quorum=quorum
    )
    console = Console(soft_wrap=True, highlight=False)
    console.print(
        f"It is entry {proof.index} of {plain(origin)}, under the root of {checkpoint.size:,} entries.",
        markup=False,
    )
    for one in check_quorum(proof.note, witnesses, quorum):
        at = datetime.fromtimestamp(one.at, UTC).isoformat()
        console.print(f"Cosigned by {plain(one.key.name)} at {at}.", markup=False)
