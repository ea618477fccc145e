"""From a script to what happens between a rep and somebody: words, gaps in time, second thoughts."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from fairwitness.cli.demo import happenings, words
from fairwitness.cli.demo.cast import Contact, Rep
from fairwitness.cli.demo.happenings import FILES, Happening
from fairwitness.cli.demo.script import Filling, Script, Side, Turn

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
_EMOJI = ("👍", "❤️", "🙏", "😂", "👏", "😮")


class Conversation:
    """Plays one script once. `limit` is how many messages it may have at most."""

    def __init__(self, rng: random.Random, rep: Rep, contact: Contact, *, start: int, limit: int) -> None:
        self._rng = rng
        self._rep = rep
        self._contact = contact
        self._at = start
        self._limit = limit
        self._hour = start // HOUR
        self._last: dict[str, str] = {}
        self._before = ""
        self.happened: list[Happening] = []
        self.messages = 0

    def play(self, script: Script) -> "Conversation":
        """Have the conversation."""
        table = words.ENGLISH if self._contact.audience == "english" else words.PORTUGUESE
        filling = Filling(self._rng, table, own_words(self._rng, self._rep, self._contact, self._at))
        for turn in script.turns:
            if self.messages >= self._limit:
                break
            if not turn.maybe or self._rng.random() < 0.62:
                self._wait(turn.side)
                self._take(turn, filling)
        return self

    def _wait(self, side: str) -> None:
        """Let time pass: seconds within one side's breath, minutes between the two."""
        late = self._at % (24 * HOUR) >= 23 * HOUR  # 20:00 in Brazil
        longest = 90 * SECOND if late else (40 * SECOND if side == self._before else 14 * MINUTE)
        self._at += min(longest, 3 * SECOND + int(self._rng.expovariate(1 / (longest / 3))))
        self._before = side

    def _take(self, turn: Turn, filling: Filling) -> None:
        if turn.is_reaction:
            self._react(turn)
            return
        text = _capital(filling.fill(turn.words))
        if not text and not turn.media:
            text = "👍"
        if turn.mark in ("flag", "calm"):
            self._say(turn, [text], filling)
            return
        style = self._rep.style if turn.side == "rep" else self._contact.style
        text = styled(self._rng, text, style)
        if turn.mark == "edit":
            self._edit(turn, text, styled(self._rng, _capital(filling.fill(turn.marked)), style), filling)
            return
        self._say(turn, _breaths(self._rng, text) if not turn.media and not turn.mark else [text], filling)

    def _say(self, turn: Turn, parts: Sequence[str], filling: Filling) -> None:
        for number, part in enumerate(parts[: self._limit - self.messages]):
            if number:
                self._wait(turn.side)
            self._message(replace(turn, reply=turn.reply and not number), part, filling)
        if turn.mark == "delete":
            revoke = {"original_message_id": self._said(turn)}
            self._change(turn, "revoke", {"type": "revoke", "revoke": revoke})

    def _edit(self, turn: Turn, text: str, corrected: str, filling: Filling) -> None:
        self._message(turn, text, filling)
        inner = {"context": {"id": "M0"}, "type": "text", "text": {"body": corrected}}
        edit = {"original_message_id": self._said(turn), "message": inner}
        self._change(turn, "edit", {"type": "edit", "edit": edit}, text=corrected)

    def _message(self, turn: Turn, text: str, filling: Filling) -> None:
        media = filling.fill(turn.media)
        value = self._addressed(turn, happenings.message_id(self._rng))
        context = self._context(turn)
        happened = self._happening(
            turn, "message", {**value, **context, **happenings.content(self._rng, media, text)}, text=text
        )
        happened = replace(
            happened,
            media=media.partition(" ")[0] in FILES,
            family=turn.marked if turn.mark in ("flag", "calm") else "",
            risky=turn.mark == "flag",
        )
        self.happened.append(happened)
        self.messages += 1
        self._last[turn.side] = happened.id
        if self._rng.random() < 0.035:
            other: Side = "rep" if turn.side == "other" else "other"
            self._react(replace(turn, side=other, marked=self._rng.choice(_EMOJI)))

    def _context(self, turn: Turn) -> happenings.Json:
        if turn.mark == "forward":
            return {"context": {"forwarded": True}}
        other = "other" if turn.side == "rep" else "rep"
        answered = self._last.get(other)
        if not turn.reply or answered is None:
            return {}
        by = self._rep.phone if other == "rep" else self._contact.number
        return {"context": {**({"from": by} if by else {}), "id": answered}}

    def _react(self, turn: Turn) -> None:
        target = self._last.get("other" if turn.side == "rep" else "rep")
        if target is None:
            return
        value = self._addressed(turn, happenings.message_id(self._rng))
        reaction = {"message_id": target, "emoji": turn.marked}
        self.happened.append(
            self._happening(turn, "reaction", {**value, "type": "reaction", "reaction": reaction})
        )

    def _change(self, turn: Turn, what: happenings.What, change: happenings.Json, *, text: str = "") -> None:
        """An edit or a revocation, half a minute to some minutes after the message."""
        self._at += self._rng.randint(20, 60) * SECOND
        value = self._addressed(turn, happenings.message_id(self._rng))
        self.happened.append(self._happening(turn, what, {**value, **change}, text=text))

    def _said(self, turn: Turn) -> str:
        return self._last[turn.side]

    def _addressed(self, turn: Turn, message: str) -> happenings.Json:
        return happenings.addressed(
            self._rep, self._contact, outward=turn.side == "rep", at=self._at, message=message
        )

    def _happening(
        self, turn: Turn, what: happenings.What, value: Mapping[str, object], *, text: str = ""
    ) -> Happening:
        return Happening(
            rep=self._rep, contact=self._contact, what=what, at=self._at, value=value, text=text,
            member="message_echoes" if turn.side == "rep" else "messages",
        )  # fmt: skip


def own_words(rng: random.Random, rep: Rep, contact: Contact, at: int) -> dict[str, str]:
    """The gaps that depend on who talks, and when."""
    product = rng.choice(words.PRODUCTS)
    own = {
        "rep": rep.name.split()[0],
        "da_rep": f"{'a' if rep.gender == 'f' else 'o'} {rep.name.split()[0]}",
        "o": "a" if rep.gender == "f" else "o",
        "obrigado": _thanks(rng, contact.gender),
        "obrigado_rep": _thanks(rng, rep.gender),
        "nome": contact.first,
        "trato": _form_of_address(rng, contact),
        "produto": product,
        "indicacao": words.INDICATIONS[product],
        "protocolo": str(rng.randint(10_000, 99_999)),
        "lote": f"{rng.choice('ABDF')}{rng.randint(1000, 9999)}",
        "lote2": f"{rng.choice('GHKM')}{rng.randint(1000, 9999)}",
        "programa": rng.choice(words.PORTUGUESE["programa"]),
    }
    table = words.ENGLISH if contact.audience == "english" else words.PORTUGUESE
    own["evento"] = rng.choice(table["evento"])
    own["evento_slug"] = own["evento"].lower().replace(" ", "_")
    own["programa_slug"] = own["programa"].lower().replace(" ", "-")
    afternoon = at % (24 * HOUR) >= 15 * HOUR  # 12:00 in Brazil
    own["oi"] = rng.choice(("Oi", "Olá", "Oie", "Boa tarde" if afternoon else "Bom dia"))
    return own


def styled(rng: random.Random, text: str, style: str) -> str:
    """`text` the way this person writes."""
    if text.startswith("http"):
        return text
    if style == "lower":
        return text.lower().rstrip(".!").replace(",", "" if rng.random() < 0.4 else ",")
    if style == "short":
        for long, short in words.SHORTER:
            if rng.random() < 0.8:
                text = f" {text} ".replace(f" {long} ", f" {short} ").strip()
        return text.rstrip(".")
    if style == "lively" and rng.random() < 0.35:
        return text + rng.choice((" 😊", "!!", " 🙌", " haha", " 😉", "..."))
    return text


def _thanks(rng: random.Random, gender: str) -> str:
    thanks = "obrigada" if gender == "f" else "obrigado"
    return rng.choice((thanks, "valeu", f"muito {thanks}"))


def _form_of_address(rng: random.Random, contact: Contact) -> str:
    if contact.audience == "english":
        return f"Dr. {contact.name.split()[-1]}"
    if contact.audience != "doctor":
        return contact.first
    title = "Dra." if contact.gender == "f" else "Dr."
    named, bare = f"{title} {contact.first}", "doutora" if title == "Dra." else "doutor"
    return rng.choice((named, named, bare))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text and not text.startswith("http") else text


def _breaths(rng: random.Random, text: str) -> list[str]:
    """A longer text as people send it: sometimes in two messages."""
    for stop in ("! ", "? ", ". "):
        head, found, tail = text.partition(stop)
        if found and len(head) > 3 and len(tail) > 6 and not head.endswith(("Dr", "Dra", "dr", "dra")):
            return [head + stop.strip(" ."), tail] if rng.random() < 0.45 else [text]
    return [text]
