"""`fairwitness holds`: what must not be disposed of, and who was told."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, unlocked
from fairwitness.cli.people import e164
from fairwitness.cli.terminal import plain
from fairwitness.compose import House
from fairwitness.compose.retention import place_hold, release_hold
from fairwitness.errors import Forbidden
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import HoldAcknowledged, HoldPlaced
from fairwitness.model.holding import Hold

app = typer.Typer(no_args_is_help=True, help="Holds: what must not be disposed of.")


@app.command("place")
def place(
    matter: Annotated[str, typer.Argument(help="The matter that the hold is for.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    person: Annotated[str, typer.Option(help="A person: their id, or a number of theirs.")] = "",
    conversation: Annotated[str, typer.Option(help="The id of a conversation.")] = "",
    contact: Annotated[str, typer.Option(help="Somebody outside, such as phone:+5511900000001.")] = "",
    query: Annotated[str, typer.Option(help="Words, as a search is typed.")] = "",
    since: Annotated[str, typer.Option(help="Sent on this day (UTC) or later, such as 2026-01-31.")] = "",
    until: Annotated[str, typer.Option(help="Sent on this day (UTC) or earlier.")] = "",
    reason: Annotated[str, typer.Option()] = "",
) -> None:
    """Place a hold on what fits everything that is named, now and later."""
    house = unlocked(home.absolute(), passphrase_file)
    hold = HoldPlaced(
        hold=house.new_id(), matter=matter, reason=reason, person=_person(house, person),
        stream=conversation, contact=contact, query=query, from_at=_start(since), to_at=_end(until),
        by=acting(),
    )  # fmt: skip
    place_hold(house, hold)
    Console(soft_wrap=True).print(f"Hold {hold.hold} is in force.", highlight=False)


@app.command("release")
def release(
    hold: Annotated[str, typer.Argument(help="The hold's id.")],
    reason: Annotated[str, typer.Option(help="Why it may be released.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Release a hold, from now on."""
    release_hold(unlocked(home.absolute(), passphrase_file), hold, reason=reason, by=acting())
    Console().print("Released. Schedules count again.")


@app.command("acknowledge")
def acknowledge(
    hold: Annotated[str, typer.Argument(help="The hold's id.")],
    person: Annotated[str, typer.Argument(help="Who was told: their id, or a number of theirs.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Note that a custodian was told of a hold and has said so."""
    house = unlocked(home.absolute(), passphrase_file)
    if hold not in house.custody().holds:
        raise Forbidden("no hold has this id", hold=hold)
    told = HoldAcknowledged(hold=hold, person=_person(house, person), by=acting())
    house.decide(told, subject=hold)
    Console().print("Noted.")


@app.command("list")
def list_holds(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """List every hold, those in force first."""
    state = unlocked(home.absolute(), passphrase_file).custody()
    console = Console(soft_wrap=True, highlight=False)
    for hold in sorted(state.holds.values(), key=lambda hold: (hold.released_at is not None, hold.index)):
        ended = f"released {_day(hold.released_at)}" if hold.released_at else "in force"
        console.print(f"{hold.placed.hold}  {plain(hold.placed.matter)}, {ended}", markup=False)
        console.print(f"  {_covers(state, hold)}", markup=False)
        told = ", ".join(_name(state, one.person) for one in hold.acknowledged)
        console.print(f"  placed {_day(hold.at)}; acknowledged by {told or 'nobody'}", markup=False)


def _covers(state: CustodyState, hold: Hold) -> str:
    placed = hold.placed
    parts = [
        f"person {_name(state, placed.person)}" if placed.person else "",
        f"conversation {placed.stream}" if placed.stream else "",
        f"contact {plain(placed.contact)}" if placed.contact else "",
        f"words {plain(placed.query)}" if placed.query else "",
        f"sent from {_day(placed.from_at)}" if placed.from_at is not None else "",
        f"sent before {_day(placed.to_at)}" if placed.to_at is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def _name(state: CustodyState, person: str) -> str:
    enrolled = state.people.get(person)
    return plain(enrolled.name) if enrolled else person


def _person(house: House, said: str) -> str:
    """The person's id; a number is looked up among the lines."""
    if not said.startswith("+"):
        return said
    state = house.custody()
    line = state.aliases.get(f"phone:{e164(said)}")
    person = state.person_of(line) if line else None
    if person is None:
        raise Forbidden("this number is nobody's line")
    return person.person


def _start(day: str) -> int | None:
    return _ms(day) if day else None


def _end(day: str) -> int | None:
    return _ms(day) + 86_400_000 if day else None


def _ms(day: str) -> int:
    try:
        at = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise typer.BadParameter(f"{day} is not a day such as 2026-01-31") from error
    return round(at.timestamp() * 1000)


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).date().isoformat()
