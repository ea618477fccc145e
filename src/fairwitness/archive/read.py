"""Reads entries back, opened, wherever they are: segment or tail."""

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairwitness.archive.columns import Row, SegmentFile
from fairwitness.archive.custody import CustodyLog
from fairwitness.archive.datakeys import DataKeys, Place
from fairwitness.archive.keys import SALT, Opener, Secret, commit
from fairwitness.archive.ports import FileStore, Opened, SegmentRow, Tail
from fairwitness.archive.segments import segment_context, segment_name
from fairwitness.errors import HashMismatch
from fairwitness.model.entry import CUSTODY, LogName, Stored, read_header


class Reader:
    """Reads logs in order. Needs the keeper's keys for messages."""

    def __init__(
        self, *, tail: Tail, custody: CustodyLog, files: FileStore, opener: Opener,
        data_keys: DataKeys, origins: dict[LogName, str],
    ) -> None:  # fmt: skip
        self._tail = tail
        self._custody = custody
        self._files = files
        self._opener = opener
        self._data_keys = data_keys
        self._origins = origins
        self._open_file: tuple[str, SegmentFile] | None = None

    def size(self, log: LogName) -> int:
        """How many entries the log has."""
        return self._tail.size(log)

    def read(self, log: LogName, start: int, stop: int) -> list[Stored]:
        """Entries `[start, stop)` that exist, each checked against its commitment."""
        return [_stored(log, opened) for opened in self.opened(log, start, stop)]

    def opened(self, log: LogName, start: int, stop: int) -> Iterator[Opened]:
        """The same, with header bytes and salts, unchecked: for verifying."""
        if log == CUSTODY:
            yield from self._custody_entries(start, stop)
            return
        stop = min(stop, self._tail.size(log))
        for segment in self._tail.segments(log):
            if segment.last >= start and segment.first < stop:
                yield from self._from_segment(segment, max(start, segment.first), min(stop, segment.last + 1))
                start = segment.last + 1
        if start < stop:
            yield from self._from_tail(log, start, stop)

    def _sealed_size(self, log: LogName) -> int:
        segments = self._tail.segments(log)
        return segments[-1].last + 1 if segments else 0

    def _custody_entries(self, start: int, stop: int) -> Iterator[Opened]:
        headers = self._tail.headers(CUSTODY, start, stop)
        for (index, secret), header in zip(self._custody.secrets(start, stop), headers, strict=False):
            yield Opened(index, header, secret)

    def _from_tail(self, log: LogName, start: int, stop: int) -> Iterator[Opened]:
        pending = self._tail.pending(log, start, stop)
        if pending.first > start:
            # Sealed between our look at the segments and at the tail: it is in a segment now.
            if self._sealed_size(log) <= start:
                raise HashMismatch("entries are in neither tail nor segment", log=log, first=start)
            yield from self.opened(log, start, pending.first)
        end = pending.first + len(pending.headers)
        for batch in pending.batches:
            opened = self._opener.open_messages(batch.sealed, origin=self._origins[log], first=batch.first)
            for place, secret in enumerate(opened):
                index = batch.first + place
                if pending.first <= index < end:
                    yield Opened(index, pending.headers[index - pending.first], secret)

    def _from_segment(self, segment: SegmentRow, start: int, stop: int) -> Iterator[Opened]:
        rows = list(self._segment_file(segment).rows(start, stop))
        origin = self._origins[segment.log]
        places = [
            Place(
                row.key_id, row.index, segment_context(origin, row.index, read_header(row.header).commitment)
            )
            for row in rows
        ]
        for row, place, key in zip(rows, places, self._data_keys.entry_keys(places), strict=True):
            yield Opened(row.index, row.header, _open_row(segment.log, row, place, key))

    def _segment_file(self, segment: SegmentRow) -> SegmentFile:
        name = segment_name(segment.log, segment.first, segment.last)
        if self._open_file is None or self._open_file[0] != name:
            self._open_file = (name, SegmentFile(self._files.path(f"{name}.parquet"), first=segment.first))
        return self._open_file[1]


def _open_row(log: LogName, row: Row, place: Place, key: bytes | None) -> Secret | None:
    if key is None:
        return None
    try:
        plain = AESGCM(key).decrypt(row.sealed[:12], row.sealed[12:], place.context)
    except InvalidTag as error:
        raise HashMismatch("a sealed payload does not open", log=log, index=row.index) from error
    return Secret(plain[:SALT], plain[SALT:])


def _stored(log: LogName, opened: Opened) -> Stored:
    header = read_header(opened.header)
    secret = opened.secret
    if secret is not None and commit(secret.salt, secret.payload) != header.commitment:
        raise HashMismatch("a payload is not what its header commits to", log=log, index=opened.index)
    return Stored(log=log, index=opened.index, header=header, payload=secret.payload if secret else None)
