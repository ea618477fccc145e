"""`link EMAIL [--role ROLE]…`: print a link that signs somebody in once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fairwitness_hub import wiring
from fairwitness_hub.accounts.actions import ROLES, do_create_account, do_grant_role, sign_in_link


class Command(BaseCommand):
    """Makes the account when there is none, grants the roles asked for, prints the link."""

    help = "Print a link that signs EMAIL in, once, within fifteen minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        """EMAIL, and --role as often as wanted."""
        parser.add_argument("email")
        parser.add_argument("--role", action="append", choices=ROLES, default=[], help="grant it first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print nothing but the link."""
        call_command("migrate", verbosity=0, interactive=False)
        wiring.start()
        try:
            account = do_create_account(options["email"])
        except ValidationError as error:
            raise CommandError(f"{options['email']!r} is not an e-mail address.") from error
        for role in options["role"]:
            do_grant_role(account.email, role)
        self.stdout.write(sign_in_link(account))
