"""What one kept message of an export tells, in the vocabulary of `docs/spec/event.md`."""

from collections.abc import Sequence

from fairwitness.capture import addresses
from fairwitness.capture.chat_export.body import Body, is_call, read_body
from fairwitness.capture.chat_export.facts import Facts, read_facts
from fairwitness.capture.exact import whole_text
from fairwitness.errors import Malformed, Unsupported
from fairwitness.model.envelope import Envelope
from fairwitness.model.event import Direction, Event, EventKind

_GONE = ("deleted", "waiting", "absent")
_CODECS = {"latin-1": "latin-1", "utf-16": "utf-16"}


def read_events(envelope: Envelope, kind: str) -> Sequence[Event]:
    """The event of a message that an import kept."""
    raw, known = envelope.slice("item"), envelope.slice("envelope")
    if kind != "export" or raw is None or known is None:
        raise Unsupported(f"kept whole, not read yet: {kind}", kind=kind)
    facts = read_facts(known)
    written = _decode(raw, facts.encoding)
    if facts.body > len(written):
        raise Malformed("the body begins after the end of the message", body=facts.body)
    body = written[facts.body :]
    if facts.kind == "preamble":
        raise Unsupported("kept whole: it stands before the first message of the export")
    if facts.kind == "system":
        return (_event(envelope, facts, _notice(body), kind="call" if is_call(body) else "system"),)
    read = read_body(body)
    if read.kind == "text" and "perhaps a file left out" in facts.flags:
        read = Body(kind="file", text=read.text, edited=read.edited)
    named: EventKind = "unreadable" if read.kind in _GONE else "call" if read.kind == "call" else "message"
    return (_event(envelope, facts, read, kind=named),)


def _decode(raw: bytes, encoding: str) -> str:
    if encoding == "utf-16":
        raise Unsupported("kept whole, not read yet: UTF-16")
    codec = _CODECS.get(encoding, "utf-8")
    return whole_text(raw.decode(codec, "surrogateescape"))


def _notice(body: str) -> Body:
    return Body(kind="notice", text=body)


def _event(envelope: Envelope, facts: Facts, body: Body, *, kind: EventKind) -> Event:
    direction: Direction = "none"
    if kind in ("message", "unreadable", "call") and facts.owner and facts.sender:
        direction = "out" if facts.sender == facts.owner else "in"
    details = [*body.details]
    if body.edited:
        details.append(("edited", "yes; the export holds the last text only"))
    details.extend(("doubtful", flag) for flag in facts.flags)
    if facts.sure in ("likely", "guess"):
        details.append(("date", f"read as {facts.order} ({facts.sure})"))
    if direction != "none" and facts.owner_how != "given":
        details.append(("direction", f"guessed: {facts.owner_how}"))
    return Event(
        kind=kind,
        subtype=body.kind,
        line=envelope.line,
        chat=facts.chat,
        direction=direction,
        sender=_address(facts.sender),
        sender_name=facts.sender,
        at=envelope.sent_at,
        text=body.text,
        media=body.media,
        details=tuple(details),
    )


def _address(sender: str) -> str:
    if not sender:
        return ""
    return addresses.phone(sender) or f"name:{sender}"
