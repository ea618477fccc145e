"""The columns of a segment file: Parquet, row groups of 1,024 rows, zstd.

`docs/spec/record.md`, section 4. Words need the keys; everything else any engine reads.
"""

import errno
import hashlib
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairwitness.errors import HashMismatch, NotDurable

ROWS = 1024
_FIELDS: "list[pa.Field[Any]]" = [
    pa.field("index", pa.int64(), nullable=False),
    pa.field("header", pa.binary(), nullable=False),
    pa.field("sealed", pa.binary(), nullable=False),
    pa.field("key_id", pa.binary(16), nullable=False),
    pa.field("identity", pa.binary(16)),
    pa.field("digest", pa.binary(16)),
]
_SCHEMA = pa.schema(_FIELDS)
_PASSING = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""What keeps a file from being read just now, and says nothing about its bytes."""


class Row(msgspec.Struct, frozen=True):
    """One entry in a segment. `sealed` is nonce ‖ AES-256-GCM(data key, salt ‖ payload)."""

    index: int
    header: bytes
    sealed: bytes
    key_id: bytes
    identity: bytes | None
    digest: bytes | None


class _Hashed(io.RawIOBase):
    """A file to write to that keeps the hash of what it was given."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self.hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.hash.update(data)
        return self._file.write(data)


def write_rows(path: str, groups: Iterable[Sequence[Row]]) -> str:
    """Write row groups to a new file at `path`, one at a time; gives the SHA-256 that it must have."""
    with Path(path).open("wb") as file:
        hashed = _Hashed(file)
        with pq.ParquetWriter(
            pa.PythonFile(hashed, mode="w"), _SCHEMA, compression="zstd", use_dictionary=False
        ) as writer:
            for rows in groups:
                columns = {name: [getattr(row, name) for row in rows] for name in _SCHEMA.names}
                writer.write_table(pa.table(columns, schema=_SCHEMA), row_group_size=ROWS)
    return hashed.hash.hexdigest()


class SegmentFile:
    """A segment file opened for reading; `first` is the index of its first entry."""

    def __init__(self, path: str, *, first: int) -> None:
        self._name = Path(path).name
        self._first = first
        with self._damage():
            self._file = pq.ParquetFile(path)

    @contextmanager
    def _damage(self) -> Iterator[None]:
        """Turn what Parquet makes of damaged bytes into `HashMismatch`: this is not what was sealed."""
        try:
            yield
        except (pa.ArrowException, OSError, KeyError, ValueError) as error:
            if isinstance(error, OSError) and error.errno in _PASSING:
                raise NotDurable("a segment can not be read just now", file=self._name) from error
            raise HashMismatch(
                "a segment can not be read", file=self._name, reason=str(error)[:200]
            ) from error

    def rows(self, start: int, stop: int) -> Iterator[Row]:
        """The rows of entries `[start, stop)`, reading only the row groups that hold them."""
        for group in range((start - self._first) // ROWS, self._file.num_row_groups):
            if self._first + group * ROWS >= stop:
                return
            with self._damage():
                table = self._file.read_row_group(group)
                columns = [table.column(name).to_pylist() for name in _SCHEMA.names]
                found = list(zip(*columns, strict=True))
            for values in found:
                if start <= values[0] < stop:
                    yield Row(*values)

    def under(self, key_ids: Collection[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
        """(index, key id, header) of every entry under one of these data keys."""
        yield from self._selected("key_id", pa.array(list(key_ids), type=pa.binary(16)))

    def among(self, indexes: Collection[int]) -> Iterator[tuple[int, bytes, bytes]]:
        """(index, key id, header) of these entries, as far as they are here."""
        yield from self._selected("index", pa.array(list(indexes), type=pa.int64()))

    def _selected(self, column: str, values: "pa.Array[Any]") -> Iterator[tuple[int, bytes, bytes]]:
        for group in range(self._file.num_row_groups):
            with self._damage():
                table = self._file.read_row_group(group, columns=["index", "key_id", "header"])
                chosen = table.filter(pc.is_in(table.column(column), value_set=values))
                found = [chosen.column(name).to_pylist() for name in ("index", "key_id", "header")]
            yield from zip(*found, strict=True)

    def group_offsets(self) -> list[tuple[int, int, int, int]]:
        """(first byte, end byte, first entry, last entry) of every row group, in file order."""
        return [self._offsets(group) for group in range(self._file.num_row_groups)]

    def _offsets(self, group: int) -> tuple[int, int, int, int]:
        meta = self._file.metadata.row_group(group)
        columns = [meta.column(number) for number in range(meta.num_columns)]
        starts = [c.dictionary_page_offset or c.data_page_offset for c in columns]
        ends = [start + column.total_compressed_size for start, column in zip(starts, columns, strict=True)]
        first = self._first + group * ROWS
        return min(starts), max(ends), first, first + meta.num_rows - 1
