"""A small record, made by hand: entries with the events they hold, and custody decisions."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from fairwitness.engines.sqlite.views import Views, open_views
from fairwitness.flow.follower import Batch, Read
from fairwitness.followers import build_followers
from fairwitness.mandate.state import CustodyState
from fairwitness.model import custody as c
from fairwitness.model.entry import CUSTODY, MESSAGES, Header, Stored
from fairwitness.model.envelope import Envelope, Slice, pack
from fairwitness.model.event import Event
from fairwitness.model.finding import Finding, Span, Step

KEY = bytes(range(32))
LINE = "5" * 32
ANA, BIA = "a" * 32, "b" * 32
NOON = 1_764_000_000_000
PLAN = c.PoliciesPublished(plan="e" * 64, files=(c.PolicyFile("one.yaml", "words: [guaranteed]"),), by="eva")
STATE = CustodyState().apply(0, NOON, PLAN)


def header(index: int, *, stream: str = ANA, kind: str = "message", custody_size: int = 1) -> Header:
    return Header(
        kind=kind, received_at=NOON + index, custody_size=custody_size, stream=stream, payload_size=0,
        commitment="0" * 64,
    )  # fmt: skip


def event(kind: str = "message", **facts: Any) -> Event:
    given = {"line": LINE, "chat": "phone:+5511", "direction": "in", "sender": "phone:+5511", "at": NOON}
    return Event(kind=kind, **(given | facts))  # type: ignore[arg-type]


def read(index: int, *events: Event, problem: str = "", payload: bytes | None = b"", **facts: Any) -> Read:
    stored = Stored(log=MESSAGES, index=index, header=header(index, **facts), payload=payload)
    return Read(stored, events, problem)


def decided(index: int, decision: c.Decision) -> Stored:
    body = Slice("body", "", c.write(decision))
    envelope = Envelope(
        source="fairwitness", delivery="0" * 32, line="", sent_at=None, checked=(), slices=(body,)
    )
    head = header(index, kind=c.kind_of(decision), custody_size=index)
    return Stored(log=CUSTODY, index=index, header=head, payload=pack(envelope))


def batch_of(reads: Sequence[Read], custody: CustodyState = STATE) -> Batch:
    batch = Batch(MESSAGES, [r.stored for r in reads], custody)
    batch.__dict__["reads"] = tuple(reads)
    return batch


def custody_batch(entries: Sequence[Stored]) -> Batch:
    return Batch(CUSTODY, entries, STATE)


def batches(reads: Sequence[Read], sizes: Iterable[int]) -> list[Batch]:
    """`reads` cut into batches of these sizes; what is left over is one more."""
    cut, start = [], 0
    for size in sizes:
        if start < len(reads):
            cut.append(batch_of(reads[start : start + size]))
            start += size
    return cut if start >= len(reads) else [*cut, batch_of(reads[start:])]


class Guaranteed:
    """Judges by one word."""

    def __init__(self, files: Sequence[c.PolicyFile]) -> None:
        self.files = files

    def judge_many(self, items: Sequence[tuple[str, str]]) -> list[list[Finding]]:
        return [[found(text)] if "guaranteed" in text else [] for text, _ in items]


def found(text: str) -> Finding:
    start = text.index("guaranteed")
    step = Step("when.words", "words", "guaranteed", (Span(start, start + 10),))
    return Finding(
        policy="finance.guarantees", version="1" * 12, title="Guarantees", severity="high",
        sentence="It says guaranteed.", steps=(step,),
    )  # fmt: skip


class House:
    """Followers over views in a folder, and a custody log that takes alerts once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.custody: list[c.Decision] = [PLAN]
        self.calls = 0
        self.stores: Views = open_views(folder, KEY)
        self.normalise, self.search, self.judge, self.feed = build_followers(
            self.stores, self.raise_alerts, compile_plan=Guaranteed
        )

    def raise_alerts(self, decisions: Sequence[c.AlertRaised]) -> None:
        self.calls += 1
        known = {d.alert for d in self.custody if isinstance(d, c.AlertRaised)}
        self.custody += [d for d in decisions if d.alert not in known]

    def follow(self, reads: Sequence[Read], sizes: Iterable[int] = ()) -> None:
        for batch in batches(reads, sizes):
            for follower in (self.normalise, self.search, self.judge):
                follower.handle(batch)
        self.follow_custody()

    def follow_custody(self) -> None:
        start = self.feed.cursor().custody
        entries = [decided(n, d) for n, d in enumerate(self.custody)][start:]
        if entries:
            self.feed.handle(custody_batch(entries))

    def dump(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        rows = {}
        for store in (self.stores.messages, self.stores.search, self.stores.findings, self.stores.alerts):
            db = store.place.db
            tables = db.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            ).fetchall()
            for (table,) in tables:
                if not table.startswith("word"):
                    rows[table] = sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
        return rows
