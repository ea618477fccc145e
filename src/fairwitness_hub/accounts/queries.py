"""Reads accounts and links."""

from fairwitness_hub.accounts.models import Account, SignInLink


def account_of(email: str) -> Account | None:
    """The account with this address, whatever its case."""
    return Account.objects.filter(email=email.strip().lower()).first()


def link_of(digest: str) -> SignInLink | None:
    """The link with this digest."""
    return SignInLink.objects.select_related("account").filter(digest=digest).first()
