"""One frozen `Settings`: the only place where a setting is named, typed and defaulted.

Settings come from `<home>/fairwitness.toml` and, over it, from environment variables
`FAIRWITNESS_<NAME>`. Secrets are not settings: they are in the keyring.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from fairwitness.errors import Misconfigured

PREFIX = "FAIRWITNESS_"
_LISTS = {"witnesses"}
"""Settings of several values; in the environment they stand one a line."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one deployment runs. `docs/reference/settings.md` says what each setting is for."""

    home: Path
    name: str = "fairwitness.local"
    door_host: str = "127.0.0.1"
    door_port: int = 8080
    hub_host: str = "127.0.0.1"
    hub_port: int = 8000
    max_body_bytes: int = 16 * 1024 * 1024
    max_waiting_bytes: int = 64 * 1024 * 1024
    checkpoint_seconds: float = 1.0
    segment_entries: int = 65_536
    segment_hours: float = 24.0
    pkcs11_module: str = ""
    pkcs11_token: str = ""
    witnesses: tuple[str, ...] = ()
    witness_quorum: int = 1

    @property
    def record(self) -> Path:
        """The folder that anyone may be shown: logs, tiles, segments."""
        return self.home / "record"

    @property
    def tail(self) -> Path:
        """The database of entries that no segment holds yet."""
        return self.home / "tail" / "tail.db"

    @property
    def views(self) -> Path:
        """What followers keep. Delete it and it is made again."""
        return self.home / "views"

    @property
    def keys(self) -> Path:
        """The keyring, each key under a passphrase."""
        return self.home / "keys"


def load_settings(*, home: Path, text: str, environ: Mapping[str, str]) -> Settings:
    """Settings of `home` from the text of its file and the environment, or `Misconfigured`."""
    try:
        values: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(str(error), setting="fairwitness.toml", hint="Correct the file.") from error
    for name in Settings.__struct_fields__:
        if name != "home" and (given := environ.get(PREFIX + name.upper())) is not None:
            values[name] = given.splitlines() if name in _LISTS else given
    try:
        return msgspec.convert({**values, "home": home}, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise Misconfigured(
            str(error), setting="fairwitness.toml", hint="See docs/reference/settings.md."
        ) from error
