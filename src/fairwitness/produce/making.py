"""Makes a pack that was ordered: written down with its hash, and only then given its name."""

from collections.abc import Callable
from typing import BinaryIO, Protocol, Self

from fairwitness.archive.custody import subject_of
from fairwitness.model.custody import ProductionMade
from fairwitness.produce.formats.pack import Made, build_pack
from fairwitness.produce.orders import Order
from fairwitness.produce.ports import Entries, Progress, PublishedFiles, Telling, silently


class Outgoing(Protocol):
    """A file on its way out.

    Nobody MUST see it under its name before `keep`, which makes it durable. Left without, it MUST be gone.
    """

    @property
    def path(self) -> str: ...

    @property
    def file(self) -> BinaryIO: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *raised: object) -> None: ...

    def keep(self) -> None: ...


Note = Callable[[ProductionMade, str], object]
"""Appends a decision about a subject to the custody log; durable on return."""


def subject_of_matter(matter: str) -> str:
    """The subject of everything that is decided about the productions of a matter."""
    return subject_of(f"production {matter}")


def make_pack(
    order: Order, outgoing: Outgoing, *, files: PublishedFiles, entries: Entries, telling: Telling,
    verifier: dict[str, str], note: Note, by: str, progress: Progress = silently,
) -> Made:  # fmt: skip
    """Build the pack of `order` into `outgoing`, write it down, and keep it."""
    with outgoing as out:
        made = build_pack(
            order, out.file, out.path, files=files, entries=entries, telling=telling, verifier=verifier,
            progress=progress,
        )  # fmt: skip
        matter = order.asked.matter
        decision = ProductionMade(
            matter=matter, selected=order.selected, messages=made.messages, custody=made.custody,
            size=made.size, sha256=made.sha256, by=by,
        )  # fmt: skip
        note(decision, subject_of_matter(matter))
        out.keep()
    return made
