"""`fairwitness up`: door, keeper and hub, each in a process with only the keys it needs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from rich.console import Console

from fairwitness.archive.keys import Keys
from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, read_passphrase
from fairwitness.compose import keys_for, read_settings, unlock
from fairwitness.compose.witnesses import check_witnesses
from fairwitness.config import Settings

_COMMANDS: dict[str, Sequence[str]] = {
    "keeper": ("-m", "fairwitness", "keeper"),
    "door": ("-m", "fairwitness.doors.webhooks"),
    "hub": ("-m", "fairwitness_hub", "serve"),
}
_GRACE_SECONDS = 15
_STEADY_SECONDS = 10


def up(home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None) -> None:
    """Run the door, the keeper and the hub until interrupted."""
    settings = read_settings(home.absolute())
    keys = unlock(settings, passphrase=read_passphrase(passphrase_file))
    # Before a door opens: what it would take in must go on from what witnesses saw.
    check_witnesses(settings)
    console = Console(stderr=True)
    console.print(f"Door  http://{settings.door_host}:{settings.door_port}/webhooks/cloud-api")
    console.print(f"Hub   http://{settings.hub_host}:{settings.hub_port}/")
    Processes(settings, keys).run()


class Processes:
    """The three processes: started together, started again when one falls, stopped together."""

    def __init__(self, settings: Settings, keys: Keys) -> None:
        self._settings = settings
        self._keys = keys
        self._running: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        self._stopping = False

    def run(self) -> None:
        """Run until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        for role in _COMMANDS:
            self._start(role)
        while not self._stopping:
            time.sleep(0.2)
            self._restart_fallen()
        self._stop_all()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, role: str) -> None:
        reading, writing = os.pipe()
        environ = {
            **os.environ,
            "FAIRWITNESS_HOME": str(self._settings.home),
            "FAIRWITNESS_KEYS_FD": str(reading),
        }
        environ.pop("FAIRWITNESS_PASSPHRASE_FILE", None)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own modules
            [sys.executable, *_COMMANDS[role]], env=environ, pass_fds=(reading,), start_new_session=True
        )
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(keys_for(role, self._keys))
        self._running[role] = (process, time.monotonic())

    def _restart_fallen(self) -> None:
        for role, (process, since) in list(self._running.items()):
            if process.poll() is None or self._stopping:
                continue
            Console(stderr=True).print(f"The {role} ended with {process.returncode}; starting it again.")
            if time.monotonic() - since < _STEADY_SECONDS:
                time.sleep(1)
            self._start(role)

    def _stop_all(self) -> None:
        # The door first: what it still takes, the keeper publishes.
        for role in ("door", "hub", "keeper"):
            process, _ = self._running[role]
            process.terminate()
            try:
                process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
