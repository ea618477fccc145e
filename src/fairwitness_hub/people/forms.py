"""What an administrator may type about a person, a line and a mandate, and what is wrong with it."""

import re
import zoneinfo
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fairwitness_hub.people import queries
from fairwitness_hub.people.actions import LineFacts, MandateFacts, PersonFacts

BASES: tuple[tuple[str, Any], ...] = (
    ("legitimate_interest", gettext_lazy("Legitimate interest")),
    ("legal_obligation", gettext_lazy("Legal obligation")),
    ("contract", gettext_lazy("Contract")),
    ("acknowledged_notice", gettext_lazy("Acknowledged notice")),
    ("dpdp_7i", gettext_lazy("India: DPDP Act, section 7(i)")),
    ("consent", gettext_lazy("Consent")),
)
BASIS_NOTES: Mapping[str, Any] = {
    "legitimate_interest": gettext_lazy(
        "The firm’s interest, weighed against the person’s and written down."
    ),
    "legal_obligation": gettext_lazy("A law or a regulator’s rule asks for these records."),
    "contract": gettext_lazy("The contract of employment or service needs it."),
    "acknowledged_notice": gettext_lazy(
        "Prior written notice, acknowledged: New York, Connecticut, Delaware."
    ),
    "dpdp_7i": gettext_lazy("Employment purposes, without consent; notice is still owed."),
    "consent": gettext_lazy(
        "Only where saying no would cost the person nothing. Between employer and employee "
        "that is rare, above all in the European Union."
    ),
}
LANGUAGES = ("en", "pt-BR", "es", "de", "fr", "it", "hi", "nl", "pl")
JURISDICTIONS = ("BR", "EU", "GB", "US", "US-NY", "US-CT", "US-DE", "IN", "CH", "DE", "FR", "ES", "PT")

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")
_PHONE_NUMBER_ID = re.compile(r"[0-9]{5,25}")
_WAHA_SESSION = re.compile(r"[A-Za-z0-9_.@+=-]{1,64}")
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _viewer_language() -> str:
    return _language(get_language() or "en")


class PersonForm(forms.Form):
    """Who it is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    department = forms.CharField(label=gettext_lazy("Department"), required=False, max_length=100)
    region = forms.CharField(label=gettext_lazy("Region"), required=False, max_length=100)
    language = forms.CharField(
        label=gettext_lazy("Language"),
        initial=_viewer_language,
        max_length=35,
        help_text=gettext_lazy("As in pt-BR, en, de."),
        widget=forms.TextInput(attrs={"list": "languages"}),
    )

    def clean_name(self) -> str:
        """A name without characters that hide or turn text around."""
        return _visible(self.cleaned_data["name"])

    def clean_department(self) -> str:
        """As typed, without hidden characters."""
        return _visible(self.cleaned_data["department"])

    def clean_region(self) -> str:
        """As typed, without hidden characters."""
        return _visible(self.cleaned_data["region"])

    def clean_language(self) -> str:
        """A language tag, spelt the usual way."""
        return _language(self.cleaned_data["language"])

    def facts(self) -> PersonFacts:
        """What was typed, once it is valid."""
        return PersonFacts(**{name: self.cleaned_data[name] for name in PersonFacts.__dataclass_fields__})


class LineForm(forms.Form):
    """The WhatsApp line and the names it goes by: at least one."""

    phone = forms.CharField(
        label=gettext_lazy("Phone number"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("With country code, as in +55 11 94000-0001."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    phone_number_id = forms.CharField(
        label=gettext_lazy("Phone number ID"),
        required=False,
        max_length=25,
        help_text=gettext_lazy("From Meta’s WhatsApp Cloud API, digits only."),
    )
    waha_session = forms.CharField(
        label=gettext_lazy("WAHA session"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("The session’s name, where the line is read through WAHA."),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        initial=timezone.get_current_timezone_name,
        max_length=64,
        help_text=gettext_lazy("Where the person works, as in America/Sao_Paulo."),
        widget=forms.TextInput(attrs={"list": "zones"}),
    )

    def clean_phone(self) -> str:
        """The number in E.164, or ''. National spelling is read as the jurisdiction's."""
        typed = self.cleaned_data["phone"].strip()
        return _e164(typed, region=self.data.get("jurisdiction", "")[:2].upper()) if typed else ""

    def clean_phone_number_id(self) -> str:
        """Meta's id of the number, which is not the number."""
        typed = self.cleaned_data["phone_number_id"].strip()
        if typed and not _PHONE_NUMBER_ID.fullmatch(typed):
            raise forms.ValidationError(_("A phone number ID has digits only, as shown in Meta’s app panel."))
        return typed

    def clean_waha_session(self) -> str:
        """A session name as WAHA allows it."""
        typed = self.cleaned_data["waha_session"].strip()
        if typed and not _WAHA_SESSION.fullmatch(typed):
            raise forms.ValidationError(_("A session name has letters, digits and _ . - only."))
        return typed

    def clean_zone(self) -> str:
        """A zone that this machine knows."""
        zone = self.cleaned_data["zone"].strip()
        if zone not in zoneinfo.available_timezones():
            raise forms.ValidationError(_("This is not a time zone. Write it as in Europe/Berlin."))
        return zone

    def clean(self) -> dict[str, Any]:
        """At least one alias, each of them free."""
        super().clean()
        if not self.errors and not self.aliases():
            raise forms.ValidationError(
                _("Give at least one of phone number, phone number ID and WAHA session.")
            )
        for name, prefix in _ALIAS_FIELDS:
            self._check_free(name, prefix)
        return self.cleaned_data

    def _check_free(self, name: str, prefix: str) -> None:
        value = self.cleaned_data.get(name)
        held = queries.holder_of(prefix + value) if value else None
        if held is not None:
            line, owner = held
            who = owner.name if owner else line.name
            self.add_error(name, _("Already the line of %(who)s.") % {"who": who})

    def aliases(self) -> tuple[str, ...]:
        """The line's aliases, the phone number first."""
        data = self.cleaned_data
        return tuple(prefix + data[name] for name, prefix in _ALIAS_FIELDS if data.get(name))

    def facts(self, *, owner: str) -> LineFacts:
        """What was typed, once it is valid. A line without a number is called after `owner`."""
        data = self.cleaned_data
        name = data["phone"] or owner
        return LineFacts(name=name, zone=data["zone"], aliases=self.aliases())


_ALIAS_FIELDS = (("phone", "phone:"), ("phone_number_id", "pnid:"), ("waha_session", "waha:"))


def _moment(*, label: Any, help_text: Any = "", required: bool = False) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
    return forms.DateTimeField(
        label=label, help_text=help_text, required=required, widget=widget, input_formats=formats
    )


class MandateForm(forms.Form):
    """What allows capture: basis and notice are two things, and both are asked."""

    basis = forms.ChoiceField(label=gettext_lazy("Basis"), choices=BASES, initial="legitimate_interest")
    jurisdiction = forms.CharField(
        label=gettext_lazy("Jurisdiction"),
        max_length=6,
        help_text=gettext_lazy("Whose law applies, as in BR, EU, US-NY."),
        widget=forms.TextInput(attrs={"list": "jurisdictions"}),
    )
    notice_version = forms.CharField(
        label=gettext_lazy("Notice version"),
        max_length=60,
        help_text=gettext_lazy("Which notice the person was given, as in 2026-11."),
    )
    notice_language = forms.CharField(
        label=gettext_lazy("Language of the notice"),
        required=False,
        max_length=35,
        help_text=gettext_lazy("Left empty: the person’s language."),
        widget=forms.TextInput(attrs={"list": "languages"}),
    )
    acknowledged_at = _moment(
        label=gettext_lazy("Acknowledged at"),
        required=True,
        help_text=gettext_lazy("When the person confirmed the notice."),
    )
    from_at = _moment(label=gettext_lazy("Covers from"), help_text=gettext_lazy("Left empty: from now on."))
    to_at = _moment(
        label=gettext_lazy("Covers until"), help_text=gettext_lazy("Left empty: until it is withdrawn.")
    )
    past_from = _moment(
        label=gettext_lazy("And messages sent since"),
        help_text=gettext_lazy("For importing older chats. Left empty: nothing older than the start."),
    )

    def clean_jurisdiction(self) -> str:
        """A country, the EU, or a state of a country."""
        typed = self.cleaned_data["jurisdiction"].strip().upper()
        if not _JURISDICTION.fullmatch(typed):
            raise forms.ValidationError(_("Write two letters, or as in US-NY."))
        return typed

    def clean_notice_version(self) -> str:
        """As typed, without hidden characters."""
        return _visible(self.cleaned_data["notice_version"])

    def clean_notice_language(self) -> str:
        """A language tag, or ''."""
        typed = self.cleaned_data["notice_language"].strip()
        return _language(typed) if typed else ""

    def clean_acknowledged_at(self) -> datetime:
        """A time that has been: nobody confirms tomorrow."""
        when: datetime = self.cleaned_data["acknowledged_at"]
        if when > timezone.now() + timedelta(minutes=1):
            raise forms.ValidationError(_("This is in the future."))
        return when

    def clean(self) -> dict[str, Any]:
        """Times in order, and a basis that the jurisdiction knows."""
        super().clean()
        data = self.cleaned_data
        if data.get("basis") == "dpdp_7i" and data.get("jurisdiction", "IN")[:2] != "IN":
            self.add_error("basis", _("This basis is of India’s law. Choose another, or IN as jurisdiction."))
        starts, ends, past = data.get("from_at"), data.get("to_at"), data.get("past_from")
        if ends and ends <= (starts or timezone.now()):
            self.add_error("to_at", _("The end is before the start."))
        if past and past > (starts or timezone.now()):
            self.add_error("past_from", _("This is after the start."))
        return data

    def facts(self, *, language: str) -> MandateFacts:
        """What was typed, once it is valid; the notice is in `language` unless it says otherwise."""
        data = self.cleaned_data
        return MandateFacts(
            basis=data["basis"],
            jurisdiction=data["jurisdiction"],
            notice_version=data["notice_version"],
            language=data["notice_language"] or language,
            acknowledged_at=_ms(data["acknowledged_at"]),
            from_at=_ms(data["from_at"]) if data["from_at"] else None,
            to_at=_ms(data["to_at"]) if data["to_at"] else None,
            past_from=_ms(data["past_from"]) if data["past_from"] else None,
        )


class WithdrawForm(forms.Form):
    """A withdrawal asks for nothing; a reason may be given."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason, if you like"), required=False, max_length=500)


class SeenForm(forms.Form):
    """How much of a person's history the page showed when the button was pressed."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class RosterForm(forms.Form):
    """The filters of the list. What does not fit is left out, not complained about."""

    q = forms.CharField(required=False, max_length=200)
    state = forms.ChoiceField(required=False, choices=[("", "")] + [(s, s) for s in queries.COVERAGES])
    department = forms.CharField(required=False, max_length=100)
    region = forms.CharField(required=False, max_length=100)
    language = forms.CharField(required=False, max_length=35)
    sort = forms.ChoiceField(required=False, choices=[(s, s) for s in ("name", "state", "department")])
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def wanted(self) -> queries.RosterFilter:
        """The filter, of those fields that are valid."""
        self.is_valid()
        data = self.cleaned_data
        return queries.RosterFilter(
            text=data.get("q", ""),
            state=data.get("state", ""),
            department=data.get("department", ""),
            region=data.get("region", ""),
            language=data.get("language", ""),
            sort=data.get("sort") or "name",
        )

    def page_number(self) -> int:
        """Which page, from 1."""
        return self.cleaned_data.get("page") or 1


def _visible(text: str) -> str:
    if _INVISIBLE.search(text):
        raise forms.ValidationError(_("This holds characters that can’t be seen. Type it again by hand."))
    return text.strip()


def _language(typed: str) -> str:
    if not _LANGUAGE.fullmatch(typed.strip()):
        raise forms.ValidationError(_("Write a language tag, as in pt-BR or en."))
    first, *rest = typed.strip().split("-")
    return "-".join((first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)))


def _e164(typed: str, *, region: str) -> str:
    """The number as `+…`. With its country code it need only be possible.

    Meta's test numbers, and ranges opened after our tables were made, are in no list of
    valid numbers; a number without its country code is a guess, and is held to that list.
    """
    try:
        number = phonenumbers.parse(typed, region or None)
    except phonenumbers.NumberParseException as error:
        raise forms.ValidationError(_("Write the number with its country code, as in +55 11…")) from error
    sure = phonenumbers.is_possible_number if typed.startswith("+") else phonenumbers.is_valid_number
    if not sure(number):
        raise forms.ValidationError(_("This is not a phone number of that country."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


def common_zones() -> list[str]:
    """Zones worth suggesting: a region and a city, no abbreviations."""
    known = zoneinfo.available_timezones()
    return [*sorted(zone for zone in known if zone.split("/")[0] in _REGIONS), "UTC"]


_REGIONS = {"Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
