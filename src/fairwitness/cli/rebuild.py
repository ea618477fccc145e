"""`fairwitness rebuild`: delete the views and make them again from the record."""

from rich.console import Console
from rich.progress import Progress

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, read_passphrase
from fairwitness.clock import system_clock
from fairwitness.compose import drop_views, open_followers, read_settings, unlock


def rebuild(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """Delete every view and replay the record. Nothing in the record changes; the rest must be stopped."""
    settings = read_settings(home.absolute())
    keys = unlock(settings, passphrase=read_passphrase(passphrase_file))
    drop_views(settings)
    followers = open_followers(settings, keys, clock=system_clock)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Replaying", total=followers.entries())
        while taken := followers.catch_up():
            progress.advance(task, taken)
    Console().print("The views are made again.")
