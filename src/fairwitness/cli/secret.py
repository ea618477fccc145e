"""`fairwitness secret`: tokens and signing secrets, kept in the keyring."""

import getpass
import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from fairwitness.archive.keys import Keys
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, read_passphrase
from fairwitness.compose import read_settings, unlock, write_keys

_KEEPERS = "pkcs11."

app = typer.Typer(no_args_is_help=True, help="Tokens and signing secrets of the webhooks.")


@app.command("set")
def set_secret(
    name: Annotated[str, typer.Argument(help="Such as cloud_api.app_secret or waha.hmac_key.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
    keep_old: Annotated[
        bool, typer.Option("--keep-old", help="Accept the former value too, while it is being rotated.")
    ] = False,
) -> None:
    """Set a secret; its value is asked for, or read from standard input."""
    settings = read_settings(home.absolute())
    passphrase = read_passphrase(passphrase_file)
    keys = unlock(settings, passphrase=passphrase)
    value = (getpass.getpass("Value: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not value:
        raise typer.BadParameter("the value is empty")
    old = _secrets(keys, name).get(name, ()) if keep_old else ()
    changed = {**_secrets(keys, name), name: (value, *old)}
    if name.startswith(_KEEPERS) and keys.keeper is not None:
        keys = msgspec.structs.replace(keys, keeper=msgspec.structs.replace(keys.keeper, secrets=changed))
    else:
        keys = msgspec.structs.replace(keys, door=msgspec.structs.replace(keys.door, secrets=changed))
    write_keys(settings, keys, passphrase=passphrase)
    Console().print(f"{name} is set. Start `fairwitness up` again to use it.")


@app.command("show")
def show_secret(
    name: Annotated[str, typer.Argument(help="Such as cloud_api.verify_token.")],
    home: HomeOption = DEFAULT_HOME,
    passphrase_file: PassphraseOption = None,
) -> None:
    """Show a secret, to paste it where the other side asks for it."""
    settings = read_settings(home.absolute())
    keys = unlock(settings, passphrase=read_passphrase(passphrase_file))
    for value in _secrets(keys, name).get(name, ()):
        typer.echo(value)


def _secrets(keys: Keys, name: str) -> dict[str, tuple[str, ...]]:
    """The secrets among which this one is kept: a door is handed only what is a door's."""
    if name.startswith(_KEEPERS) and keys.keeper is not None:
        return keys.keeper.secrets
    return keys.door.secrets
