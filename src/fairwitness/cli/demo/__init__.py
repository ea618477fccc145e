"""`fairwitness demo`: a pilot replayed through a real door, counted, proven, and left open to look at."""

import signal
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from fairwitness.cli.demo.outcome import Outcome, gather
from fairwitness.cli.demo.pilot import Pilot, make_pilot
from fairwitness.cli.demo.posting import Poster
from fairwitness.cli.demo.show import agrees, introduce, report
from fairwitness.cli.demo.stage import Stage
from fairwitness.clock import system_clock


def demo(
    leave: Annotated[
        bool, typer.Option("--exit", help="Leave at the end instead of keeping the hub open.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another pilot.")] = 1,
    home: Annotated[
        Path, typer.Option(help="A folder to make. One that is not a demo's is never touched.")
    ] = Path("demo-data"),
    door_port: Annotated[int, typer.Option(help="Where the door listens; another if it is taken.")] = 8080,
    hub_port: Annotated[int, typer.Option(help="Where the hub listens; another if it is taken.")] = 8000,
) -> None:
    """Replay a pilot of 13 people and 2,400 messages through a real door, and open the hub on it."""
    console = Console()
    pilot = make_pilot(seed=seed, now=system_clock())
    with console.status("Making a deployment"):
        stage = Stage(home.absolute(), door_port=door_port, hub_port=hub_port)
    introduce(console, pilot, home=str(stage.settings.home))
    stopping = _until_told()
    try:
        outcome = _replay(console, stage, pilot, stopping)
        if outcome is None:
            raise typer.Exit(130)
        console.print(report(pilot, outcome))
        if not leave:
            _keep_open(console, stage, stopping)
    finally:
        stage.stop()
    raise typer.Exit(0 if agrees(pilot, outcome) else 1)


def _until_told() -> threading.Event:
    """An event that is set by Ctrl-C, SIGTERM or a terminal that is closed."""
    stopping = threading.Event()

    def tell(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, tell)
    return stopping


def _replay(console: Console, stage: Stage, pilot: Pilot, stopping: threading.Event) -> Outcome | None:
    """Enrol, post everything, seal, verify. None when it was told to stop halfway."""
    stage.enrol(pilot)
    with console.status("Starting the door, the keeper and the hub"):
        stage.start(told_to_stop=stopping.is_set)
    began = time.monotonic()
    if not _post_all(console, stage, pilot, stopping):
        return None
    seconds = time.monotonic() - began
    with console.status("Letting the keeper finish, sealing, and asking both verifiers"):
        stage.stop()
        stage.catch_up()
        stage.seal()
        return gather(stage, pilot, seconds=seconds)


def _post_all(console: Console, stage: Stage, pilot: Pilot, stopping: threading.Event) -> bool:
    poster = Poster(host=stage.settings.door_host, port=stage.settings.door_port, secret=stage.secret)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        TextColumn("{task.fields[alerts]} alerts"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Posting", total=len(pilot.deliveries), alerts=0)
        for number, delivery in enumerate(pilot.deliveries):
            if stopping.is_set():
                return False
            if number == pilot.withdrawn_before:
                stage.withdraw(pilot.rep("withdraws"))
            poster.post(delivery.body)
            if number % 50 == 0:
                stage.expect_up()
                progress.update(task, completed=number + 1, alerts=stage.house.alerts.count())
    poster.close()
    return True


def _keep_open(console: Console, stage: Stage, stopping: threading.Event) -> None:
    if stopping.is_set():
        return
    with console.status("Opening the hub"):
        stage.start(told_to_stop=stopping.is_set)
        link = stage.sign_in_link()
    console.print()
    console.print("[bold]The hub is open.[/bold] This link signs you in, once, within fifteen minutes:")
    console.print(link, soft_wrap=True, highlight=False, markup=False)
    console.print("Ctrl-C ends it; the record stays.", style="dim")
    while not stopping.wait(0.5):
        stage.expect_up()
    console.print("Closing.", style="dim")
