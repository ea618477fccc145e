"""`archive.key_ports.KeyEncryption` in a hardware security module, spoken to by PKCS#11.

A generation is an AES-256 key of the token that is sensitive and can not be extracted; keys are
wrapped by AES-GCM inside it (nonce ‖ ciphertext and tag). What was wrapped before there was a
module is unwrapped as before, until the next rotation has moved it.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, MechanismFlag, ObjectClass

from fairwitness.archive.key_ports import KeyEncryption
from fairwitness.errors import HashMismatch, Misconfigured, NotDurable

_NONCE, _TAG_BITS = 12, 128
# SoftHSM calls a wrong tag a general error.
_WRONG_TAG = (pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange, pkcs11.GeneralError)
_one_at_a_time = threading.RLock()
"""A module may not be made for threads; the wrapping of keys is no bottleneck."""


class TokenWrapping:
    """Key-encryption keys in the token `token` of the module at `module`. Belongs to one thread."""

    def __init__(self, *, module: str, token: str, pin: str, name: str, before: KeyEncryption) -> None:
        self._prefix = f"fairwitness/{name}/kek/"
        self._before = before
        try:
            with _one_at_a_time:
                self._session = _open(pkcs11.lib(module).get_token(token_label=token), pin)
        except (pkcs11.PKCS11Error, RuntimeError) as error:
            raise Misconfigured(
                "the key module can not be used", setting="pkcs11_module",
                hint="Check the module, the token's label and `fairwitness secret set pkcs11.pin`.",
                reason=type(error).__name__,
            ) from error  # fmt: skip

    def generations(self) -> Sequence[int]:
        """The generations that are here, oldest first: those from before the module too."""
        with _in_the_module():
            return sorted({*self._before.generations(), *self._keys()})

    def create(self) -> int:
        """Make the next generation, in the module, and give its number."""
        generation = max(self.generations(), default=0) + 1
        with _in_the_module():
            self._session.generate_key(
                KeyType.AES, 256, label=f"{self._prefix}{generation:06d}", store=True,
                capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
                template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
            )  # fmt: skip
        return generation

    def wrap(self, generation: int, keys: Sequence[bytes]) -> Sequence[bytes]:
        """Wrap keys under a generation."""
        with _in_the_module():
            kek = self._keys().get(generation)
            if kek is None:
                return self._before.wrap(generation, keys)
            return [(nonce := os.urandom(_NONCE)) + self._call(kek.encrypt, key, nonce) for key in keys]

    def unwrap(self, generation: int, wrapped: Sequence[bytes]) -> Sequence[bytes]:
        """Unwrap keys of a generation."""
        with _in_the_module():
            kek = self._keys().get(generation)
            if kek is None:
                return self._before.unwrap(generation, wrapped)
            try:
                return [self._call(kek.decrypt, sealed[_NONCE:], sealed[:_NONCE]) for sealed in wrapped]
            except _WRONG_TAG as error:
                raise HashMismatch(
                    "a key was not wrapped under this generation", generation=generation
                ) from error

    def destroy(self, generation: int) -> None:
        """Destroy a generation; nothing happens when it is gone."""
        with _in_the_module():
            kek = self._keys().get(generation)
            if kek is None:
                self._before.destroy(generation)
            else:
                kek.destroy()

    def _keys(self) -> dict[int, Any]:
        found = self._session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
        return {
            int(key.label.removeprefix(self._prefix)): key
            for key in found
            if str(getattr(key, "label", "")).startswith(self._prefix)
        }

    def _call(self, work: Any, data: bytes, nonce: bytes) -> bytes:
        params = GCMParams(nonce, self._prefix.encode(), _TAG_BITS)
        result: bytes = work(data, mechanism=Mechanism.AES_GCM, mechanism_param=params)
        return result


@contextmanager
def _in_the_module() -> Iterator[None]:
    """Turn what keeps the module from answering into `NotDurable`; one thread at a time."""
    with _one_at_a_time:
        try:
            yield
        except pkcs11.PKCS11Error as error:
            raise NotDurable("the key module does not answer", reason=type(error).__name__) from error


def _open(token: Any, pin: str) -> Any:
    try:
        return token.open(rw=True, user_pin=pin)
    except pkcs11.UserAlreadyLoggedIn:
        # Another thread of this process has said the PIN already; that holds for all its sessions.
        return token.open(rw=True)
