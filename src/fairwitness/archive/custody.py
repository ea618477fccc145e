"""The custody log: append decisions, and know what has been decided so far.

`CustodyLog` keeps a `CustodyState` in memory and brings it up to the head of the log
before every use; a decision about a subject may be made conditional on nobody else
having decided about it meanwhile.
"""

import hashlib
from collections.abc import Iterator, Sequence
from os import urandom

import msgspec

from fairwitness.archive.keys import SALT, DoorKeys, Sealer, Secret, commit
from fairwitness.archive.ports import NewEntry, Tail, TailReader, TailTransaction
from fairwitness.clock import Clock
from fairwitness.errors import Forbidden, HashMismatch, Malformed
from fairwitness.mandate.state import CustodyState
from fairwitness.model import custody as c
from fairwitness.model.entry import CUSTODY, Header, Stored, header_bytes, read_header
from fairwitness.model.envelope import Envelope, Slice, pack, unpack

_NO_DELIVERY = "0" * 32


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A decision to be appended. `expect` is the subject's version the decider has seen.

    With `once`, a draft whose subject was decided about before is left out silently.
    """

    decision: c.Decision
    subject: str
    expect: int | None = None
    once: bool = False
    ref: str = ""


class Decided(msgspec.Struct, frozen=True):
    """A custody entry, opened: its index, when it was recorded (ms) and the decision, if known."""

    index: int
    at: int
    decision: c.Decision | None


class CustodyLog:
    """One process's view of the custody log, over its own connection to the tail."""

    def __init__(self, tail: Tail, keys: DoorKeys, *, origin: str, clock: Clock) -> None:
        self._tail = tail
        self._sealer = Sealer(keys)
        self._origin = origin
        self._clock = clock
        self._state = CustodyState()

    def state(self) -> CustodyState:
        """What has been decided, up to the head of the log."""
        size = self._tail.size(CUSTODY)
        if size > self._state.size:
            self._follow(self.entries(self._state.size, size))
        return self._state

    def state_in(self, transaction: TailTransaction) -> CustodyState:
        """The same inside a transaction: nobody can decide anything before it ends."""
        size = transaction.size(CUSTODY)
        if size > self._state.size:
            self._follow(self._open(transaction, self._state.size, size))
        return self._state

    def append(self, drafts: Sequence[Draft]) -> list[int | None]:
        """Append decisions in one transaction; gives their indices, None for those left out.

        Raises `Forbidden`, and appends nothing, when an expectation does not hold.
        """
        with self._tail.transaction() as transaction:
            return self.append_in(transaction, drafts)

    def append_in(self, transaction: TailTransaction, drafts: Sequence[Draft]) -> list[int | None]:
        """`append` as part of a larger transaction."""
        first = transaction.size(CUSTODY)
        at = self._clock()
        entries: list[NewEntry] = []
        secrets: list[Secret] = []
        indices: list[int | None] = []
        for draft in drafts:
            version = transaction.subject_version(draft.subject)
            if draft.once and version:
                indices.append(None)
                continue
            if draft.expect is not None and version != draft.expect:
                raise Forbidden(
                    "somebody else decided about this first", subject=draft.subject, version=version
                )
            index = first + len(entries)
            salt, payload = urandom(SALT), _payload(draft.decision)
            entries.append(NewEntry(_header(draft, index=index, at=at, salt=salt, payload=payload)))
            secrets.append(Secret(salt, payload))
            transaction.touch_subject(draft.subject)
            indices.append(index)
        if entries:
            sealed = self._sealer.seal_custody(secrets, origin=self._origin, first=first)
            transaction.append(CUSTODY, entries, sealed)
        return indices

    def entries(self, start: int, stop: int) -> Iterator[Decided]:
        """The decisions of `[start, stop)`, each checked against its header's commitment."""
        return self._open(self._tail, start, stop)

    def stored(self, start: int, stop: int) -> list[Stored]:
        """The same entries as followers read them."""
        return [
            Stored(log=CUSTODY, index=index, header=read_header(raw), payload=secret.payload)
            for index, secret, raw in self._paired(self._tail, start, stop)
        ]

    def secrets(self, start: int, stop: int) -> Iterator[tuple[int, Secret]]:
        """(index, salt and payload) of `[start, stop)`, unchecked: for sealing and verifying."""
        return self._secrets(self._tail, start, stop)

    def _secrets(self, tail: TailReader, start: int, stop: int) -> Iterator[tuple[int, Secret]]:
        for batch in tail.batches(CUSTODY, start, stop):
            opened = self._sealer.open_custody(batch.sealed, origin=self._origin, first=batch.first)
            for place, secret in enumerate(opened):
                if start <= batch.first + place < stop:
                    yield batch.first + place, secret

    def _paired(self, tail: TailReader, start: int, stop: int) -> Iterator[tuple[int, Secret, bytes]]:
        headers, secrets = tail.headers(CUSTODY, start, stop), list(self._secrets(tail, start, stop))
        if len(headers) != len(secrets):
            raise HashMismatch("the tail lacks custody entries, or their payloads", first=start)
        for (index, secret), raw in zip(secrets, headers, strict=True):
            yield index, secret, raw

    def _open(self, tail: TailReader, start: int, stop: int) -> Iterator[Decided]:
        for index, secret, raw in self._paired(tail, start, stop):
            header = read_header(raw)
            if commit(secret.salt, secret.payload) != header.commitment:
                raise HashMismatch("a custody entry is not what its header commits to", index=index)
            yield Decided(index, header.received_at, read_decision(secret.payload))

    def _follow(self, decided: Iterator[Decided]) -> None:
        state = self._state
        for entry in decided:
            state = state.apply(entry.index, entry.at, entry.decision)
        self._state = state


def read_decision(payload: bytes) -> c.Decision | None:
    """The decision in a custody payload; None when its kind is not known here."""
    body = unpack(payload).slice("body")
    if body is None:
        raise Malformed("a custody payload without a body")
    return c.read(body)


def subject_of(name: str) -> str:
    """The subject (32 hex digits) of something that is named by text, such as an account."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _payload(decision: c.Decision) -> bytes:
    return pack(
        Envelope(
            source="fairwitness",
            delivery=_NO_DELIVERY,
            line="",
            sent_at=None,
            checked=(),
            slices=(Slice("body", "", c.write(decision)),),
        )
    )


def _header(draft: Draft, *, index: int, at: int, salt: bytes, payload: bytes) -> bytes:
    return header_bytes(
        Header(
            kind=c.kind_of(draft.decision),
            received_at=at,
            custody_size=index,
            stream=draft.subject,
            payload_size=len(payload),
            commitment=commit(salt, payload),
            ref=draft.ref or msgspec.UNSET,
        )
    )
