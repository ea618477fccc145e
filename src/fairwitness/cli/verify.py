"""`fairwitness verify`: check the whole record, payloads included."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress

from fairwitness.archive.status import Fault, VerifyReport
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, unlocked


def verify(
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Check every header, tile, checkpoint, segment and payload of the record."""
    house = unlocked(home.absolute(), passphrase_file)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Checking", total=None)
        report = house.verify(lambda done, total: progress.update(task, completed=done, total=total))
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
    for fault in report.faults:
        console.print(_sentence(fault), style="bold", markup=False)
    if not report.faults:
        console.print("No fault was found.", style="green")


def _sentence(fault: Fault) -> str:
    where = f"{fault.log} {fault.first}–{fault.last}" if fault.first is not None else fault.log
    return f"{fault.file}: {fault.what}" + (f" (entries {where})" if where else "")
