"""Settings, commands, errors and permissions: what exists has a heading, what has a heading exists."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.docs.command_line import commands, options
from tests.docs.pages import ROOT, sections

import fairwitness
from fairwitness.config import Settings
from fairwitness.errors import FairwitnessError
from fairwitness.model import custody
from fairwitness.policy.terms import REGISTRY

ENVIRONMENT_BESIDE_SETTINGS = {"FAIRWITNESS_HUB_URL", "FAIRWITNESS_KEYS_FD", "FAIRWITNESS_PASSPHRASE_FILE"}
EVERY_COMMAND = {"--home", "--passphrase-file", "--help"}


def _errors(kind: type[FairwitnessError] = FairwitnessError) -> Iterator[type[FairwitnessError]]:
    """The library's own errors; other tests of this process may have read the hub, which has more."""
    if kind.__module__.startswith(f"{fairwitness.__name__}."):
        yield kind
    for below in kind.__subclasses__():
        yield from _errors(below)


def _import_everything() -> None:
    for module in pkgutil.walk_packages(fairwitness.__path__, "fairwitness."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def test_every_error_has_its_own_code_and_a_heading():
    _import_everything()
    codes = [error.code for error in _errors()]

    assert sorted(codes) == sorted(set(codes))
    assert set(codes) == set(sections("errors.md"))


def test_the_error_tree_is_drawn_whole_at_the_top_of_its_module():
    drawn = Path(str(importlib.import_module("fairwitness.errors").__file__)).read_text("utf-8").split('"""')[1]

    assert {error.__name__ for error in _errors() if error.__name__[0] != "_" and error.__name__ not in drawn} == set()


def test_every_setting_has_a_heading():
    assert set(sections("settings.md")) == {*Settings.__struct_fields__, *ENVIRONMENT_BESIDE_SETTINGS}


@pytest.mark.parametrize("field", [f for f in msgspec.structs.fields(Settings) if f.required is False], ids=lambda f: f.name)
def test_a_setting_tells_its_true_default(field: msgspec.structs.FieldInfo):
    default = f'"{field.default}"' if isinstance(field.default, str) else str(field.default)

    assert f"Default: `{default}`" in sections("settings.md")[field.name]


def test_every_variable_of_the_environment_is_documented():
    code = [path for folder in ("fairwitness", "fairwitness_hub") for path in (ROOT / "src" / folder).rglob("*.py")]
    read = {name for path in code for name in re.findall(r'"(FAIRWITNESS_[A-Z_]+[A-Z])"', path.read_text("utf-8"))}
    known = {f"FAIRWITNESS_{name.upper()}" for name in Settings.__struct_fields__} | ENVIRONMENT_BESIDE_SETTINGS

    assert read <= known


def test_every_command_has_a_heading():
    assert {f"fairwitness {name}" for name in commands()} == set(sections("commands.md"))


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_of_a_command_is_named(name: str):
    section = sections("commands.md")[f"fairwitness {name}"]

    assert options(commands()[name]) - EVERY_COMMAND - set(re.findall(r"--[a-z-]+", section)) == set()


@pytest.mark.parametrize("name", sorted(commands()))
def test_no_option_is_named_that_a_command_does_not_have(name: str):
    section = sections("commands.md")[f"fairwitness {name}"]

    assert set(re.findall(r"`(--[a-z-]+)`", section)) - options(commands()[name]) == set()


def test_the_table_of_permissions_is_the_matrix():
    from fairwitness_hub.permissions import MATRIX

    page = (ROOT / "docs" / "reference" / "permissions.md").read_text("utf-8")
    roles = ("anyone", "signed_in", "reviewer", "administrator")
    rows = re.findall(r"^\| `([\w.]+)` \|(.*)\|$", page, re.MULTILINE)
    told = {action: frozenset(r for r, cell in zip(roles, row.split("|"), strict=True) if cell.strip()) for action, row in rows}

    assert told == {action: frozenset(allowed) for action, allowed in MATRIX.items()}


def test_every_kind_of_decision_is_in_the_vocabulary():
    page = (ROOT / "docs" / "spec" / "custody.md").read_text("utf-8")
    kinds = {str(kind.__struct_config__.tag) for kind in custody.Decision.__args__}

    assert {kind for kind in kinds if f"`{kind}`" not in page} == set()


def test_every_part_of_a_decision_is_in_the_vocabulary():
    page = (ROOT / "docs" / "spec" / "custody.md").read_text("utf-8")
    missing = []
    for kind in custody.Decision.__args__:
        tag = str(kind.__struct_config__.tag)
        row = next((line for line in page.splitlines() if line.startswith("|") and f"`{tag}`" in line), "")
        missing += [f"{tag}: {name}" for name in kind.__struct_fields__ if name != "by" and not re.search(rf"\b{name}\b", row)]

    assert missing == []


def test_every_term_is_in_the_policy_language_and_marked_as_read():
    page = (ROOT / "docs" / "spec" / "policy-language.md").read_text("utf-8")
    marked = {name for line in page.splitlines() if "[0.1]" in line for name in re.findall(r"^\| `([a-z_]+)`", line)}

    assert {term.name for term in REGISTRY} <= marked


def test_every_room_is_on_the_map():
    page = (ROOT / "docs" / "map.md").read_text("utf-8")
    rooms = {Path(name).stem for name in (ROOT / "src/fairwitness").glob("*") if _is_room(name)}
    apps = {path.parent.name for path in (ROOT / "src/fairwitness_hub").glob("*/urls.py")}

    assert {room for room in rooms | apps if not re.search(rf"\b{room}\b", page)} == set()


def _is_room(path: Path) -> bool:
    return (path.is_dir() and (path / "__init__.py").exists()) or (path.suffix == ".py" and path.name != "__init__.py")
