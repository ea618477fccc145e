"""The hub as an ASGI application: `uvicorn fairwitness_hub.asgi:application`.

The house keeps its connections by thread, so requests run on a few threads that stay,
instead of a new one each as Django would have it.
"""

import os
from itertools import cycle
from typing import Any

import django
from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

THREADS = 3


class Hub(ASGIHandler):
    """Django's handler, on threads that live as long as the process."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = cycle([ThreadSensitiveContext() for _ in range(THREADS)])

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle one request on one of the threads."""
        if scope["type"] != "http":
            raise ValueError("the hub speaks http only")
        SyncToAsync.thread_sensitive_context.set(next(self._threads))
        await self.handle(scope, receive, send)


def _start() -> Hub:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairwitness_hub.settings")
    django.setup(set_prefix=False)
    from django.core.management import call_command

    from fairwitness_hub import wiring

    call_command("migrate", verbosity=0, interactive=False)
    wiring.start()  # now, so that a wrong key or folder is told at once
    return Hub()


application = _start()
