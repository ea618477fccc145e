"""Builds a pack, file by file, without holding more than a part of it at a time."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import BinaryIO

import msgspec

from fairwitness import canonical
from fairwitness.mandate.state import CustodyState
from fairwitness.model.entry import CUSTODY, MESSAGES, LogName
from fairwitness.produce.catalogue import Selection, survey
from fairwitness.produce.formats.pack.bundler import bundle_verifier
from fairwitness.produce.formats.pack.chat import Heading, chat_page, part_name
from fairwitness.produce.formats.pack.evidence import Seen, evidence_lines
from fairwitness.produce.formats.pack.page import chat_style, first_page
from fairwitness.produce.formats.pack.summary import Chat, chats_of, summary
from fairwitness.produce.formats.pack.wording import zone_of
from fairwitness.produce.formats.pack.zipping import Packer
from fairwitness.produce.orders import Order, Scope, scope_of
from fairwitness.produce.ports import Entries, Progress, PublishedFiles, Telling
from fairwitness.produce.reading import Tally, everything, told
from fairwitness.produce.said import Said
from fairwitness.produce.trail import Decisions, concerning, plans_in_force, read_decisions
from fairwitness.produce.tree import Tree

_KNOWN_SOURCE = re.compile("[a-z][a-z0-9_]{0,40}")
_README = """\
This is a pack of records kept by Fairwitness, made for an examiner.

To read and check it: open index.html in a browser. Nothing is sent anywhere; no network is needed.
To check it with Python 3.8 or later instead: python -I -S verify.py (in this folder), or
python -I -S verify.py PACK.zip. Exit code 0 is unaltered, 1 altered, 2 could not be checked.

entries/ holds the evidence: each entry as the log signed for it, with its proof.
messages.jsonl and conversations/ are a reading of it, for people and programs.
The keys in the file "keys" should be those that you were given before.
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A pack that was built: its size, SHA-256 in hex, and how many entries of each log it holds."""

    size: int
    sha256: str
    messages: int
    custody: int


def build_pack(
    order: Order, out: BinaryIO, path: str, *, files: PublishedFiles, entries: Entries, telling: Telling,
    verifier: Mapping[str, str], progress: Progress,
) -> Made:  # fmt: skip
    """Write the pack that `order` asks for to `out`, which is the file at `path`."""
    return _Build(order, out, path, files, entries, telling, progress).run(verifier)


class _Build:
    def __init__(
        self, order: Order, out: BinaryIO, path: str, files: PublishedFiles, entries: Entries,
        telling: Telling, progress: Progress,
    ) -> None:  # fmt: skip
        self._order, self._out, self._path = order, out, path
        self._files, self._entries, self._telling, self._progress = files, entries, telling, progress
        self._packer = Packer(out)
        self._sheets: list[str] = []
        self._trees = {log: Tree(files, log, one.checkpoint) for log, one in order.checkpoints.items()}

    def run(self, verifier: Mapping[str, str]) -> Made:
        """Select, prove, tell, list."""
        decisions = read_decisions(self._trees[CUSTODY].size, self._entries)
        scope = scope_of(self._order, decisions.state)
        selection = survey(
            self._order, scope, tree=self._trees[MESSAGES], entries=self._entries, telling=self._telling,
            flagged=decisions.flags.keys(), progress=self._progress,
        )  # fmt: skip
        seen = Seen()
        self._add_entries(MESSAGES, selection.entries, seen)
        trail = self._trail(scope, selection, decisions, seen)
        self._add_entries(CUSTODY, trail, Seen())
        self._add_small_files(seen, {CUSTODY: len(trail), MESSAGES: len(selection.entries)}, verifier)
        policies = self._add_policies(plans_in_force(decisions.state, seen.custody_sizes), decisions.state)
        chats, tally = chats_of(selection), Tally()
        self._add("messages.jsonl", self._messages(selection, decisions, chats, tally))
        self._add_conversations(selection, decisions, chats)
        self._add("summary.json", [
            summary(
                self._order, scope, decisions.state, selection=selection, tally=tally, chats=chats,
                policies=policies,
            )
        ])  # fmt: skip
        self._add_page()
        self._packer.finish()
        return self._made(len(selection.entries), len(trail))

    def _add(self, name: str, blocks: Iterable[bytes]) -> None:
        self._packer.add(name, blocks)

    def _add_entries(self, log: LogName, indices: Sequence[int], seen: Seen) -> None:
        lines = evidence_lines(
            log, indices, tree=self._trees[log], entries=self._entries, seen=seen, progress=self._progress
        )
        self._add(f"entries/{_stem(log)}.jsonl", lines)
        self._add(f"checkpoints/{_stem(log)}", [self._order.checkpoints[log].note])

    def _trail(self, scope: Scope, selection: Selection, decisions: Decisions, seen: Seen) -> Sequence[int]:
        return concerning(
            self._order, scope, decisions, size=self._trees[CUSTODY].size, entries=self._entries,
            selected=set(selection.entries), custody_sizes=seen.custody_sizes,
            conversations=[one.stream for one in selection.conversations],
        )  # fmt: skip

    def _add_small_files(self, seen: Seen, counts: Mapping[str, int], verifier: Mapping[str, str]) -> None:
        logs = [
            {"entries": counts[log], "log": log, "origin": self._trees[log].checkpoint.origin}
            for log in (CUSTODY, MESSAGES)
        ]
        about = {"at": self._order.at, "logs": logs, "selected": self._order.selected, "v": 1}
        self._add("pack.json", [canonical.encode(about)])
        self._add("keys", [self._files.read("keys") or b""])
        self._add("readme.txt", [_README.encode("ascii")])
        self._add("verify.py", [bundle_verifier(verifier).encode()])
        for source in sorted(filter(_KNOWN_SOURCE.fullmatch, seen.sources - {"fairwitness"})):
            self._sheets.append(f"sources/{source.replace('_', '-')}.json")
            self._add(self._sheets[-1], [_capability(source)])

    def _add_policies(self, plans: Sequence[int], state: CustodyState) -> dict[int, str]:
        published = {plan.index: plan.published for plan in state.plans}
        folders = {}
        for number, index in enumerate(plans, 1):
            folder = folders[index] = f"policies/{number:02d}"
            paths = {}
            for place, file in enumerate(published[index].files, 1):
                name = f"{folder}/{place:03d}.yaml"
                paths[name.rpartition("/")[2]] = file.path
                self._add(name, [file.text.encode()])
            self._add(f"{folder}/paths.json", [_readable({"plan": published[index].plan, "files": paths})])
        return folders

    def _messages(
        self, selection: Selection, decisions: Decisions, chats: Sequence[Chat], tally: Tally
    ) -> Iterator[bytes]:
        total = sum(len(one.messages) for one in selection.conversations)
        encoder = msgspec.json.Encoder(order="sorted")
        every = everything(
            selection.conversations, entries=self._entries, telling=self._telling, decisions=decisions
        )
        for done, (number, said) in enumerate(every, 1):
            tally.count(said)
            _note(chats[number - 1], said)
            yield encoder.encode(said) + b"\n"
            if done % 256 == 0 or done == total:
                self._progress("Telling messages", done, total)

    def _add_conversations(self, selection: Selection, decisions: Decisions, chats: Sequence[Chat]) -> None:
        style, policy = chat_style()
        for one, chat in zip(selection.conversations, chats, strict=True):
            line = decisions.state.lines.get(one.line)
            for part in range(chat.parts):
                messages = told(one, part, entries=self._entries, telling=self._telling, decisions=decisions)
                heading = Heading(
                    title=chat.title, line=line.name if line else one.line,
                    zone=zone_of(line.zone if line else "UTC"), language=self._order.asked.language,
                    number=chat.number, part=part + 1, parts=chat.parts,
                    bare=one.bare if part + 1 == chat.parts else (),
                )  # fmt: skip
                self._add(
                    part_name(chat.number, part + 1), chat_page(heading, messages, style=style, policy=policy)
                )
            self._progress("Laying out conversations", chat.number, len(chats))

    def _add_page(self) -> None:
        held = [
            "pack.json", "keys", *(f"checkpoints/{_stem(log)}" for log in (CUSTODY, MESSAGES)),
            *(f"entries/{_stem(log)}.jsonl" for log in (CUSTODY, MESSAGES)), "summary.json", "messages.jsonl",
            *self._sheets,
        ]  # fmt: skip
        page = first_page(self._packer, self._path, held)
        self._packer.add("index.html", page, stored=True)

    def _made(self, messages: int, custody: int) -> Made:
        self._out.flush()
        self._out.seek(0)
        digest, size = sha256(), 0
        while block := self._out.read(1 << 20):
            digest.update(block)
            size += len(block)
        return Made(size, digest.hexdigest(), messages, custody)


def _note(chat: Chat, said: Said) -> None:
    at = said.received_at if said.at is None else said.at
    chat.messages += said.held
    chat.first_at = at if chat.first_at is None else min(chat.first_at, at)
    chat.last_at = at if chat.last_at is None else max(chat.last_at, at)
    if said.direction == "in" and said.sender_name and not said.chat.startswith("group:"):
        chat.title = said.sender_name
    chat.title = chat.title or said.chat.removeprefix("name:").removeprefix("phone:")


def _stem(log: LogName) -> str:
    return log.replace("/", "-")


def _capability(source: str) -> bytes:
    try:
        module = import_module(f"fairwitness.capture.{source}.capability")
    except ModuleNotFoundError:
        return _readable({"source": source, "name": "no sheet"})
    return _readable(module.CAPABILITY)


def _readable(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1) + b"\n"
