"""The notation of the demo's conversations, and how one is read.

== name | audience | weight [| morning]      begins a script, for doctor, pharmacy, clinic or english
> words                                      the rep writes;  < words   the other side does
? > words                                    a turn that may be left out
> ^ words                                    answers the last thing the other side said
> @photo | words                             a file with a caption; see MEDIA
> words %%edit other words                   is changed a little later
> words %%delete                             is deleted a little later
< %%react 👍                                 reacts to the last message of the other side
< %%forward words                            was forwarded
< words %%flag family                        somebody should see this; %%calm family only looks like it
[this|that]                                  one of them;  {gap} a word for the whole conversation
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Side = Literal["rep", "other"]
MEDIA = ("photo", "video", "voice", "pdf", "sticker", "location", "contact")
_turn = re.compile(r"(?P<maybe>\? )?(?P<side>[<>]) ?(?P<reply>\^ )?(?P<rest>.*)")
_choice = re.compile(r"\[([^\[\]]*)\]")
_gap = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of a script, its gaps still open."""

    side: Side
    words: str
    maybe: bool = False
    reply: bool = False
    media: str = ""
    mark: str = ""
    marked: str = ""

    @property
    def is_reaction(self) -> bool:
        """True when this is an emoji on a message, not a message."""
        return self.mark == "react"


@dataclass(frozen=True, slots=True)
class Script:
    """A conversation that can be had many times."""

    name: str
    audience: str
    weight: int
    morning: bool
    turns: tuple[Turn, ...]

    @property
    def marked(self) -> bool:
        """True when some line of it is meant for the policies, to catch or to let pass."""
        return any(turn.mark in ("flag", "calm") for turn in self.turns)


@cache
def scripts() -> tuple[Script, ...]:
    """Every script that comes with the demo, in the order of their files."""
    folder = files("fairwitness.cli.demo").joinpath("talk")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return tuple(script for name in names for script in read(folder.joinpath(name).read_text("utf-8")))


def read(text: str) -> Iterator[Script]:
    """The scripts written in `text`; a `ValueError` names a line that is none."""
    head: list[str] = []
    turns: list[Turn] = []
    for line in (line.strip() for line in text.splitlines()):
        if line.startswith("== "):
            if head:
                yield _script(head, turns)
            head, turns = [part.strip() for part in line[3:].split("|")], []
        elif line and not line.startswith("#"):
            turns.append(_read_turn(line))
    if head:
        yield _script(head, turns)


def _script(head: Sequence[str], turns: Sequence[Turn]) -> Script:
    name, audience, weight, *more = head
    return Script(name, audience, int(weight), "morning" in more, tuple(turns))


def _read_turn(line: str) -> Turn:
    found = _turn.fullmatch(line)
    if found is None:
        raise ValueError(f"not a turn: {line}")
    words, _, mark = found["rest"].partition("%%")
    kind, _, marked = mark.partition(" ")
    if kind == "forward":
        words, marked = marked, ""
    media = ""
    if words.startswith("@"):
        media, _, words = words[1:].partition("|") if "|" in words else (words[1:], "", "")
    return Turn(
        side="rep" if found["side"] == ">" else "other",
        words=words.strip(),
        maybe=bool(found["maybe"]),
        reply=bool(found["reply"]),
        media=media.strip(),
        mark=kind,
        marked=marked.strip(),
    )


class Filling:
    """The gaps of one conversation: each gets a word once and keeps it."""

    def __init__(
        self, rng: random.Random, words: Mapping[str, Sequence[str]], own: Mapping[str, str]
    ) -> None:
        self._rng = rng
        self._words = words
        self._own = dict(own)

    def fill(self, text: str) -> str:
        """`text` with its choices made and its gaps filled."""
        chosen = _choice.sub(lambda found: self._rng.choice(found[1].split("|")), text)
        return re.sub(r" {2,}", " ", _gap.sub(self._word, chosen)).strip()

    def _word(self, found: re.Match[str]) -> str:
        name = found[1]
        if name not in self._own:
            self._own[name] = self._rng.choice(self._words[name])
        return self._own[name]
