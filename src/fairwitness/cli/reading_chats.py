"""A person's own export, read in memory and judged by the shipped policies. Nothing is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fairwitness.capture import chat_export
from fairwitness.capture.chat_export import Export, ExportMessage
from fairwitness.capture.chat_export.body import read_body
from fairwitness.errors import Malformed, TooLarge
from fairwitness.model.finding import SEVERITIES, Finding
from fairwitness.policy import Judge

_MOST_TEXT = 128 << 20
_FILES = frozenset({"image", "video", "audio", "sticker", "gif", "document", "file", "contacts"})
_GONE = frozenset({"deleted", "waiting", "absent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A message and the policies it breaks, the gravest first. `text` is what was judged."""

    message: ExportMessage
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an export holds. `files` counts by kind."""

    export: Export
    words: int
    notices: int
    gone: int
    edited: int
    files: Counter[str]
    flagged: tuple[Flagged, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody who wrote, in order of first word."""
        return self.export.senders

    @property
    def span(self) -> tuple[str, str]:
        """The first and last day, as ISO dates; two empty strings when no date can be read."""
        days = [message.local[:10] for message in self.export.messages if message.local]
        return (min(days), max(days)) if days else ("", "")


class Opened(NamedTuple):
    """The text of a chat, and what it and the folder around it are called."""

    name: str
    folder: str
    text: bytes


def open_chat(path: Path) -> Opened:
    """The export at `path`, a .txt or a .zip; the zip's other files stay shut."""
    if path.is_dir():
        raise Malformed("this is a folder; name the .zip or .txt that WhatsApp exported")
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start.startswith(b"PK"):
            inside, text = chat_export.chat_text(file)
            return Opened(_chat_of(path, inside), _folder_of(path, inside), text)
        text = file.read(_MOST_TEXT + 1)
    if len(text) > _MOST_TEXT:
        raise TooLarge("the chat's text is larger than is accepted", limit=_MOST_TEXT)
    if not text.strip():
        raise Malformed("the file is empty")
    return Opened(path.name, _folder_of(path, ""), text)


def _chat_of(path: Path, inside: str) -> str:
    """iOS calls every chat `_chat.txt`; the zip bears the name."""
    return path.name if inside.rpartition("/")[2] == "_chat.txt" else inside


def _folder_of(path: Path, inside: str) -> str:
    within = inside.rpartition("/")[0].rpartition("/")[2]
    return within or path.absolute().parent.name


def read_chat(name: str, text: bytes, *, judge: Judge, owner: str | None = None, folder: str = "") -> Reading:
    """Read an export and judge every word somebody wrote."""
    export = chat_export.read_export(text, file_name=name, folder=folder, owner_name=owner)
    spoken = [message for message in export.messages if message.kind == "message"]
    bodies = [read_body(message.body) for message in spoken]
    flagged = [
        Flagged(message=message, text=body.text, findings=findings)
        for message, body in zip(spoken, bodies, strict=True)
        if body.text and (findings := judged(judge, body.text, way=direction(export, message)))
    ]
    return Reading(
        export=export,
        words=sum(body.kind not in _GONE for body in bodies),
        notices=sum(message.kind == "system" for message in export.messages),
        gone=sum(body.kind in _GONE for body in bodies),
        edited=sum(body.edited for body in bodies),
        files=Counter(body.kind for body in bodies if body.kind in _FILES),
        flagged=tuple(sorted(flagged, key=lambda one: -SEVERITIES.index(one.findings[0].severity))),
    )


def direction(export: Export, message: ExportMessage) -> str:
    """`in` or `out`, or `none` when the file does not tell whose phone it was."""
    if not export.owner:
        return "none"
    return "out" if message.sender == export.owner else "in"


def judged(judge: Judge, text: str, *, way: str) -> tuple[Finding, ...]:
    """The findings; either way counts where it is not known which way a message went."""
    if way != "none":
        return judge.judge(text, direction=way)
    found = {
        finding.policy: finding for side in ("in", "out") for finding in judge.judge(text, direction=side)
    }
    return tuple(sorted(found.values(), key=lambda f: (-SEVERITIES.index(f.severity), f.policy)))


def by_policy(flagged: Sequence[Flagged]) -> list[tuple[Finding, list[Flagged]]]:
    """Messages under their gravest policy, the gravest and then the most frequent first."""
    groups: dict[str, list[Flagged]] = {}
    for one in flagged:
        groups.setdefault(one.findings[0].policy, []).append(one)
    found = [(group[0].findings[0], group) for group in groups.values()]
    return sorted(found, key=lambda row: (-SEVERITIES.index(row[0].severity), -len(row[1])))
