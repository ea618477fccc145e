"""The command line, taken apart: which commands there are, and what they take."""

import shlex
from functools import cache
from typing import Any

import typer.main

from fairwitness.cli import build


@cache
def commands() -> dict[str, Any]:
    """Every command by the words after `fairwitness`."""
    found: dict[str, Any] = {}
    _collect(typer.main.get_command(build()), (), found)
    return found


def _collect(command: Any, words: tuple[str, ...], found: dict[str, Any]) -> None:
    below = getattr(command, "commands", None)
    if below is None:
        found[" ".join(words)] = command
        return
    for name, inner in below.items():
        _collect(inner, (*words, name), found)


def options(command: Any) -> set[str]:
    """The long options of a command, without those that it has only to switch another off."""
    return {name for one in command.params if one.param_type_name == "option" for name in one.opts if name.startswith("--")}


def check_line(line: str) -> None:
    """Check that a command line names a command, options that it has, and as many arguments as it takes."""
    words = shlex.split(line)[1:]
    name = next((" ".join(words[:n]) for n in (2, 1) if " ".join(words[:n]) in commands()), None)
    assert name is not None, f"there is no such command: {line}"
    command = commands()[name]
    rest = words[len(name.split()) :]
    context = command.context_class(command, info_name=name, resilient_parsing=False)
    given, left, _ = command.make_parser(context).parse_args(args=list(rest))
    assert left == [], f"too many arguments: {line}"
    missing = [one.name for one in command.params if one.required and given.get(one.name) in (None, ())]
    assert [name for name in missing if "UNSET" not in name] == [], f"{missing} is missing: {line}"
