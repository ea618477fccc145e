"""`fairwitness init`: make a deployment."""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fairwitness.archive.recovery import KitPlan, Share
from fairwitness.cli.kit import ask_officers, show_shares, write_shares
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, read_passphrase
from fairwitness.compose import create_home, open_house, publish_policies, shipped_policies
from fairwitness.config import Settings

_SECRETS = ("cloud_api.app_secret", "cloud_api.verify_token", "waha.hmac_key")


def init(
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    name: Annotated[
        str, typer.Option(help="The name that your logs sign under, such as record.example.com.")
    ] = "fairwitness.local",
    officer: Annotated[
        list[str] | None, typer.Option("--officer", help="Who gets a share of the recovery kit; once each.")
    ] = None,
    threshold: Annotated[int, typer.Option(help="How many shares restore the keys.")] = 2,
    kit_folder: Annotated[
        Path | None,
        typer.Option("--kit-folder", help="Write one file per share there, instead of showing them in turn."),
    ] = None,
) -> None:
    """Make a deployment: keys, their recovery kit, an empty record, the shipped policies."""
    passphrase = read_passphrase(passphrase_file, confirm=True)
    officers = tuple(officer) if officer else ask_officers()
    plan = KitPlan(officers, min(threshold, len(officers)))
    settings = Settings(home=home.absolute(), name=name)
    made: dict[str, tuple[str, ...]] = {secret: (secrets.token_urlsafe(32),) for secret in _SECRETS}

    def hand_out(shares: Sequence[Share]) -> None:
        if kit_folder is None:
            show_shares(shares)
        else:
            write_shares(kit_folder, shares)

    keys = create_home(
        settings, passphrase=passphrase, secrets=made, kit=plan, hand_out=hand_out, by=acting()
    )
    published = publish_policies(open_house(settings, keys), shipped_policies(), by=acting())
    _say(settings, published, plan, kit_folder)


def _say(settings: Settings, published: str, plan: KitPlan, kit_folder: Path | None) -> None:
    console = Console(soft_wrap=True)
    console.print(f"A record is ready in [bold]{settings.home}[/bold].")
    console.print(f"Policies in force: plan {published[:12]}.")
    console.print(
        f"Recovery kit: {plan.threshold} of {len(plan.officers)} shares restore the keys, passphrase or not."
    )
    if kit_folder is not None:
        console.print(
            f"They are in {kit_folder}: hand each officer theirs, and remove the folder.", markup=False
        )
    console.print("Keep a copy of the keys that anyone verifies with, away from this machine:")
    console.print((settings.record / "keys").read_text(), markup=False, highlight=False)
    console.print(
        "Next: [bold]fairwitness recovery drill[/bold], "
        "[bold]fairwitness secret set cloud_api.app_secret[/bold], "
        "[bold]fairwitness enrol[/bold], [bold]fairwitness up[/bold]."
    )
