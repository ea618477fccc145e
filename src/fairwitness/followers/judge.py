"""Judges what was said by the policies in force when it arrived, and raises alerts."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from fairwitness.flow.facts import Judged, Skipped
from fairwitness.flow.follower import Batch, Cursor, Read
from fairwitness.followers.following import fresh, lead_past, letting_go, taking
from fairwitness.followers.ports import CompilePlan, FindingStore, PlanJudge, RaiseAlerts
from fairwitness.followers.raising import alert_id, alert_of, ways_of
from fairwitness.followers.words import whole
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import PoliciesPublished
from fairwitness.model.entry import MESSAGES, LogName

_SAID = frozenset({"message", "edit", "unreadable", "system", "call"})
"""Notices too: in an export, a person can type what looks like one, with anything behind it."""
_PLANS_KEPT = 4


class Judging:
    """Follows the message log: finds, keeps the findings, raises alerts, and only then moves on."""

    name = "judge"
    logs: tuple[LogName, ...] = (MESSAGES,)

    def __init__(self, store: FindingStore, raise_alerts: RaiseAlerts, compile_plan: CompilePlan) -> None:
        self._store = store
        self._raise_alerts = raise_alerts
        self._compile = compile_plan
        self._judges: dict[str, PlanJudge] = {}

    def cursor(self) -> Cursor:
        return self._store.place.cursor()

    def handle(self, batch: Batch) -> None:
        # 1. judge, with the view free; 2. keep the findings; 3. raise the alerts; 4. move on.
        # Whoever stops in between does it again, with the same ids.
        found = self._judged(fresh(batch, self.cursor()), batch.custody)
        judged = list({one.alert: one for one in found}.values())
        if judged:
            with self._store.place.writing():
                self._store.add(judged)
            self._raise_alerts([alert_of(one) for one in judged])
        with taking(self._store.place, batch):
            pass

    def skip(self, log: LogName, index: int, problem: str) -> None:
        lead_past(self._store.place, log, index, problem)

    def skipped(self, *, limit: int = 50) -> Sequence[Skipped]:
        return self._store.place.skipped(limit=limit)

    def forget(self, disposal: str, entries: Sequence[int]) -> None:
        with letting_go(self._store.place, disposal):
            self._store.forget(entries)

    def has_forgotten(self, disposal: str) -> bool:
        return self._store.place.acknowledged(disposal)

    def _judged(self, reads: Sequence[Read], custody: CustodyState) -> Iterator[Judged]:
        for size, group in groupby(reads, key=lambda read: read.stored.header.custody_size):
            plan = custody.plan_at(size)
            if plan is None:
                continue
            said = [
                (read, event, way)
                for read in group
                for event in read.events
                if event.kind in _SAID
                for way in ways_of(event)
            ]
            texts = [(whole(event.text), way) for _, event, way in said]
            found = self._judge_of(plan.published).judge_many(texts)
            for (read, event, _), findings in zip(said, found, strict=True):
                for finding in findings:
                    alert = alert_id(read.stored.index, policy=finding.policy, plan=plan.published.plan)
                    yield Judged(
                        alert=alert, index=read.stored.index, stream=read.stored.header.stream,
                        line=event.line, plan=plan.published.plan, finding=finding,
                    )  # fmt: skip

    def _judge_of(self, published: PoliciesPublished) -> PlanJudge:
        judge = self._judges.pop(published.plan, None) or self._compile(published.files)
        self._judges[published.plan] = judge
        for plan in list(self._judges)[:-_PLANS_KEPT]:
            del self._judges[plan]
        return judge
