"""The command line: one file per command, and the list of them here.

An error of ours is one calm sentence on standard error and an exit code: 1, or 2 where a
setting is wrong. No traceback, and never the words of a message.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console

from fairwitness import __version__
from fairwitness.cli.terminal import plain
from fairwitness.errors import FairwitnessError, Misconfigured

_LOOK = "Look, without setting anything up"
_RUN = "Run a deployment"
_PEOPLE = "People and policies"
_RECORD = "The record"
_RETENTION = "Retention"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, or a group of them: its name, `module:member` below this package, and where
    `--help` lists it. No panel hides it."""

    name: str
    place: str
    panel: str


ENTRIES: Sequence[Entry] = (
    Entry("try", "trying:try_chat", _LOOK),
    Entry("demo", "demo:demo", _LOOK),
    Entry("init", "init:init", _RUN),
    Entry("up", "up:up", _RUN),
    Entry("secret", "secret:app", _RUN),
    Entry("recovery", "recovery:app", _RUN),
    Entry("witness", "witness:witness", _RUN),
    Entry("keeper", "keeper:keeper", ""),
    Entry("enrol", "people:enrol", _PEOPLE),
    Entry("withdraw", "people:withdraw", _PEOPLE),
    Entry("people", "people:people", _PEOPLE),
    Entry("role", "people:role", _PEOPLE),
    Entry("policies", "policies:app", _PEOPLE),
    Entry("import", "import_:import_chat", _RECORD),
    Entry("verify", "verify:verify", _RECORD),
    Entry("seal", "seal:seal", _RECORD),
    Entry("holds", "holds:app", _RETENTION),
    Entry("retention", "retention:app", _RETENTION),
    Entry("dispose-message", "retention:dispose_message", _RETENTION),
    Entry("rotate-keys", "rotate_keys:rotate_keys", _RUN),
    Entry("produce", "produce:produce", _RECORD),
    Entry("prove", "prove:prove", _RECORD),
    Entry("check-proof", "check_proof:check", _RECORD),
    Entry("rebuild", "rebuild:rebuild", _RECORD),
)
"""Every command, in the order of `--help`. A command's module is loaded when it is asked for."""


def build(entries: Sequence[Entry] = ENTRIES) -> typer.Typer:
    """The application with exactly these commands."""
    made = typer.Typer(
        name="fairwitness", no_args_is_help=True, add_completion=False, rich_markup_mode="rich",
        pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip
    made.callback()(_root)
    for entry in entries:
        module, _, member = entry.place.partition(":")
        runs = getattr(import_module(f"{__name__}.{module}"), member)
        if isinstance(runs, typer.Typer):
            made.add_typer(runs, name=entry.name, rich_help_panel=entry.panel)
        else:
            made.command(entry.name, hidden=not entry.panel, rich_help_panel=entry.panel)(runs)
    return made


def _asked_for(arguments: Sequence[str]) -> Sequence[Entry]:
    """The one command that is asked for, where there is one: the others need not be loaded."""
    return [entry for entry in ENTRIES if arguments and entry.name == arguments[0]] or ENTRIES


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fairwitness {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave."),
    ] = False,
) -> None:
    """WhatsApp as a channel that a firm can keep, check and trust."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code."""
    try:
        build(_asked_for(arguments))(args=arguments, prog_name="fairwitness")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except FairwitnessError as error:
        _say(error.diagnosis())
        return 2 if isinstance(error, Misconfigured) else 1
    except BrokenPipeError:
        # Whoever read our output has seen enough. What is left must not be flushed into the void.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        _say(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        return 1
    return 0


def _say(text: str) -> None:
    console = Console(stderr=True, soft_wrap=True)
    console.print(plain(text, keep="\n"), markup=False, highlight=False)
