"""`fairwitness retention` and `dispose-message`: how long entries stay, and what goes."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, unlocked
from fairwitness.cli.terminal import plain
from fairwitness.compose.retention import Retention, publish_schedule
from fairwitness.model.custody import DisposalBasis, DisposalProposed
from fairwitness.model.holding import Disposal

app = typer.Typer(no_args_is_help=True, help="How long entries stay, and what goes.")
TodayOption = Annotated[
    str, typer.Option("--today", help="What day it is (UTC), such as 2026-11-25, where you are asked to say.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept in the record.")]


@app.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A schedule in YAML.", exists=True)],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Put a schedule in force for what is captured from now on; it can only lengthen what is kept."""
    house = unlocked(home.absolute(), passphrase_file)
    digest = publish_schedule(house, file.read_text("utf-8"), path=str(file), by=acting())
    Console().print(f"In force: schedule {digest[:12]}.")


@app.command("simulate")
def simulate(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """Show what would go when, by month. Nothing is touched."""
    months = Retention(unlocked(home.absolute(), passphrase_file)).simulate()
    table = Table("period ends", "entries", "of them held", box=None)
    for month in months:
        table.add_row(month.month or "never", f"{month.entries:,}", f"{month.held:,}")
    Console().print(table)


@app.command("run")
def run(
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    propose: Annotated[bool, typer.Option("--propose", help="Propose that everything due goes.")] = False,
    approve: Annotated[
        str, typer.Option("--approve", metavar="ID", help="Approve what somebody else proposed.")
    ] = "",
    execute: Annotated[
        str, typer.Option("--execute", metavar="ID", help="Carry out what was approved.")
    ] = "",
    reason: ReasonOption = "",
    today: TodayOption = "",
) -> None:
    """Dispose of what is due: one person proposes, another approves, then it is carried out."""
    if sum((propose, bool(approve), bool(execute))) != 1:
        raise typer.BadParameter("choose one of --propose, --approve ID and --execute ID")
    retention = Retention(unlocked(home.absolute(), passphrase_file))
    if propose:
        _say_proposed(retention.propose_due(reason=reason, today=today, by=acting()))
    elif approve:
        retention.approve(approve, reason=reason, today=today, by=acting())
        Console(soft_wrap=True).print(f"Approved. Next: fairwitness retention run --execute {approve}")
    else:
        retention.execute(execute, by=acting())
        Console(soft_wrap=True).print(
            "Done: the keys are destroyed, every view has let go, and the record says so.\n"
            "Replace your copy of the keys folder, and destroy the old copy."
        )


@app.command("list")
def list_disposals(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """List what was proposed, approved and done."""
    state = unlocked(home.absolute(), passphrase_file).custody()
    console = Console(soft_wrap=True, highlight=False)
    for disposal in sorted(state.disposals.values(), key=lambda one: one.index):
        proposed = disposal.proposed
        console.print(f"{proposed.disposal}  {proposed.basis}, {_stands(disposal)}", markup=False)
        console.print(
            f"  {_count(proposed)} entries, proposed by {plain(proposed.by)}: {plain(proposed.reason)}",
            markup=False,
        )


def dispose_message(
    entry: Annotated[int, typer.Argument(help="The message's entry in the message log.")],
    reason: Annotated[str, typer.Option(help="Why it must go; kept in the record.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    early: Annotated[
        bool, typer.Option("--early", help="Not captured in error, or over 72 hours ago: ahead of its time.")
    ] = False,
    today: TodayOption = "",
) -> None:
    """Propose that one message goes, with its edits and receipts. A second person must approve."""
    retention = Retention(unlocked(home.absolute(), passphrase_file))
    basis: DisposalBasis = "early" if early else "captured_in_error"
    proposed = retention.propose_message(entry, basis=basis, reason=reason, today=today, by=acting())
    _say_proposed(proposed)


def _say_proposed(proposed: DisposalProposed | None) -> None:
    console = Console(soft_wrap=True, highlight=False)
    if proposed is None:
        console.print("Nothing is due.")
        return
    console.print(f"{_count(proposed)} entries are proposed.")
    console.print(f"Next, by somebody else: fairwitness retention run --approve {proposed.disposal}")


def _count(proposed: DisposalProposed) -> int:
    return sum(last - first + 1 for first, last in proposed.entries)


def _stands(disposal: Disposal) -> str:
    if disposal.run is not None:
        return "done"
    others = sorted({approval.by for _, approval in disposal.approved} - {disposal.proposed.by})
    return f"approved by {', '.join(map(plain, others))}" if others else "waits for a second person"
