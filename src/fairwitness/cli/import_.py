"""`fairwitness import`: take WhatsApp's own export into the record, under the line's mandate."""

import gc
import hashlib
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from fairwitness.archive.append import Delivery, Intake, Outcome
from fairwitness.archive.custody import CustodyLog, Draft
from fairwitness.archive.ports import Tail
from fairwitness.capture import chat_export
from fairwitness.capture.chat_export import Export
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, unlocked
from fairwitness.cli.people import e164
from fairwitness.cli.reading_chats import open_chat
from fairwitness.cli.terminal import plain
from fairwitness.clock import system_clock
from fairwitness.compose import House, open_intake
from fairwitness.errors import Misconfigured, NoMandate
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import ImportFinished
from fairwitness.model.envelope import Item

_TOGETHER = 2_000
_NAMED = 8
_Items = Callable[[str], Iterator[Item]]


def import_chat(
    chat: Annotated[Path, typer.Argument(metavar="CHAT", help="What WhatsApp exported: a .zip or a .txt.")],
    line: Annotated[str, typer.Option("--line", help="The number whose phone it was.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    other: Annotated[
        str, typer.Option("--with", help="Who the chat is with; otherwise as the file is named, or says.")
    ] = "",
    mine: Annotated[str, typer.Option("--me", help="The line owner's name in the chat.")] = "",
    dates: Annotated[
        Literal["DMY", "MDY", "YMD"] | None, typer.Option(help="How the file writes its dates.")
    ] = None,
) -> None:
    """Import a chat. Doing it twice, or with an overlapping export, adds nothing twice."""
    house = unlocked(home.absolute(), passphrase_file)
    state, alias = house.custody(), f"phone:{e164(line)}"
    enrolled = _enrolled(state, alias)
    opened = open_chat(chat)
    gc.disable()  # reading makes very many small values and no rings of them
    with Console(stderr=True).status("Reading"):
        export = chat_export.read_export(
            opened.text, file_name=opened.name, folder=opened.folder, chat=other, owner_name=mine or None,
            line=_known_as(state, enrolled), order=dates,
        )  # fmt: skip
    zone = ZoneInfo(state.lines[enrolled].zone)
    name = export.chat_name or _asked(export)
    digest = hashlib.sha256(opened.text).hexdigest()
    tail, custody, intake = open_intake(house.settings, house.keys, clock=system_clock)

    def items(address: str) -> Iterator[Item]:
        return chat_export.items(export, line=alias, zone=zone, owner_name=mine or None, chat=address)

    address = _address(tail, intake, enrolled, name, group=export.is_group, items=items)
    gc.freeze()
    gc.enable()
    try:
        outcome = _take(tail, custody, intake, items(address), digest, count=len(export.messages))
    except KeyboardInterrupt:
        Console(stderr=True).print("Interrupted. What was kept stays; run it again and it goes on.")
        raise
    _note(house, enrolled, digest, outcome)
    _say(export, plain(name), outcome, zone)


def _enrolled(state: CustodyState, alias: str) -> str:
    line = state.aliases.get(alias)
    if line is None:
        raise NoMandate("this number is not enrolled; nothing was read into the record", line=alias)
    return line


def _known_as(state: CustodyState, line: str) -> Sequence[str]:
    """What the line's owner may be called in a chat: their name, and the line's numbers."""
    person = state.person_of(line)
    numbers = [alias.removeprefix("phone:") for alias in state.lines[line].aliases if "phone:" in alias]
    return [*([person.name] if person else []), *numbers]


def _asked(export: Export) -> str:
    """Which chat it is, from whoever sits there; two chats must never become one by a guess."""
    people = ", ".join(plain(name) for name in export.senders[:_NAMED]) or "nobody"
    if not sys.stdin.isatty():
        raise Misconfigured(
            f"neither the file nor its folder says which chat this is (in it: {people})",
            setting="--with",
            hint="Say who it is with, or the group's name. Nothing was read into the record.",
        )
    Console().print(f"The file does not say which chat this is. In it: {people}.", markup=False)
    return str(typer.prompt("Who is it with, or what is the group called?"))


def _address(tail: Tail, intake: Intake, line: str, name: str, *, group: bool, items: _Items) -> str:
    """The chat's address; that of an earlier import, where a shorter export did not show a group.

    A person and a group may have one name: they are the same chat only if they share a message.
    """
    wanted, other = (chat_export.chat_address(name, group=way) for way in (group, not group))
    with tail.transaction() as transaction:
        known = [intake.knows(transaction, line=line, contact=address) for address in (wanted, other)]
        if known != [False, True]:
            return wanted
        now = system_clock()
        shared = any(intake.has(transaction, item, received_at=now) for item in items(other))
    return other if shared else wanted


def _take(
    tail: Tail, custody: CustodyLog, intake: Intake, items: Iterator[Item], digest: str, *, count: int
) -> Outcome:
    """Append in batches, each durable before the next; an interrupted import is simply run again."""
    outcome, delivery = Outcome(), digest[:32]
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Importing", total=count)
        while together := tuple(itertools.islice(items, _TOGETHER)):
            part = Delivery(
                delivery=delivery, received_at=system_clock(), checked=(("file", digest),), items=together
            )
            with tail.transaction() as transaction:
                outcome += intake.take(transaction, custody.state_in(transaction), [part])[0]
            progress.advance(task, len(part.items))
    tail.close()
    return outcome


def _note(house: House, line: str, digest: str, outcome: Outcome) -> None:
    finished = ImportFinished(
        line=line, source="chat_export", digest=digest, kept=outcome.kept,
        duplicates=outcome.duplicates, refused=outcome.refused, by=acting(),
    )  # fmt: skip
    house.decide_all([Draft(decision=finished, subject=line)])


def _say(export: Export, name: str, outcome: Outcome, zone: ZoneInfo) -> None:
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"Chat: {name} ({export.chat_how or 'as you said'}).", markup=False)
    if export.owner:
        console.print(f"The phone's owner: {plain(export.owner)} ({export.owner_how}).", markup=False)
    else:
        console.print("Whose phone it was cannot be told: sent and received are not told apart. See --me.")
    kept, known, refused = outcome.kept, outcome.duplicates, outcome.refused
    console.print(f"Kept {kept:,}, already there {known:,}, refused {refused:,}.")
    dates = export.dates
    console.print(f"Dates were read as {dates.order} ({dates.confidence}: {dates.reason}), in {zone.key}.")
    if dates.doubtful:
        console.print(f"{dates.doubtful:,} dates could also be read another way; --dates says which.")
    if export.doubtful:
        console.print(f"{export.doubtful:,} messages are marked doubtful; the record says why.")
    if outcome.refused:
        console.print("Refused messages are outside what the mandate covers. Only their number was kept.")
