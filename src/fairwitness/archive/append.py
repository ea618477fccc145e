"""The door's order, after the signature: mandate, dedupe, encrypt, append.

`Intake.take` judges and appends many items in one transaction: what it returned for
survives a power cut. Nothing of a refused item is written but keyed digests and a count.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from os import urandom

import msgspec

from fairwitness.archive.keys import SALT, DoorKeys, Sealer, Secret, commit, keyed_digest
from fairwitness.archive.known import Known
from fairwitness.archive.ports import Digests, NewEntry, TailTransaction
from fairwitness.archive.sealing_keys import newest_sealing
from fairwitness.canonical import LARGEST
from fairwitness.clock import DAY_MS
from fairwitness.mandate.decide import Keep, Refuse, believable_sent, decide
from fairwitness.mandate.state import CustodyState
from fairwitness.model.custody import KeyCreated
from fairwitness.model.entry import MESSAGES, Header, header_bytes
from fairwitness.model.envelope import Envelope, Item, pack

_OF_THE_DELIVERY = frozenset({"field", "envelope"})
"""Slices that say how an item came, not what it is: two deliveries of one item may differ in them."""

_EDIT_DAYS = 2
"""How many days back the original of an edit or revocation is looked for (a revocation is
possible for two days, `whatsapp.md`: Meta, edit and revoke webhooks)."""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One POST or one part of an import, split into items. `checked` goes into each envelope.

    `requires` names lines that must all have a mandate before any item is kept: it is how a
    body that does not parse is judged, by every line that a byte scan found in it.
    """

    delivery: str
    received_at: int
    checked: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    requires: tuple[str, ...] | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What became of a delivery's items, as counts."""

    kept: int = 0
    duplicates: int = 0
    refused: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.kept + other.kept, self.duplicates + other.duplicates, self.refused + other.refused
        )


class _Asked(msgspec.Struct, frozen=True):
    """An item with its digests, and those under which the message that it changes may be known."""

    item: Item
    digests: Digests
    originals: tuple[tuple[int, bytes], ...]


@dataclass
class _Transaction:
    """One append in the making: what is known, and what is gathered before it is sealed together."""

    tail: TailTransaction
    state: CustodyState
    known: Known
    headers: list[NewEntry] = field(default_factory=list)
    secrets: list[Secret] = field(default_factory=list)


class Intake:
    """Takes items into the message log, by the mandates of the custody state it is handed."""

    def __init__(self, keys: DoorKeys, *, origin: str, custody_origin: str) -> None:
        self._keys = keys
        self._sealer = Sealer(keys)
        self._origin = origin
        self._custody_origin = custody_origin
        self._announced: tuple[KeyCreated, ...] = ()
        self._streams: dict[tuple[str, str], str] = {}

    def take(
        self, tail: TailTransaction, state: CustodyState, deliveries: Sequence[Delivery]
    ) -> list[Outcome]:
        """Judge and append the items of `deliveries`; `state` MUST be at the custody log's head."""
        asked = [[self._ask(item, one.received_at) for item in one.items] for one in deliveries]
        into = _Transaction(tail, state, Known(tail, _wanted(asked)))
        outcomes = [
            self._take_one(delivery, items, into) for delivery, items in zip(deliveries, asked, strict=True)
        ]
        into.known.write(tail)
        if into.headers:
            first = tail.size(MESSAGES)
            self._choose_key(state)
            sealed = self._sealer.seal_messages(into.secrets, origin=self._origin, first=first)
            tail.append(MESSAGES, into.headers, sealed)
        return outcomes

    def knows(self, tail: TailTransaction, *, line: str, contact: str) -> bool:
        """True when something of this conversation of the line with this id was kept before."""
        return tail.stream(self._lookup(line, contact)) is not None

    def has(self, tail: TailTransaction, item: Item, *, received_at: int) -> bool:
        """True when an item of this identity was kept before."""
        digests = self._ask(item, received_at).digests
        return any(row.kept for row in tail.seen([(digests.day, digests.identity)]))

    def forget_streams(self) -> None:
        """Drop what was remembered of a transaction that did not commit."""
        self._streams.clear()

    def _choose_key(self, state: CustodyState) -> None:
        """Seal to the newest sealing key that has been announced."""
        if state.sealing is not self._announced:
            self._announced = state.sealing
            _, public = newest_sealing(
                state.sealing, first=self._keys.sealing_public, origin=self._custody_origin,
                custody_public=self._keys.custody_public,
            )  # fmt: skip
            self._sealer.seal_to(public)

    def _take_one(self, delivery: Delivery, items: Sequence[_Asked], into: _Transaction) -> Outcome:
        kept = duplicates = refused = 0
        for asked in items:
            match self._take_item(delivery, asked, into):
                case "kept":
                    kept += 1
                case "duplicate":
                    duplicates += 1
                case _:
                    refused += 1
        return Outcome(kept, duplicates, refused)

    def _take_item(self, delivery: Delivery, asked: _Asked, into: _Transaction) -> str:
        digests, received_day = asked.digests, delivery.received_at // DAY_MS
        known = into.known.of((digests.day, digests.identity))
        same = [was_kept for digest, was_kept in known if digest == digests.digest]
        if any(same):
            return "duplicate"
        verdict = _judge(into.state, delivery, asked.item)
        if isinstance(verdict, Keep) and into.known.only_refused(asked.originals):
            verdict = Refuse(verdict.line, "edit_of_refused")
        if isinstance(verdict, Refuse):
            # It is refused each time it comes, and counted once.
            if same:
                return "refused"
            into.known.refuse(digests, received_day, line=verdict.line, reason=verdict.reason)
            return "refused"
        conflict = any(was_kept for _, was_kept in known)
        into.known.keep(digests, received_day)
        self._keep(delivery, asked, line=verdict.line, conflict=conflict, into=into)
        return "kept"

    def _keep(
        self, delivery: Delivery, asked: _Asked, *, line: str, conflict: bool, into: _Transaction
    ) -> None:
        item = asked.item
        payload = pack(
            Envelope(
                source=item.source,
                delivery=delivery.delivery,
                line=line,
                sent_at=_storable(item.sent_at),
                checked=(*delivery.checked, ("conflict", "1")) if conflict else delivery.checked,
                slices=item.slices,
            )
        )
        salt = urandom(SALT)
        header = Header(
            kind=item.kind,
            received_at=delivery.received_at,
            custody_size=into.state.size,
            stream=self._stream(into.tail, line, item.contact),
            payload_size=len(payload),
            commitment=commit(salt, payload),
        )
        into.headers.append(NewEntry(header_bytes(header), asked.digests))
        into.secrets.append(Secret(salt, payload))

    def _ask(self, item: Item, received_at: int) -> _Asked:
        if item.kind == "export":  # the same line of a chat, on whatever day it is imported
            sent_at = item.sent_at or 0
        else:
            sent_at = believable_sent(item.sent_at, received_at=received_at)
        day = sent_at // DAY_MS
        compared = [part.data for part in item.slices if part.name not in _OF_THE_DELIVERY]
        digest = keyed_digest(self._keys.dedupe, *compared)
        originals: tuple[tuple[int, bytes], ...] = ()
        if item.refers_to is not None:
            changed = self._identity(item.refers_to)
            originals = tuple((day - back, changed) for back in range(_EDIT_DAYS + 1))
        return _Asked(item, Digests(day, self._identity(item.identity), digest), originals)

    def _identity(self, identity: tuple[str, ...]) -> bytes:
        return keyed_digest(self._keys.dedupe, *map(_bytes, identity))

    def _lookup(self, line: str, contact: str) -> bytes:
        return keyed_digest(self._keys.dedupe, _bytes(line), _bytes(contact))

    def _stream(self, tail: TailTransaction, line: str, contact: str) -> str:
        if (stream := self._streams.get((line, contact))) is not None:
            return stream
        lookup = self._lookup(line, contact)
        found = tail.stream(lookup)
        if found is None:
            found = urandom(16)
            tail.add_stream(lookup, found)
        if len(self._streams) >= 100_000:
            self._streams.clear()
        self._streams[line, contact] = found.hex()
        return found.hex()


def _wanted(asked: Sequence[Sequence[_Asked]]) -> set[tuple[int, bytes]]:
    """Everything that must be known of before the items can be judged."""
    return {
        key
        for items in asked
        for one in items
        for key in ((one.digests.day, one.digests.identity), *one.originals)
    }


def _judge(state: CustodyState, delivery: Delivery, item: Item) -> Keep | Refuse:
    if delivery.requires is None:
        return decide(state, alias=item.line, received_at=delivery.received_at, sent_at=item.sent_at)
    verdicts = [
        decide(state, alias=alias, received_at=delivery.received_at, sent_at=None)
        for alias in delivery.requires
    ]
    if verdicts and all(isinstance(verdict, Keep) for verdict in verdicts):
        return verdicts[0]
    return Refuse("", "unparsed")


def _bytes(text: str) -> bytes:
    # WhatsApp's JSON may escape half a surrogate pair into an id; it is told apart like any other.
    return text.encode("utf-8", "surrogatepass")


def _storable(sent_at: int | None) -> int | None:
    """A time that the canonical form can hold; the slices keep what was really said."""
    return sent_at if sent_at is not None and abs(sent_at) <= LARGEST else None
