"""A chunk of a number's history: chunk → threads → messages, one item each.

Where the shape is not the documented one, the part that differs is kept whole.
"""

from collections.abc import Iterator, Mapping

from fairwitness.capture import addresses
from fairwitness.capture.cloud_api.build import Around, build
from fairwitness.capture.cloud_api.contacts import Contact
from fairwitness.capture.exact import Repeated, below, elements, is_array, is_object, members
from fairwitness.capture.values import peek, peek_object, text
from fairwitness.model.envelope import Item, Slice

_EMPTY = (b"[]", b"{}", b"null")


def history(raw: bytes, at: str, around: Around) -> Iterator[Item]:
    """The items of a member `history`."""
    for number, element in enumerate(elements(raw)):
        yield from _chunk(element, f"{at}/{number}", around)


def _chunk(raw: bytes, at: str, around: Around) -> Iterator[Item]:
    chunk = _open(raw)
    if chunk is None or not is_array(chunk.get("threads", b"")):
        yield build("history", raw, at, around)
        return
    if "metadata" in chunk:
        around = around.plus(Slice("envelope", f"{at}/metadata", chunk["metadata"]))
    yield from _rest(chunk, {"metadata", "threads"}, at, around)
    for number, thread in enumerate(elements(chunk["threads"])):
        yield from _thread(thread, f"{at}/threads/{number}", around)


def _thread(raw: bytes, at: str, around: Around) -> Iterator[Item]:
    thread = _open(raw)
    if thread is None or not is_array(thread.get("messages", b"")):
        yield build("history", raw, at, around)
        return
    contact = None
    if is_object(thread.get("context", b"")):
        value = peek_object(thread["context"])
        contact = Contact(Slice("contact", f"{at}/context", thread["context"]), value)
    if "id" in thread:
        around = around.plus(Slice("envelope", f"{at}/id", thread["id"]))
    chat = _chat(thread, contact)
    known = {"id", "messages", "context"} if contact else {"id", "messages"}
    yield from _rest(thread, known, at, around, chat=chat)
    for number, message in enumerate(elements(thread["messages"])):
        yield build("history", message, f"{at}/messages/{number}", around, contact=contact, chat=chat)


def _chat(thread: Mapping[str, bytes], contact: Contact | None) -> str:
    record = contact.value if contact else {}
    number = text({"id": peek(thread["id"])}, "id") if "id" in thread else ""
    return addresses.person(user_id=text(record, "user_id"), number=text(record, "wa_id") or number)


def _open(raw: bytes) -> Mapping[str, bytes] | None:
    try:
        return members(raw) if is_object(raw) else None
    except Repeated:
        return None


def _rest(
    found: Mapping[str, bytes], known: set[str], at: str, around: Around, *, chat: str = ""
) -> Iterator[Item]:
    """Members that are not documented here, each kept whole."""
    for name, raw in found.items():
        if name not in known and raw not in _EMPTY:
            yield build("unknown", raw, below(at, name), around, chat=chat)
