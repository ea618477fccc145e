"""The documents, as the tests read them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>[a-z]*)\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: where it begins, what it calls itself, its text."""

    where: str
    kind: str
    text: str


def pages() -> tuple[Path, ...]:
    """Every page of the project."""
    return (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "src").rglob("*.md")))


def blocks(*kinds: str) -> Iterator[Block]:
    """The fenced blocks of these kinds, of every page."""
    for page in pages():
        text = page.read_text("utf-8")
        for match in _FENCE.finditer(text):
            if match["kind"] in kinds:
                line = text.count("\n", 0, match.start()) + 1
                yield Block(f"{page.relative_to(ROOT)}:{line}", match["kind"], _outdented(match["text"], match["indent"]))


def _outdented(text: str, indent: str) -> str:
    return "".join(line.removeprefix(indent) for line in text.splitlines(keepends=True))


def sections(page: str) -> dict[str, str]:
    """The sections of a page of `docs/reference` whose heading is code, by heading."""
    text = (ROOT / "docs" / "reference" / page).read_text("utf-8")
    parts = re.split(r"^## `(.+)`$", text, flags=re.MULTILINE)
    return {heading: re.split(r"^# ", body, flags=re.MULTILINE)[0] for heading, body in zip(parts[1::2], parts[2::2], strict=True)}
