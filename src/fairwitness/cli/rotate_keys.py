"""`fairwitness rotate-keys`: a new generation of the keys that wrap and seal."""

from rich.console import Console

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, unlocked
from fairwitness.compose.keeping import rotate_everything


def rotate_keys(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """Make new generations of the key-encryption and sealing keys, and destroy the old ones."""
    house = unlocked(home.absolute(), passphrase_file)
    generation, retired = rotate_everything(house.settings, house.keys)
    console = Console(soft_wrap=True)
    console.print(f"Generation {generation} of the key-encryption key is in use; the older are destroyed.")
    if retired:
        console.print("Doors seal to a new key; the older are destroyed.")
    else:
        console.print("Doors seal to a new key. The older goes when the keeper is started next.")
    console.print("Replace your copy of the keys folder, and destroy the old copy.")
