"""Keeps messages and their parts: fulfils `followers.ports.MessageStore`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec

from fairwitness.engines.sqlite.sql import load_queries
from fairwitness.engines.sqlite.views.place import ViewFile, blob
from fairwitness.flow.facts import Gathered, Naming, Part, Thread, Unclear
from fairwitness.model.event import Event

_SQL = load_queries(__package__, "messages_queries.sql")
_FIELDS = Event.__struct_fields__
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Any]).decode
_BASE, _COUNTS = 1, 2


class SqliteMessages:
    """Messages in an encrypted SQLite file."""

    def __init__(self, file: ViewFile) -> None:
        self.place = file
        self._db = file.db

    def add_parts(self, parts: Sequence[Part]) -> None:
        """Add parts, in log order, with the messages and threads that they make."""
        lines: dict[str, str] = {}
        for part in parts:
            lines.setdefault(part.stream, part.line)
        numbered = {stream: self._thread_of(stream, line) for stream, line in lines.items()}
        rows = ((numbered[part.stream], part.key, part.index, part.base) for part in parts)
        placed = list(self._db.executemany(_SQL["add_message"], rows))
        self._db.executemany(_SQL["add_part"], map(_part_row, placed, parts))
        grown = _growth(placed, parts)
        self._db.executemany(_SQL["grow_thread"], ((numbered[s], *row) for s, row in grown.items()))

    def add_names(self, namings: Sequence[Naming]) -> None:
        """Keep the newest name of each address."""
        newest = {(n.line, n.address): n for n in sorted(namings, key=lambda n: (n.at, n.index))}
        rows = ((n.line, n.address, n.name, n.at, n.index) for n in newest.values())
        self._db.executemany(_SQL["add_name"], rows)

    def add_unclear(self, unclear: Sequence[Unclear]) -> None:
        """Keep what was not understood."""
        rows = ((u.index, u.kind, u.source, u.reason, u.received_at) for u in unclear)
        self._db.executemany(_SQL["add_unclear"], rows)

    def forget(self, indexes: Sequence[int]) -> Sequence[tuple[str, str]]:
        """Let go of everything that these entries brought; what is left stands as if they had not come."""
        entries = json.dumps(list(indexes))
        touched = list(self._db.execute(_SQL["numbers_and_threads"], (entries,)))
        nameless: list[Any] = self._db.execute(_SQL["forget_names"], (entries,)).fetchall()
        for name in ("forget_parts", "forget_unclear"):
            self._db.execute(_SQL[name], (entries,))
        numbers = json.dumps([number for number, _ in touched])
        self._db.execute(_SQL["forget_messages"], (numbers,))
        self._db.execute(_SQL["place_again"], (numbers,))
        for thread in {thread for _, thread in touched}:
            self._count_again(thread)
        return [(line, address) for line, address in nameless]

    def parts_of_line(self, line: str) -> Iterator[Part]:
        """Every part of every message of a line."""
        rows: Any = self._db.execute(_SQL["parts_of_line"], (line,))
        return (_part(row[0], row[1].hex(), row[2:]) for row in rows)

    def _count_again(self, thread: int) -> None:
        rows: list[Any] = self._db.execute(_SQL["parts_of_thread"], (thread,)).fetchall()
        parts = [_part(row[2], row[3].hex(), row[4:]) for row in rows]
        self._db.execute(_SQL["reset_thread"], (thread,))
        for row in _growth([(number, position) for number, position, *_ in rows], parts).values():
            self._db.execute(_SQL["grow_thread"], (thread, *row))
        self._db.execute(_SQL["forget_thread"], (thread,))

    def numbers_of(self, indexes: Sequence[int]) -> Mapping[int, Sequence[int]]:
        """For each entry that has parts, the numbers of their messages."""
        rows = self._db.execute(_SQL["numbers_of"], (json.dumps(list(indexes)),))
        return {
            index: list(dict.fromkeys(number for _, number in found))
            for index, found in groupby(rows, key=lambda row: row[0])
        }

    def numbers_around(self, stream: str, *, around: int, before: int, after: int) -> Sequence[int]:
        """The message of entry `around`, if it has one here, and its neighbours in log order."""
        key = self._known_thread(stream)
        here = self._db.execute(_SQL["place_of"], (around, key)).fetchone()
        position, number = here or (around, 0)
        older = self._db.execute(_SQL["older"], (key, position, number, max(0, before))).fetchall()
        newer = self._db.execute(
            _SQL["not_older"], (key, position, number, max(0, after) + (1 if here else 0))
        )
        return [n for (n,) in reversed(older)] + [n for (n,) in newer]

    def gather(self, numbers: Sequence[int]) -> Mapping[int, Gathered]:
        """The messages of these numbers, whole."""
        rows = self._db.execute(_SQL["gather"], (json.dumps(list(numbers)),))
        return {number: _gathered(list(found)) for number, found in groupby(rows, key=lambda row: row[0])}

    def gather_keys(self, keys: Sequence[tuple[str, bytes]]) -> Mapping[tuple[str, bytes], Gathered]:
        """The messages of these (stream, key) pairs, whole."""
        found = (self._db.execute(_SQL["number_of_key"], (blob(s), key)).fetchone() for s, key in keys)
        gathered = self.gather([row[0] for row in found if row]).values()
        return {(message.stream, message.key): message for message in gathered if message.key is not None}

    def names(self, wanted: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The newest names of these (line, address) pairs."""
        found = {pair: self._db.execute(_SQL["name_of"], pair).fetchone() for pair in dict.fromkeys(wanted)}
        return {pair: row[0] for pair, row in found.items() if row}

    def threads(self, *, line: str, limit: int, offset: int) -> Sequence[Thread]:
        """Conversations, the one that moved last first."""
        if line:
            return [_thread(row) for row in self._db.execute(_SQL["threads_of_line"], (limit, offset, line))]
        return [_thread(row) for row in self._db.execute(_SQL["threads"], (limit, offset))]

    def thread(self, stream: str) -> Thread | None:
        """The conversation of this stream."""
        row = self._db.execute(_SQL["thread"], (blob(stream),)).fetchone()
        return _thread(row) if row else None

    def unclear(self, *, limit: int, offset: int) -> Sequence[Unclear]:
        """What was not understood, newest first."""
        rows = self._db.execute(_SQL["unclear"], (limit, offset))
        return [
            Unclear(index=index, kind=kind, source=source, reason=reason, received_at=at)
            for index, kind, source, reason, at in rows
        ]

    def unclear_count(self) -> int:
        """How many entries were not understood."""
        return int(self._db.execute(_SQL["unclear_count"]).get)

    def message_count(self) -> int:
        """How many messages are held."""
        return int(self._db.execute(_SQL["message_count"]).get)

    def _thread_of(self, stream: str, line: str) -> int:
        known = self._known_thread(stream)
        return int(self._db.execute(_SQL["add_thread"], (blob(stream), line)).get) if known < 0 else known

    def _known_thread(self, stream: str) -> int:
        row = self._db.execute(_SQL["thread_of"], (blob(stream),)).fetchone()
        return int(row[0]) if row else -1


def _part_row(placed: tuple[Any, ...], part: Part) -> tuple[Any, ...]:
    flags = part.base * _BASE | part.counts * _COUNTS
    event = _encode(msgspec.structs.astuple(part.event))
    return placed[0], part.index, part.ordinal, part.received_at, flags, event


def _growth(placed: Sequence[tuple[Any, ...]], parts: Sequence[Part]) -> Mapping[str, Sequence[Any]]:
    """What these parts add to each conversation: chat, messages, last index, time of the last message."""
    seen: set[int] = set()
    rows: dict[str, list[Any]] = {}
    for (number, position), part in zip(placed, parts, strict=True):
        row = rows.setdefault(part.stream, ["", 0, 0, None])
        row[0] = part.event.chat or row[0]
        row[2] = max(row[2], position)
        if part.counts and position == part.index and number not in seen:
            seen.add(number)
            row[1] += 1
            row[3] = part.received_at if part.event.at is None else part.event.at
    return rows


def _thread(row: Sequence[Any]) -> Thread:
    stream, line, chat, messages, last_index, last_at = row
    return Thread(
        stream=stream.hex(), line=line, chat=chat, messages=messages, last_index=last_index, last_at=last_at
    )


def _gathered(rows: Sequence[Sequence[Any]]) -> Gathered:
    number, key, position, held, stream = rows[0][:5]
    parts = tuple(_part(key, stream.hex(), row[5:]) for row in rows)
    return Gathered(
        number=number, key=key, position=position, held=bool(held), stream=stream.hex(), parts=parts
    )


def _part(key: bytes | None, stream: str, row: Sequence[Any]) -> Part:
    index, ordinal, received_at, flags, event = row
    told = msgspec.convert(dict(zip(_FIELDS, _decode(event), strict=True)), Event)
    return Part(
        index=index, ordinal=ordinal, key=key, stream=stream, line=told.line, base=bool(flags & _BASE),
        counts=bool(flags & _COUNTS), received_at=received_at, event=told,
    )  # fmt: skip
