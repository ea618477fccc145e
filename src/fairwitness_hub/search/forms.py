"""What a reviewer may type into the search field, and where to look."""

from django import forms
from django.utils.translation import gettext_lazy

from fairwitness_hub.search.queries import Scope

_ID = r"\A[0-9a-f]{32}\Z"


class SearchForm(forms.Form):
    """The words, which travel in the body of a request only."""

    q = forms.CharField(label=gettext_lazy("Search"), max_length=1000, strip=True)


class ScopeForm(forms.Form):
    """Where to look. What is not an id is left out, not complained about."""

    line = forms.RegexField(_ID, required=False)
    person = forms.RegexField(_ID, required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def scope(self) -> Scope:
        """A line, a person, or everywhere."""
        self.is_valid()
        data = self.cleaned_data
        return Scope(line=data.get("line", ""), person=data.get("person", ""))

    def page_number(self) -> int:
        """Which page, from 1."""
        self.is_valid()
        return self.cleaned_data.get("page") or 1
