"""Commands as people type them, and what can still be read afterwards."""

import os
import subprocess
import sys

from fairwitness.clock import system_clock
from fairwitness.compose import Followers, open_custody, open_reader, open_tail
from fairwitness.model.entry import MESSAGES
from fairwitness.testing.deployment import PASSPHRASE, Deployment


def command(deployment: Deployment, who: str, *arguments: str) -> subprocess.Popen[str]:
    """A command that `who` types."""
    home = deployment.settings.home
    passphrase = home.parent / "passphrase"
    passphrase.write_text(PASSPHRASE)
    return subprocess.Popen(
        [sys.executable, "-m", "fairwitness", *arguments, "--home", str(home), "--passphrase-file", str(passphrase)],
        env={**os.environ, "SUDO_USER": who}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def done(deployment: Deployment, who: str, *arguments: str, code: int = 0) -> str:
    """What a command says that ends with `code`."""
    process = command(deployment, who, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, out + err
    return out + err


def follow(deployment: Deployment) -> None:
    followers = Followers(deployment.settings, deployment.keys, clock=system_clock)
    while followers.catch_up():
        pass


def readable(deployment: Deployment) -> list[int]:
    tail = open_tail(deployment.settings, deployment.keys.door)
    custody = open_custody(deployment.settings, deployment.keys.door, tail, clock=system_clock)
    reader = open_reader(deployment.settings, deployment.keys, tail, custody)
    found = [s.index for s in reader.read(MESSAGES, 0, reader.size(MESSAGES)) if s.payload is not None]
    tail.close()
    return found
