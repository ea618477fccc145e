"""The map of the hub, as data: a person sees only the screens that their roles can use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fairwitness_hub.gate import roles_of
from fairwitness_hub.permissions import allows


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the navigation: its word, the URL's name, the action behind it and its picture."""

    word: Any
    name: str
    action: str
    icon: str


GROUPS: tuple[tuple[Any, tuple[Screen, ...]], ...] = (
    (
        pgettext_lazy("navigation group", "Work"),
        (
            Screen(_("Today"), "today", "today.read", "today"),
            Screen(_("Inbox"), "inbox", "alerts.read", "inbox"),
        ),
    ),
    (
        pgettext_lazy("navigation group", "Look"),
        (
            Screen(_("Search"), "search", "search.run", "search"),
            Screen(_("People"), "people", "people.read", "people"),
        ),
    ),
    (_("Evidence"), (Screen(_("Record"), "record", "record.read", "record"),)),
)


def navigation(request: HttpRequest) -> Mapping[str, Any]:
    """The groups that this person can use, with the current screen marked."""
    signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    roles = _roles(request) if signed_in else frozenset()
    groups = []
    for word, screens in GROUPS:
        seen = [
            {"word": screen.word, "url": reverse(screen.name), "icon": screen.icon,
             "here": request.path.startswith(reverse(screen.name))}
            for screen in screens
            if allows(screen.action, signed_in=signed_in, roles=roles)
        ]  # fmt: skip
        if seen:
            groups.append({"word": word, "screens": seen})
    return {"navigation": groups, "roles": roles}


def _roles(request: HttpRequest) -> frozenset[str]:
    """As the gate found them; an address that leads nowhere never came to the gate."""
    found: frozenset[str] | None = getattr(request, "roles", None)
    return roles_of(request.user.email) if found is None else found
