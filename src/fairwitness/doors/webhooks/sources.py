"""Which path serves which source, and what the door asks of it."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

import fairwitness.capture.cloud_api as cloud_api
import fairwitness.capture.waha as waha
from fairwitness.errors import BadSignature
from fairwitness.model.envelope import Item

Headers = Mapping[bytes, str]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """How one source signs, splits and, when a body does not parse, names its lines.

    `secret` is the name under which its signing secrets are kept; `check` raises
    `BadSignature` or says what was checked; `challenge` answers a verification request.
    """

    name: str
    secret: str
    signature_header: bytes
    check: Callable[[bytes, Headers, Sequence[str]], tuple[tuple[str, str], ...]]
    split: Callable[[bytes], Sequence[Item]]
    scan_lines: Callable[[bytes], set[str]]
    challenge: Callable[[Mapping[str, str], Sequence[str]], str] | None = None

    def expect_signature(self, headers: Headers) -> None:
        """Refuse a delivery without a signature before its body is read."""
        if not headers.get(self.signature_header):
            raise BadSignature("the delivery is not signed", missing=True)


def _check_cloud_api(body: bytes, headers: Headers, secrets: Sequence[str]) -> tuple[tuple[str, str], ...]:
    matched = cloud_api.check_signature(body, headers.get(b"x-hub-signature-256"), secrets)
    return (("secret", matched), ("signature", "x-hub-signature-256"))


def _challenge_cloud_api(query: Mapping[str, str], tokens: Sequence[str]) -> str:
    last = BadSignature("not a verification request")
    for token in tokens:
        try:
            return cloud_api.challenge(query, verify_token=token)
        except BadSignature as error:
            last = error
    raise last


def _check_waha(body: bytes, headers: Headers, secrets: Sequence[str]) -> tuple[tuple[str, str], ...]:
    matched = waha.check_signature(
        body, headers.get(b"x-webhook-hmac"), headers.get(b"x-webhook-hmac-algorithm"), secrets
    )
    return (("secret", matched), ("signature", "x-webhook-hmac"))


SOURCES: Mapping[str, Source] = {
    "/webhooks/cloud-api": Source(
        name="cloud_api",
        secret="cloud_api.app_secret",  # noqa: S106 - the name of a secret, not a secret
        signature_header=b"x-hub-signature-256",
        check=_check_cloud_api,
        split=cloud_api.split,
        scan_lines=cloud_api.scan_lines,
        challenge=_challenge_cloud_api,
    ),
    "/webhooks/waha": Source(
        name="waha",
        secret="waha.hmac_key",  # noqa: S106 - the name of a secret, not a secret
        signature_header=b"x-webhook-hmac",
        check=_check_waha,
        split=waha.split,
        scan_lines=waha.scan_lines,
    ),
}
