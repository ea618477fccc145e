"""What the viewer may set for this browser."""

from django import forms
from django.conf import settings

from fairwitness_hub.design.middleware import DENSITIES, THEMES


class PreferencesForm(forms.Form):
    """Theme, density and language; each may be left out."""

    theme = forms.ChoiceField(choices=[(value, value) for value in THEMES], required=False)
    density = forms.ChoiceField(choices=[(value, value) for value in DENSITIES], required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    next = forms.CharField(required=False)
