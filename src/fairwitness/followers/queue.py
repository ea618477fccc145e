"""Reads the queue of alerts: where each stands, what was found, and whose words. Fulfils `AlertsView`."""

from collections.abc import Sequence

from fairwitness.flow.facts import AlertFact, Judged, Moved
from fairwitness.followers.ports import AlertStore, FindingStore
from fairwitness.followers.views import (
    AlertDetail,
    AlertRow,
    AlertStep,
    ConversationRow,
    MessageRow,
    MessagesView,
)
from fairwitness.model.finding import Finding, Severity

_FIRST_WORDS = 80
_MOST = 1_000


class Queue:
    """The queue over an `AlertStore`, with findings and messages looked up when they are shown."""

    def __init__(self, alerts: AlertStore, findings: FindingStore, messages: MessagesView) -> None:
        self._alerts = alerts
        self._findings = findings
        self._messages = messages

    def queue(
        self, *, state: str = "", severity: str = "", policy: str = "", line: str = "",
        limit: int = 50, offset: int = 0, newest_first: bool = True,
    ) -> Sequence[AlertRow]:  # fmt: skip
        """Alerts by severity and age."""
        facts = self._alerts.many(
            state=state, severity=severity, policy=policy, among=self._of_line(line),
            limit=min(max(0, limit), _MOST), offset=min(max(0, offset), 2**62), newest_first=newest_first,
        )  # fmt: skip
        return [detail.row for detail in self._details(facts, history=False)]

    def count(self, *, state: str = "", severity: str = "", policy: str = "", line: str = "") -> int:
        """How many alerts `queue` would show."""
        among = self._of_line(line)
        return self._alerts.count(state=state, severity=severity, policy=policy, among=among)

    def policies(self) -> Sequence[str]:
        """Ids of the policies that have raised alerts."""
        return self._alerts.policies()

    def alert(self, alert: str) -> AlertDetail | None:
        """One alert, whole."""
        fact = self._alerts.get(alert)
        return self._details([fact], history=True)[0] if fact else None

    def of_line(self, line: str, *, limit: int = 20) -> Sequence[AlertRow]:
        """The newest alerts on messages of `line`."""
        newest = self._of_line(line) or ()
        facts = (self._alerts.get(alert) for alert in newest[: min(max(0, limit), _MOST)])
        return [detail.row for detail in self._details([f for f in facts if f], history=False)]

    def of_messages(self, indexes: Sequence[int]) -> Sequence[AlertDetail]:
        """The alerts raised on these message entries."""
        return self._details(self._alerts.of_entries(indexes), history=True)

    def change_token(self) -> int:
        """A number that grows whenever the queue changes."""
        return self._alerts.last_change()

    def _of_line(self, line: str) -> Sequence[str] | None:
        return self._findings.alerts_of_line(line) if line else None

    def _details(self, facts: Sequence[AlertFact], *, history: bool) -> list[AlertDetail]:
        ids = [fact.alert for fact in facts]
        judged = self._findings.of_alerts(ids)
        steps = self._alerts.steps(ids) if history else {}
        messages = self._messages.first_of([fact.index for fact in facts])
        streams = {found.stream for found in judged.values()}
        chats = {stream: self._messages.conversation(stream) for stream in streams}
        return [
            AlertDetail(
                row=_row(fact, found, messages.get(fact.index), chats.get(_stream(found))),
                finding=found.finding if found else _unknown(fact),
                history=tuple(_step(step) for step in steps.get(fact.alert, ())),
            )
            for fact in facts
            for found in (judged.get(fact.alert),)
        ]


def _row(
    fact: AlertFact, judged: Judged | None, message: MessageRow | None, chat: ConversationRow | None
) -> AlertRow:
    finding = judged.finding if judged else _unknown(fact)
    return AlertRow(
        alert=fact.alert, index=fact.index, stream=_stream(judged), line=judged.line if judged else "",
        chat=chat.chat if chat else "", chat_name=chat.chat_name if chat else "",
        policy=fact.policy, title=finding.title, version=finding.version, severity=fact.severity,
        state=fact.state, claimed_by=fact.claimed_by, raised_at=fact.raised_at,
        raised_index=fact.raised_index, sent_at=message.at if message else None,
        first_words=_first_words(fact.index, message) if message else "",
    )  # fmt: skip


def _first_words(index: int, message: MessageRow) -> str:
    """The beginning of the text that was judged: of an edited message, the version of that entry."""
    judged = next((version.text for version in message.versions if version.index == index), message.text)
    words = " ".join(judged[: 4 * _FIRST_WORDS].split())
    return words if len(words) <= _FIRST_WORDS else words[: _FIRST_WORDS - 1].rstrip() + "…"


def _stream(judged: Judged | None) -> str:
    return judged.stream if judged else ""


def _unknown(fact: AlertFact) -> Finding:
    """What can be said of an alert whose message has not been judged again yet."""
    severity: Severity = fact.severity or "low"  # type: ignore[assignment]
    return Finding(
        policy=fact.policy, version="", title=fact.policy, severity=severity, sentence="", steps=()
    )


def _step(moved: Moved) -> AlertStep:
    return AlertStep(
        custody_index=moved.custody_index, kind=moved.kind, by=moved.by, at=moved.at,
        decision=moved.decision, action=moved.action, reason=moved.reason, reviewed=moved.reviewed,
    )  # fmt: skip
