"""`fairwitness seal`: seal what the tail holds into segments now."""

from rich.console import Console

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, read_passphrase
from fairwitness.compose import read_settings, seal_everything, unlock


def seal(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """Seal every entry into segments, full or not. The keeper must not be running."""
    settings = read_settings(home.absolute())
    keys = unlock(settings, passphrase=read_passphrase(passphrase_file))
    seal_everything(settings, keys)
    Console().print("Everything is sealed and signed.")
