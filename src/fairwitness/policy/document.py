"""YAML documents as trees that remember where everything stands.

Only the part of YAML that a policy needs: mappings, lists and scalars, each scalar the
text it is written with. Anchors, aliases, tags, duplicate keys and deep nesting are
refused while the events stream by, before anything is built from them.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import yaml

from fairwitness.errors import PolicyError
from fairwitness.model.custody import PolicyFile
from fairwitness.policy.language import Place, fault_at

SIZE_LIMIT = 1 << 20
DEPTH_LIMIT = 32
NODE_LIMIT = 200_000
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """Text. `empty` tells nothing at all from an empty string in quotation marks."""

    text: str
    empty: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping: key, where the key stands, value."""

    rows: tuple[tuple[str, Place, "Node"], ...]
    place: Place


Node: TypeAlias = Scalar | Items | Table
Report = Callable[[PolicyError], None]


def documents(file: PolicyFile, report: Report) -> tuple[Node, ...]:
    """Every document of `file`; what cannot be read is reported, and reading stops where it must."""
    try:
        _check_text(file)
        return tuple(_documents(file, report))
    except PolicyError as error:
        report(error)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        message = f"not YAML: {error.problem or error.context}."
        report(PolicyError(message, path=file.path, line=line, column=column, hint=_QUOTES))
    except yaml.YAMLError as error:
        report(PolicyError(f"not YAML: {error}.", path=file.path, line=1, column=1))
    return ()


_QUOTES = "Text with : or # in it, or that begins with a mark such as * or [, needs quotation marks."


def _check_text(file: PolicyFile) -> None:
    size = len(file.text.encode(errors="surrogatepass"))
    if size > SIZE_LIMIT:
        raise fault_at(Place(file.path, 1, 1), "the file is larger than 1 MiB.", "Split it.")
    if found := _UNPRINTABLE.search(file.text.removeprefix("\ufeff")):
        before = file.text[: found.start()]
        place = Place(file.path, before.count("\n") + 1, found.start() - before.rfind("\n"))
        what = f"the character U+{ord(found[0]):04X} may not stand in a policy file."
        raise fault_at(place, what, "Remove it.")


def _documents(file: PolicyFile, report: Report) -> Iterator[Node]:
    """Build each document with a stack of our own: hostile depth must not reach the interpreter's."""
    stack: list[_Open] = []
    count = 0
    for event in yaml.parse(file.text, Loader=_LOADER):
        mark = event.start_mark
        place = Place(file.path, mark.line + 1, mark.column + 1) if mark else Place(file.path, 1, 1)
        count += 1
        if count > NODE_LIMIT:
            raise fault_at(place, "the file has too many parts.", "Split it.")
        _refuse_extras(event, place)
        if isinstance(event, yaml.CollectionStartEvent):
            if len(stack) == DEPTH_LIMIT:
                raise fault_at(place, f"nested deeper than {DEPTH_LIMIT}.", "Flatten it.")
            stack.append(_Open(place, mapping=isinstance(event, yaml.MappingStartEvent)))
            continue
        if isinstance(event, yaml.ScalarEvent):
            node: Node = Scalar(event.value, event.value == "" and event.style is None, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            node = stack.pop().close(report)
        else:
            continue
        if stack:
            stack[-1].nodes.append(node)
        else:
            yield node


def _refuse_extras(event: yaml.Event, place: Place) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        hint = "Write it out, or put text in quotation marks."
        raise fault_at(place, "anchors and aliases are not allowed.", hint)
    if tag := getattr(event, "tag", None):
        raise fault_at(
            place, f"the tag {tag} is not allowed.", "Put text that begins with ! in quotation marks."
        )


class _Open:
    """A mapping or list whose end has not come yet."""

    def __init__(self, place: Place, *, mapping: bool) -> None:
        self.place, self.mapping = place, mapping
        self.nodes: list[Node] = []

    def close(self, report: Report) -> Node:
        if not self.mapping:
            return Items(tuple(self.nodes), self.place)
        rows: dict[str, tuple[str, Place, Node]] = {}
        for key, value in zip(self.nodes[::2], self.nodes[1::2], strict=True):
            if not isinstance(key, Scalar) or key.text == "<<":
                report(fault_at(key.place, "a key must be plain text.", "Merge keys are not allowed."))
            elif key.text in rows:
                hint = f"It was first given on line {rows[key.text][1].line}."
                report(fault_at(key.place, f"the key {key.text} is given twice.", hint))
            else:
                rows[key.text] = (key.text, key.place, value)
        return Table(tuple(rows.values()), self.place)
