"""`archive.ports.Outside` over HTTP and HTTPS: one question, one short answer, ten seconds at most.

The other side may be hostile. It can neither hold the connection open, nor send more than
is read, nor lead anywhere else; certificates are checked against the system's.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import urllib.parse

from fairwitness.archive.ports import Answer
from fairwitness.errors import Unreachable

SECONDS = 8.0
LARGEST = 64 * 1024


def ask(url: str, body: bytes | None = None, *, kind: str = "") -> Answer:
    """GET `url`, or POST `body` to it as content of this kind."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unreachable("this is no address of a web server", url=url)
    line = _Line()
    # A timeout bounds each wait, and an answer that drips has many: the whole is cut off by a timer.
    timer = threading.Timer(SECONDS, line.cut)
    timer.daemon = True
    timer.start()
    try:
        connection = line.connect(parts.scheme, parts.hostname, parts.port)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET" if body is None else "POST", target or "/", body, _headers(kind))
        response = connection.getresponse()
        answer = response.read(LARGEST + 1)
        if len(answer) > LARGEST:
            raise Unreachable("the answer is too long", url=url)
        if line.was_cut or response.length:
            raise Unreachable("the answer broke off", url=url)
        return Answer(response.status, response.headers.get_content_type(), answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable("no answer", url=url, reason=str(error)[:200]) from error
    finally:
        timer.cancel()
        line.close()


class _Line:
    """A connection that can be cut from another thread at any moment."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        self.was_cut = False

    def connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        """A connection whose socket is open, its certificate checked where there is one."""
        secure = scheme == "https"
        connection = http.client.HTTPConnection(host, port or (443 if secure else 80), timeout=SECONDS)
        self._socket = socket.create_connection((connection.host, connection.port), timeout=SECONDS / 2)
        self._socket.settimeout(SECONDS)
        if secure:
            wrapped = ssl.create_default_context().wrap_socket(
                self._socket, server_hostname=host, do_handshake_on_connect=False
            )
            self._socket = wrapped
            wrapped.do_handshake()
        connection.sock = self._socket
        return connection

    def cut(self) -> None:
        """End whatever is being waited for."""
        self.was_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._socket.close()


def _headers(kind: str) -> dict[str, str]:
    return {"User-Agent": "fairwitness", "Connection": "close", **({"Content-Type": kind} if kind else {})}
