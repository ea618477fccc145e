"""The pilot this field is measured by: 13 reps, 2,400 messages, 14 days, one who has not
agreed and one who withdraws on day 9.

The same seed and the same day give the same bytes. Nothing here reads a clock, a file of
the deployment or the network.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fairwitness.cli.demo.bodies import Delivery, deliveries_of
from fairwitness.cli.demo.cast import Contact, Rep, cast_of
from fairwitness.cli.demo.conversations import HOUR, MINUTE, SECOND, Conversation
from fairwitness.cli.demo.count import Expected, count
from fairwitness.cli.demo.happenings import Happening, Json, addressed, message_id
from fairwitness.cli.demo.script import Script, scripts
from fairwitness.clock import DAY_MS

MESSAGES = 2_400
DAYS = 14
WITHDRAWAL_DAY = 9
_BRAZIL = -3 * HOUR
"""Brasília time. Brazil has had no summer time since 2019."""
_HOURS: Mapping[int, int] = {
    7: 3, 8: 9, 9: 13, 10: 14, 11: 11, 12: 3, 13: 6, 14: 12, 15: 13, 16: 12, 17: 9, 18: 4, 19: 2, 20: 1,
}  # fmt: skip
_WEEKDAYS = (1.0, 1.05, 1.1, 1.0, 0.85, 0.16, 0.06)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Everything that the demo posts, and what must come of it.

    The withdrawal is recorded after `withdrawn_before` deliveries. Times are in ms;
    `acknowledged_at` is when those who agreed did, before the first message.
    """

    seed: int
    reps: tuple[Rep, ...]
    start: int
    end: int
    acknowledged_at: int
    withdrawn_at: int
    withdrawn_before: int
    deliveries: tuple[Delivery, ...]
    happened: tuple[Happening, ...]
    expected: Expected

    def rep(self, standing: str) -> Rep:
        """The first rep of this standing."""
        return next(rep for rep in self.reps if rep.standing == standing)

    @property
    def planted(self) -> tuple[Happening, ...]:
        """Kept messages that were written for the policies: to be caught, or to be let pass."""
        return tuple(one for one in self.expected.first_kept if one.family)


def make_pilot(*, seed: int, now: int, canaries: Mapping[int, str] | None = None) -> Pilot:
    """The pilot of `seed` whose fourteen days end yesterday. `canaries` maps a rep's number to
    text that is added to that rep's first and last message."""
    rng = random.Random(seed)  # noqa: S311 - a story to be told again, not a secret
    midnight = (now + _BRAZIL) // DAY_MS * DAY_MS - _BRAZIL
    start = midnight - DAYS * DAY_MS
    reps = cast_of(rng)
    happened = _with_canaries(_all(rng, reps, start=start, end=midnight), canaries or {})
    deliveries = deliveries_of(rng, happened)
    withdrawn_at = start + (WITHDRAWAL_DAY - 1) * DAY_MS + 11 * HOUR + 20 * MINUTE
    before = sum(delivery.at < withdrawn_at for delivery in deliveries)
    return Pilot(
        seed=seed, reps=reps, start=start, end=midnight, acknowledged_at=start - 3 * DAY_MS + 15 * HOUR,
        withdrawn_at=withdrawn_at, withdrawn_before=before, deliveries=deliveries, happened=tuple(happened),
        expected=count(deliveries, withdrawn_before=before),
    )  # fmt: skip


def _all(rng: random.Random, reps: Sequence[Rep], *, start: int, end: int) -> list[Happening]:
    diary = _Diary(rng, reps, start=start)
    left, happened = MESSAGES, list(_oddities(rng, reps, diary))
    for script, agreed_only in _programme(rng):
        rep, contact = diary.who(script, agreed_only=agreed_only)
        when = diary.when(contact, morning=script.morning)
        played = Conversation(rng, rep, contact, start=when, limit=left).play(script)
        happened += played.happened
        left -= played.messages
        if not left:
            break
    happened += [receipt for one in happened for receipt in _receipts(rng, one, end=end)]
    return sorted(happened, key=lambda one: one.at)


def _programme(rng: random.Random) -> Iterator[tuple[Script, bool]]:
    """Scripts without end: every marked one, half of them again, then the usual by weight, evenly shuffled.

    The second value is whether only people whose messages are kept may have it.
    """
    everything = scripts()
    marked = [script for script in everything if script.marked]
    yield from ((script, True) for script in marked)
    yield from ((script, False) for script in rng.sample(marked, len(marked) // 2))
    usual = [script for script in everything if not script.marked]
    bag = [script for script in usual for _ in range(script.weight)]
    while True:
        rng.shuffle(bag)
        yield from ((script, False) for script in bag)


class _Diary:
    """Who talks with whom, and when."""

    def __init__(self, rng: random.Random, reps: Sequence[Rep], *, start: int) -> None:
        self._rng = rng
        self._reps = reps
        self._start = start
        self._busy = [rng.uniform(0.7, 1.4) for _ in reps]
        self._days = [_WEEKDAYS[(start // DAY_MS + 3 + day) % 7] for day in range(DAYS)]
        self._taken: set[tuple[str, int]] = set()
        self._had: set[tuple[str, str]] = set()

    def who(self, script: Script, *, agreed_only: bool) -> tuple[Rep, Contact]:
        """A rep with somebody of the script's audience who has not had this conversation before."""
        pairs = [
            (rep, contact)
            for rep in self._reps
            for contact in rep.contacts
            if contact.audience == script.audience and (not agreed_only or rep.standing == "agreed")
        ]
        fresh = [pair for pair in pairs if (pair[1].user_id, script.name) not in self._had] or pairs
        rep, contact = self._rng.choices(fresh, [self._busy[rep.number] for rep, _ in fresh])[0]
        self._had.add((contact.user_id, script.name))
        return rep, contact

    def when(self, contact: Contact, *, morning: bool) -> int:
        """A moment in office hours, not on the same half-day with the same person if that can be."""
        for _ in range(20):
            day = self._rng.choices(range(DAYS), self._days)[0]
            hour = self._rng.choices(tuple(_HOURS), tuple(_HOURS.values()))[0]
            if morning:
                hour = self._rng.randint(7, 10)
            half = (contact.user_id, day * 2 + (hour >= 13))
            if half not in self._taken:
                break
        self._taken.add(half)
        within = self._rng.randrange(HOUR)
        return self._start + day * DAY_MS + hour * HOUR + within


def _receipts(rng: random.Random, one: Happening, *, end: int) -> Iterator[Happening]:
    """Sent, delivered and read (heard) of a message that the rep wrote; a few fail."""
    if one.what != "message" or not one.outward or one.contact is None:
        return
    if rng.random() < 0.006:
        error = {"code": 131026, "title": "Message undeliverable", "message": "Message undeliverable"}
        yield _receipt(one, "failed", one.at + 2 * SECOND, {"errors": [error]})
        return
    yield _receipt(one, "sent", one.at + rng.randint(0, 2) * SECOND)
    arrived = one.at + rng.randint(1, 20) * SECOND
    if rng.random() < 0.985:
        yield _receipt(one, "delivered", arrived)
    read = arrived + int(rng.expovariate(1 / (6 * MINUTE)))
    if rng.random() < 0.88:
        yield _receipt(one, "read", min(read, end - SECOND))
        if one.value["type"] == "audio" and rng.random() < 0.7:
            yield _receipt(one, "played", min(read + 20 * SECOND, end - SECOND))


def _receipt(one: Happening, status: str, at: int, more: Json | None = None) -> Happening:
    assert one.contact is not None
    to = {"recipient_id": one.contact.number} if one.contact.number else {}
    value = {"id": one.id, "status": status, "timestamp": str(at // SECOND), **to}
    value = {**value, "recipient_user_id": one.contact.user_id, **(more or {})}
    return Happening(rep=one.rep, contact=one.contact, what="receipt", at=at, value=value, member="statuses")


def _oddities(rng: random.Random, reps: Sequence[Rep], diary: _Diary) -> Iterator[Happening]:
    """What no version understands yet: polls, unknown types, a field that nobody announced."""
    agreed = [rep for rep in reps if rep.standing == "agreed"]
    for number in range(9):
        rep = agreed[number % len(agreed)]
        contact = rng.choice(rep.contacts)
        at = diary.when(contact, morning=False)
        about = addressed(rep, contact, outward=False, at=at, message=message_id(rng))
        if number < 3:
            error = {"code": 131051, "title": "Message type unknown", "message": "Message type unknown"}
            value = {
                **about,
                "type": "unsupported",
                "errors": [error],
                "unsupported": {"type": "poll_creation"},
            }
            yield Happening(rep=rep, contact=contact, what="unsupported", at=at, value=value)
        elif number < 6:
            value = {**about, "type": "event_card", "event_card": {"title": "Reunião", "day": "2030-01-01"}}
            yield Happening(rep=rep, contact=contact, what="unknown", at=at, value=value)
        else:
            label = {"id": str(rng.randint(1, 99)), "name": "Prioridade", "action": "add"}
            yield Happening(rep=rep, contact=None, what="unknown", at=at, value=label, member="label_changes")


def _with_canaries(happened: Sequence[Happening], canaries: Mapping[int, str]) -> list[Happening]:
    changed = list(happened)
    for number, canary in canaries.items():
        texts = [
            place
            for place, one in enumerate(changed)
            if one.rep.number == number and one.what == "message" and one.value["type"] == "text"
        ]
        for place in {texts[0], texts[-1]}:
            one = changed[place]
            body = f"{one.value['text']['body']} {canary}"
            changed[place] = replace(one, value={**one.value, "text": {"body": body}}, text=body)
    return changed
