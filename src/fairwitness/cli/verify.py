"""`fairwitness verify`: check the whole record, payloads included."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from fairwitness.archive.status import Fault, VerifyReport, VouchedFor
from fairwitness.archive.verify_vouched import Trust
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, unlocked
from fairwitness.cli.terminal import plain
from fairwitness.cli.trusting import QuorumOption, WitnessesOption, read_witness_file
from fairwitness.compose.witnesses import configured_witnesses


def verify(
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    since: Annotated[
        list[Path] | None,
        typer.Option("--since", help="An older checkpoint that the record must continue. May be repeated."),
    ] = None,
    witnesses_file: WitnessesOption = None,
    quorum: QuorumOption = 0,
) -> None:
    """Check every header, tile, checkpoint, segment and payload of the record."""
    older = [(str(file), file.read_bytes()) for file in since or []]
    given = read_witness_file(witnesses_file)
    house = unlocked(home.absolute(), passphrase_file)
    trust = Trust(
        older=older, witnesses=given or configured_witnesses(house.settings) or None, quorum=quorum
    )
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Checking", total=None)
        report = house.verify(
            lambda done, total: progress.update(task, completed=done, total=total), trust=trust
        )
    if as_json:
        typer.echo(msgspec.json.encode(report).decode())
    else:
        _print(Console(soft_wrap=True), report)
    raise typer.Exit(1 if report.faults else 0)


def _print(console: Console, report: VerifyReport) -> None:
    console.print(f"Messages: {report.messages:,} entries. Custody: {report.custody:,} entries.")
    console.print(f"Payloads that open and are what was committed to: {report.payloads:,}.")
    if report.unreadable:
        console.print(f"Entries whose key was destroyed: {report.unreadable:,}.")
    for vouched, how in [(one, "Cosigned") for one in report.witnessed] + [
        (one, "Stamped") for one in report.stamped
    ]:
        console.print(f"{how}: {_vouched(vouched)}", markup=False)
    for fault in report.faults:
        console.print(_sentence(fault), style="bold", markup=False)
    if not report.faults:
        console.print("No fault was found.", style="green")


def _vouched(vouched: VouchedFor) -> str:
    at = datetime.fromtimestamp(vouched.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    by = f" by {plain(', '.join(vouched.by))}" if vouched.by else ""
    return f"{vouched.size:,} entries of {vouched.log}, {at} UTC{by}."


def _sentence(fault: Fault) -> str:
    where = f"{fault.log} {fault.first}–{fault.last}" if fault.first is not None else fault.log
    return f"{fault.file}: {fault.what}" + (f" (entries {where})" if where else "")
