"""A whole record on the embedded engines, in one folder and one thread."""

from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairwitness.archive.append import Delivery, Intake, Outcome
from fairwitness.archive.checkpoint import Checkpointer
from fairwitness.archive.custody import CustodyLog, Draft
from fairwitness.archive.datakeys import DataKeys
from fairwitness.archive.dispose import KeeperSide
from fairwitness.archive.keys import KeeperKeys, Keys, NewKeys, Opener, new_keys
from fairwitness.archive.read import Reader
from fairwitness.archive.seal import SegmentSealer
from fairwitness.archive.sealing_keys import FIRST, SealingKeys
from fairwitness.archive.status import VerifyReport
from fairwitness.archive.verify import verify_record
from fairwitness.archive.wrapping import CabinetWrapping
from fairwitness.engines.filesystem import FolderCabinet, FolderStore
from fairwitness.engines.sqlite.keystore import SqliteKeyStore
from fairwitness.engines.sqlite.tail import SqliteTail
from fairwitness.flow.keeper import Publisher
from fairwitness.model.custody import LineAdded, LineAssigned, MandateGranted, PersonEnrolled
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName
from fairwitness.model.envelope import Item, Slice
from fairwitness.testing.clock import FrozenClock
from fairwitness.tlog import Signer, VerifierKey, write_vkey

LINE = "11" * 16
PERSON = "22" * 16
MANDATE = "33" * 16
ALIAS = "pnid:106540352242922"
DELIVERY = "44" * 16


class RecordRig:
    """Everything that makes and reads a record below `home`, opened again over the same files at will."""

    def __init__(
        self, home: Path, *, keys: Keys | None = None, clock: FrozenClock | None = None,
        segment_entries: int = 65_536, name: str = "fairwitness.test",
    ) -> None:  # fmt: skip
        self.home = home
        self.clock = clock or FrozenClock()
        made = None
        if keys is None:
            made = new_keys((MESSAGES, CUSTODY), custody=CUSTODY, secrets={})
            keys = made.keys
        self.keys = keys
        self.origins: dict[LogName, str] = {log: f"{name}/{log}" for log in (MESSAGES, CUSTODY)}
        for folder in ("record", "tail", "keys"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        self.files = FolderStore(home / "record")
        self.tail = SqliteTail(home / "tail" / "tail.db", self.keys.door.tail, logs=(MESSAGES, CUSTODY))
        self.custody = CustodyLog(self.tail, self.keys.door, origin=self.origins[CUSTODY], clock=self.clock)
        self.intake = Intake(
            self.keys.door, origin=self.origins[MESSAGES], custody_origin=self.origins[CUSTODY]
        )
        self._open_keeper(segment_entries, made)

    def _open_keeper(self, segment_entries: int, made: NewKeys | None) -> None:
        keeper = self.keys.keeper
        assert keeper is not None
        signers = self._signers(keeper)
        vkeys = "".join(f"{write_vkey(signer.key)}\n" for signer in signers.values())
        self.files.publish("keys", vkeys.encode())
        self.store = SqliteKeyStore(self.home / "keys" / "data.db", keeper.views)
        self.kek = CabinetWrapping(FolderCabinet(self.home / "keys" / "kek", keeper.wrapping))
        self.sealing = SealingKeys(FolderCabinet(self.home / "keys" / "sealing", keeper.wrapping))
        if made is not None:
            self.kek.create()
            self.sealing.keep(FIRST, made.sealing_private)
        self.data_keys, self.opener = DataKeys(self.store, self.kek), Opener(self.sealing.private_half)
        self.reader = Reader(
            tail=self.tail, custody=self.custody, files=self.files, opener=self.opener,
            data_keys=self.data_keys, origins=self.origins,
        )  # fmt: skip
        self.sealer = SegmentSealer(
            tail=self.tail, custody=self.custody, files=self.files, keys=self.keys.door, opener=self.opener,
            data_keys=self.data_keys, origins=self.origins,
        )  # fmt: skip
        self.publisher = Publisher(
            tail=self.tail,
            checkpointers={
                log: Checkpointer(
                    tail=self.tail, files=self.files, log=log, origin=self.origins[log],
                    signer=signer, clock=self.clock,
                )
                for log, signer in signers.items()
            },
            sealer=self.sealer, segment_entries=segment_entries, segment_ms=86_400_000, clock=self.clock,
        )  # fmt: skip

    def _signers(self, keeper: KeeperKeys) -> dict[LogName, Signer]:
        signers = {}
        for log, origin in self.origins.items():
            private = Ed25519PrivateKey.from_private_bytes(keeper.log_seeds[log])
            signers[log] = Signer(VerifierKey(origin, private.public_key().public_bytes_raw()), private.sign)
        return signers

    def keeper_side(self) -> KeeperSide:
        """What the keeper holds of this record."""
        assert self.keys.keeper is not None
        return KeeperSide(
            tail=self.tail, custody=self.custody, files=self.files, origins=self.origins,
            door=self.keys.door, custody_seed=self.keys.keeper.log_seeds[CUSTODY], store=self.store,
            kek=self.kek, data_keys=self.data_keys, sealing=self.sealing, opener=self.opener,
            seal_all=self.publisher.seal_all,
        )  # fmt: skip

    def take(self, items: Sequence[Item], *, requires: tuple[str, ...] | None = None) -> Outcome:
        """Take items in as one delivery, now."""
        delivery = Delivery(
            delivery=DELIVERY, received_at=self.clock(), checked=(), items=tuple(items), requires=requires
        )
        with self.tail.transaction() as transaction:
            (outcome,) = self.intake.take(transaction, self.custody.state_in(transaction), [delivery])
        return outcome

    def verify(self) -> VerifyReport:
        """Check the whole record with keys."""
        return verify_record(
            files=self.files, origins=self.origins, reader=self.reader, progress=lambda done, total: None
        )

    def close(self) -> None:
        """Close what is open, so that another rig may open the same folder."""
        self.tail.close()
        self.store.close()


def enrol(rig: RecordRig, *, line: str = LINE, alias: str = ALIAS, past_days: int = 30) -> None:
    """Enrol a person with a line and a mandate from now on, and for messages of the last days."""
    now = rig.clock()
    decisions = (
        (PersonEnrolled(person=PERSON, name="Ana Lima"), PERSON),
        (LineAdded(line=line, name="Ana", aliases=(alias,), zone="America/Sao_Paulo"), line),
        (LineAssigned(person=PERSON, line=line, from_at=now), line),
        (
            MandateGranted(
                mandate=MANDATE, person=PERSON, line=line, basis="legitimate_interest", jurisdiction="BR",
                notice_version="1", language="pt-BR", acknowledged_at=now, from_at=now,
                past_from=now - past_days * 86_400_000,
            ),
            line,
        ),
    )  # fmt: skip
    rig.custody.append([Draft(decision=decision, subject=subject) for decision, subject in decisions])


def item(
    number: int, *, text: str = "ola", alias: str = ALIAS, contact: str = "phone:+5511900000001",
    sent_at: int | None = None, kind: str = "message", refers_to: tuple[str, ...] | None = None,
) -> Item:  # fmt: skip
    """A text message as the Cloud API would deliver it; `number` is its identity."""
    wamid = f"wamid.{number}"
    head = f'"from":"5511900000001","id":"{wamid}","timestamp":"{(sent_at or 0) // 1000}"'
    data = f'{{{head},"type":"text","text":{{"body":"{text}"}}}}'
    return Item(
        source="cloud_api",
        kind=kind,
        line=alias,
        contact=contact,
        identity=("cloud_api", alias, kind, wamid, ""),
        refers_to=refers_to,
        sent_at=sent_at,
        slices=(
            Slice("item", "/entry/0/changes/0/value/messages/0", data.encode()),
            Slice("metadata", "/entry/0/changes/0/value/metadata", b'{"phone_number_id":"106540352242922"}'),
        ),
    )
