"""`fairwitness try`: look at a chat of your own. No account, no agreement, nothing kept.

The file is read in memory; nothing is written and no connection is made.
"""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from fairwitness.cli.reading_chats import Flagged, Opened, Reading, by_policy, open_chat, read_chat
from fairwitness.cli.terminal import marked, plain
from fairwitness.errors import FairwitnessError, Malformed, TooLarge
from fairwitness.model.finding import Finding, Severity

_FIRST = 5
_EXCERPT = 320
_NAMED = 6
_QUOTED = 4
_STYLES: dict[Severity, str] = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}
_PLURALS = {
    "image": "pictures", "video": "videos", "audio": "voice notes", "sticker": "stickers", "gif": "GIFs",
    "document": "documents", "file": "files", "contacts": "contact cards",
}  # fmt: skip
_SINGULARS = {"GIFs": "GIF"}


def try_chat(
    chat: Annotated[
        Path | None, typer.Argument(metavar="CHAT", help="What WhatsApp exported: a .zip or a .txt.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="Only policies written for this language, such as pt-BR or en.")
    ] = "",
    mine: Annotated[
        str, typer.Option("--me", help="Your name in the chat, so that sent and received differ.")
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Show every flagged message.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Use a small invented chat.")] = False,
) -> None:
    """Read a WhatsApp export of your own and show what the shipped policies flag, and why."""
    console = Console(highlight=False)
    if sample:
        opened = Opened("WhatsApp Chat - Aurivita Norte.txt", "", _sample())
    elif chat is not None:
        opened = _opened(chat)
    else:
        raise typer.BadParameter("name a .zip or .txt, or use --sample", param_hint="CHAT")
    with console.status("Reading"):
        reading = _read(opened, language=language, mine=mine)
    for line in (*_about(reading, opened.name), *_findings(reading, everything, console), *_unread(reading)):
        console.print(line)


def _sample() -> bytes:
    return files("fairwitness.cli").joinpath("sample.txt").read_bytes()


def _opened(chat: Path) -> Opened:
    try:
        return open_chat(chat)
    except (Malformed, TooLarge) as error:
        raise _not_a_chat(chat, error) from error


def _read(chat: Opened, *, language: str, mine: str) -> Reading:
    # The policies are read here, so that a wrong file is named before anything is compiled.
    from fairwitness.cli.packs import shipped_judge

    try:
        judge = shipped_judge(language)
        return read_chat(chat.name, chat.text, judge=judge, owner=mine or None, folder=chat.folder)
    except (Malformed, TooLarge) as error:
        raise _not_a_chat(Path(chat.name), error) from error


def _not_a_chat(chat: Path, error: FairwitnessError) -> Malformed:
    return Malformed(
        f"{chat.name} cannot be read: {error.message}. In WhatsApp, open the chat, choose Export chat "
        "and name the file that it gives. `fairwitness try --sample` shows an invented one."
    )


def _about(reading: Reading, name: str) -> Iterator[Text]:
    export = reading.export
    first, last = reading.span
    yield Text(plain(name), "bold")
    system = {"ios": "iOS", "android": "Android"}.get(export.platform, "an old WhatsApp")
    when = f"{first} to {last}" if first else "dates that cannot be read"
    yield Text(f"Export from {system}, {when}. {_dates(reading)}")
    people = ", ".join(plain(who) for who in reading.people[:_NAMED])
    more = f" and {len(reading.people) - _NAMED} more" if len(reading.people) > _NAMED else ""
    yield Text(f"{_count(len(reading.people), 'person', 'people')}: {people}{more}.")
    parts = [_count(reading.words, "message"), _count(reading.notices, "notice")]
    parts += [f"{reading.gone:,} deleted or empty"] if reading.gone else []
    parts += [f"{reading.edited:,} edited (only the last text is here)"] if reading.edited else []
    parts += [f"{export.doubtful:,} doubtful"] if export.doubtful else []
    yield Text(", ".join(parts) + ".")
    yield Text()


def _dates(reading: Reading) -> str:
    dates = reading.export.dates
    order = {"DMY": "day first", "MDY": "month first", "YMD": "year first"}[dates.order]
    doubt = (
        f"; {dates.doubtful:,} could be read otherwise"
        if dates.confidence in ("guess", "likely") and dates.doubtful
        else ""
    )
    return f"Dates read as {order} ({dates.confidence}: {dates.reason}{doubt})."


def _findings(reading: Reading, everything: bool, console: Console) -> Iterator[Text | Padding]:
    if not reading.flagged:
        yield Text("Nothing was flagged. The shipped policies look for a few things only:", "green")
        yield Text(
            "adverse events, off-label talk, guarantees, bribes and gifts, inside information, "
            "hiding things, and moving to where nobody looks."
        )
        yield Text()
        return
    found = _count(len(reading.flagged), "message")
    yield Text(f"{found} flagged, of {reading.words:,}.", "bold")
    coloured = console.color_system is not None
    for finding, group in by_policy(reading.flagged):
        yield Text()
        severity = (finding.severity, _STYLES[finding.severity])
        yield Text.assemble(severity, f"  {plain(finding.title)}")
        yield _indented(Text(f"{finding.policy}, {_count(len(group), 'message')}", "dim"), 2)
        shown = group if everything else group[:_FIRST]
        for one in shown:
            yield from _message(one, coloured=coloured)
        if len(group) > len(shown):
            yield _indented(Text(f"… {len(group) - len(shown):,} more, --all shows them", "dim"), 2)
    yield Text()


def _message(one: Flagged, *, coloured: bool) -> Iterator[Padding]:
    gravest, *others = one.findings
    when = one.message.local.replace("T", " ")[:16] or "no date"
    yield _indented(Text.assemble((when, "dim"), "  ", (plain(one.message.sender), "bold")), 2)
    yield _indented(marked(one.text, gravest.spans, coloured=coloured, most=_EXCERPT), 4)
    yield _indented(Text(why(gravest), "dim"), 4)
    for other in others:
        yield _indented(Text(f"Also: {plain(other.title)} ({other.policy}).", "dim"), 4)


def _indented(text: Text, by: int) -> Padding:
    return Padding(text, (0, 0, 0, by), expand=False)


def why(finding: Finding) -> str:
    """The reason in one sentence, in the message's own words."""
    found = list(dict.fromkeys(plain(step.matched) for step in finding.steps if step.spans))
    rest = f" and {len(found) - _QUOTED} more" if len(found) > _QUOTED else ""
    said = ", ".join(f"“{words}”" for words in found[:_QUOTED])
    parts = [f"it says {said}{rest}"] if found else []
    ways = {"in": "it was received", "out": "it was sent"}
    parts += [
        ways[step.matched] for step in finding.steps if step.term == "direction" and step.matched in ways
    ]
    parts += ["nothing in it excuses that"] * any(step.term == "not" for step in finding.steps)
    return f"Because {', and '.join(parts)}." if parts else plain(finding.sentence)


def _unread(reading: Reading) -> Iterator[Text]:
    counted = reading.files.most_common()
    files_by_kind = ", ".join(_count(number, _singular(kind), _PLURALS[kind]) for kind, number in counted)
    if files_by_kind:
        yield Text(f"Not looked into: {files_by_kind}. Only words are judged here.")
    yield Text("Nothing was stored, and nothing left this machine.", "dim")


def _singular(kind: str) -> str:
    plural = _PLURALS[kind]
    return _SINGULARS.get(plural, plural.removesuffix("s"))


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
