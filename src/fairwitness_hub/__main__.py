"""`python -m fairwitness_hub …`: the hub's own commands (`serve`, `link`, `check`)."""

import os
import sys


def main() -> None:
    """Run a management command with the hub's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness_hub.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["fairwitness_hub", *sys.argv[1:]])


if __name__ == "__main__":
    main()
