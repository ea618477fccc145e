"""Makes, opens and writes the keyring: the master key, what lies under it, and the cabinets."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from fairwitness.archive.key_ports import Cabinet, KeyEncryption
from fairwitness.archive.keys import DoorKeys, KeeperKeys, Keys, NewKeys
from fairwitness.archive.sealing_keys import FIRST, SealingKeys
from fairwitness.archive.wrapping import CabinetWrapping
from fairwitness.config import Settings
from fairwitness.engines.filesystem import FolderCabinet, read_keyring, write_keyring
from fairwitness.errors import Misconfigured

_MASTER = "master.key"


class _Master(msgspec.Struct, frozen=True):
    master: bytes


def new_master(settings: Settings, *, passphrase: str) -> bytes:
    """A fresh master key, kept under a passphrase."""
    master = os.urandom(32)
    set_passphrase(settings, master, passphrase=passphrase)
    return master


def set_passphrase(settings: Settings, master: bytes, *, passphrase: str) -> None:
    """From now on this passphrase opens the keyring, and no other."""
    write_keyring(settings.keys / _MASTER, _Master(master), passphrase=passphrase)


def open_master(settings: Settings, *, passphrase: str) -> bytes:
    """The master key, or `Misconfigured` when the passphrase is not the one."""
    return read_keyring(settings.keys / _MASTER, _Master, passphrase=passphrase).master


def unlock(settings: Settings, *, passphrase: str) -> Keys:
    """Every key of the deployment, or `Misconfigured` when the passphrase is not the one."""
    return read_keys(settings, open_master(settings, passphrase=passphrase))


def read_keys(settings: Settings, master: bytes) -> Keys:
    """Every key of the deployment, or `Misconfigured` when the master key is not the one."""
    ring = FolderCabinet(settings.keys, master)
    door, keeper = (_part(ring, name) for name in ("door", "keeper"))
    opened = msgspec.msgpack.decode(keeper, type=KeeperKeys)
    return Keys(door=msgspec.msgpack.decode(door, type=DoorKeys), keeper=opened, views=opened.views)


def write_keys(settings: Settings, keys: Keys, *, passphrase: str) -> None:
    """Write the keyring: the door's part and the keeper's, each in its own file."""
    keep_keys(settings, keys, open_master(settings, passphrase=passphrase))


def keep_keys(settings: Settings, keys: Keys, master: bytes) -> None:
    """The same, under a master key that is at hand."""
    ring = FolderCabinet(settings.keys, master)
    ring.put("door", msgspec.msgpack.encode(keys.door))
    ring.put("keeper", msgspec.msgpack.encode(keys.keeper))


def fill_cabinets(settings: Settings, made: NewKeys) -> None:
    """Put the first generation of everything that has generations into its cabinet."""
    assert made.keys.keeper is not None
    CabinetWrapping(_cabinet(settings.keys / "kek", made.keys.keeper)).create()
    open_sealing(settings, made.keys.keeper).keep(FIRST, made.sealing_private)


def open_wrapping(settings: Settings, keys: KeeperKeys) -> KeyEncryption:
    """The key-encryption keys, for the calling thread: in a hardware module, where one is set."""
    cabinet = CabinetWrapping(_cabinet(settings.keys / "kek", keys))
    if not settings.pkcs11_module:
        return cabinet
    from fairwitness.engines.pkcs11 import TokenWrapping

    (pin,) = keys.secrets.get("pkcs11.pin", ("",))[:1]
    return TokenWrapping(
        module=settings.pkcs11_module,
        token=settings.pkcs11_token,
        pin=pin,
        name=settings.name,
        before=cabinet,
    )


def open_sealing(settings: Settings, keys: KeeperKeys) -> SealingKeys:
    """The private halves of sealing keys."""
    return SealingKeys(_cabinet(settings.keys / "sealing", keys))


def keys_for(role: str, keys: Keys) -> bytes:
    """What a process of this role is handed through its pipe: never more than it needs."""
    given = {
        "door": Keys(door=keys.door),
        "hub": Keys(door=msgspec.structs.replace(keys.door, secrets={}), views=keys.views),
        "keeper": keys,
    }[role]
    return msgspec.msgpack.encode(given)


def inherited_keys(environ: Mapping[str, str] = os.environ) -> Keys:
    """The keys that the starting process left in the pipe `FAIRWITNESS_KEYS_FD`."""
    number = environ.get("FAIRWITNESS_KEYS_FD")
    if number is None:
        raise Misconfigured(
            "no keys were handed over", setting="FAIRWITNESS_KEYS_FD", hint="Start with `fairwitness up`."
        )
    with os.fdopen(int(number), "rb") as pipe:
        return msgspec.msgpack.decode(pipe.read(), type=Keys)


def _part(ring: Cabinet, name: str) -> bytes:
    found = ring.get(name)
    if found is None:
        raise Misconfigured("the keyring is not whole", setting="keys", hint="Restore `keys/`.", file=name)
    return found


def _cabinet(folder: Path, keys: KeeperKeys) -> FolderCabinet:
    return FolderCabinet(folder, keys.wrapping)
