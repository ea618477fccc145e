"""Whether a sign-in link may still be used, and under what an account stands in the custody log."""

import hashlib

from django.core import signing
from django.utils import timezone

from fairwitness_hub.accounts import queries
from fairwitness_hub.accounts.models import SignInLink

LINK_SALT = "fairwitness_hub.sign-in-link"


def subject_of(email: str) -> str:
    """What custody entries about an account are filed under."""
    return hashlib.sha256(email.encode()).hexdigest()[:32]


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def access_link(token: str, *, max_age: int) -> SignInLink | None:
    """The link of this token if it is ours, young enough, unused and its account active."""
    try:
        secret = signing.loads(token, salt=LINK_SALT, max_age=max_age)
    except signing.BadSignature:
        return None
    link = queries.link_of(digest_of(str(secret)))
    if link is None or link.used_at is not None or link.expires_at <= timezone.now():
        return None
    return link if link.account.is_active else None
