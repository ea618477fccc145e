"""What a reviewer asks of the queue, and what a reviewer decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fairwitness.casework import NO_ACTION, needs_reason
from fairwitness_hub.inbox.filters import Filters

STATES = (("waiting", _("Waiting")), ("claimed", _("Claimed")), ("closed", _("Closed")), ("all", _("All")))
SEVERITIES = (
    ("", _("Severity")), ("critical", _("Critical")), ("high", _("High")),
    ("medium", _("Medium")), ("low", _("Low")),
)  # fmt: skip
ORDERS = (("newest", _("Newest")), ("oldest", _("Oldest")))
DECISIONS = (
    ("violation", _("Violation")),
    ("no_violation", _("No violation")),
    ("false_positive", _("False positive")),
)
ACTIONS = (
    (NO_ACTION, _("None needed")),
    ("spoke", _("Spoke with the person")),
    ("training", _("Training")),
    ("warning", _("Written warning")),
    ("referred", _("Referred to compliance")),
    ("reported", _("Reported to the authority")),
    ("other", _("Something else")),
)


_REASONS = {"violation": _("A violation needs a reason: one sentence is enough.")}
_REASON_GRAVE = _("An alert this grave needs a reason: one sentence is enough.")


class FilterForm(forms.Form):
    """Filters as a person (or a shared address) gives them; what is not known is left out."""

    state = forms.ChoiceField(choices=STATES, required=False)
    severity = forms.ChoiceField(choices=SEVERITIES, required=False)
    policy = forms.CharField(max_length=200, required=False)
    line = forms.RegexField(r"^[0-9a-f]{32}$", required=False)
    order = forms.ChoiceField(choices=ORDERS, required=False)
    limit = forms.IntegerField(min_value=1, max_value=500, required=False)

    def filters(self) -> Filters:
        """The filters that are in order; the others as if they had not been given."""
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})


class CloseForm(forms.Form):
    """A decision: what it is, what was done about it, why, and which entries were read.

    `severity` is the alert's: what is grave wants a reason whichever way it is decided.
    """

    decision = forms.ChoiceField(
        choices=DECISIONS, error_messages={"required": _("Choose what you decide.")}, widget=forms.RadioSelect
    )
    action = forms.ChoiceField(choices=ACTIONS, required=False, initial=NO_ACTION, label=_("Action"))
    action_text = forms.CharField(max_length=200, required=False, strip=True)
    reason = forms.CharField(max_length=2000, required=False, strip=True, label=_("Reason"))
    reviewed = forms.CharField(max_length=20_000)
    expect = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, severity: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.severity = severity

    def clean_reviewed(self) -> tuple[int, ...]:
        """Entries, as numbers with commas between them."""
        parts = self.cleaned_data["reviewed"].split(",")
        if not all(part.isascii() and part.isdigit() and len(part) < 17 for part in parts):
            raise forms.ValidationError(_("Load the page again: it lost count of what you read."))
        return tuple(sorted({int(part) for part in parts}))

    def clean(self) -> dict[str, Any]:
        """What casework will ask for, said beside its field; another action wants a word."""
        given = super().clean() or {}
        decision = given.get("decision", "")
        if decision and needs_reason(decision, self.severity) and not given.get("reason"):
            self.add_error("reason", _REASONS.get(decision, _REASON_GRAVE))
        if decision == "violation" and given.get("action", NO_ACTION) in ("", NO_ACTION):
            self.add_error("action", _("Say what is done about the violation."))
        if given.get("action") == "other" and not given.get("action_text"):
            self.add_error("action", _("Say what is done."))
        return given

    def action_given(self) -> str:
        """The action as it is recorded: its code, and the words where there are some."""
        code, words = self.cleaned_data["action"] or NO_ACTION, self.cleaned_data["action_text"]
        return f"{code}: {words}" if words else code


class VersionForm(forms.Form):
    """The version of the alert that the reviewer has seen, and why they change it."""

    expect = forms.IntegerField(min_value=0)
    reason = forms.CharField(max_length=2000, required=False, strip=True)
    undo = forms.BooleanField(required=False)


def action_words(action: str) -> str:
    """A recorded action in the viewer's language."""
    code, _colon, words = action.partition(": ")
    known = {key: str(word) for key, word in ACTIONS}
    if code not in known:
        return action
    if words:
        return words if code == "other" else f"{known[code]}: {words}"
    return known[code]
