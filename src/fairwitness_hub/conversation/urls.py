"""Conversations, by stream."""

from django.urls import path, register_converter

from fairwitness_hub.conversation import views


class HexConverter:
    """Ids: 32 or 64 lowercase hex digits."""

    regex = "[0-9a-f]{32}(?:[0-9a-f]{32})?"

    def to_python(self, value: str) -> str:
        """The id as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The id as it stands."""
        return value


register_converter(HexConverter, "hex")

urlpatterns = [path("<hex:stream>/", views.conversation, name="conversation")]
