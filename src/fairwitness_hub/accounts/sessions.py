"""Sessions whose cookie is not in the database: what stands there is its digest.

A session's key is as good as a password while it lasts. Whoever reads the database, or a copy of
it, finds nothing to put into a cookie. The hub asks for sessions in its threads only, never
through Django's async way, which is closed here.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

_LENGTH = 40
"""How long a key may be in Django's table: 160 bits in hex."""


class SessionStore(DatabaseSessions):
    """Django's sessions in its database, found by the digest of the cookie."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        found = self.model.objects.filter(
            session_key=digest_of(self.session_key or ""), expire_date__gt=timezone.now()
        ).first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this cookie."""
        return self.model.objects.filter(session_key=digest_of(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """The row of this session."""
        row = super().create_model_instance(data)
        row.session_key = digest_of(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Delete a session, by its cookie or this one."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=digest_of(key)).delete()

    async def aload(self) -> dict[str, Any]:
        """Closed: the async way would look for the cookie itself."""
        raise NotImplementedError("sessions are read in threads")


def digest_of(cookie: str) -> str:
    """What stands in the database for a session's cookie."""
    return hashlib.sha256(cookie.encode()).hexdigest()[:_LENGTH]
