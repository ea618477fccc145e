"""Where in a conversation to read."""

from django import forms


class PlaceForm(forms.Form):
    """An entry to stand at, or to read on from in one direction; an alert to mark."""

    entry = forms.IntegerField(min_value=0, max_value=2**53, required=False)
    before = forms.IntegerField(min_value=0, max_value=2**53, required=False)
    after = forms.IntegerField(min_value=0, max_value=2**53, required=False)
