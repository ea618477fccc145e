"""Reads the queue and alerts. What gives out words is handed a `Reading` and tells it first."""

from collections.abc import Iterator, Sequence

import msgspec
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fairwitness.casework import AlertCase
from fairwitness.followers.views import AlertDetail, AlertRow, AlertStep
from fairwitness.model.custody import AlertState
from fairwitness.model.finding import Finding
from fairwitness_hub.audit.reading import Reading
from fairwitness_hub.conversation import queries as conversations
from fairwitness_hub.conversation.queries import Page
from fairwitness_hub.design.templatetags.hub import shown
from fairwitness_hub.inbox.filters import Filters
from fairwitness_hub.wiring import house

FEW = 6
_QUOTED = 4


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """An alert in the queue, with whose it is."""

    alert: AlertRow
    person: str


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """The part of the queue that the filters leave, with counts beside each choice."""

    rows: tuple[QueueRow, ...]
    filters: Filters
    total: int
    counts: dict[str, int]
    policies: tuple[str, ...]
    person: str
    token: int

    @property
    def more(self) -> bool:
        """Whether there are alerts beyond those listed."""
        return self.total > len(self.rows)


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a reviewer needs to decide one alert; without `page`, only its right-hand side."""

    detail: AlertDetail
    page: Page | None
    person: str
    person_id: str
    owner: str
    why: SafeString
    others: tuple[AlertRow, ...]
    version: int

    @property
    def alert(self) -> AlertRow:
        """The alert itself."""
        return self.detail.row

    @property
    def closing(self) -> AlertStep | None:
        """The decision that closed it, while it is closed."""
        steps = [step for step in self.detail.history if step.kind == "alert.closed"]
        return steps[-1] if steps and self.alert.state == "closed" else None


def queue(reading: Reading, filters: Filters) -> Queue:
    """The queue as filtered, newest state; its first words count as shown."""
    home = house()
    token = home.alerts.change_token()  # before the rows: at worst they are fetched once more
    wanted = {"severity": filters.severity, "policy": filters.policy, "line": filters.line}
    rows = home.alerts.queue(
        state=_state(filters), limit=filters.limit, newest_first=filters.order == "newest", **wanted
    )
    reading.show([row.index for row in rows], reason="queue")
    custody = home.custody()
    counts = {state: home.alerts.count(state=name, **wanted) for state, name in _STATES.items()}
    return Queue(
        rows=tuple(QueueRow(alert=r, person=conversations.person_name(custody, r.line)) for r in rows),
        filters=filters,
        total=counts[filters.state],
        counts=counts,
        policies=tuple(home.alerts.policies()),
        person=conversations.person_name(custody, filters.line) if filters.line else "",
        token=token,
    )


_CASE_STATES: dict[str, AlertState] = {"open": "open", "claimed": "claimed", "closed": "closed"}
_STATES = {"waiting": "waiting", "claimed": "claimed", "closed": "closed", "all": ""}


def _state(filters: Filters) -> str:
    return _STATES[filters.state]


def next_after(filters: Filters, alert: str) -> str:
    """The alert that stands after `alert` in the queue, else the first other one, else ''."""
    rows = house().alerts.queue(
        state=_state(filters), severity=filters.severity, policy=filters.policy, line=filters.line,
        limit=filters.limit, newest_first=filters.order == "newest",
    )  # fmt: skip
    ids = [row.alert for row in rows]
    if alert not in ids:
        return ids[0] if ids else ""
    place = ids.index(alert)
    others = [*ids[place + 1 :], *ids[:place]]
    return others[0] if others else ""


def find(alert: str) -> AlertDetail | None:
    """The alert with its finding and history."""
    return house().alerts.alert(alert)


def case_of(detail: AlertDetail) -> AlertCase:
    """Where the alert stands, as casework asks it: with whose messages it is about."""
    row, person = detail.row, house().custody().person_of(detail.row.line)
    return AlertCase(
        index=row.index, severity=row.severity, state=_CASE_STATES[row.state], claimed_by=row.claimed_by,
        owner=person.email if person else "",
    )  # fmt: skip


def version_of(alert: str) -> int:
    """How many decisions there have been about this alert."""
    return house().subject_version(alert[:32])


def desk(reading: Reading, detail: AlertDetail, *, with_conversation: bool = True) -> Desk | None:
    """The alert in its conversation, with why it was raised; None when the conversation is gone."""
    row = detail.row
    version = version_of(row.alert)  # before the history, so that `expect` is never too new
    detail = find(row.alert) or detail
    page = None
    if with_conversation:
        conversation = conversations.find(row.stream)
        if conversation is None:
            return None
        entry = _bubble_entry(detail)
        page = conversations.around(reading, conversation, entry=entry, reason="alert opened", focus=detail)
    reading.show([row.index], reason="alert opened", alert=row.alert)
    of_line = house().alerts.of_line(row.line, limit=FEW + 1)
    others = [other for other in of_line if other.alert != row.alert][:FEW]
    reading.show([other.index for other in others], reason="other alerts of the person")
    custody = house().custody()
    person = custody.person_of(row.line)
    return Desk(
        detail=detail,
        page=page,
        person=conversations.person_name(custody, row.line),
        person_id=person.person if person else "",
        owner=person.email if person else "",
        why=why(detail.finding),
        others=tuple(others),
        version=version,
    )


def _bubble_entry(detail: AlertDetail) -> int:
    """The entry of the bubble that an alert stands on: for an edit, the message that it edits."""
    rows = house().messages.messages([detail.row.index])
    return rows[0].index if rows else detail.row.index


def stretch(reading: Reading, detail: AlertDetail, *, before: int | None, after: int | None) -> Page | None:
    """More of the alert's conversation, in one direction."""
    conversation = conversations.find(detail.row.stream)
    if conversation is None:
        return None
    if before is not None:
        return conversations.older(reading, conversation, entry=before, focus=detail)
    return conversations.newer(reading, conversation, entry=after or 0, focus=detail)


def foreign_entries(detail: AlertDetail, entries: Sequence[int]) -> list[int]:
    """Those of `entries` that are not messages of the alert's conversation."""
    rows = house().messages.messages(list(entries))
    known = {
        index for row in rows if row.stream == detail.row.stream for index in conversations.entries_of(row)
    }
    return [entry for entry in entries if entry not in known and entry != detail.row.index]


def why(finding: Finding) -> SafeString:
    """Why it was flagged, in the viewer's language: what was matched, each piece apart from our words."""
    words = list(dict.fromkeys(step.matched for step in finding.steps if step.spans and step.matched))
    if not words:
        return format_html("{}", shown(finding.sentence))
    marked = '“<mark class="hit"><bdi dir="auto">{}</bdi></mark>”'
    quoted = format_html_join(", ", marked, ((shown(word),) for word in words[:_QUOTED]))
    if len(words) > _QUOTED:
        more = _("and %(count)d more") % {"count": len(words) - _QUOTED}
        quoted = format_html("{} {}", quoted, more)
    said = escape(_("The message says %(words)s.")) % {"words": quoted}
    return format_html_join(" ", "{}", ((part,) for part in (SafeString(said), *_circumstances(finding))))


def _circumstances(finding: Finding) -> Iterator[str]:
    """What else had to be so."""
    said = {
        ("direction", "out"): _("It was sent from the line."),
        ("direction", "in"): _("It came in to the line."),
        ("not", ""): _("Nothing in it excuses that."),
    }
    steps = dict.fromkeys((step.term, step.matched) for step in finding.steps if not step.spans)
    return (said[step] for step in steps if step in said)


def change_token() -> int:
    """A number that is other whenever the queue is."""
    return house().alerts.change_token()
