"""Is it from WhatsApp? Checked on the raw bytes, before anything is parsed.

Every check raises `BadSignature` or returns what the caller needs; comparisons take the
same time whatever they are given.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from fairwitness.errors import BadSignature

_PREFIX = "sha256="
_HEX = frozenset("0123456789abcdefABCDEF")


def challenge(query: Mapping[str, str], *, verify_token: str) -> str:
    """The challenge to answer with, if this is Meta's handshake with our own token."""
    given = query.get("hub.verify_token", "")
    same = hmac.compare_digest(_digest(given), _digest(verify_token))
    if query.get("hub.mode") != "subscribe" or not verify_token or not same:
        raise BadSignature("the verification handshake does not carry our token")
    return query.get("hub.challenge", "")


def check_signature(body: bytes, header: str | None, secrets: Sequence[str]) -> str:
    """Check `X-Hub-Signature-256` and name the secret that made it.

    Several secrets are tried, so that one can be replaced without losing a delivery.
    The name is eight hex digits of the secret's SHA-256: enough to say which, too
    little to guess it.
    """
    if not header:
        raise BadSignature("the delivery carries no signature")
    signature = header.strip().removeprefix(_PREFIX)
    if not header.strip().startswith(_PREFIX) or len(signature) != 64 or not _HEX.issuperset(signature):
        raise BadSignature("the signature is not a SHA-256 in hex")
    given, found = bytes.fromhex(signature), ""
    for secret in secrets:
        expected = hmac.digest(secret.encode(), body, "sha256")
        if hmac.compare_digest(expected, given) and secret:
            found = hashlib.sha256(secret.encode()).hexdigest()[:8]
    if not found:
        raise BadSignature("the signature was not made with a secret of ours")
    return found


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
