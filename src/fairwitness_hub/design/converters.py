"""How ids stand in addresses."""


class HexConverter:
    """An id: 32 or 64 lowercase hex digits."""

    regex = "[0-9a-f]{32}(?:[0-9a-f]{32})?"

    def to_python(self, value: str) -> str:
        """The id as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The id as it stands."""
        return value
