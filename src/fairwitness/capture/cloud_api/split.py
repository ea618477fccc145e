"""One delivery of Meta's webhooks into items, each an exact slice of its bytes.

Nothing is dropped: what the door does not know, or finds in the wrong type, becomes an
item of kind `unknown` that holds it whole. `Malformed` is raised only for bytes that are
not JSON, or not an object with a list `entry`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache

from fairwitness.capture.cloud_api import chunks, fields
from fairwitness.capture.cloud_api.build import SOURCE, Around, build, digest
from fairwitness.capture.cloud_api.contacts import Contacts, read_contacts
from fairwitness.capture.cloud_api.lines import scan_lines
from fairwitness.capture.exact import (
    Repeated,
    below,
    check_text,
    elements,
    every_member,
    is_array,
    is_object,
    members,
)
from fairwitness.capture.values import moment, peek, text
from fairwitness.errors import Malformed
from fairwitness.model.envelope import Item, Slice

_EMPTY = (b"[]", b"{}", b"null")


def split(body: bytes) -> Sequence[Item]:
    """Every item of `body`, in the order written."""
    check_text(body)
    top = every_member(body)
    entries = [raw for name, raw in top if name == "entry" and is_array(raw)]
    if not entries:
        raise Malformed("not an object with a list `entry`")
    extra = _others(top, {"object"}, "entry")
    found: list[Item] = []
    for written in entries:
        for number, raw in enumerate(elements(written)):
            found.extend(_entry(raw, f"/entry/{number}", extra))
    if extra and not found:
        found.append(_whole_body(body))
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """One change of one entry, opened as far as its value."""

    field_name: str
    value: bytes
    at: str
    around: Around
    members: Mapping[str, bytes] = field(default_factory=dict)


def _entry(raw: bytes, at: str, extra: Sequence[Slice]) -> Iterator[Item]:
    written = every_member(raw) if is_object(raw) else ()
    entry = _named_once(written)
    changes = [c for name, value in written if name == "changes" and is_array(value) for c in elements(value)]
    if not changes:
        yield _kept_whole(raw, at, Around(line=_only_line(raw) or _account(entry), envelope=tuple(extra)))
        return
    beside = (*extra, *_others(written, {"id"} & entry.keys(), "changes", at))
    for number, change in enumerate(changes):
        yield from _change(change, f"{at}/changes/{number}", entry, beside)


def _change(raw: bytes, at: str, entry: Mapping[str, bytes], beside: Sequence[Slice]) -> Iterator[Item]:
    around = Around(line=_account(entry), envelope=tuple(beside))
    try:
        change = members(raw) if is_object(raw) else {}
        value = members(change["value"]) if is_object(change.get("value", b"")) else None
        metadata = value.get("metadata", b"") if value else b""
        number, own = _read_metadata(metadata)
    except Repeated:
        yield _kept_whole(raw, at, around.of_line(_only_line(raw)))
        return
    name = _string(change.get("field", b""))
    if value is None or not name:
        yield _kept_whole(raw, at, around.of_line(_only_line(raw) or around.line))
        return
    around = Around(
        line=f"pnid:{number}" if number else _line_elsewhere(value) or around.line,
        own=own,
        field=Slice("field", f"{at}/field", change["field"]),
        metadata=Slice("metadata", f"{at}/value/metadata", metadata) if metadata else None,
        envelope=(*beside, *_unknown_members(change, {"field", "value"}, at)),
        standby=name == "standby",
    )
    yield from _value(_Change(name, change["value"], f"{at}/value", around, value), entry)


def _value(change: _Change, entry: Mapping[str, bytes]) -> Iterator[Item]:
    """The items of a value by its field; at least one, so that nothing goes unseen."""
    lists = fields.LISTS.get(change.field_name)
    found: list[Item] = []
    if lists is not None and change.field_name == "standby" and is_object(change.members.get("standby", b"")):
        found.extend(_standby(change, lists))
    elif lists is not None:
        found.extend(_members(change, lists))
    if found:
        yield from found
    else:
        kind = "account" if change.field_name in fields.ACCOUNT else "unknown"
        around = change.around.with_account(entry)
        when = moment(peek(entry["time"])) if "time" in entry else None
        yield build(kind, change.value, change.at, around, sent_at=when)


def _standby(change: _Change, lists: Mapping[str, str]) -> Iterator[Item]:
    """A copy for an app that does not handle the conversation: one level deeper."""
    raw = change.members["standby"]
    at = f"{change.at}/standby"
    try:
        inner = _Change("standby", raw, at, change.around, members(raw))
    except Repeated:
        yield _kept_whole(raw, at, change.around)
    else:
        yield from _members(inner, lists)
    for name, slice_ in change.members.items():
        if name not in fields.CONTEXT and name != "standby":
            yield from _leftover(slice_, below(change.at, name), change.around)
    if "contacts" in change.members:
        contacts = read_contacts(change.members["contacts"], f"{change.at}/contacts")
        yield from _unused(contacts, change.around)


def _members(change: _Change, lists: Mapping[str, str]) -> Iterator[Item]:
    contacts = read_contacts(change.members.get("contacts", b""), f"{change.at}/contacts")
    for name, raw in change.members.items():
        at = below(change.at, name)
        kind = lists.get(name)
        if name in fields.CONTEXT:
            continue
        if kind is None or not is_array(raw):
            yield from _leftover(raw, at, change.around, contacts)
        elif name == "history":
            yield from chunks.history(raw, at, change.around)
        else:
            for number, element in enumerate(elements(raw)):
                yield build(kind, element, f"{at}/{number}", change.around, contacts=contacts)
    yield from _unused(contacts, change.around)


def _unused(contacts: Contacts, around: Around) -> Iterator[Item]:
    """An item for each contact record that belongs to no other item, so that none is lost."""
    if contacts.whole:
        yield build("unknown", *contacts.whole, around)
    for record in contacts.left():
        yield build("contact", record.slice.data, record.slice.pointer, around)


def _leftover(raw: bytes, at: str, around: Around, contacts: Contacts | None = None) -> Iterator[Item]:
    """A member that is not understood: whole, and about the contact if there is only one."""
    if raw not in _EMPTY:
        yield build("unknown", raw, at, around, contacts=contacts, about_only_contact=True)


def _kept_whole(raw: bytes, at: str, around: Around) -> Item:
    return build("unknown", raw, at, around)


def _whole_body(body: bytes) -> Item:
    line = _only_line(body)
    return Item(
        source=SOURCE,
        kind="unknown",
        line=line,
        identity=(SOURCE, line, "unknown", digest(body)),
        slices=(Slice("body", "", body),),
    )


def _only_line(raw: bytes) -> str:
    """The line of bytes that cannot be opened: the one they name, or '' when they name several."""
    named = scan_lines(raw)
    return named.pop() if len(named) == 1 else ""


def _account(entry: Mapping[str, bytes]) -> str:
    number = _string(entry.get("id", b""))
    return f"waba:{number}" if number else ""


def _line_elsewhere(value: Mapping[str, bytes]) -> str:
    """The line of a value without metadata: handovers name it as the recipient."""
    recipient = value.get("recipient", b"")
    number, _ = _read_metadata(recipient)
    return f"pnid:{number}" if number else ""


@lru_cache(maxsize=4096)
def _read_metadata(raw: bytes) -> tuple[str, str]:
    """The id of a number and the number itself; few lines send, so they are read once."""
    if not is_object(raw):
        return "", ""
    found = members(raw)
    return _string(found.get("phone_number_id", b"")), _string(found.get("display_phone_number", b""))


@lru_cache(maxsize=4096)
def _string(raw: bytes) -> str:
    """A string, or a number as written; '' for anything else."""
    return text({"value": peek(raw)}, "value") if raw[:1] in (b'"', *_DIGITS) else ""


_DIGITS = tuple(b"%d" % digit for digit in range(10))


def _named_once(written: Sequence[tuple[str, bytes]]) -> Mapping[str, bytes]:
    """Members whose name stands once; of one named twice nobody can say which is meant."""
    count = Counter(name for name, _ in written)
    return {name: raw for name, raw in written if count[name] == 1}


def _others(
    written: Sequence[tuple[str, bytes]], known: Set[str], lists: str, at: str = ""
) -> tuple[Slice, ...]:
    """What stands beside the lists called `lists`, but for what is `known`."""
    return tuple(
        Slice("envelope", below(at, name), raw)
        for name, raw in written
        if name not in known and not (name == lists and is_array(raw))
    )


def _unknown_members(found: Mapping[str, bytes], known: set[str], at: str = "") -> tuple[Slice, ...]:
    if len(found) <= len(known) and known >= found.keys():
        return ()
    return tuple(Slice("envelope", below(at, name), raw) for name, raw in found.items() if name not in known)
