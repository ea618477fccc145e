"""The project's own files, as the house tests read them."""

import ast
import configparser
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PACKAGES = ("fairwitness", "fairwitness_hub", "fairwitness_verify")
_OURS = ("src", "tests", "docs", "bench", "policies", "deploy", ".ci")
_MADE = ("__pycache__", ".egg-info")


def python_files(*below: str) -> tuple[Path, ...]:
    """Every Python file under the given folders of the project, in order."""
    return tuple(path for folder in below for path in sorted((ROOT / folder).rglob("*.py")) if not made(path))


def project_files() -> Iterator[Path]:
    """Every file that belongs to the project: not caches, builds or data."""
    for path in sorted(ROOT.iterdir()):
        if path.is_file() and path.name != ".git":
            yield path
    for folder in _OURS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and not made(path):
                yield path


def made(path: Path) -> bool:
    """Whether a tool made this file."""
    return any(part.endswith(_MADE) for part in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def name(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(ROOT).as_posix()


def floor_plan() -> configparser.ConfigParser:
    """The contracts of `.importlinter`."""
    plan = configparser.ConfigParser()
    plan.read(ROOT / ".importlinter", "utf-8")
    return plan


def pure_rooms() -> tuple[str, ...]:
    """The modules that the floor plan calls pure, such as `fairwitness.tlog`."""
    return tuple(floor_plan()["importlinter:contract:pure"]["source_modules"].split())


def files_of(module: str) -> tuple[Path, ...]:
    """The files of a module or of everything in a package."""
    place = SRC / Path(*module.split("."))
    return python_files(f"src/{place.relative_to(SRC)}") if place.is_dir() else (place.with_suffix(".py"),)


def dotted(node: ast.expr) -> str:
    """`a.b.c` for a chain of names, else ''."""
    match node:
        case ast.Name(id=word):
            return word
        case ast.Attribute(value=inner, attr=word):
            outer = dotted(inner)
            return f"{outer}.{word}" if outer else ""
        case _:
            return ""
