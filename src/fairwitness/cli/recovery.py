"""`fairwitness recovery`: open the keyring with the recovery kit, as a drill or because it must be."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fairwitness.archive.custody import subject_of
from fairwitness.cli.kit import read_shares
from fairwitness.cli.opening import (
    DEFAULT_HOME,
    HomeOption,
    PassphraseOption,
    acting,
    read_passphrase,
    unlocked,
)
from fairwitness.compose import House, open_house, read_settings
from fairwitness.compose.keyring import read_keys, set_passphrase
from fairwitness.errors import Forbidden
from fairwitness.model.custody import RecoveryDrilled

app = typer.Typer(no_args_is_help=True, help="The recovery kit of the keys.")
SharesOption = Annotated[
    list[Path] | None,
    typer.Option("--share-file", help="A file with one share; once for each. Without it you are asked."),
]


@app.command("drill")
def drill(home: HomeOption = DEFAULT_HOME, share_file: SharesOption = None) -> None:
    """Open the keys with shares alone, and note in the record that it works."""
    settings = read_settings(home.absolute())
    master, shares = read_shares(share_file)
    house = open_house(settings, read_keys(settings, master))
    house.decide(
        RecoveryDrilled(kit=_kit(house), shares=shares, by=acting()), subject=subject_of("recovery kit")
    )
    Console().print("The shares open the keys. The drill is noted.")


@app.command("restore")
def restore(
    home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None, share_file: SharesOption = None
) -> None:
    """Set a new passphrase with shares alone; the old one opens nothing any more."""
    settings = read_settings(home.absolute())
    master, shares = read_shares(share_file)
    house = open_house(settings, read_keys(settings, master))
    set_passphrase(settings, master, passphrase=read_passphrase(passphrase_file, confirm=True))
    house.decide(
        RecoveryDrilled(kit=_kit(house), shares=shares, by=acting()), subject=subject_of("recovery kit")
    )
    Console().print("The new passphrase opens the keys.")


@app.command("status")
def status(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """Say who holds shares, and when the kit was last tried."""
    house = unlocked(home.absolute(), passphrase_file)
    known = house.recovery()
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{known.threshold} of {len(known.officers)} shares restore the keys.")
    console.print(f"Officers: {', '.join(known.officers)}.", markup=False)
    tried = f"Last tried on {_day(known.drilled_at)}" if known.drilled_at else "Never tried"
    console.print(f"{tried}; {'a drill is due.' if known.is_due else f'next by {_day(known.due_at)}.'}")


def _kit(house: House) -> str:
    kit = house.custody().kit
    if kit is None:
        raise Forbidden("this record knows of no recovery kit")
    return kit.made.kit


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, tz=UTC).date().isoformat()
