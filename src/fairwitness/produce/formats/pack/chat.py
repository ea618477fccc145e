"""A conversation as a page that can be read and printed. Whatever people wrote is text, and inert.

No script runs on it: its policy allows none. Names and words are escaped and isolated, so that no
direction mark reaches beyond its own box, and control characters are made visible.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from fairwitness.produce.formats.pack.wording import WORDS, day_label, local
from fairwitness.produce.said import Happened, Said

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e]")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a part of a conversation."""

    title: str
    line: str
    zone: ZoneInfo
    language: str
    number: int
    part: int
    parts: int
    bare: Sequence[int] = ()


def part_name(number: int, part: int) -> str:
    """The file of part `part` (from 1) of conversation `number` (from 1)."""
    return f"conversations/{number:04d}-{part:02d}.html"


def shown(text: str) -> str:
    """`text` as HTML: escaped, with control characters visible."""
    visible = _CONTROL.sub(_picture, _SURROGATE.sub("\ufffd", text))
    return escape(visible, quote=True)


def chat_page(heading: Heading, messages: Sequence[Said], *, style: str, policy: str) -> Iterator[bytes]:
    """The page of one part, piece by piece."""
    words = WORDS[heading.language]
    title = f"{words['conversation']} {heading.number}: {heading.title}"
    yield (
        f'<!doctype html>\n<html lang="{"pt-BR" if heading.language == "pt" else "en"}">\n<head>\n'
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{shown(title)}</title>'
        f'\n<style>{style}</style>\n</head>\n<body class="chat">\n<header>\n'
        f"<h1><bdi>{shown(heading.title)}</bdi></h1>\n"
        f"<p>{words['line']} <bdi>{shown(heading.line)}</bdi>. "
        f"{words['times'].format(zone=heading.zone.key)} "
        f"{words['part'].format(part=heading.part, parts=heading.parts)}.</p>\n"
        f"{_ways(heading)}</header>\n<main>\n"
    ).encode()
    day = ""
    for said in messages:
        label = day_label(local(_time(said), heading.zone), heading.language)
        if label != day:
            day = label
            yield f'<h2 class="day">{label}</h2>\n'.encode()
        yield _message(said, heading).encode()
    if heading.bare:
        numbers = ", ".join(map(str, heading.bare))
        yield f'<p class="absent">{words["bare"].format(entries=numbers)}</p>\n'.encode()
    elif not messages:
        yield f'<p class="absent">{words["none"]}</p>\n'.encode()
    yield f"</main>\n<footer>{_ways(heading)}</footer>\n</body>\n</html>\n".encode()


def _message(said: Said, heading: Heading) -> str:
    words = WORDS[heading.language]
    side = said.direction if said.direction in ("in", "out") else "none"
    if not said.held:
        body = f'<p class="absent-words">{words["never"].format(entry=said.entries[0])}</p>'
        return f'<article class="{side} absent" id="e{said.entry}">{body}{_foot(said, heading)}</article>\n'
    flagged = " flagged" if said.alerts else ""
    return (
        f'<article class="{side}{flagged}" id="e{said.entry}">{_above(said, heading)}'
        f"{_words(said, heading)}{_files(said, words['file'])}"
        f"{_reactions(said, words['took_back'])}{_foot(said, heading)}</article>\n"
    )


def _above(said: Said, heading: Heading) -> str:
    words = WORDS[heading.language]
    ours = heading.line if said.direction == "out" else ""
    who = f'<p class="who"><bdi>{shown(said.sender_name or ours or said.sender or words["us"])}</bdi></p>'
    marks = [words["forwarded"]] if said.forwarded else []
    marks += [f"{words['reply']} <bdi>{shown(said.reply_to)}</bdi>"] if said.reply_to else []
    flags = [words["flag"].format(policy=f"<bdi>{shown(flag.policy)}</bdi>") for flag in said.alerts]
    lines = [f'<p class="mark">{mark}</p>' for mark in marks]
    return who + "".join(lines + [f'<p class="flag">{flag}</p>' for flag in flags])


def _words(said: Said, heading: Heading) -> str:
    words = WORDS[heading.language]
    revoked = next((one for one in said.happened if one.kind == "revoke"), None)
    told = "".join(
        f'<div class="was"><p class="mark">{words["earlier"]}, {words["entry"].format(entry=one.entry)}</p>'
        f'<p class="words" dir="auto">{shown(one.text)}</p></div>'
        for one in said.versions[:-1]
    )
    if said.kind == "unreadable":
        told += _absent(words["unreadable"].format(why=shown(said.subtype)))
    struck = " struck" if revoked else ""
    if said.text:
        told += f'<p class="words{struck}" dir="auto">{shown(said.text)}</p>'
    elif not said.media and said.kind != "unreadable":
        told += _absent(f"{words['no_words']} ({shown(said.subtype or said.kind)})")
    return (_deleted(revoked, heading) if revoked else "") + told


def _absent(words: str) -> str:
    return f'<p class="absent-words">{words}</p>'


def _deleted(revoked: Happened, heading: Heading) -> str:
    when = _clock(revoked.at, heading) if revoked.at is not None else "?"
    who = f"<bdi>{shown(revoked.sender or '?')}</bdi>"
    return f'<p class="mark">{WORDS[heading.language]["deleted"].format(who=who, when=when)}</p>'


def _files(said: Said, label: str) -> str:
    return "".join(
        f'<p class="file">{label}: <bdi>{shown(one.filename or one.kind)}</bdi> '
        f"<span>{shown(one.mime)}{' · SHA-256 ' + shown(one.sha256) if one.sha256 else ''}</span></p>"
        for one in said.media
    )


def _reactions(said: Said, took_back: str) -> str:
    signs = [one for one in said.happened if one.kind == "reaction"]
    if not signs:
        return ""
    told = (f"<li>{shown(one.emoji) or took_back} <bdi>{shown(one.sender)}</bdi></li>" for one in signs)
    return f'<ul class="signs">{"".join(told)}</ul>'


def _foot(said: Said, heading: Heading) -> str:
    words = WORDS[heading.language]
    receipts = [
        f"{shown(one.subtype)}{' ' + _clock(one.at, heading) if one.at is not None else ''}"
        for one in said.happened
        if one.kind == "receipt"
    ]
    told = [_clock(_time(said), heading), *receipts, words["entry"].format(entry=said.entry)]
    return f'<p class="foot">{" · ".join(told)}</p>'


def _ways(heading: Heading) -> str:
    words = WORDS[heading.language]
    ways = []
    if heading.part > 1:
        ways.append(f'<a href="{_beside(heading, -1)}">{words["before"]}</a>')
    if heading.part < heading.parts:
        ways.append(f'<a href="{_beside(heading, 1)}">{words["next"]}</a>')
    return f"<nav>{' '.join(ways)}</nav>\n" if ways else ""


def _beside(heading: Heading, step: int) -> str:
    return part_name(heading.number, heading.part + step).rpartition("/")[2]


def _clock(at: int, heading: Heading) -> str:
    return local(at, heading.zone).strftime("%Y-%m-%d %H:%M:%S")


def _time(said: Said) -> int:
    return said.received_at if said.at is None else said.at


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code >= 0x2000:
        # An override makes words read other than they stand: it is named, and has no effect.
        return f"[U+{code:04X}]"
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
