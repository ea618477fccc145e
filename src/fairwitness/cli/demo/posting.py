"""Posts deliveries through a door, signed, over one connection that stays open."""

import hashlib
import hmac
import http.client
import time

from fairwitness.errors import Overloaded

_PATIENCE = 10


class Poster:
    """A sender as Meta is one: signs each body, keeps the connection, asks again after a 503."""

    def __init__(self, *, host: str, port: int, secret: str) -> None:
        self._connection = http.client.HTTPConnection(host, port, timeout=30)
        self._secret = secret.encode()

    def post(self, body: bytes) -> None:
        """Deliver `body`; returns once the door has answered 200."""
        headers = {"content-type": "application/json", "x-hub-signature-256": signature(body, self._secret)}
        for attempt in range(_PATIENCE):
            try:
                self._connection.request("POST", "/webhooks/cloud-api", body, headers)
                answer = self._connection.getresponse()
                answer.read()
            except (ConnectionError, http.client.HTTPException):
                self._connection.close()
            else:
                if answer.status == 200:
                    return
                if answer.status != 503:
                    raise Overloaded("the door did not take a delivery", status=answer.status)
            time.sleep(0.1 * 2 ** min(attempt, 5))
        raise Overloaded("the door does not answer", attempts=_PATIENCE)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def signature(body: bytes, secret: bytes) -> str:
    """The header `X-Hub-Signature-256` of `body`."""
    return "sha256=" + hmac.digest(secret, body, hashlib.sha256).hex()
