"""`fairwitness import`: take WhatsApp's own export into the record, under the line's mandate."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from fairwitness.archive.append import Delivery, Outcome
from fairwitness.archive.custody import Draft
from fairwitness.capture import chat_export
from fairwitness.capture.chat_export import Export
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, unlocked
from fairwitness.cli.people import e164
from fairwitness.cli.reading_chats import open_chat
from fairwitness.cli.terminal import plain
from fairwitness.clock import system_clock
from fairwitness.compose import House, open_intake
from fairwitness.errors import NoMandate
from fairwitness.model.custody import ImportFinished
from fairwitness.model.envelope import Item

_TOGETHER = 500


def import_chat(
    chat: Annotated[Path, typer.Argument(metavar="CHAT", help="What WhatsApp exported: a .zip or a .txt.")],
    line: Annotated[str, typer.Option("--line", help="The number whose phone it was.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    other: Annotated[
        str, typer.Option("--with", help="Who the chat is with; otherwise as the file is named.")
    ] = "",
    mine: Annotated[str, typer.Option("--me", help="The line owner's name in the chat.")] = "",
) -> None:
    """Import a chat. Doing it twice, or with an overlapping export, adds nothing twice."""
    house = unlocked(home.absolute(), passphrase_file)
    alias = f"phone:{e164(line)}"
    zone = _zone_of(house, alias)
    name, text = open_chat(chat)
    export = chat_export.read_export(text, file_name=name, owner_name=mine or None)
    items = chat_export.items(
        export, line=alias, zone=zone, owner_name=mine or None, chat=other or export.chat_name
    )
    digest = hashlib.sha256(text).hexdigest()
    outcome = _take(house, items, digest)
    finished = ImportFinished(
        line=house.custody().aliases[alias], source="chat_export", digest=digest,
        kept=outcome.kept, duplicates=outcome.duplicates, refused=outcome.refused, by=acting(),
    )  # fmt: skip
    house.decide_all([Draft(decision=finished, subject=finished.line)])
    _say(export, outcome, zone)


def _zone_of(house: House, alias: str) -> ZoneInfo:
    state = house.custody()
    line = state.aliases.get(alias)
    if line is None:
        raise NoMandate("this number is not enrolled; nothing was read into the record", line=alias)
    return ZoneInfo(state.lines[line].zone)


def _take(house: House, items: Sequence[Item], digest: str) -> Outcome:
    """Append in batches, each durable before the next; an interrupted import is simply run again."""
    tail, custody, intake = open_intake(house.settings, house.keys, clock=system_clock)
    outcome, delivery = Outcome(), digest[:32]
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Importing", total=len(items))
        for start in range(0, len(items), _TOGETHER):
            part = Delivery(
                delivery=delivery, received_at=system_clock(), checked=(("file", digest),),
                items=tuple(items[start : start + _TOGETHER]),
            )  # fmt: skip
            with tail.transaction() as transaction:
                outcome += intake.take(transaction, custody.state_in(transaction), [part])[0]
            progress.advance(task, len(part.items))
    tail.close()
    return outcome


def _say(export: Export, outcome: Outcome, zone: ZoneInfo) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"Chat: {plain(export.chat_name)}", markup=False)
    kept, known, refused = outcome.kept, outcome.duplicates, outcome.refused
    console.print(f"Kept {kept:,}, already there {known:,}, refused {refused:,}.")
    dates = export.dates
    console.print(f"Dates were read as {dates.order} ({dates.confidence}: {dates.reason}), in {zone.key}.")
    if dates.doubtful:
        console.print(f"{dates.doubtful:,} dates could also be read another way.")
    if export.doubtful:
        console.print(f"{export.doubtful:,} messages are marked doubtful; the record says why.")
    if outcome.refused:
        console.print("Refused messages are outside what the mandate covers. Only their number was kept.")
