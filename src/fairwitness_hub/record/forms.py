"""Which page of a list."""

from django import forms


class PageForm(forms.Form):
    """A page from 1; what is not one is the first."""

    page = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)

    def number(self) -> int:
        """Which page."""
        self.is_valid()
        return self.cleaned_data.get("page") or 1
