"""The words and files of one message, by WhatsApp's own type.

`read_content` gives everything a person wrote or chose as text, in reading order, and
the rest as details. A type that is not here is not guessed at.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from fairwitness.capture.values import flag, items, loads, obj, sha256_hex, strings, text
from fairwitness.errors import Malformed
from fairwitness.model.event import Media

Details = tuple[tuple[str, str], ...]


class Content(msgspec.Struct, frozen=True):
    """What a message holds: its words, its files, and what else there is to say."""

    text: str = ""
    media: tuple[Media, ...] = ()
    details: Details = ()


def read_content(message: Mapping[str, Any]) -> Content | None:
    """The content of `message`, or None when its type is not known."""
    reader = _READERS.get(text(message, "type"))
    return reader(message) if reader else None


def pairs(value: Any, *names: str) -> Details:
    """The named members that hold text, as details."""
    return tuple((name.replace("_", " "), text(value, name)) for name in names if text(value, name))


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part.strip())


def _plain(message: Mapping[str, Any]) -> Content:
    return Content(text(message, "text", "body"))


def _media(kind: str) -> Callable[[Mapping[str, Any]], Content]:
    def read(message: Mapping[str, Any]) -> Content:
        found = obj(message, text(message, "type"))
        given = text(found, "sha256")
        digest = sha256_hex(given)
        file = Media(
            kind=kind,
            id=text(found, "id"),
            mime=text(found, "mime_type"),
            sha256=digest,
            filename=text(found, "filename"),
            voice=flag(found, "voice") or text(message, "type") == "voice",
        )
        details = () if digest or not given else (("sha256 as given", given),)
        animated = (("animated", "yes"),) if flag(found, "animated") else ()
        words = _lines((text(found, "caption"), text(found, "filename")))
        return Content(words, (file,), (*details, *animated, *pairs(found, "link")))

    return read


def _location(message: Mapping[str, Any]) -> Content:
    place = obj(message, "location")
    words = _lines(text(place, key) for key in ("name", "address", "url"))
    return Content(words, details=pairs(place, "latitude", "longitude"))


def _contacts(message: Mapping[str, Any]) -> Content:
    cards = items(message, "contacts")
    words = _lines(line for card in cards for line in _card(card))
    return Content(words, details=(("contacts", str(len(cards))), *pairs(message, "origin")))


def _card(card: Any) -> Iterable[str]:
    """A contact card line by line: the full name once, then everything else it says."""
    full = text(card, "name", "formatted_name")
    if full:
        yield full
    else:
        yield " ".join(strings(obj(card, "name")))
    yield " ".join(strings(obj(card, "org")))
    for entry in items(card, "phones"):
        yield " ".join((text(entry, "phone") or text(entry, "wa_id"), text(entry, "type"))).strip()
    rest = {k: v for k, v in obj(card).items() if k not in ("name", "org", "phones")}
    yield from strings(rest)


def _interactive(message: Mapping[str, Any]) -> Content:
    answer = obj(message, "interactive")
    kind = text(answer, "type")
    reply = obj(answer, kind)
    named = (("interactive", kind),) if kind else ()
    match kind:
        case "button_reply" | "list_reply":
            words = _lines((text(reply, "title"), text(reply, "description")))
            return Content(words, details=(*named, *pairs(reply, "id")))
        case "nfm_reply":
            words = _lines((text(reply, "body"), *_flow_answers(text(reply, "response_json"))))
            return Content(words, details=(*named, *pairs(reply, "name")))
        case "call_permission_reply":
            permanent = (("permanent", "yes"),) if flag(reply, "is_permanent") else ()
            said = pairs(reply, "response", "response_source", "expiration_timestamp")
            return Content(text(reply, "response"), details=(*named, *said, *permanent))
        case _:
            return Content(_lines(strings(answer, skip=_NOT_WORDS)), details=named)


def _flow_answers(response: str) -> Iterable[str]:
    """What was filled in: `question: answer` for plain answers, else every string in it."""
    if not response:
        return
    try:
        answers = loads(response.encode())
    except Malformed:
        yield response
        return
    if not isinstance(answers, dict):
        yield response
        return
    for question, answer in answers.items():
        if question == "flow_token":
            continue
        plain = text(answers, question) or ("yes" if answer is True else "no" if answer is False else "")
        if plain:
            yield f"{question}: {plain}"
        else:
            yield from (f"{question}: {part}" for part in strings(answer))


def _button(message: Mapping[str, Any]) -> Content:
    button = obj(message, "button")
    return Content(text(button, "text"), details=pairs(button, "payload"))


def _order(message: Mapping[str, Any]) -> Content:
    order = obj(message, "order")
    bought = (
        " ".join(text(p, k) for k in ("quantity", "product_retailer_id", "item_price", "currency"))
        for p in items(order, "product_items")
    )
    return Content(
        text(order, "text"),
        details=(*pairs(order, "catalog_id"), *(("product", line.strip()) for line in bought)),
    )


def _template(message: Mapping[str, Any]) -> Content:
    """A template as the sending program named it: its name and the values filled in."""
    template = obj(message, "template")
    words = _lines(strings(items(template, "components"), skip=_NOT_WORDS))
    return Content(words, details=pairs(template, "name"))


_NOT_WORDS = frozenset(
    {
        "type", "id", "payload", "flow_token", "flow_id", "sub_type", "format", "catalog_id", "code",
        "product_retailer_id", "index", "flow_action", "mode", "flow_message_version", "currency",
    }
)  # fmt: skip
_READERS: Mapping[str, Callable[[Mapping[str, Any]], Content]] = {
    "text": _plain,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "voice": _media("audio"),
    "document": _media("document"),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "interactive": _interactive,
    "button": _button,
    "order": _order,
    "template": _template,
}
