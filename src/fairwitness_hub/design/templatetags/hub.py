"""What templates need to say things well: addresses, times, sizes, files. Built in to every template."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

import phonenumbers
from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# A browser drops or garbles these; the reader should see that they are there. One for one,
# so that the places of spans stay right.
_VISIBLE = (
    {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)}
    | {0x7F: 0x2421}
    | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
)
# What turns a name around or cannot be seen in it: `gpj.exe` must not read as `exe.jpg`.
_UNSEEN = dict.fromkeys(
    (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x061C, 0xFEFF, 0x00AD), 0xFFFD
)


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file, with the digest of what is in it."""
    return f"{settings.STATIC_URL}{path}?v={_digest(path)}"


@cache
def _digest(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"no static file {path}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]


@register.simple_tag
def htmx_config() -> str:
    """How htmx must behave here: no eval, no styles of its own, no other origin, no page kept on disk."""
    return json.dumps({
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "scrollBehavior": "instant",
        "defaultSettleDelay": 0,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "409|422", "swap": True, "error": False},
            {"code": "[45]..", "swap": False, "error": True},
        ],
    })  # fmt: skip


@register.filter
def shown(text: str) -> str:
    """Somebody's text, safe to encode, with control characters made visible; same length."""
    return str(text).translate(_VISIBLE)


@register.filter
def file_name(text: str) -> str:
    """A file's name in the order of its characters, with what cannot be seen made visible."""
    return shown(text).translate(_UNSEEN)


@register.filter
def address(value: str) -> str:
    """An address as a person would say it: `phone:+55…` as a number, `name:Ana` as Ana."""
    kind, colon, rest = value.partition(":")
    if not colon:
        return _phone(value) if value.startswith("+") else shown(value)
    match kind:
        case "phone":
            return _phone(rest)
        case "name":
            return shown(rest)
        case "group":
            return _("Group %(id)s") % {"id": shown(rest)[:24]}
        case "user" | "jid" | "lid":
            return _("WhatsApp user %(id)s") % {"id": shown(rest)[:32]}
        case _:
            return shown(value)


@cache
def _phone(number: str) -> str:
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return shown(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def moment(ms: int) -> datetime:
    """A time in ms in the viewer's zone; an impossible one becomes the nearest possible."""
    seconds = min(max(ms, 0) / 1000, 253_370_764_800)
    return timezone.localtime(datetime.fromtimestamp(seconds, UTC))


@register.filter
def clock_time(ms: int | None) -> SafeString | str:
    """The time of day, with everything on hover."""
    return "" if ms is None else _time(ms, date_format(moment(ms), "H:i"))


@register.filter
def full_time(ms: int | None) -> SafeString | str:
    """Day, month in letters, year, time and zone: never ambiguous."""
    return "" if ms is None else _time(ms, full_words(ms))


@register.filter
def day_words(ms: int | None) -> str:
    """The day as a separator says it."""
    if ms is None:
        return _("Time not known")
    day = moment(ms).date()
    today = timezone.localdate()
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(day, _("l j F Y"))


@register.filter
def ago(ms: int | None) -> SafeString | str:
    """How long ago while that is clear, else the day; the whole time on hover."""
    return "" if ms is None else _time(ms, _ago_words(ms), ago=True)


def full_words(ms: int) -> str:
    """`3 May 2026, 14:05:09 BRT`"""
    return _full(ms, timezone.get_current_timezone_name(), get_language())[0]


@lru_cache(maxsize=8192)
def _full(ms: int, zone: str, language: str | None) -> tuple[str, str]:
    """The whole time in words and as ISO 8601; a queue that is fetched again asks for the same ones."""
    when = moment(ms)
    words = date_format(when, _("j M Y, H:i:s"))
    return f"{words} {when.tzname()}", when.isoformat(timespec="milliseconds")


def _ago_words(ms: int) -> str:
    seconds = int(timezone.now().timestamp() - ms / 1000)
    if seconds < _MINUTE:
        return _("now")
    if seconds < _HOUR:
        return _("%(n)d min") % {"n": seconds // _MINUTE}
    if seconds < _DAY:
        return _("%(n)d h") % {"n": seconds // _HOUR}
    if seconds < 7 * _DAY:
        return ngettext("%(n)d day", "%(n)d days", seconds // _DAY) % {"n": seconds // _DAY}
    when = moment(ms)
    this_year = when.year == timezone.localtime().year
    return date_format(when, _("j M") if this_year else _("j M Y"))


def _time(ms: int, words: str, *, ago: bool = False) -> SafeString:
    full, iso = _full(ms, timezone.get_current_timezone_name(), get_language())
    mark = SafeString(" data-ago") if ago else ""
    return format_html('<time datetime="{}" title="{}"{}>{}</time>', iso, full, mark, words)


@register.simple_tag
def severity(value: str) -> SafeString:
    """A severity as shape and word."""
    return _severity(value, get_language())


@cache
def _severity(value: str, language: str | None) -> SafeString:
    words = {"critical": _("Critical"), "high": _("High"), "medium": _("Medium"), "low": _("Low")}
    kind = value if value in words else "low"
    shape = format_html('<svg aria-hidden="true"><use href="#i-{}"/></svg>', kind)
    return format_html('<span class="severity {}">{}{}</span>', kind, shape, words[kind])


@register.filter
def number(value: int) -> str:
    """A count with the groups of the viewer's language."""
    from django.utils.formats import number_format

    return number_format(value, use_l10n=True, force_grouping=True)
