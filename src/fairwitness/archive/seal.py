"""From tail to segment: payloads under data keys, in one file with a manifest.

The order makes every crash harmless: stage file and manifest, read back, append the
custody entry, give the files their names, forget the tail's copy. A segment whose
custody entry exists but whose files are still staged is finished by `recover`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from os import urandom
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairwitness import canonical
from fairwitness.archive.columns import ROWS, Row, SegmentFile, write_rows
from fairwitness.archive.custody import CustodyLog, Draft, subject_of
from fairwitness.archive.datakeys import DataKeys, entry_key
from fairwitness.archive.key_ports import KeyScope
from fairwitness.archive.keys import DoorKeys, Opener, Secret
from fairwitness.archive.ports import FileStore, SegmentRow, Tail
from fairwitness.archive.segments import BLOCK, CUSTODY_KEY_ID, segment_context, segment_name
from fairwitness.errors import HashMismatch, NotDurable
from fairwitness.mandate.decide import believable_sent
from fairwitness.model.custody import SegmentSealed
from fairwitness.model.entry import CUSTODY, LogName, read_header
from fairwitness.model.envelope import unpack


class SegmentSealer:
    """Seals ranges of a log. There is one per deployment, and one at a time."""

    def __init__(
        self, *, tail: Tail, custody: CustodyLog, files: FileStore, keys: DoorKeys,
        opener: Opener, data_keys: DataKeys, origins: dict[LogName, str],
    ) -> None:  # fmt: skip
        self._tail = tail
        self._custody = custody
        self._files = files
        self._custody_key = keys.custody
        self._opener = opener
        self._data_keys = data_keys
        self._origins = origins
        self._begun: SegmentRow | None = None

    def sealed_size(self, log: LogName) -> int:
        """How many entries of the log are in segments that count."""
        segments = self._tail.segments(log)
        return segments[-1].last + 1 if segments else 0

    def seal(self, log: LogName, stop: int) -> SegmentRow:
        """Seal the entries from the last segment's end up to `stop` (exclusive).

        A segment that the custody log names already, and that was not finished, is finished instead.
        """
        if (begun := self._begun) is not None:
            self._finish(begun)
            return begun
        first, last = self.sealed_size(log), stop - 1
        name = segment_name(log, first, last)
        written: list[str] = []
        groups = self._groups(log, first, stop)
        self._files.stage(f"{name}.parquet", lambda path: written.append(write_rows(path, groups)))
        with _readable(name):
            manifest = self._manifest(log, first, last, name, written[0])
        self._files.stage(f"{name}.json", lambda path: _write(path, manifest))
        self._read_back(f"{name}.json", manifest)
        segment = SegmentRow(log, first, last, hashlib.sha256(manifest).hexdigest())
        self._custody.append([_sealed_entry(segment)])
        self._begun = segment
        self._finish(segment)
        return segment

    def recover(self) -> None:
        """Finish what a crash left between the custody entry and the files' names."""
        size = self._tail.size(CUSTODY)
        known = {segment.manifest for log in self._origins for segment in self._tail.segments(log)}
        for decided in self._custody.entries(0, size):
            decision = decided.decision
            if isinstance(decision, SegmentSealed) and decision.manifest not in known:
                self._finish(SegmentRow(decision.log, decision.first, decision.last, decision.manifest))
        self._files.discard_staged()

    def _finish(self, segment: SegmentRow) -> None:
        name = segment_name(segment.log, segment.first, segment.last)
        # The manifest first: a segment that nothing vouches for is never seen.
        self._files.release(f"{name}.json")
        self._files.release(f"{name}.parquet")
        # Doors fold the custody log from the tail, so its entries stay there as well.
        self._tail.forget(segment, drop=segment.log != CUSTODY)
        self._begun = None

    def _groups(self, log: LogName, first: int, stop: int) -> Iterator[list[Row]]:
        for start in range(first, stop, ROWS):
            end = min(start + ROWS, stop)
            headers = self._tail.headers(log, start, end)
            digests = self._tail.digests(log, start, end)
            secrets = list(self._secrets(log, start, end))
            if not len(headers) == len(digests) == len(secrets) == end - start:
                raise HashMismatch("the tail lacks entries that are to be sealed", log=log, first=start)
            yield self._rows(log, start, headers, secrets, digests)

    def _secrets(self, log: LogName, start: int, stop: int) -> Iterator[Secret]:
        if log == CUSTODY:
            yield from (secret for _, secret in self._custody.secrets(start, stop))
            return
        for batch in self._tail.batches(log, start, stop):
            opened = self._opener.open_messages(batch.sealed, origin=self._origins[log], first=batch.first)
            for place, secret in enumerate(opened):
                if start <= batch.first + place < stop:
                    yield secret

    def _rows(
        self, log: LogName, start: int, headers: Sequence[bytes], secrets: Sequence[Secret],
        digests: Sequence[tuple[bytes | None, bytes | None]],
    ) -> list[Row]:  # fmt: skip
        keys = self._keys(log, headers, secrets)
        rows = []
        for place, (raw, secret, pair) in enumerate(zip(headers, secrets, digests, strict=True)):
            header = read_header(raw)
            if hashlib.sha256(secret.salt + secret.payload).hexdigest() != header.commitment:
                raise HashMismatch(
                    "a payload is not what its header commits to", log=log, index=start + place
                )
            key_id, key = keys[place]
            nonce, index = urandom(12), start + place
            context = segment_context(self._origins[log], index, header.commitment)
            own = key if log == CUSTODY else entry_key(key, context)
            sealed = nonce + AESGCM(own).encrypt(nonce, secret.salt + secret.payload, context)
            rows.append(Row(index, raw, sealed, key_id, *pair))
        return rows

    def _keys(
        self, log: LogName, headers: Sequence[bytes], secrets: Sequence[Secret]
    ) -> list[tuple[bytes, bytes]]:
        if log == CUSTODY:
            return [(CUSTODY_KEY_ID, self._custody_key)] * len(headers)
        scopes = [_scope(raw, secret) for raw, secret in zip(headers, secrets, strict=True)]
        made = self._data_keys.for_scopes(scopes)
        return [made[scope] for scope in scopes]

    def _manifest(self, log: LogName, first: int, last: int, name: str, written: str) -> bytes:
        """The manifest of the staged file as it reads back, which must be as it was `written`."""
        path = self._files.staged_path(f"{name}.parquet")
        groups = SegmentFile(path, first=first).group_offsets()
        whole, blocks, size = hashlib.sha256(), [], 0
        with Path(path).open("rb") as file:
            while block := file.read(BLOCK):
                touched = [g for g in groups if g[0] < size + len(block) and size < g[1]]
                footer = size + len(block) > groups[-1][1] or not touched
                blocks.append(
                    {
                        "first": first if footer else touched[0][2],
                        "last": last if footer else touched[-1][3],
                        "sha256": hashlib.sha256(block).hexdigest(),
                    }
                )
                whole.update(block)
                size += len(block)
        if whole.hexdigest() != written:
            raise HashMismatch("a segment did not read back as written", file=name)
        return canonical.encode(
            {
                "blocks": blocks,
                "file": f"{name.rsplit('/', 1)[1]}.parquet",
                "first": first,
                "last": last,
                "log": self._origins[log],
                "sha256": whole.hexdigest(),
                "size": size,
                "v": 1,
            }
        )

    def _read_back(self, name: str, manifest: bytes) -> None:
        with _readable(name):
            if Path(self._files.staged_path(name)).read_bytes() != manifest:
                raise HashMismatch("a manifest did not read back as written", file=name)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotDurable("a staged file can not be read", file=name, reason=str(error)) from error


def _sealed_entry(segment: SegmentRow) -> Draft:
    decision = SegmentSealed(
        log=segment.log, first=segment.first, last=segment.last, manifest=segment.manifest
    )
    return Draft(decision=decision, subject=subject_of(f"segment {segment.log}"), ref=segment.manifest)


def _scope(raw: bytes, secret: Secret) -> KeyScope:
    header = read_header(raw)
    sent_at = believable_sent(unpack(secret.payload).sent_at, received_at=header.received_at)
    month = datetime.fromtimestamp(sent_at / 1000, tz=UTC).strftime("%Y-%m")
    return KeyScope(header.stream, month)


def _write(path: str, data: bytes) -> None:
    Path(path).write_bytes(data)
