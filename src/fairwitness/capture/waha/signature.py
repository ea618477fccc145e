"""Is it from our own gateway? Checked on the raw bytes, before anything is parsed."""

import hashlib
import hmac
from collections.abc import Sequence

from fairwitness.errors import BadSignature

_HEX = frozenset("0123456789abcdefABCDEF")


def check_signature(
    body: bytes, hmac_header: str | None, algorithm_header: str | None, secrets: Sequence[str]
) -> str:
    """Check `X-Webhook-Hmac`, an HMAC-SHA-512 in hex, and name the secret that made it.

    The name is eight hex digits of the secret's SHA-256.
    """
    if not hmac_header:
        raise BadSignature("the delivery carries no signature")
    if algorithm_header is not None and algorithm_header.strip().lower() != "sha512":
        raise BadSignature("the signature is not an HMAC-SHA-512")
    written = hmac_header.strip()
    if len(written) != 128 or not _HEX.issuperset(written):
        raise BadSignature("the signature is not a SHA-512 in hex")
    given, found = bytes.fromhex(written), ""
    for secret in secrets:
        expected = hmac.digest(secret.encode(), body, "sha512")
        if hmac.compare_digest(expected, given) and secret:
            found = hashlib.sha256(secret.encode()).hexdigest()[:8]
    if not found:
        raise BadSignature("the signature was not made with a secret of ours")
    return found
