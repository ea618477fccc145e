"""A small firm with a record on real engines, in this process: what packs are made of."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fairwitness.archive.append import Delivery, Outcome
from fairwitness.archive.custody import Draft
from fairwitness.archive.keys import Keys
from fairwitness.archive.recovery import KitPlan
from fairwitness.capture.cloud_api import split
from fairwitness.compose import (
    House,
    create_home,
    open_checkpointers,
    open_followers,
    open_intake,
    publish_policies,
)
from fairwitness.config import Settings
from fairwitness.model.custody import (
    AlertClaimed,
    AlertClosed,
    ContentShown,
    LineAdded,
    LineAssigned,
    MandateGranted,
    MandateWithdrawn,
    PersonEnrolled,
    PolicyFile,
    ProductionSelected,
    RoleGranted,
)
from fairwitness.model.entry import CUSTODY, MESSAGES
from fairwitness.testing import FrozenClock

PAULO, RITA = "a1" * 16, "b2" * 16
PAULOS, RITAS = "c3" * 16, "d4" * 16
MANDATES = {PAULOS: "e5" * 16, RITAS: "f6" * 16}
ANA = "ana@firm.example"
HOSTILE = [
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\u202egnp.exe", "a\u0000b\u001b[31m",
    '"><svg onload=alert(1)>', "=HYPERLINK(1)", "]]>--><!--", "x" * 300,
]  # fmt: skip
POLICY = PolicyFile(
    "house/channel.yaml",
    """\
id: house.channel-shift
title: Moves to another channel
severity: high
languages: [pt-BR]
cites: [FINRA 4511]
owner: compliance
when:
  patterns: ["me chama no telegram"]
tests:
  must_match: [me chama no telegram]
  must_not_match: [bom dia]
""",
)


def message(
    number: int, text: str, *, contact: str = "5511900000001", at: int, kind: str = "text", **more: Any
) -> dict[str, Any]:
    """A message as the Cloud API delivers it."""
    content = {"text": {"body": text}} if kind == "text" else more.pop("content")
    return {"from": contact, "id": f"wamid.{number}", "timestamp": str(at // 1000), "type": kind, kind: content, **more} if kind != "text" else {
        "from": contact, "id": f"wamid.{number}", "timestamp": str(at // 1000), "type": "text", **content, **more,
    }  # fmt: skip


def delivery(
    messages: Sequence[dict[str, Any]],
    *,
    line: str = "1",
    name: str = "Dra. Helena",
    statuses: Sequence[dict[str, Any]] = (),
) -> bytes:
    """A delivery of the Cloud API."""
    contacts = sorted({one["from"] for one in messages})
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": f"551194000000{line}", "phone_number_id": line},
    }
    if messages:
        value["contacts"] = [{"profile": {"name": name}, "wa_id": one} for one in contacts]
        value["messages"] = list(messages)
    if statuses:
        value["statuses"] = list(statuses)
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}],
    }
    return json.dumps(body, separators=(",", ":")).encode()


def echo(number: int, text: str, *, at: int, to: str = "5511900000001") -> bytes:
    """A delivery of what the line's own person sent from the app."""
    said = {
        "from": "5511940000001",
        "to": to,
        "id": f"wamid.{number}",
        "timestamp": str(at // 1000),
        "type": "text",
        "text": {"body": text},
    }
    value = {
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": "5511940000001", "phone_number_id": "1"},
        "message_echoes": [said],
    }  # fmt: skip
    changes = [{"field": "smb_message_echoes", "value": value}]
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": changes}]},
        separators=(",", ":"),
    ).encode()


class Firm:
    """Two people, two lines, one policy; messages come when they are given."""

    def __init__(
        self, home: Path, *, policies: Sequence[PolicyFile] = (POLICY,), enrolled: bool = True
    ) -> None:
        self.clock = FrozenClock()
        self.settings = Settings(home=home, name="firm.example")
        self.keys: Keys = create_home(
            self.settings, passphrase="p", secrets={}, kit=KitPlan(("Ana", "Bia", "Caio"), 2),
            hand_out=lambda shares: None, clock=self.clock,
        )  # fmt: skip
        self.house = House(self.settings, self.keys, clock=self.clock)
        self.tail, self.custody, self.intake = open_intake(self.settings, self.keys, clock=self.clock)
        assert self.keys.keeper is not None
        self.checkpointers = open_checkpointers(self.settings, self.keys.keeper, self.tail, clock=self.clock)
        if policies:
            publish_policies(self.house, policies, by="test")
        if enrolled:
            self.enrol(PAULO, PAULOS, "Paulo Teles", "1")
            self.enrol(RITA, RITAS, "Rita Solano", "2")
        self.deliveries = 0

    def enrol(self, person: str, line: str, name: str, number: str) -> None:
        """Enrol a person with a line and a mandate from now on, with 30 days back."""
        now = self.clock()
        decisions = (
            (PersonEnrolled(person=person, name=name, by=ANA), person),
            (LineAdded(line=line, name=name, aliases=(f"pnid:{number}", f"phone:+551194000000{number}"), zone="America/Sao_Paulo", by=ANA), line),
            (LineAssigned(person=person, line=line, from_at=now, by=ANA), line),
            (
                MandateGranted(
                    mandate=MANDATES[line], person=person, line=line, basis="legitimate_interest", jurisdiction="BR", notice_version="1",
                    language="pt-BR", acknowledged_at=now, from_at=now, past_from=now - 30 * 86_400_000, by=ANA,
                ),
                line,
            ),
        )  # fmt: skip
        self.house.decide_all([Draft(decision=decision, subject=subject) for decision, subject in decisions])

    def withdraw(self, line: str) -> None:
        """Withdraw the line's mandate."""
        self.house.decide(
            MandateWithdrawn(mandate=MANDATES[line], person="", line=line, by=ANA), subject=line
        )

    def take(self, body: bytes) -> Outcome:
        """Take a delivery in, as the door does."""
        self.deliveries += 1
        one = Delivery(
            delivery=f"{self.deliveries:032x}",
            received_at=self.clock(),
            checked=(("signature", "sha256"),),
            items=tuple(split(body)),
        )
        with self.tail.transaction() as transaction:
            (outcome,) = self.intake.take(transaction, self.custody.state_in(transaction), [one])
        return outcome

    def sign(self) -> None:
        """Publish and sign both logs."""
        messages = self.tail.size(MESSAGES)
        self.checkpointers[CUSTODY].tick()
        self.checkpointers[MESSAGES].tick(messages)

    def follow(self) -> None:
        """Have every follower catch up: alerts are raised."""
        followers = open_followers(self.settings, self.keys, clock=self.clock)
        while followers.catch_up():
            pass

    def work_an_alert(self) -> None:
        """Look at the newest alert and close it."""
        row = self.house.alerts.queue(limit=1)[0]
        subject = row.alert[:32]
        self.house.decide(RoleGranted(account=ANA, role="reviewer", by="cli:root"), subject="ab" * 16)
        self.house.decide(
            ContentShown(route="inbox", reason="an alert", entries=(row.index,), alert=row.alert, by=ANA),
            subject="cd" * 16,
        )
        self.house.decide(AlertClaimed(alert=row.alert, by=ANA), subject=subject)
        closed = AlertClosed(
            alert=row.alert,
            reviewed=(row.index,),
            decision="violation",
            action="told the person",
            reason="clear",
            by=ANA,
        )
        self.house.decide(closed, subject=subject)

    def order(self, matter: str = "FINRA 8210/2026-11", **asked: Any) -> int:
        """Order a pack as of the newest checkpoints."""
        given: dict[str, Any] = {
            "persons": (), "lines": (), "conversations": (), "from_at": None, "to_at": None, "alerts": False, "language": "en", "reason": "",
            "by": "cli:test", **asked,
        }  # fmt: skip
        return self.house.order_pack(ProductionSelected(matter=matter, checkpoints=(), refused=(), **given))

    def pack(self, target: Path, matter: str = "FINRA 8210/2026-11", **asked: Any) -> Path:
        """Sign, order and make a pack."""
        self.sign()
        self.house.make_pack(self.order(matter, **asked), target, by="cli:test")
        return target


def live(firm: Firm) -> None:
    """What a few days bring: talk, an edit, a deletion, reactions, receipts, a file, a refusal, an alert."""
    now = firm.clock()
    firm.take(
        delivery(
            [
                message(1, "bom dia, tudo certo para a visita?", at=now - 90_000_000),
                message(2, "me chama no telegram", at=now - 86_000_000),
            ]
        )
    )
    firm.take(delivery([message(3, "preço é 100", at=now - 3_000_000)]))
    original = {"original_message_id": "wamid.3"}
    changed = {**original, "message": {"type": "text", "text": {"body": "preço é 90"}}}
    firm.take(delivery([message(4, "", at=now - 2_000_000, kind="edit", content=changed)]))
    firm.take(delivery([message(5, "", at=now - 1_000_000, kind="revoke", content=original)]))
    firm.take(
        delivery(
            [
                message(
                    6, "", at=now - 900_000, kind="reaction", content={"message_id": "wamid.1", "emoji": "👍"}
                )
            ]
        )
    )
    status = {
        "id": "wamid.77",
        "status": "read",
        "timestamp": str(now // 1000),
        "recipient_id": "5511900000001",
    }
    firm.take(delivery([], statuses=[status]))
    document = {
        "id": "77",
        "mime_type": "application/pdf",
        "filename": "proposta.pdf",
        "sha256": "5LVK4gdVCvUhCexMIy0nZc7Cm3HRy8Dz4fPBzJgMZ9A=",
    }
    firm.take(delivery([message(8, "", at=now - 800_000, kind="document", content=document)]))
    firm.take(
        delivery(
            [message(9, "", at=now - 700_000, kind="image", content={"id": "78", "mime_type": "image/jpeg"})]
        )
    )
    firm.take(
        delivery(
            [
                message(20 + i, text, contact="5511900000002", at=now - 600_000 + i)
                for i, text in enumerate(HOSTILE)
            ],
            name='<b>"Eve"</b>',
        )
    )
    firm.take(delivery([message(50, "oi, Rita", contact="5511900000003", at=now)], line="2", name="Outro"))
    firm.take(delivery([message(60, "antigo", at=now - 90 * 86_400_000)]))
    firm.take(echo(70, "bom dia, doutora, tudo certo", at=now - 89_000_000))
    firm.follow()
    firm.work_an_alert()
