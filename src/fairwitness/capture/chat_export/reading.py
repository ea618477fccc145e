"""An exported chat, read whole: who wrote what when, as far as the file can say.

`read_export` keeps every byte in view: the messages name the bytes they stand in, and
whatever stands before the first of them is reported. What cannot be known from the file
(day or month first, whose phone it was, where a pasted text begins) is said, not guessed
in silence.
"""

from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from fairwitness.capture.chat_export.body import Body, is_call, is_notice, read_body
from fairwitness.capture.chat_export.dates import (
    Order,
    infer_order,
    read_date_leniently,
    read_time,
)
from fairwitness.capture.chat_export.doubts import mark_islands, mark_strangers
from fairwitness.capture.chat_export.encoding import Encoding, decode
from fairwitness.capture.chat_export.export import Export, ExportMessage
from fairwitness.capture.chat_export.grammar import MARKS, Header, choose_style, headers, pasted_headers
from fairwitness.capture.chat_export.names import name_by_notice, name_by_people, told_name, without_copy
from fairwitness.capture.chat_export.owner import guess_owner
from fairwitness.capture.chat_export.senders import long_names, name_of, reads_like_notice, split_sender
from fairwitness.capture.chat_export.wording import GROUP_WORDS

_LEADING = ("\u200e", "\u200f")


def read_export(
    text_bytes: bytes, *, file_name: str = "", folder: str = "", chat: str = "",
    owner_name: str | None = None, line: Collection[str] = (), order: Order | None = None,
) -> Export:  # fmt: skip
    """Read a chat; `Malformed` when no line of it has the form of an export.

    `chat` says which chat it is, else `file_name`, else `folder`; `owner_name` whose phone it
    was, else a name in `line`; `order` how its dates are written. Each is optional and, when
    given, believed.
    """
    text, encoding = decode(text_bytes)
    style = choose_style(text)
    found, pasted = headers(text, style)
    dates = infer_order([header.date for header in found], hint=_hint(text, found[0]), wish=order)
    chat, chat_how = told_name(given=chat, file_name=file_name, folder=folder)
    cutter = _Cutter(text, encoding, dates.order, bracket=style.startswith("bracket"))
    messages = mark_islands(cutter.messages(found, {n for n in (chat, owner_name or "") if n}))
    senders = Counter(m.sender for m in messages if m.kind == "message")
    if not chat:
        chat, chat_how = name_by_notice(messages)
    chat = without_copy(chat, senders)
    owner, how = guess_owner(messages, chat, senders, line=line) if not owner_name else (owner_name, "given")
    if not chat:
        chat, chat_how = name_by_people(senders, owner)
    messages = mark_strangers(messages, chat, owner, senders)
    return Export(
        messages=tuple(messages),
        raw=text_bytes,
        platform="ios" if style.startswith("bracket") else "android" if style.startswith("dash") else "old",
        style=style,
        encoding=encoding.name,
        dates=dates,
        chat_name=chat,
        chat_how=chat_how,
        senders=tuple(senders),
        is_group=_is_group(messages, senders),
        owner=owner,
        owner_how=how,
        pasted_lines=pasted,
        doubtful=sum(1 for m in messages if m.flags),
    )


class _People:
    """Who writes in this file: names with a colon, names seen more than once, the chat's own name."""

    def __init__(self, found: Sequence[Header], known: Collection[str], *, bracket: bool) -> None:
        rests = [header.rest for header in found]
        self.longer = long_names(rests, known)
        self.splits = [self._split(rest) for rest in rests]
        counts = Counter(written for written, _ in self.splits)
        self.names = {written: name_of(written) for written in counts}
        self.established = {w for w, count in counts.items() if w and (count > 1 or self.names[w] in known)}
        self.titles = self._titles(found, known) if bracket else frozenset[str]()

    def is_notice(self, written: str) -> bool:
        """True when `written` is no person but the beginning of a line of WhatsApp's own."""
        if not written or written in self.established:
            return False
        return reads_like_notice(written)

    def is_title(self, written: str, *, first: bool) -> bool:
        """True for the chat's own name: on the first line, or in a chat of more than two names."""
        return written in self.titles and (first or len(self.names) > 2)

    def _split(self, rest: str) -> tuple[str, int]:
        written, at = split_sender(rest)
        whole = self.longer.get(written)
        if whole and rest.startswith(whole):
            return split_sender(rest, start=len(whole))
        return written, at

    def _titles(self, found: Sequence[Header], known: Collection[str]) -> frozenset[str]:
        """The chat's own name as a sender: iOS writes notices under it, each with a mark in front.

        Only the first sender or a name known from elsewhere counts, and only when every line
        of theirs is marked: a person who types marks must not pass for a notice.
        """
        wanted = {self.splits[0][0]} | {w for w, name in self.names.items() if name in known}
        for header, (written, at) in zip(found, self.splits, strict=True):
            if written in wanted and (header.marked or header.rest[at : at + 1] not in _LEADING):
                wanted.discard(written)
        return frozenset(wanted)


class _Cutter:
    """Cuts the text at its headers; remembers dates and times that it has read before."""

    def __init__(self, text: str, encoding: Encoding, order: Order, *, bracket: bool) -> None:
        self.text, self.codec, self.order, self.bracket = text, encoding.codec, order, bracket
        self.plain_bytes = text.isascii() and not encoding.codec.startswith("utf-16")
        self.at, self.byte, self.first = 0, encoding.skip, encoding.skip
        self.days: dict[tuple[str, str, str], str | None] = {}
        self.times: dict[tuple[str, str, str | None, str | None], str | None] = {}

    def messages(self, found: Sequence[Header], known: Collection[str]) -> list[ExportMessage]:
        """Every message, and what stands before the first one if that is more than space."""
        people = _People(found, known, bracket=self.bracket)
        start = found[0].start
        result = [self._preamble(start)] if self.text[:start].strip(MARKS + " \t\r\n") else []
        self.first = self._byte_at(start)
        ends = [header.start for header in found[1:]]
        ends.append(len(self.text))
        result.extend(
            self._message(header, end, people, written, at)
            for header, end, (written, at) in zip(found, ends, people.splits, strict=True)
        )
        return result

    def _message(
        self, header: Header, end: int, people: _People, written: str, body_at: int
    ) -> ExportMessage:
        stop = _without_break(self.text, header.rest_at, end)
        first_byte = self._byte_at(header.start)
        last_byte = self._byte_at(stop) - 1
        if not self.bracket and people.is_notice(written):
            written, body_at = "", 0
        body = self.text[header.rest_at + body_at : stop]
        titled = people.is_title(written, first=first_byte == self.first)
        kind, read, flags = _kind(header.marked, written, body, bracket=self.bracket, titled=titled)
        return ExportMessage(
            first_byte=first_byte,
            last_byte=last_byte,
            body_at=header.rest_at + body_at - header.start,
            local=self._local(header),
            sender=people.names[written] if written else "",
            body=body,
            kind=kind,
            subtype=read.kind if kind == "message" or read.kind == "call" else "notice",
            media_name=read.media[0].filename if read.media else "",
            flags=flags,
        )

    def _preamble(self, end: int) -> ExportMessage:
        first = self._byte_at(0)
        stop = _without_break(self.text, 0, end)
        return ExportMessage(
            first_byte=first, last_byte=self._byte_at(stop) - 1, body_at=0, local="", sender="",
            body=self.text[:stop], kind="preamble", subtype="text", flags=("before the first message",),
        )  # fmt: skip

    def _byte_at(self, char: int) -> int:
        """The byte where character `char` stands; asked in rising order."""
        if self.plain_bytes:
            self.byte += char - self.at
        else:
            self.byte += len(self.text[self.at : char].encode(self.codec, "surrogateescape"))
        self.at = char
        return self.byte

    def _local(self, header: Header) -> str:
        date, clock = header.date, header.clock
        if date not in self.days:
            self.days[date] = read_date_leniently(date, self.order)
        if clock not in self.times:
            self.times[clock] = read_time(*clock)
        day, time = self.days[date], self.times[clock]
        return f"{day}T{time}" if day and time else ""


def _kind(
    marked: bool, sender: str, body: str, *, bracket: bool, titled: bool
) -> tuple[str, Body, tuple[str, ...]]:
    """Message or notice, what the body is, and what is doubtful about it."""
    flags = ("holds a line that looks like a message",) if "\n" in body and pasted_headers(body) else ()
    if not sender:
        return "system", Body(kind="call" if is_call(body) else "text", text=body), flags
    read = read_body(body)
    if not bracket or read.kind != "text" or body[:1] not in _LEADING:
        return "message", read, flags
    if titled or is_notice(body, sender=sender):
        return "system", read, flags
    if marked:
        return "message", msgspec.structs.replace(read, kind="file"), (*flags, "perhaps a file left out")
    return "message", read, (*flags, "perhaps a notice of WhatsApp's own")


def _without_break(text: str, start: int, end: int) -> int:
    """Where the message ends: before the one line break that separates it from the next."""
    if end > start and text[end - 1] == "\n":
        end -= 1
        if end > start and text[end - 1] == "\r":
            end -= 1
    return end


def _hint(text: str, header: Header) -> Order | None:
    """What the form of the file suggests: only the United States write month first with AM and PM."""
    half = header.clock[3] or ""
    slash = "/" in text[header.start : header.rest_at]
    if slash and half in ("AM", "PM") and len(header.date[2]) == 2:
        return "MDY"
    if not slash or half in ("am", "pm") or header.date[0].startswith("0"):
        return "DMY"
    return None


def _is_group(messages: Sequence[ExportMessage], senders: Counter[str]) -> bool:
    """More than two people wrote, or WhatsApp's own lines speak of a group."""
    if len(senders) > 2:
        return True
    notices = (m.body.casefold() for m in messages if m.kind == "system")
    return any(word in notice for notice in notices for word in GROUP_WORDS)
