"""Every address of the hub."""

from django.urls import include, path, register_converter

from fairwitness_hub.design.converters import HexConverter

register_converter(HexConverter, "hex")

urlpatterns = [
    path("", include("fairwitness_hub.design.urls")),
    path("account/", include("fairwitness_hub.accounts.urls")),
    path("today/", include("fairwitness_hub.today.urls")),
    path("inbox/", include("fairwitness_hub.inbox.urls")),
    path("conversations/", include("fairwitness_hub.conversation.urls")),
    path("search/", include("fairwitness_hub.search.urls")),
    path("people/", include("fairwitness_hub.people.urls")),
    path("record/", include("fairwitness_hub.record.urls")),
]
