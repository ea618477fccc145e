"""`fairwitness init`: make a deployment."""

import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

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
) -> None:
    """Make a deployment: keys, an empty record, the shipped policies."""
    passphrase = read_passphrase(passphrase_file, confirm=True)
    settings = Settings(home=home.absolute(), name=name)
    made: dict[str, tuple[str, ...]] = {secret: (secrets.token_urlsafe(32),) for secret in _SECRETS}
    keys = create_home(settings, passphrase=passphrase, secrets=made)
    plan = publish_policies(open_house(settings, keys), shipped_policies(), by=acting())
    console = Console()
    console.print(f"A record is ready in [bold]{settings.home}[/bold].")
    console.print(f"Policies in force: plan {plan[:12]}.")
    console.print(
        "Keep a copy of the keys that anyone verifies with, away from this machine:", soft_wrap=True
    )
    console.print((Path(settings.record) / "keys").read_text(), markup=False, highlight=False, soft_wrap=True)
    console.print(
        "Next: [bold]fairwitness secret set cloud_api.app_secret[/bold], "
        "[bold]fairwitness enrol[/bold], [bold]fairwitness up[/bold]."
    )
