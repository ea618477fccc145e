"""What people decided and the system did: the payloads of the custody log.

One struct per kind; the tag is the entry's `kind`. `docs/spec/custody.md` gives the
meaning of each. Unknown kinds are legal and ignored by those who do not know them.
All times are ms; ids are 32 hex digits; `by` names the account that acted.
"""

from typing import Literal, TypeAlias

import msgspec

Basis = Literal[
    "legal_obligation", "legitimate_interest", "consent", "contract", "dpdp_7i", "acknowledged_notice",
]  # fmt: skip
Role = Literal["reviewer", "administrator"]
DisposalBasis = Literal["schedule", "captured_in_error", "early"]
AlertState = Literal["open", "claimed", "closed", "escalated"]


class _Custody(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    by: str = "system"


class PersonEnrolled(_Custody, tag="person.enrolled", frozen=True):
    person: str
    name: str
    department: str = ""
    region: str = ""
    language: str = "en"
    email: str = ""


class LineAdded(_Custody, tag="line.added", frozen=True):
    """A line and its aliases, such as `pnid:1065…`, `phone:+5511…`, `waha:default`."""

    line: str
    name: str
    aliases: tuple[str, ...]
    zone: str = "UTC"


class LineAssigned(_Custody, tag="line.assigned", frozen=True):
    person: str
    line: str
    from_at: int
    to_at: int | None = None


class MandateGranted(_Custody, tag="mandate.granted", frozen=True):
    """Leave to capture a person's line: basis, the notice given, and the times it covers.

    `from_at`…`to_at` bound when an item may be received; `past_from` (default `from_at`)
    is how far back an item may have been sent.
    """

    mandate: str
    person: str
    line: str
    basis: Basis
    jurisdiction: str
    notice_version: str
    language: str
    acknowledged_at: int
    from_at: int
    to_at: int | None = None
    past_from: int | None = None


class MandateWithdrawn(_Custody, tag="mandate.withdrawn", frozen=True):
    mandate: str
    person: str
    line: str
    reason: str = ""


class RoleGranted(_Custody, tag="role.granted", frozen=True):
    account: str
    role: Role


class RoleRevoked(_Custody, tag="role.revoked", frozen=True):
    account: str
    role: Role


class PolicyFile(msgspec.Struct, frozen=True):
    """One policy document, whole."""

    path: str
    text: str


class PoliciesPublished(_Custody, tag="policies.published", frozen=True):
    """The whole set of policies in force from this entry on. `plan` is the set's hash."""

    plan: str
    files: tuple[PolicyFile, ...]


class AlertRaised(_Custody, tag="alert.raised", frozen=True):
    """`alert` is the hash of (log, index, policy, plan): raising it twice is the same alert."""

    alert: str
    log: str
    index: int
    policy: str
    plan: str
    severity: str


class AlertClaimed(_Custody, tag="alert.claimed", frozen=True):
    alert: str


class AlertClosed(_Custody, tag="alert.closed", frozen=True):
    """A reviewer's decision: who, which entries were read, what was decided and done."""

    alert: str
    reviewed: tuple[int, ...]
    decision: Literal["violation", "no_violation", "false_positive"]
    action: str
    reason: str = ""


class AlertReopened(_Custody, tag="alert.reopened", frozen=True):
    alert: str
    reason: str = ""


class ContentShown(_Custody, tag="content.shown", frozen=True):
    """Content left for a screen: which entries, on which route, why. Written before it leaves."""

    route: str
    reason: str
    entries: tuple[int, ...]
    alert: str = ""


class SearchRun(_Custody, tag="search.run", frozen=True):
    query: str
    results: int


class SignedIn(_Custody, tag="account.signed_in", frozen=True):
    address: str = ""


class SegmentSealed(_Custody, tag="segment.sealed", frozen=True):
    """A segment is durable and read back. The header's `ref` is the manifest's hash."""

    log: str
    first: int
    last: int
    manifest: str


class RefusedCounted(_Custody, tag="refused.counted", frozen=True):
    """How many items of a line were refused on a day (ISO date, UTC). Counts only."""

    line: str
    day: str
    count: int


class ImportFinished(_Custody, tag="import.finished", frozen=True):
    line: str
    source: str
    digest: str
    kept: int
    duplicates: int
    refused: int


class VerificationAsked(_Custody, tag="verification.asked", frozen=True):
    """Somebody wants the whole record checked, contents too. The keeper answers with `record.verified`."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """Something a verifier found: what, in which file, which entries it touches (inclusive)."""

    what: str
    file: str
    log: str = ""
    first: int | None = None
    last: int | None = None


class RecordVerified(_Custody, tag="record.verified", frozen=True):
    """The record was checked: sizes, contents opened, and how many faults were found.

    `asked` is the custody entry that asked for it, `named` are the first of the faults. With
    `trouble`, which says why, the check could not be finished and the rest says nothing.
    """

    messages: int
    custody: int
    faults: int
    payloads: int = 0
    unreadable: int = 0
    asked: int | None = None
    named: tuple[Fault, ...] = ()
    trouble: str = ""


class HoldPlaced(_Custody, tag="hold.placed", frozen=True):
    """Nothing that a hold covers may be disposed of, whatever a schedule says.

    It covers an entry that fits everything that is named: the lines of `person`, the conversation
    `stream`, the address `contact`, the words of `query`, sent from `from_at` up to `to_at`.
    """

    hold: str
    matter: str
    reason: str = ""
    person: str = ""
    stream: str = ""
    contact: str = ""
    query: str = ""
    from_at: int | None = None
    to_at: int | None = None


class HoldReleased(_Custody, tag="hold.released", frozen=True):
    hold: str
    reason: str


class HoldAcknowledged(_Custody, tag="hold.acknowledged", frozen=True):
    """A custodian was told of a hold and has said so."""

    hold: str
    person: str


class SchedulePublished(_Custody, tag="schedule.published", frozen=True):
    """A retention schedule, whole. `schedule` is the SHA-256 of `text`."""

    schedule: str
    text: str


class DisposalProposed(_Custody, tag="disposal.proposed", frozen=True):
    """Somebody asks that these entries of the message log, ranges inclusive, be disposed of.

    `today` is the date that the proposer says it is (ISO), or empty.
    """

    disposal: str
    basis: DisposalBasis
    entries: tuple[tuple[int, int], ...]
    reason: str = ""
    today: str = ""


class DisposalApproved(_Custody, tag="disposal.approved", frozen=True):
    """Somebody else agrees. `today` as in the proposal."""

    disposal: str
    reason: str = ""
    today: str = ""


class DisposalRun(_Custody, tag="disposal.run", frozen=True):
    """A disposal is done: keys are destroyed, and every view has let go of the words.

    `entries` are the ranges that are gone, `left_out` counts what had come under a hold meanwhile.
    `keys` data keys were destroyed; `survivors` entries live on under keys of their own.
    """

    disposal: str
    entries: tuple[tuple[int, int], ...]
    left_out: int
    keys: int
    survivors: int
    generation: int
    views: tuple[str, ...]


class KeyCreated(_Custody, tag="key.created", frozen=True):
    """A new generation of a key.

    A sealing key names its public half (hex) and carries a signature of the custody log's own key.
    """

    purpose: Literal["kek", "sealing"]
    generation: int
    public: str = ""
    signature: str = ""


class KeyDestroyed(_Custody, tag="key.destroyed", frozen=True):
    """A generation of a key is gone, and with it whatever was only under it."""

    purpose: Literal["kek", "sealing"]
    generation: int


class RecoveryKitMade(_Custody, tag="recovery.kit_made", frozen=True):
    """The keyring's master key was split among officers, of whom `threshold` can restore it."""

    kit: str
    officers: tuple[str, ...]
    threshold: int


class RecoveryDrilled(_Custody, tag="recovery.drilled", frozen=True):
    """So many shares of a kit were put together, and opened the keyring."""

    kit: str
    shares: int


class SignedCheckpoint(msgspec.Struct, frozen=True):
    """A log's checkpoint, the signed note whole."""

    log: str
    note: str


class RefusedOnDay(msgspec.Struct, frozen=True):
    """How many items of a line the door had refused on a day (ISO date, UTC), and why."""

    line: str
    day: str
    reason: str
    count: int


class ProductionSelected(_Custody, tag="production.selected", frozen=True):
    """A pack was ordered: for which matter, of what, as of which checkpoints. Written before it is read."""

    matter: str
    persons: tuple[str, ...]
    lines: tuple[str, ...]
    conversations: tuple[str, ...]
    from_at: int | None
    to_at: int | None
    alerts: bool
    language: Literal["en", "pt"]
    reason: str
    checkpoints: tuple[SignedCheckpoint, ...]
    refused: tuple[RefusedOnDay, ...]


class ProductionMade(_Custody, tag="production.made", frozen=True):
    """The pack that custody entry `selected` ordered. Written before the pack gets its name."""

    matter: str
    selected: int
    messages: int
    custody: int
    size: int
    sha256: str


Decision: TypeAlias = (
    PersonEnrolled | LineAdded | LineAssigned | MandateGranted | MandateWithdrawn
    | RoleGranted | RoleRevoked | PoliciesPublished
    | AlertRaised | AlertClaimed | AlertClosed | AlertReopened
    | ContentShown | SearchRun | SignedIn | SegmentSealed | RefusedCounted
    | ImportFinished | VerificationAsked | RecordVerified
    | HoldPlaced | HoldReleased | HoldAcknowledged | SchedulePublished
    | DisposalProposed | DisposalApproved | DisposalRun | KeyCreated | KeyDestroyed
    | RecoveryKitMade | RecoveryDrilled
    | ProductionSelected | ProductionMade
)  # fmt: skip

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[Decision] = msgspec.json.Decoder(Decision)
_by_tag = {kind.__struct_config__.tag: kind for kind in Decision.__args__}


def kind_of(decision: Decision) -> str:
    """The entry kind of `decision`, such as `mandate.granted`."""
    return str(type(decision).__struct_config__.tag)


def write(decision: Decision) -> bytes:
    """The JSON of `decision`, keys sorted."""
    return _encoder.encode(decision)


def read(data: bytes) -> Decision | None:
    """Read a decision; None when its kind is one this version does not know."""
    tag = msgspec.json.decode(data, type=_Tag).kind
    return _decoder.decode(data) if tag in _by_tag else None


class _Tag(msgspec.Struct):
    kind: str
