"""`fairwitness produce`: hand records to an examiner, in a pack that proves itself."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.progress import Progress

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, unlocked
from fairwitness.compose import House, open_publisher
from fairwitness.errors import Misconfigured
from fairwitness.model.custody import ProductionSelected
from fairwitness.produce.orders import find_lines, find_people

_PATIENCE = 15.0


def produce(
    matter: Annotated[str, typer.Option(help="The name of the matter or request that this answers.")] = "",
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The pack to write, such as PACK.zip.")
    ] = Path("pack.zip"),
    person: Annotated[list[str] | None, typer.Option(help="Only this person: name, e-mail or id.")] = None,
    line: Annotated[list[str] | None, typer.Option(help="Only this line: number, alias or id.")] = None,
    conversation: Annotated[
        list[str] | None, typer.Option(help="Only this conversation: its id, or the other side's address.")
    ] = None,
    from_: Annotated[str, typer.Option("--from", help="Sent from this day or time on (UTC).")] = "",
    to: Annotated[str, typer.Option("--to", help="Sent up to this day, included, or before this time.")] = "",
    alerts: Annotated[bool, typer.Option("--alerts", help="Only conversations with an alert.")] = False,
    language: Annotated[str, typer.Option(help="Of printed conversations: en or pt.")] = "en",
    reason: Annotated[str, typer.Option(help="Why; recorded.")] = "",
    again: Annotated[
        int | None, typer.Option(min=0, help="Make the pack that this custody entry ordered, once more.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Hand messages, decisions and their proofs to an examiner, in one zip that verifies offline."""
    target = output.absolute()
    if target.exists():
        raise Misconfigured(
            "there is a file of this name already", setting="--output", hint="Choose another name."
        )
    if not matter and again is None:
        raise Misconfigured("a pack answers a matter", setting="--matter", hint="Name it.")
    house = unlocked(home.absolute(), passphrase_file)
    console = Console(stderr=True, soft_wrap=True)
    if again is None:
        _sign_everything(house, console)
        again = house.order_pack(
            ProductionSelected(
                matter=matter, persons=find_people(house.custody(), person or ()),
                lines=find_lines(house.custody(), line or ()), conversations=tuple(conversation or ()),
                from_at=moment(from_, "--from"), to_at=moment(to, "--to", end=True), alerts=alerts,
                language=_language(language), reason=reason, checkpoints=(), refused=(), by=acting(),
            )
        )  # fmt: skip
    with Progress(console=console, transient=True) as progress:
        tasks = {"": progress.add_task("Reading decisions", total=None)}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                progress.update(tasks.pop(""), visible=False) if "" in tasks else None
                tasks[step] = progress.add_task(step)
            progress.update(tasks[step], completed=done, total=total)

        made = house.make_pack(again, target, by=acting(), progress=show)
    counts = f"{made.messages:,} entries of messages, {made.custody:,} decisions, {made.size:,} bytes"
    Console(soft_wrap=True).print(
        f"{target.name}: {counts}.\nSHA-256 {made.sha256}\n"
        f"Ordered by custody entry {again}; `--again {again}` gives the same bytes.",
        markup=False, highlight=False,
    )  # fmt: skip


def moment(text: str, setting: str, *, end: bool = False) -> int | None:
    """A day or a time in ms; of a day its beginning, or its end. None where nothing is said."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise Misconfigured(
            f"{text} is not a day or a time", setting=setting,
            hint="Write 2026-03-31 or 2026-03-31T18:00+00:00.",
        ) from error  # fmt: skip
    if end and len(text) <= len("2026-03-31"):
        at += timedelta(days=1)
    return int(at.replace(tzinfo=at.tzinfo or UTC).timestamp() * 1000)


def _language(text: str) -> Literal["en", "pt"]:
    if text == "en":
        return "en"
    if text == "pt":
        return "pt"
    raise Misconfigured("conversations are printed in en or pt", setting="--language")


def _sign_everything(house: House, console: Console) -> None:
    """Have a signed checkpoint cover what there is: by the keeper that runs, else by this command."""
    sizes = {log.log: log.size for log in house.status().logs}
    try:
        open_publisher(house.settings, house.keys, clock=house.clock).checkpoint()
    except Misconfigured:
        end = time.monotonic() + _PATIENCE
        while (late := _unsigned(house, sizes)) and time.monotonic() < end:
            time.sleep(0.1)
        if late:
            console.print(f"The newest {late:,} entries are not signed yet and will not be in the pack.")


def _unsigned(house: House, sizes: dict[str, int]) -> int:
    return sum(max(0, sizes[log.log] - log.checkpoint_size) for log in house.status().logs)
