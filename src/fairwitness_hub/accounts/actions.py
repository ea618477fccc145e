"""Changes accounts and records sign-ins. A role is a custody decision, never a row here."""

import secrets
from datetime import timedelta
from typing import get_args

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from fairwitness.model.custody import Role, RoleGranted, SignedIn
from fairwitness_hub.accounts import queries
from fairwitness_hub.accounts.access import LINK_SALT, digest_of, subject_of
from fairwitness_hub.accounts.models import Account, SignInLink
from fairwitness_hub.gate import roles_of
from fairwitness_hub.wiring import house

ROLES: tuple[str, ...] = get_args(Role)


@transaction.atomic
def do_create_account(email: str, *, password: str | None = None) -> Account:
    """Create the account of `email`, or give back the one that exists; a password is set when given."""
    email = email.strip().lower()
    validate_email(email)
    account = queries.account_of(email) or Account(email=email)
    if password is not None:
        account.set_password(password)
    elif account.pk is None:
        account.set_unusable_password()
    account.save()
    EmailAddress.objects.update_or_create(
        user=account, email=email, defaults={"primary": True, "verified": True}
    )
    return account


def do_grant_role(email: str, role: Role, *, by: str = "system") -> None:
    """Grant `role` in the custody log, unless the account has it."""
    if role not in roles_of(email):
        house().decide(RoleGranted(account=email, role=role, by=by), subject=subject_of(email))


def sign_in_link(account: Account) -> str:
    """A link that signs `account` in: once, and within fifteen minutes."""
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
    SignInLink.objects.create(
        digest=digest_of(secret),
        account=account,
        expires_at=timezone.now() + timedelta(seconds=settings.SIGN_IN_LINK_SECONDS),
    )
    token = signing.dumps(secret, salt=LINK_SALT)
    return settings.HUB_URL + reverse("sign_in_link", args=[token])


def do_use_link(link: SignInLink) -> bool:
    """Mark `link` as used; False when somebody else was first."""
    changed = SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now())
    return changed == 1


def do_record_sign_in(email: str, *, address: str) -> None:
    """Write into the custody log that this account signed in, and from where."""
    house().decide(SignedIn(by=email, address=address), subject=subject_of(email))
