"""Happenings to deliveries: the bodies that Meta would post, batched, late, and now and then twice."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from fairwitness.cli.demo.cast import Contact
from fairwitness.cli.demo.happenings import Happening, Json

SECOND = 1000
MINUTE = 60 * SECOND
_LATE = 0.015
_AGAIN = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One POST: its exact bytes, what it tells, and when it was due, in ms."""

    body: bytes
    holds: tuple[Happening, ...]
    at: int


def deliveries_of(rng: random.Random, happened: Sequence[Happening]) -> tuple[Delivery, ...]:
    """Every delivery of the pilot in the order of arrival, redeliveries included."""
    arrived = sorted(
        ((_arrival(rng, one), number, one) for number, one in enumerate(happened)), key=lambda row: row[:2]
    )
    first = [_deliver(rng, batch, at) for at, batch in _batches(rng, [(at, one) for at, _, one in arrived])]
    return tuple(_with_redeliveries(rng, first))


def _arrival(rng: random.Random, one: Happening) -> int:
    at = one.at + rng.randint(400, 2500)
    return at + rng.randint(30, 600) * SECOND if rng.random() < _LATE else at


def _batches(
    rng: random.Random, arrived: Sequence[tuple[int, Happening]]
) -> Iterator[tuple[int, list[Happening]]]:
    """Items that wait for one another leave together, whoever they belong to."""
    place = 0
    while place < len(arrived):
        opened = arrived[place][0]
        window = rng.choices((1 * SECOND, 30 * SECOND, 4 * MINUTE), (70, 22, 8))[0]
        end = place + 1
        while end < len(arrived) and arrived[end][0] <= opened + window and end - place < 20:
            end += 1
        batch = [one for _, one in arrived[place:end]]
        if rng.random() < 0.2:
            rng.shuffle(batch)
        yield arrived[end - 1][0], batch
        place = end


def _with_redeliveries(rng: random.Random, first: Sequence[Delivery]) -> Iterator[Delivery]:
    """Meta sends again what it believes was not taken: soon after, or some deliveries later."""
    again: dict[int, list[Delivery]] = {}
    for number, delivery in enumerate(first):
        yield delivery
        yield from again.pop(number, ())
        if rng.random() < _AGAIN:
            again.setdefault(min(number + rng.randint(1, 60), len(first) - 1), []).append(delivery)
    for left in again.values():
        yield from left


def _deliver(rng: random.Random, batch: Sequence[Happening], at: int) -> Delivery:
    entries: dict[str, list[Json]] = {}
    holds: list[Happening] = []
    for _, run in groupby(batch, key=lambda one: (one.rep.line, one.webhook_field)):
        of_one_line = list(run)
        holds += of_one_line
        entries.setdefault(of_one_line[0].rep.account, []).append(_change(of_one_line))
    body = {
        "object": "whatsapp_business_account",
        "entry": [{"id": account, "changes": changes} for account, changes in entries.items()],
    }
    # The order of arrival is the order in the body: entries first, then their changes.
    order = {account: place for place, account in enumerate(entries)}
    holds.sort(key=lambda one: order[one.rep.account])
    return Delivery(body=write(body, escaped=rng.random() < 0.7), holds=tuple(holds), at=at)


def write(body: Mapping[str, object], *, escaped: bool) -> bytes:
    """The JSON as Meta writes it (`\\u00e4`, `\\/`), or as plain UTF-8, as some relays do."""
    if not escaped:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()


def _change(run: Sequence[Happening]) -> Json:
    rep = run[0].rep
    metadata = {"display_phone_number": rep.phone, "phone_number_id": rep.phone_number_id}
    value: Json = {"messaging_product": "whatsapp", "metadata": metadata}
    known = _contacts(run)
    if known:
        value["contacts"] = known
    for one in run:
        value.setdefault(one.member, []).append(one.value)
    return {"value": value, "field": run[0].webhook_field}


def _contacts(run: Sequence[Happening]) -> list[Json]:
    """The contact record of each person the items name, once; failed receipts come without."""
    named = {
        one.contact.user_id: _record(one.contact, outward=one.outward)
        for one in run
        if one.contact is not None and one.value.get("status") != "failed"
    }
    return list(named.values())


def _record(contact: Contact, *, outward: bool) -> Json:
    profile = {"name": contact.name} if not outward or not contact.username else {}
    if contact.username:
        profile["username"] = contact.username
    number = {"wa_id": contact.number} if contact.number else {}
    return {"profile": profile, **number, "user_id": contact.user_id}
