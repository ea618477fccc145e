"""Every address of the hub."""

from importlib.util import find_spec

from django.urls import include, path, register_converter

from fairwitness_hub.design.converters import HexConverter

register_converter(HexConverter, "hex")

urlpatterns = [
    path("", include("fairwitness_hub.design.urls")),
    path("account/", include("fairwitness_hub.accounts.urls")),
    path("inbox/", include("fairwitness_hub.inbox.urls")),
    path("conversations/", include("fairwitness_hub.conversation.urls")),
]
# while being built side by side
for name in ("today", "search", "people", "record"):
    if find_spec(f"fairwitness_hub.{name}") and find_spec(f"fairwitness_hub.{name}.urls"):
        urlpatterns.append(path(f"{name}/", include(f"fairwitness_hub.{name}.urls")))
