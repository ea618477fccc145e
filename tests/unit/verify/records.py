"""A record on disk that a test may spoil."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.vectors import naive

from fairwitness_verify import Fault, Report, verify

FILES = naive.record_files(naive.Plan())


class Record:
    """A folder with a record in it, and the verifier at hand."""

    def __init__(self, folder: Path, files: dict[str, bytes] | None = None) -> None:
        self.folder = folder
        self.files = FILES if files is None else files
        naive.write(self.files, folder)

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whatever it was."""
        naive.write({name: data}, self.folder)

    def remove(self, name: str) -> None:
        """Delete a file."""
        (self.folder / name).unlink()

    def restore(self, name: str) -> None:
        """Give a file the bytes back that it should have."""
        self.write(name, self.files[name])

    def check(
        self, *, keys: bytes | None = None, older: Sequence[tuple[str, bytes]] = (),
        pause: Callable[[float], None] = lambda seconds: None,
    ) -> Report:  # fmt: skip
        """Verify the record, without waiting for anybody."""
        return verify(str(self.folder), keys=keys, older=older, pause=pause)

    def faults(self, **given: object) -> list[Fault]:
        """The faults that the verifier finds."""
        return self.check(**given).faults  # type: ignore[arg-type]


def where(faults: Sequence[Fault]) -> set[tuple[str, int | None, int | None]]:
    """Files and entries of faults, without the words."""
    return {(fault.file, fault.first, fault.last) for fault in faults}
