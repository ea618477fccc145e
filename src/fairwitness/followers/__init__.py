"""Followers: each joins a pure room to the record and keeps one view."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairwitness.flow.ports import LogFollower
from fairwitness.followers.alerts_feed import AlertsFeed
from fairwitness.followers.conversations import Conversations
from fairwitness.followers.judge import Judging
from fairwitness.followers.normalise import Normalise
from fairwitness.followers.ports import CompilePlan, PlanJudge, RaiseAlerts, Stores
from fairwitness.followers.queue import Queue
from fairwitness.followers.search import Search, WordSearch
from fairwitness.followers.views import AlertsView, MessagesView, SearchView
from fairwitness.model.custody import PolicyFile
from fairwitness.policy import compile_set, load


def compile_files(files: Sequence[PolicyFile]) -> PlanJudge:
    """The judge of published policy files."""
    return compile_set(load(files))


def build_followers(
    stores: Stores, raise_alerts: RaiseAlerts, *, compile_plan: CompilePlan = compile_files
) -> tuple[LogFollower, ...]:
    """Every follower over its store: `normalise`, `search`, `judge` and `alerts_feed`."""
    return (
        Normalise(stores.messages),
        Search(stores.search),
        Judging(stores.findings, raise_alerts, compile_plan),
        AlertsFeed(stores.alerts),
    )


@dataclass(frozen=True, slots=True)
class ReadViews:
    """What screens and commands read. As the stores below it, it belongs to one thread."""

    messages: MessagesView
    search: SearchView
    alerts: AlertsView


def read_views(stores: Stores) -> ReadViews:
    """The views over `stores`."""
    messages = Conversations(stores.messages)
    alerts = Queue(stores.alerts, stores.findings, messages)
    return ReadViews(messages=messages, search=WordSearch(stores.search), alerts=alerts)
