"""`serve`: the hub as a server, on `hub_host` and `hub_port` of the deployment's settings."""

from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Runs until it is told to stop. Addresses are not logged: a search is content."""

    help = "Serve the hub."

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve; open streams are cut after a second when the process is to stop."""
        uvicorn.run(
            "fairwitness_hub.asgi:application",
            host=settings.DEPLOYMENT.hub_host,
            port=settings.DEPLOYMENT.hub_port,
            lifespan="off",
            access_log=False,
            server_header=False,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
