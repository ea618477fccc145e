"""`fairwitness keeper`: the process that follows and publishes the record. `up` starts it."""

import gc
import signal
from pathlib import Path
from typing import Annotated

import typer

from fairwitness.compose import inherited_keys, open_keeper, read_settings, start_process


def keeper(home: Annotated[Path, typer.Option("--home", envvar="FAIRWITNESS_HOME")]) -> None:
    """Run the keeper with the keys it inherits, until told to stop."""
    start_process("keeper")
    running = open_keeper(read_settings(home), inherited_keys())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: running.stop())
    gc.freeze()
    running.run()
