"""How allauth signs people in here: nobody signs up, every sign-in is a custody entry."""

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from fairwitness_hub.accounts.actions import do_record_sign_in


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an administrator; a session starts only once it is on record."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Record the sign-in, then start the session."""
        do_record_sign_in(user.get_username(), address=self.get_client_ip(request))
        super().login(request, user)

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Say nothing: the page that follows says enough."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, object]) -> None:
        """Send nothing: the hub has no mail of its own."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors are encrypted at rest under a key that is not in the database."""

    def encrypt(self, text: str) -> str:
        """Encrypt a second factor's secret."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt it again."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def send_notification_mail(self, *args: object, **kwargs: object) -> None:
        """Send nothing: the hub has no mail of its own."""


def _cipher() -> Fernet:
    digest = hashlib.sha256(b"fairwitness second factor\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
