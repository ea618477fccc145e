"""Builds the house from settings and keys. Nothing else names an engine.

Each process opens what its role needs: a door the tail, the hub the tail and the views,
the keeper everything. Connections belong to the thread that opened them.
"""

import ctypes
import hmac
import os
import resource
import shutil
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fairwitness.archive.append import Intake
from fairwitness.archive.checkpoint import Checkpointer, read_published
from fairwitness.archive.custody import CustodyLog, Draft, subject_of
from fairwitness.archive.datakeys import DataKeys
from fairwitness.archive.keys import DoorKeys, KeeperKeys, Keys, Opener, new_keys
from fairwitness.archive.ports import Tail
from fairwitness.archive.recovery import KitPlan, Share, check_plan, split
from fairwitness.archive.status import (
    LogStatus,
    RecordStatus,
    RecoveryStatus,
    RefusedCount,
    Verification,
    VerifyReport,
)
from fairwitness.archive.verify import verify_record
from fairwitness.archive.verify_vouched import Trust
from fairwitness.archive.verifying import RECORD, Mark, Verifier, ask, outcome
from fairwitness.clock import DAY_MS, Clock, system_clock
from fairwitness.compose.keyring import fill_cabinets, keep_keys, new_master, open_sealing, open_wrapping
from fairwitness.compose.keyring import inherited_keys as inherited_keys
from fairwitness.compose.keyring import keys_for as keys_for
from fairwitness.compose.keyring import read_keys as read_keys
from fairwitness.compose.keyring import unlock as unlock
from fairwitness.compose.keyring import write_keys as write_keys
from fairwitness.compose.places import LOGS as LOGS
from fairwitness.compose.places import origins as origins
from fairwitness.compose.places import read_verification_mark, write_verification_mark
from fairwitness.compose.shipped import shipped_policies as shipped_policies
from fairwitness.compose.shipped import verifier_sources
from fairwitness.compose.witnesses import add_vouched, open_halt, open_witnessing, trusted
from fairwitness.config import Settings, load_settings
from fairwitness.engines.filesystem import FolderStore, OutgoingFile, hold_lock, let_go, make_folder
from fairwitness.engines.sqlite.keystore import SqliteKeyStore
from fairwitness.engines.sqlite.tail import SqliteTail
from fairwitness.engines.sqlite.views import open_views
from fairwitness.errors import Misconfigured, NotDurable, PolicyErrors
from fairwitness.flow.follower import Batch
from fairwitness.flow.keeper import Keeper, Publisher
from fairwitness.flow.replay import FollowerStatus, catch_up
from fairwitness.followers import build_followers, read_views
from fairwitness.followers.producing import TellAsShown
from fairwitness.followers.views import AlertsView, MessagesView, SearchView
from fairwitness.ids import NewId, random_id
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import (
    AlertRaised,
    Decision,
    PoliciesPublished,
    PolicyFile,
    ProductionSelected,
    RecoveryKitMade,
)
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName, Stored
from fairwitness.policy import compile_set, load, run_tests
from fairwitness.produce.formats.pack import Made
from fairwitness.produce.making import make_pack, subject_of_matter
from fairwitness.produce.ordering import order_of, ordered_now
from fairwitness.produce.ports import Progress, silently
from fairwitness.tlog import Signer, VerifierKey, write_vkey

if TYPE_CHECKING:  # Parquet is not loaded by processes that neither read nor write segments.
    from fairwitness.archive.read import Reader

SETTINGS_FILE = "fairwitness.toml"
_STEP = 512
_PR_SET_DUMPABLE = 4
_YEAR_MS = 365 * DAY_MS


def start_process(role: str) -> None:
    """Set up logging as JSON lines and forbid dumps, which would hold keys and content."""
    forbid_dumps()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )
    structlog.contextvars.bind_contextvars(role=role)


def forbid_dumps() -> None:
    """Have the kernel write no core dump of this process, and let no other user's process look into it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def read_settings(home: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the deployment at `home`."""
    file = home / SETTINGS_FILE
    if not file.exists():
        raise Misconfigured(
            "there is no deployment here", setting="FAIRWITNESS_HOME", hint="Run `fairwitness init`.",
            home=str(home),
        )  # fmt: skip
    return load_settings(home=home, text=file.read_text(), environ=environ)


def create_home(
    settings: Settings, *, passphrase: str, secrets: dict[str, tuple[str, ...]], kit: KitPlan,
    hand_out: Callable[[Sequence[Share]], None], by: str = "system", clock: Clock = system_clock,
) -> Keys:  # fmt: skip
    """Make a deployment: keyring, record folder and empty logs with their first checkpoints.

    It is one only once `hand_out` has returned: it MUST have given each officer their share.
    """
    file = settings.home / SETTINGS_FILE
    if file.exists() or (settings.keys.exists() and any(settings.keys.iterdir())):
        raise Misconfigured(
            "there is a deployment here already", setting="FAIRWITNESS_HOME", hint="Choose another folder.",
            home=str(settings.home),
        )  # fmt: skip
    check_plan(kit)
    for folder in (settings.home, settings.tail.parent, settings.views, settings.keys, settings.record):
        make_folder(folder)
    made = new_keys(LOGS, custody=CUSTODY, secrets=secrets)
    master, keys = new_master(settings, passphrase=passphrase), made.keys
    keep_keys(settings, keys, master)
    fill_cabinets(settings, made)
    try:
        hand_out(split(master, kit))
    except BaseException:
        shutil.rmtree(settings.keys)  # Keys that nobody holds the kit of lock nothing yet.
        raise
    handed = RecoveryKitMade(kit=random_id(), officers=kit.officers, threshold=kit.threshold, by=by)
    _begin_record(settings, keys, handed, clock)
    file.write_text(f'name = "{settings.name}"\n')
    return keys


def _begin_record(settings: Settings, keys: Keys, kit: RecoveryKitMade, clock: Clock) -> None:
    assert keys.keeper is not None
    vkeys = [write_vkey(signer.key) for signer in signers(settings, keys.keeper).values()]
    FolderStore(settings.record).publish("keys", "".join(f"{vkey}\n" for vkey in vkeys).encode())
    tail = open_tail(settings, keys.door)
    custody = open_custody(settings, keys.door, tail, clock=clock)
    custody.append([Draft(decision=kit, subject=subject_of("recovery kit"))])
    for checkpointer in open_checkpointers(settings, keys.keeper, tail, clock=clock).values():
        checkpointer.tick()
    tail.close()


def open_tail(settings: Settings, keys: DoorKeys) -> SqliteTail:
    """A connection to the tail for the calling thread. It takes nothing in while the record is stopped."""
    return SqliteTail(settings.tail, keys.tail, logs=LOGS, guard=open_halt(settings).check)


def open_custody(settings: Settings, keys: DoorKeys, tail: Tail, *, clock: Clock) -> CustodyLog:
    """The custody log over `tail`."""
    return CustodyLog(tail, keys, origin=origins(settings)[CUSTODY], clock=clock)


def open_intake(settings: Settings, keys: Keys, *, clock: Clock) -> tuple[Tail, CustodyLog, Intake]:
    """What a door or an importer needs to take items in."""
    tail = open_tail(settings, keys.door)
    custody = open_custody(settings, keys.door, tail, clock=clock)
    named = origins(settings)
    return tail, custody, Intake(keys.door, origin=named[MESSAGES], custody_origin=named[CUSTODY])


def open_checkpointers(
    settings: Settings, keys: KeeperKeys, tail: Tail, *, clock: Clock
) -> dict[LogName, Checkpointer]:
    """One checkpointer per log; there may be only one process that has them."""
    store = FolderStore(settings.record)
    return {
        log: Checkpointer(tail=tail, files=store, log=log, origin=signer.key.name, signer=signer, clock=clock)
        for log, signer in signers(settings, keys).items()
    }


def signers(settings: Settings, keys: KeeperKeys) -> dict[LogName, Signer]:
    """What signs the checkpoints of each log."""
    found = {}
    for log, origin in origins(settings).items():
        private = Ed25519PrivateKey.from_private_bytes(keys.log_seeds[log])
        found[log] = Signer(VerifierKey(origin, private.public_key().public_bytes_raw()), private.sign)
    return found


def open_data_keys(settings: Settings, keys: KeeperKeys) -> DataKeys:
    """The data keys, wrapped in a database beside the keyring."""
    return DataKeys(open_key_store(settings, keys), open_wrapping(settings, keys))


def open_key_store(settings: Settings, keys: KeeperKeys) -> SqliteKeyStore:
    """The database of wrapped keys."""
    return SqliteKeyStore(settings.keys / "data.db", keys.views)


def open_opener(settings: Settings, keys: KeeperKeys) -> Opener:
    """What opens batches of the tail."""
    return Opener(open_sealing(settings, keys).private_half)


def open_reader(settings: Settings, keys: Keys, tail: Tail, custody: CustodyLog) -> "Reader":
    """Reads every entry back. Needs the keeper's keys."""
    from fairwitness.archive.read import Reader

    if keys.keeper is None:
        raise Misconfigured("the keeper is locked", setting="passphrase", hint="Unlock it first.")
    return Reader(
        tail=tail, custody=custody, files=FolderStore(settings.record),
        opener=open_opener(settings, keys.keeper), data_keys=open_data_keys(settings, keys.keeper),
        origins=origins(settings),
    )  # fmt: skip


def alert_raiser(custody: CustodyLog) -> Callable[[Sequence[AlertRaised]], None]:
    """Appends alerts to the custody log; one that was raised before is left out."""

    def raise_alerts(alerts: Sequence[AlertRaised]) -> None:
        custody.append([Draft(decision=alert, subject=alert.alert[:32], once=True) for alert in alerts])

    return raise_alerts


class _Opened:
    """What one thread of a process has open."""

    def __init__(self, settings: Settings, keys: Keys, clock: Clock) -> None:
        assert keys.views is not None
        self.tail = open_tail(settings, keys.door)
        self.custody = open_custody(settings, keys.door, self.tail, clock=clock)
        stores = open_views(settings.views, keys.views)
        self.views = read_views(stores)
        self.followers = build_followers(stores, alert_raiser(self.custody))
        self.feed = next(follower for follower in self.followers if follower.name == "alerts_feed")


class House:
    """What the hub, the commands and the tests see. Safe to use from several threads."""

    def __init__(
        self, settings: Settings, keys: Keys, *, clock: Clock = system_clock, new_id: NewId = random_id
    ) -> None:
        self.settings = settings
        self.keys = keys
        self.clock = clock
        self.new_id = new_id
        self._local = threading.local()

    @property
    def _here(self) -> _Opened:
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is None:
            opened = self._local.opened = _Opened(self.settings, self.keys, self.clock)
        return opened

    @property
    def messages(self) -> MessagesView:
        """Conversations."""
        return self._here.views.messages

    @property
    def search(self) -> SearchView:
        """Words to messages."""
        return self._here.views.search

    @property
    def alerts(self) -> AlertsView:
        """The queue of alerts."""
        return self._here.views.alerts

    def custody(self) -> CustodyState:
        """What has been decided, up to the head of the custody log."""
        return self._here.custody.state()

    def decide(self, decision: Decision, *, subject: str, expect: int | None = None) -> int:
        """Append one decision, durable on return, followed by the alerts feed; gives its index."""
        here = self._here
        (index,) = self._append(here, [Draft(decision=decision, subject=subject, expect=expect)])
        assert index is not None
        self._follow_alerts(here)
        return index

    def decide_all(self, drafts: Sequence[Draft]) -> list[int | None]:
        """Append several decisions, all or none."""
        here = self._here
        indices = self._append(here, drafts)
        self._follow_alerts(here)
        return indices

    def _append(self, here: _Opened, drafts: Sequence[Draft]) -> list[int | None]:
        try:
            return here.custody.append(drafts)
        except NotDurable:
            # A connection whose commit failed is not used again: the next call opens its own.
            self._local.opened = None
            raise

    def subject_version(self, subject: str) -> int:
        """How many decisions there have been about `subject`."""
        return self._here.tail.subject_version(subject)

    def custody_entries(
        self, *, start: int = 0, stop: int | None = None
    ) -> Iterator[tuple[int, int, Decision | None]]:
        """(index, recorded at, decision) of the custody log."""
        here = self._here
        end = here.tail.size(CUSTODY) if stop is None else stop
        for decided in here.custody.entries(start, end):
            yield decided.index, decided.at, decided.decision

    def status(self) -> RecordStatus:
        """Sizes, checkpoints and segments, and when the record was last verified."""
        here = self._here
        verified = here.custody.state().verified
        status = RecordStatus(
            logs=tuple(self._log_status(here, log) for log in LOGS),
            verified_at=verified[0] if verified else None,
            verified_faults=verified[1].faults if verified else None,
        )
        return add_vouched(self.settings, status)

    def recovery(self) -> RecoveryStatus:
        """The recovery kit: tried once when it was made, and again each year."""
        kit = self._here.custody.state().kit
        if kit is None:
            raise Misconfigured("this record knows of no recovery kit", setting="FAIRWITNESS_HOME")
        due_at = kit.at if kit.drilled_at is None else kit.drilled_at + _YEAR_MS
        return RecoveryStatus(
            officers=kit.made.officers, threshold=kit.made.threshold, made_at=kit.at,
            drilled_at=kit.drilled_at, due_at=due_at, is_due=due_at <= self.clock(),
        )  # fmt: skip

    def hub_secret(self) -> str:
        """What the hub signs sessions and links with: it follows from the view key and rests nowhere."""
        if self.keys.views is None:
            raise Misconfigured("no view key was handed over", setting="FAIRWITNESS_KEYS_FD")
        return hmac.digest(self.keys.views, b"fairwitness/hub-secret/v1", "sha256").hex()

    def behind(self) -> Mapping[str, int]:
        """How many entries each follower has still to take in."""
        here, waiting = self._here, {}
        for follower in here.followers:
            cursor = follower.cursor()
            reached = {MESSAGES: cursor.messages, CUSTODY: cursor.custody}
            waiting[follower.name] = sum(here.tail.size(log) - reached[log] for log in follower.logs)
        return waiting

    def refused(self) -> Sequence[RefusedCount]:
        """What was refused, by line, day and reason: counts only."""
        return self._here.tail.refused()

    def checkpoint(self, log: LogName) -> str:
        """The newest signed checkpoint of `log`, as published; '' before the first."""
        return (FolderStore(self.settings.record).read(f"{log}/checkpoint") or b"").decode()

    def verifier_keys(self) -> str:
        """The public keys of every log, one a line, as published."""
        return (FolderStore(self.settings.record).read("keys") or b"").decode()

    def verify(
        self, progress: Callable[[int, int], None] = lambda done, total: None, *, by: str = "system",
        trust: Trust | None = None,
    ) -> VerifyReport:  # fmt: skip
        """Check the whole record, as far as this process's keys reach; noted in the custody log.

        `trust` holds what was kept elsewhere; without it the configured witnesses are those that count.
        """
        report = verify_record(
            files=FolderStore(self.settings.record),
            origins=origins(self.settings),
            reader=self._reader(),
            progress=progress,
            trust=trust or trusted(self.settings),
        )
        # A record that is stopped takes nothing in, this included; it can be checked all the same.
        if open_halt(self.settings).why() is None:
            self.decide(outcome(report, by=by), subject=RECORD)
        return report

    def ask_verification(self, *, by: str) -> None:
        """Ask the keeper for a full check, or `Forbidden` while one is waited for."""
        ask(self._here.tail, self._here.custody, by=by)

    def verification(self) -> Verification:
        """Where the newest full check stands."""
        state = self._here.custody.state()
        asked, answered = state.asked, state.answered
        mark = read_verification_mark(self.settings)
        moving = mark if asked and mark and mark.asked == asked[0] else Mark(0, 0, 0)
        return Verification(
            asked_at=asked[1] if asked else None, asked_by=asked[2].by if asked else "",
            done=moving.done, total=moving.total,
            answer=answered[1] if answered else None, answered_at=answered[0] if answered else None,
        )  # fmt: skip

    def order_pack(self, asked: ProductionSelected) -> int:
        """Write down what is asked for, as of the newest checkpoints; gives the custody entry."""
        store = FolderStore(self.settings.record)
        refused, state = self.refused(), self.custody()
        ordered = ordered_now(asked, store, origins(self.settings), refused=refused, state=state)
        return self.decide(ordered, subject=subject_of_matter(asked.matter))

    def make_pack(self, selected: int, target: Path, *, by: str, progress: Progress = silently) -> Made:
        """Make the pack that custody entry `selected` orders, at `target`."""
        store, reader = FolderStore(self.settings.record), self._reader()
        if reader is None:
            raise Misconfigured("the keeper is locked", setting="passphrase", hint="Unlock it first.")
        (entry,) = self.custody_entries(start=selected, stop=selected + 1)
        return make_pack(
            order_of(*entry, files=store, origins=origins(self.settings)), OutgoingFile(target), files=store,
            entries=reader, telling=TellAsShown(), verifier=verifier_sources(), by=by, progress=progress,
            note=lambda decision, subject: self.decide(decision, subject=subject),
        )  # fmt: skip

    def _reader(self) -> "Reader | None":
        if self.keys.keeper is None:
            return None
        here = self._here
        return open_reader(self.settings, self.keys, here.tail, here.custody)

    def _log_status(self, here: _Opened, log: LogName) -> LogStatus:
        store, origin = FolderStore(self.settings.record), origins(self.settings)[log]
        published = read_published(store, log, origin)
        segments = here.tail.segments(log)
        return LogStatus(
            log=log,
            origin=origin,
            size=here.tail.size(log),
            checkpoint_size=published.checkpoint.size if published else 0,
            checkpoint_at=_modified(store.path(f"{log}/checkpoint")) if published else None,
            root=b64encode(published.checkpoint.root).decode() if published else "",
            sealed_size=segments[-1].last + 1 if segments else 0,
            segments=len(segments),
        )

    def _follow_alerts(self, here: _Opened) -> None:
        start, size = here.feed.cursor().custody, here.tail.size(CUSTODY)
        state = here.custody.state()
        while start < size:
            entries = here.custody.stored(start, min(start + _STEP, size))
            here.feed.handle(Batch(CUSTODY, entries, state))
            start += len(entries)


def _modified(path: str) -> int:
    return Path(path).stat().st_mtime_ns // 1_000_000


def open_house(
    settings: Settings, keys: Keys | None = None, *, clock: Clock = system_clock, new_id: NewId = random_id
) -> House:
    """The house of a deployment, with these keys or those that the process inherited."""
    return House(settings, keys or inherited_keys(), clock=clock, new_id=new_id)


def publish_policies(house: House, published: Sequence[PolicyFile], *, by: str) -> str:
    """Put exactly these policies in force and give their plan; faulty ones change nothing."""
    policies = load(published)
    if errors := run_tests(policies, compile_set(policies)):
        raise PolicyErrors(errors)
    decision = PoliciesPublished(plan=policies.plan, files=tuple(published), by=by)
    house.decide(decision, subject=subject_of("policies"))
    return policies.plan


class _Source:
    """The record as followers read it, over one thread's connections."""

    def __init__(self, reader: "Reader", custody: CustodyLog) -> None:
        self._reader = reader
        self._custody = custody

    def size(self, log: LogName) -> int:
        return self._reader.size(log)

    def read(self, log: LogName, start: int, stop: int) -> Sequence[Stored]:
        return self._reader.read(log, start, stop)

    def custody(self) -> CustodyState:
        return self._custody.state()


class Followers:
    """Every follower of a deployment over its record, for one thread."""

    def __init__(self, settings: Settings, keys: Keys, *, clock: Clock) -> None:
        assert keys.views is not None
        self._tail = open_tail(settings, keys.door)
        custody = open_custody(settings, keys.door, self._tail, clock=clock)
        self._source = _Source(open_reader(settings, keys, self._tail, custody), custody)
        self._followers = build_followers(open_views(settings.views, keys.views), alert_raiser(custody))
        self._problems: list[str] = []

    def catch_up(self) -> int:
        """Hand every follower what is new; gives how many entries that was."""
        self._problems = []
        return catch_up(self._source, self._followers, progress=self._note)

    def problems(self) -> Sequence[str]:
        """What kept followers from going on in the last `catch_up`."""
        return tuple(self._problems)

    def _note(self, status: FollowerStatus) -> None:
        if status.problem:
            self._problems.append(f"{status.name}: {status.problem}")

    def change_token(self) -> int:
        """Other whenever another connection has written to the tail."""
        return self._tail.change_token()

    def entries(self) -> int:
        """How many entries there are to take, counted once per follower and log."""
        return sum(self._tail.size(log) for follower in self._followers for log in follower.logs)


def open_followers(settings: Settings, keys: Keys, *, clock: Clock) -> Followers:
    """Every follower of the deployment, for the calling thread."""
    return Followers(settings, keys, clock=clock)


def drop_views(settings: Settings) -> None:
    """Delete every view, once nothing publishes or follows: takes the publishing lock."""
    hold_lock(settings.home / "publisher.lock")
    shutil.rmtree(settings.views, ignore_errors=True)
    settings.views.mkdir(mode=0o700)


def open_publisher(
    settings: Settings, keys: Keys, *, clock: Clock = system_clock, held: bool = False
) -> Publisher:
    """Checkpoints and segments. Takes the deployment's publishing lock, or raises `Misconfigured`.

    Finishes first what a disposal that was cut short has left to do. `held` says that this process
    has the lock already.
    """
    from fairwitness.compose.keeping import open_keeper_side

    publisher, _ = open_keeper_side(settings, keys, clock=clock, held=held)
    return publisher


def seal_everything(settings: Settings, keys: Keys, *, clock: Clock = system_clock) -> None:
    """Seal every entry, full segment or not, and let the publishing lock go for whoever comes next."""
    try:
        open_publisher(settings, keys, clock=clock).seal_all()
    finally:
        let_go(settings.home / "publisher.lock")


def open_verifier(settings: Settings, keys: Keys, *, clock: Clock) -> Verifier:
    """Answers requests to check the record, contents included, for the calling thread."""
    tail = open_tail(settings, keys.door)
    custody = open_custody(settings, keys.door, tail, clock=clock)
    reader = open_reader(settings, keys, tail, custody)
    return Verifier(
        tail=tail,
        custody=custody,
        check=lambda progress: verify_record(
            files=FolderStore(settings.record), origins=origins(settings), reader=reader, progress=progress,
            trust=trusted(settings),
        ),
        mark=lambda mark: write_verification_mark(settings, mark),
        clock=clock,
    )


def open_keeper(settings: Settings, keys: Keys, *, clock: Clock = system_clock) -> Keeper:
    """The process that follows, publishes and verifies.

    Nothing follows before the publishing lock is held and every disposal is finished: a follower
    that read a word a moment earlier would write it after the views have let go of it.
    """
    open_publisher(settings, keys, clock=clock)
    return Keeper(
        following=lambda: Followers(settings, keys, clock=clock),
        publisher=lambda: open_publisher(settings, keys, clock=clock, held=True),
        verifier=lambda: open_verifier(settings, keys, clock=clock),
        checkpoint_seconds=settings.checkpoint_seconds,
        beside=[lambda: open_witnessing(settings, clock=clock)] if settings.witnesses else [],
    )
