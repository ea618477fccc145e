"""`fairwitness policies`: check and publish policy files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from fairwitness.cli.opening import DEFAULT_HOME, HomeOption, PassphraseOption, acting, unlocked
from fairwitness.compose import publish_policies
from fairwitness.errors import Misconfigured, PolicyErrors
from fairwitness.model.custody import PolicyFile
from fairwitness.policy import compile_set, load, run_tests

app = typer.Typer(no_args_is_help=True, help="Check and publish policies.")
FolderArgument = Annotated[Path, typer.Argument(help="A folder of .yaml files.", exists=True)]


@app.command("check")
def check(folder: FolderArgument) -> None:
    """Say everything that is wrong with the policies in a folder, and run their tests."""
    policies = load(read_folder(folder))
    if errors := run_tests(policies, compile_set(policies)):
        raise PolicyErrors(errors)
    Console().print(f"{len(policies.policies)} policies are in order. Plan {policies.plan[:12]}.")


@app.command("publish")
def publish(
    folder: FolderArgument, home: HomeOption = DEFAULT_HOME, passphrase_file: PassphraseOption = None
) -> None:
    """Put exactly the policies of a folder in force, from the next message on."""
    files = read_folder(folder)
    plan = publish_policies(unlocked(home.absolute(), passphrase_file), files, by=acting())
    Console().print(f"In force: plan {plan[:12]}.")


def read_folder(folder: Path) -> list[PolicyFile]:
    """Every .yaml file below a folder."""
    paths = sorted(path for path in folder.rglob("*.yaml") if path.is_file())
    if not paths:
        raise Misconfigured("there are no .yaml files here", setting="folder", folder=str(folder))
    return [PolicyFile(str(path.relative_to(folder)), path.read_text("utf-8")) for path in paths]
