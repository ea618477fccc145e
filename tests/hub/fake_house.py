"""A house in memory for the hub's tests: the same promises, a few people, hostile words.

`FakeHouse()` is empty; `small_firm()` has people, lines, conversations and alerts.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence

from fairwitness.archive.custody import Draft
from fairwitness.archive.status import Fault, LogStatus, RecordStatus, RefusedCount, Verification
from fairwitness.errors import Forbidden
from fairwitness.followers.views import (
    AlertDetail,
    AlertRow,
    AlertStep,
    ConversationRow,
    MessageRow,
    NotUnderstood,
    Reaction,
    Receipt,
    Revocation,
    SearchPage,
    Version,
)
from fairwitness.mandate.state import CustodyState
from fairwitness.model import custody as c
from fairwitness.model.event import Media
from fairwitness.model.finding import Finding, Span, Step

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def identity(word: str) -> str:
    """A stable 32-hex id for a word."""
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class FakeHouse:
    """Everything in lists. `now` is the clock; set it to a number to stop it."""

    def __init__(self, *, now: Callable[[], int] = lambda: int(time.time() * 1000)) -> None:
        self.clock = now
        self.log: list[tuple[int, c.Decision, str]] = []
        self.state = CustodyState()
        self.rows: dict[int, MessageRow] = {}
        self.findings: dict[str, tuple[int, Finding]] = {}
        self.names: dict[str, str] = {}
        self.unreadable: list[NotUnderstood] = []
        self.refusals: list[RefusedCount] = []
        self.faults: tuple[Fault, ...] = ()
        self.verified_at: int | None = None
        self.keeper_runs = True
        self.moved = (0, 0)
        self.token = 1
        self.next_index = 0
        self.broken = False
        self.lag = {"normalise": 0, "search": 0, "judge": 0, "alerts_feed": 0}
        self._ids = 0
        self.messages = FakeMessages(self)
        self.search = FakeSearch(self)
        self.alerts = FakeAlerts(self)

    def new_id(self) -> str:
        self._ids += 1
        return identity(f"id {self._ids}")

    def custody(self) -> CustodyState:
        return self.state

    def subject_version(self, subject: str) -> int:
        return sum(1 for _at, _decision, about in self.log if about == subject)

    def decide(self, decision: c.Decision, *, subject: str, expect: int | None = None, ago: int = 0) -> int:
        if self.broken:
            from fairwitness.errors import NotDurable

            raise NotDurable("the disk is full")
        if expect is not None and expect != self.subject_version(subject):
            raise Forbidden("somebody else decided about this first", version=self.subject_version(subject))
        assert len(subject) == 32
        decision = c.read(c.write(decision)) or decision
        index = len(self.log)
        self.log.append((self.clock() - ago, decision, subject))
        self.state = self.state.apply(index, self.clock(), decision)
        if isinstance(decision, c.AlertRaised | c.AlertClaimed | c.AlertClosed | c.AlertReopened):
            self.token += 1
        if isinstance(decision, c.RecordVerified) and not decision.trouble:
            self.verified_at = self.clock()
        return index

    def decide_all(self, drafts: Sequence[Draft]) -> list[int | None]:
        kept = self.log[:], self.state
        try:
            return [self.decide(d.decision, subject=d.subject, expect=d.expect) for d in drafts]
        except Forbidden:
            self.log, self.state = kept
            raise

    def checkpoint(self, log: str) -> str:
        return f"test.example/{log}\n{self.next_index}\nq83vEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vng=\n\n— test.example/{log} c2lnbmF0dXJl\n"

    def verifier_keys(self) -> str:
        return "test.example/messages/0+1234abcd+AQ==\ntest.example/custody+5678abcd+AQ==\n"

    def custody_entries(
        self, *, start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, int, c.Decision | None]]:
        for index, (at, decision, _subject) in list(enumerate(self.log))[start:stop]:
            yield index, at, decision

    def status(self) -> RecordStatus:
        def log(name: str, size: int) -> LogStatus:
            return LogStatus(
                log=name, origin=f"test.example/{name}", size=size, checkpoint_size=size,
                checkpoint_at=self.clock() - 700, root="q83vEjRWeJASNFZ4kBI0VniQEjRWeJASNFZ4kBI0Vng=",
                sealed_size=size // 2, segments=1,
            )  # fmt: skip

        return RecordStatus(
            logs=(log("messages/0", self.next_index), log("custody", len(self.log))),
            verified_at=self.verified_at,
            verified_faults=len(self.faults) if self.verified_at else None,
        )

    def behind(self) -> dict[str, int]:
        return dict(self.lag)

    def refused(self) -> Sequence[RefusedCount]:
        return self.refusals

    def ask_verification(self, *, by: str) -> None:
        if self.state.asked:
            raise Forbidden("a verification is already asked for", by=by)
        self.decide(c.VerificationAsked(by=by), subject="0" * 32)
        if self.keeper_runs:
            self.answer_verification()

    def verification(self) -> Verification:
        asked, answered = self.state.asked, self.state.answered
        return Verification(
            asked_at=asked[1] if asked else None, asked_by=asked[2].by if asked else "",
            done=self.moved[0], total=self.moved[1],
            answer=answered[1] if answered else None, answered_at=answered[0] if answered else None,
        )  # fmt: skip

    def answer_verification(self, *, trouble: str = "") -> None:
        """What the keeper does with a request."""
        asked = self.state.asked
        assert asked is not None
        self.moved = (0, 0)
        self.decide(
            c.RecordVerified(
                messages=self.next_index, custody=len(self.log), faults=len(self.faults),
                payloads=self.next_index, named=self.faults[:2], asked=asked[0], by=asked[2].by, trouble=trouble,
            ),
            subject="0" * 32,
        )  # fmt: skip

    # -- making things happen ------------------------------------------------------------

    def message(self, line: str, chat: str, text: str, **more: object) -> int:
        """A message of `line` with `chat`; gives its entry's index."""
        index = int(more.pop("index", self.next_index))  # type: ignore[call-overload]
        self.next_index = max(self.next_index, index + 1)
        at = int(more.pop("at", self.clock()))  # type: ignore[call-overload]
        out = more.get("direction") == "out"
        values = {
            "index": index, "stream": identity(line + chat), "line": line, "chat": chat,
            "id": f"wamid.{index}", "direction": "in", "sender": line if out else chat,
            "sender_name": "" if out else self.names.get(chat, ""), "at": at, "received_at": at + 900,
            "kind": "message", "subtype": "text", "text": text,
            "versions": (Version(index, at, text),), **more,
        }  # fmt: skip
        self.rows[index] = MessageRow(**values)  # type: ignore[arg-type]
        return index

    def raise_alert(
        self,
        index: int,
        word: str,
        *,
        policy: str = "finance/guarantees",
        severity: str = "high",
        title: str = "Promises a result",
        sentence: str = "",
        term: str = "phrase",
        ago: int = 0,
    ) -> str:
        """An alert on message `index`, for the first place where `word` stands in its text."""
        text = self.rows[index].text
        start = text.find(word)
        spans = (Span(start, start + len(word)),) if start >= 0 else ()
        alert = hashlib.sha256(f"{index} {policy}".encode("utf-8", "surrogatepass")).hexdigest()
        finding = Finding(
            policy=policy, version="1.2", title=title, severity=severity,  # type: ignore[arg-type]
            sentence=sentence or f"Says “{word}”, sent by the line's own person.",
            steps=(Step("match.any[0]", term, word, spans),),
        )  # fmt: skip
        self.findings[alert] = (index, finding)
        raised = c.AlertRaised(
            alert=alert, log="messages/0", index=index, policy=policy, plan="p" * 64, severity=severity
        )
        self.decide(raised, subject=alert[:32], ago=ago)
        return alert

    def enrol(self, name: str, number: str, **more: str) -> str:
        """A person with a line and a mandate; gives the line's id."""
        person, line = identity(f"person {name}"), identity(f"line {number}")
        self.decide(
            c.PersonEnrolled(person=person, name=name, by="root@firm.example", **more), subject=person
        )
        self.decide(
            c.LineAdded(line=line, name=number, aliases=(f"phone:{number}",), zone="America/Sao_Paulo"),
            subject=line,
        )
        self.decide(c.LineAssigned(person=person, line=line, from_at=self.clock() - 30 * DAY), subject=line)
        self.decide(
            c.MandateGranted(
                mandate=identity(f"mandate {number}"), person=person, line=line, basis="legitimate_interest",
                jurisdiction="BR", notice_version="2026-01", language="pt-BR",
                acknowledged_at=self.clock() - 30 * DAY, from_at=self.clock() - 30 * DAY, by="root@firm.example",
            ),
            subject=line,
        )  # fmt: skip
        return line

    def grant(self, account: str, *roles: str) -> None:
        for role in roles:
            self.decide(c.RoleGranted(account=account, role=role), subject=identity(account))  # type: ignore[arg-type]


class FakeMessages:
    def __init__(self, house: FakeHouse) -> None:
        self.house = house

    def _stream(self, stream: str) -> list[MessageRow]:
        return [row for _index, row in sorted(self.house.rows.items()) if row.stream == stream]

    def conversations(self, *, line: str = "", limit: int = 50, offset: int = 0) -> Sequence[ConversationRow]:
        streams = dict.fromkeys(row.stream for row in self.house.rows.values())
        found = [self.conversation(stream) for stream in streams]
        kept = [row for row in found if row is not None and (not line or row.line == line)]
        kept.sort(key=lambda row: -row.last_index)
        return kept[offset : offset + limit]

    def conversation(self, stream: str) -> ConversationRow | None:
        rows = self._stream(stream)
        if not rows:
            return None
        last = rows[-1]
        return ConversationRow(
            stream=stream, line=last.line, chat=last.chat, chat_name=self.house.names.get(last.chat, last.chat),
            messages=len(rows), last_index=last.index, last_at=last.at,
        )  # fmt: skip

    def window(self, stream: str, *, around: int, before: int = 20, after: int = 20) -> Sequence[MessageRow]:
        rows = self._stream(stream)
        older = [row for row in rows if row.index < around]
        here = [row for row in rows if row.index == around]
        newer = [row for row in rows if row.index > around]
        return [*(older[-before:] if before else []), *here, *newer[:after]]

    def messages(self, indexes: Sequence[int]) -> Sequence[MessageRow]:
        found = []
        for index in indexes:
            row = self.house.rows.get(index) or next(
                (r for r in self.house.rows.values() if any(v.index == index for v in r.versions)), None
            )
            if row is not None:
                found.append(row)
        return found

    def first_of(self, indexes: Sequence[int]) -> dict[int, MessageRow]:
        return {index: row for index in indexes for row in self.messages([index])[:1]}

    def not_understood(self, *, limit: int = 50, offset: int = 0) -> Sequence[NotUnderstood]:
        return self.house.unreadable[offset : offset + limit]

    def not_understood_count(self) -> int:
        return len(self.house.unreadable)

    def message_count(self) -> int:
        return len(self.house.rows)


class FakeSearch:
    def __init__(self, house: FakeHouse) -> None:
        self.house = house

    def search(
        self, query: str, *, stream: str = "", line: str = "", limit: int = 50, offset: int = 0
    ) -> SearchPage:
        words = [word.strip('"*').casefold() for word in query.split() if word.strip('"*')]
        found = [
            index
            for index, row in sorted(self.house.rows.items(), reverse=True)
            if words and all(word in row.text.casefold() for word in words)
            and (not stream or row.stream == stream) and (not line or row.line == line)
        ]  # fmt: skip
        return SearchPage(len(found), tuple(found[offset : offset + limit]))


class FakeAlerts:
    def __init__(self, house: FakeHouse) -> None:
        self.house = house

    def _history(self, alert: str) -> tuple[AlertStep, ...]:
        steps = []
        for index, (at, decision, _subject) in enumerate(self.house.log):
            if getattr(decision, "alert", "") != alert or isinstance(decision, c.ContentShown):
                continue
            steps.append(
                AlertStep(
                    custody_index=index, kind=c.kind_of(decision), by=decision.by, at=at,
                    decision=getattr(decision, "decision", ""), action=getattr(decision, "action", ""),
                    reason=getattr(decision, "reason", ""), reviewed=getattr(decision, "reviewed", ()),
                )
            )  # fmt: skip
        return tuple(steps)

    def _row(self, alert: str) -> AlertRow:
        index, finding = self.house.findings[alert]
        message = self.house.messages.messages([index])[0]
        history = self._history(alert)
        state, claimed_by = "open", ""
        for step in history:
            match step.kind:
                case "alert.claimed":
                    state, claimed_by = "claimed", step.by
                case "alert.closed":
                    state = "closed"
                case "alert.reopened":
                    state, claimed_by = "open", ""
        words = next((v.text for v in message.versions if v.index == index), message.text)
        return AlertRow(
            alert=alert, index=index, stream=message.stream, line=message.line, chat=message.chat,
            chat_name=self.house.names.get(message.chat, message.chat), policy=finding.policy,
            title=finding.title, version=finding.version, severity=finding.severity, state=state,
            claimed_by=claimed_by, raised_at=history[0].at, raised_index=history[0].custody_index,
            sent_at=message.at, first_words=words[:120],
        )  # fmt: skip

    def _rows(
        self, *, state: str = "", severity: str = "", policy: str = "", line: str = ""
    ) -> list[AlertRow]:
        states = {"": (), "waiting": ("open", "claimed")}.get(state, (state,))
        rows = [self._row(alert) for alert in self.house.findings]
        return [
            row for row in rows
            if (not states or row.state in states) and severity in ("", row.severity)
            and policy in ("", row.policy) and line in ("", row.line)
        ]  # fmt: skip

    def queue(
        self, *, state: str = "", severity: str = "", policy: str = "", line: str = "",
        limit: int = 50, offset: int = 0, newest_first: bool = True,
    ) -> Sequence[AlertRow]:  # fmt: skip
        rows = self._rows(state=state, severity=severity, policy=policy, line=line)
        sign = -1 if newest_first else 1
        rows.sort(key=lambda row: (RANK[row.severity], sign * row.raised_at, sign * row.raised_index))
        return rows[offset : offset + limit]

    def count(self, *, state: str = "", severity: str = "", policy: str = "", line: str = "") -> int:
        return len(self._rows(state=state, severity=severity, policy=policy, line=line))

    def policies(self) -> Sequence[str]:
        return sorted({finding.policy for _index, finding in self.house.findings.values()})

    def alert(self, alert: str) -> AlertDetail | None:
        if alert not in self.house.findings:
            return None
        return AlertDetail(
            row=self._row(alert), finding=self.house.findings[alert][1], history=self._history(alert)
        )

    def of_line(self, line: str, *, limit: int = 20) -> Sequence[AlertRow]:
        return sorted(self._rows(line=line), key=lambda row: -row.raised_at)[:limit]

    def of_messages(self, indexes: Sequence[int]) -> Sequence[AlertDetail]:
        found = [alert for alert, (index, _f) in self.house.findings.items() if index in set(indexes)]
        return [detail for alert in found if (detail := self.alert(alert)) is not None]

    def change_token(self) -> int:
        return self.house.token


def small_firm(*, now: Callable[[], int] = lambda: int(time.time() * 1000)) -> FakeHouse:
    """Four people, six conversations, nine alerts, and words that mean harm."""
    house = FakeHouse(now=now)
    house.grant("rita@firm.example", "reviewer")
    house.grant("bruno@firm.example", "reviewer")
    house.grant("adm@firm.example", "administrator")
    ana = house.enrol(
        "Ana Lima", "+5511940000001", department="Private clients", region="São Paulo", language="pt-BR"
    )
    joao = house.enrol(
        "João Prado", "+5511940000002", department="Oncology", region="Rio de Janeiro", language="pt-BR"
    )
    tom = house.enrol("Tom Whitfield", "+442079460001", department="Desk", region="London")
    house.names |= {
        "phone:+5511988887777": "Carlos Menezes", "phone:+5521977776666": "Dra. Helena Brandão",
        "phone:+442079461234": "Priya N.", "group:120363@g.us": "Clientes VIP 🌟",
        "user:BR.9911": "<b>Not a name</b><script>alert(1)</script>", "phone:+5511911112222": "مريم \u202egpj.exe",
    }  # fmt: skip
    _private_client(house, ana)
    _doctor(house, joao)
    _desk(house, tom)
    _hostile(house, ana)
    house.unreadable += [
        NotUnderstood(
            9001, "unknown", "cloud_api", "field `flows` is not one that is handled yet", house.clock() - HOUR
        ),
        NotUnderstood(9002, "unparsed", "waha", "not JSON (offset 312)", house.clock() - 2 * HOUR),
    ]
    house.refusals.append(RefusedCount(line=tom, day="2026-05-03", reason="no_mandate", count=12))
    return house


def _private_client(house: FakeHouse, line: str) -> None:
    chat, now = "phone:+5511988887777", house.clock()
    read = tuple(Receipt(900 + n, s, now - DAY) for n, s in enumerate(("sent", "delivered", "read")))

    def say(ago: int, text: str, **more: object) -> int:
        return house.message(line, chat, text, at=now - ago, **more)

    say(DAY + 3 * HOUR, "Bom dia, Ana! Tudo bem?")
    say(
        DAY + 3 * HOUR - MINUTE,
        "Bom dia, Carlos! Tudo ótimo. Viu o relatório que mandei?",
        direction="out",
        receipts=read,
    )
    say(DAY + 2 * HOUR, "Vi sim. Fiquei na dúvida sobre o fundo novo, parece arriscado.")
    report = say(
        DAY + 2 * HOUR - 2 * MINUTE, "", direction="out", subtype="document", receipts=read,
        media=(Media(kind="document", mime="application/pdf", filename="relatorio-abril.pdf", id="m1"),),
    )  # fmt: skip
    say(
        DAY + 2 * HOUR - 4 * MINUTE, "Recebi 👍", reply_to=f"wamid.{report}", reply_text="relatorio-abril.pdf"
    )
    flagged = say(
        23 * MINUTE, "Pode ficar tranquilo, é retorno garantido: 2% ao mês, sem risco nenhum.", direction="out",
        receipts=read[:2], reactions=(Reaction(950, chat, "❤️", now - 22 * MINUTE),),
    )  # fmt: skip
    say(
        21 * MINUTE,
        "Garantido mesmo? 😮",
        reply_to=f"wamid.{flagged}",
        reply_text="Pode ficar tranquilo, é retorno garantido",
    )
    at = now - 19 * MINUTE
    first = "Melhor falarmos no Telegram, aqui fica tudo gravado"
    last = "Melhor falarmos amanhã por telefone"
    edited = say(
        19 * MINUTE, last, direction="out", receipts=read[:2],
        versions=(Version(house.next_index, at, first), Version(960, at + 40_000, last)),
    )  # fmt: skip
    voice = Media(kind="audio", mime="audio/ogg; codecs=opus", voice=True)
    say(17 * MINUTE, "", subtype="audio", media=(voice,))
    say(
        15 * MINUTE,
        "Apaga isso por favor",
        direction="out",
        revoked=Revocation(970, line, now - 14 * MINUTE),
        receipts=read[:1],
    )
    say(12 * MINUTE, "", held=False, subtype="", reply_text="", versions=())
    say(9 * MINUTE, "Ok, combinado então", forwarded=True)
    _flag(house, flagged=flagged, edited=edited, first=first)
    _group(house, line)


def _flag(house: FakeHouse, *, flagged: int, edited: int, first: str) -> None:
    house.raise_alert(
        flagged,
        "retorno garantido",
        severity="critical",
        sentence="Says “retorno garantido”, sent by the line's own person.",
        ago=23 * MINUTE,
    )
    house.findings[alert := hashlib.sha256(b"tele").hexdigest()] = (
        edited,
        Finding(
            policy="finance/off-channel", version="1.0", title="Moves to another channel", severity="high",
            sentence="Says “Telegram” within five words of “falarmos”.",
            steps=(
                Step("match.all[0]", "words", "Telegram", (Span(first.find("Telegram"), first.find("Telegram") + 8),)),
                Step("match.all[1]", "words", "falarmos", (Span(7, 15),)),
            ),
        ),
    )  # fmt: skip
    house.decide(
        c.AlertRaised(
            alert=alert,
            log="messages/0",
            index=edited,
            policy="finance/off-channel",
            plan="p" * 64,
            severity="high",
        ),
        subject=alert[:32],
        ago=18 * MINUTE,
    )


def _group(house: FakeHouse, line: str) -> None:
    now = house.clock()
    group = "group:120363@g.us"
    house.message(line, group, "Pessoal, amanhã tem live às 19h", direction="out", at=now - 5 * HOUR)
    house.message(
        line, group, "Opa!", sender="phone:+5511911113333", sender_name="Júlia", at=now - 5 * HOUR + MINUTE
    )
    sure = house.message(
        line,
        group,
        "Esse fundo não tem como perder, galera",
        sender="phone:+5511911114444",
        sender_name="Seu Zé",
        at=now - 4 * HOUR,
    )
    house.raise_alert(
        sure, "não tem como perder", severity="medium", sentence="Says “não tem como perder”.", ago=4 * HOUR
    )


def _doctor(house: FakeHouse, line: str) -> None:
    chat, now = "phone:+5521977776666", house.clock()
    house.message(
        line, chat, "Doutora, boa tarde! Como foi com a paciente?", direction="out", at=now - 3 * HOUR
    )
    bad = house.message(
        line,
        chat,
        "Ela teve uma reação alérgica forte depois da segunda dose, foi internada.",
        at=now - 3 * HOUR + 6 * MINUTE,
    )
    off = house.message(
        line,
        chat,
        "Em criança de 4 anos também funciona, pode usar metade da dose.",
        direction="out",
        at=now - 2 * HOUR,
    )
    house.raise_alert(
        bad, "reação alérgica", policy="pharma/adverse-event", severity="critical",
        title="Adverse event mentioned", sentence="Says “reação alérgica”.", ago=174 * MINUTE,
    )  # fmt: skip
    house.raise_alert(
        off, "criança", policy="pharma/off-label", severity="high", title="Use outside the label",
        ago=2 * HOUR,
    )  # fmt: skip
    house.message(
        line,
        chat,
        "",
        subtype="image",
        at=now - HOUR,
        media=(Media(kind="image", mime="image/jpeg", filename="IMG-0001.jpg"),),
    )


def _desk(house: FakeHouse, line: str) -> None:
    chat, now = "phone:+442079461234", house.clock()
    for number in range(70):
        house.message(
            line,
            chat,
            f"Talk number {number}",
            direction="out" if number % 3 else "in",
            at=now - 5 * DAY + number * 7 * MINUTE,
        )
    signal = house.message(
        line, chat, "Ping me on Signal instead 😉 delete this after", direction="out", at=now - 4 * DAY
    )
    house.raise_alert(
        signal, "on Signal", policy="finance/off-channel", severity="high",
        title="Moves to another channel", ago=4 * DAY,
    )  # fmt: skip
    lunch = house.message(line, chat, "Guaranteed best lunch in town", at=now - 2 * DAY)
    house.raise_alert(lunch, "Guaranteed", severity="low", sentence="Says “Guaranteed”.", ago=2 * DAY)


def _hostile(house: FakeHouse, line: str) -> None:
    now = house.clock()
    bad = house.message(
        line, "user:BR.9911", '<img src=x onerror=alert(1)> guaranteed </mark><script>alert(2)</script> {{7*7}} "\'`',
        at=now - 40 * MINUTE, media=(Media(kind="document", mime="text/html", filename='"><svg onload=alert(3)>.pdf'),),
        subtype="document",
    )  # fmt: skip
    house.raise_alert(bad, "guaranteed", severity="medium", sentence="Says “guaranteed”.", ago=40 * MINUTE)
    turned = house.message(
        line,
        "phone:+5511911112222",
        "شكرا \u202eguaranteed\u202c \u0000 Z" + "\u0300\u0301\u0302" * 30 + "a" * 400,
        at=now - 50 * MINUTE,
    )
    house.raise_alert(turned, "guaranteed", severity="low", sentence="Says “guaranteed”.", ago=50 * MINUTE)
