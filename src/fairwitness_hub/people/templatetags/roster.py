"""Words for the roster: what covers a line, on what basis, under which name it is known."""

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fairwitness_hub.design.templatetags.hub import address, full_words, moment, shown
from fairwitness_hub.people.forms import BASES, BASIS_NOTES
from fairwitness_hub.people.queries import LineRow

register = template.Library()

_ICONS = {
    "covered": "sent",
    "planned": "clock",
    "withdrawn": "bin",
    "ended": "bin",
    "none": "failed",
    "no_line": "dots",
}
_TONES = {"covered": "good", "none": "bad"}


@register.filter
def coverage_words(state: str) -> str:
    """What covers a line, in words."""
    return {
        "covered": _("Covered"),
        "planned": _("Covered later"),
        "withdrawn": _("Withdrawn"),
        "ended": _("Ended"),
        "none": _("No mandate"),
        "no_line": _("No line"),
    }.get(state, state)


@register.filter
def coverage_icon(state: str) -> str:
    """Its shape, so that colour is never alone."""
    return _ICONS.get(state, "dots")


@register.filter
def coverage_tone(state: str) -> str:
    """Its colour."""
    return _TONES.get(state, "")


@register.filter
def line_beside(line: LineRow, person: str) -> str:
    """A line named beside its person: by its number where its name would only say the person again."""
    number = next((value for value in line.aliases if value.startswith("phone:")), "")
    return alias(number) if number and line.name == person else line_name(line.name)


@register.filter
def basis_words(basis: str) -> str:
    """The basis of a mandate as people name it."""
    return str(dict(BASES).get(basis, basis))


@register.filter
def basis_note(basis: str) -> str:
    """When a basis fits."""
    return str(BASIS_NOTES.get(basis, ""))


@register.filter
def alias(value: str) -> str:
    """An alias of a line as a person would say it."""
    kind, _colon, rest = value.partition(":")
    match kind:
        case "pnid":
            return _("Phone number ID %(id)s") % {"id": shown(rest)}
        case "waha":
            return _("WAHA session %(name)s") % {"name": shown(rest)}
        case _:
            return address(value)


@register.filter
def line_name(name: str) -> str:
    """A line's name; a number is grouped for reading."""
    return address(f"phone:{name}") if name.startswith("+") else shown(name)


@register.filter
def on_day(ms: int | None) -> SafeString | str:
    """`3 May 2026`, with the time on hover."""
    if ms is None:
        return ""
    when = moment(ms)
    words = date_format(when, _("j M Y"))
    return format_html('<time datetime="{}" title="{}">{}</time>', when.isoformat(), full_words(ms), words)


@register.filter
def plain_day(day: object) -> str:
    """A calendar day, which has no zone: `3 May 2026`."""
    return date_format(day, _("j M Y"))


@register.filter
def refusal_words(reason: str) -> str:
    """Why items were refused."""
    return {
        "no_mandate": _("No mandate"),
        "unknown_line": _("Unknown line"),
        "unparsed": _("Could not be read"),
        "edit_of_refused": _("Edit of a refused message"),
        "too_large": _("Too large"),
    }.get(reason, shown(reason))


@register.filter
def iso_day(day: str) -> str:
    """An ISO day in words; what is no day stays as it is."""
    try:
        return plain_day(date.fromisoformat(day))
    except ValueError:
        return shown(day)


@register.filter
def of(table: Mapping[str, str], key: str) -> str:
    """What `table` has under `key`, or ''."""
    return table.get(key, "")


@register.filter
def day_long(ms: int) -> str:
    """The day with its weekday: `Sunday 3 May 2026`."""
    return date_format(moment(ms), _("l j F Y"))


@register.filter
def source_words(source: str) -> str:
    """The way by which something came in."""
    return {
        "cloud_api": _("WhatsApp Cloud API"),
        "waha": "WAHA",
        "chat_export": _("Chat export"),
    }.get(source, shown(source))


@register.filter
def follower_words(name: str) -> str:
    """What is late when a follower is."""
    return {
        "normalise": _("Conversations are late"),
        "search": _("Search is late"),
        "judge": _("Judging by the policies is late"),
        "alerts_feed": _("The queue of alerts is late"),
    }.get(name, _("%(name)s is late") % {"name": shown(name)})
