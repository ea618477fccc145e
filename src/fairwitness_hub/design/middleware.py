"""What every response carries, and what every request brings of the viewer's wishes."""

import zoneinfo
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from whitenoise.middleware import WhiteNoiseMiddleware

_Next = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}
THEMES = ("system", "light", "dark")
DENSITIES = ("cosy", "compact")


class Headers:
    """Sets the strict headers on everything, errors too; pages are never kept by a browser."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class StaticFiles(WhiteNoiseMiddleware):
    """Serves the hub's few small files from memory: nothing streams from a thread."""

    @staticmethod
    def serve(static_file: object, request: HttpRequest) -> HttpResponse:
        """The file in one piece."""
        found = static_file.get_response(request.method, request.META)  # type: ignore[attr-defined]
        body = b""
        if found.file is not None:
            with found.file as file:
                body = file.read()
        response = HttpResponse(body, status=int(found.status))
        del response.headers["Content-Type"]
        for name, value in found.headers:
            response.headers[name] = value
        return response


class Preferences:
    """Reads the viewer's theme, density and time zone from cookies; believes only known values."""

    def __init__(self, get_response: _Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.theme = _known(request.COOKIES.get("fw-theme"), THEMES)
        request.density = _known(request.COOKIES.get("fw-density"), DENSITIES)
        zone = request.COOKIES.get("fw-zone", "").replace("%2F", "/")
        with timezone.override(zoneinfo.ZoneInfo(zone) if zone in _zones() else None):
            return self.get_response(request)


def _known(value: str | None, values: tuple[str, ...]) -> str:
    return value if value in values else values[0]


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
