"""Sizes, names and habits that keep the house calm."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.source import PACKAGES, ROOT, SRC, dotted, name, python_files, tree

CODE = tuple(path for path in python_files("src", "bench") if "migrations" not in path.parts)
TESTS = python_files("tests")
MOST_LINES_OF_A_FILE = 600
MOST_LINES_OF_A_FUNCTION = 60
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "core", "misc"}
ENVIRONMENT_READERS = re.compile(
    r"fairwitness/(config|compose/.*|compose)\.py|fairwitness/(cli|doors|testing)/|fairwitness_hub/(settings|asgi|__main__)\.py|bench/"
)

HANDED_ON = {
    # Waiting senders are answered 503 and nothing was acknowledged; the error is logged with its trace.
    "src/fairwitness/doors/webhooks/writer.py",
    # What ends one of the keeper's threads ends the other, and is raised by `run`.
    "src/fairwitness/flow/keeper.py",
}

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(path: Path) -> Iterator[_Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, _Function))


def _where(path: Path, node: ast.stmt | ast.expr | ast.ExceptHandler) -> str:
    return f"{name(path)}:{node.lineno}"


def test_no_file_is_too_long():
    sizes = {name(path): len(path.read_text("utf-8").splitlines()) for path in (*CODE, *TESTS)}

    assert {path: size for path, size in sizes.items() if size > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_too_long():
    long = [
        f"{_where(path, node)} {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in (*CODE, *TESTS)
        for node in _functions(path)
        if node.end_lineno - node.lineno >= MOST_LINES_OF_A_FUNCTION and not _is_a_table(node)
    ]

    assert long == []


def _is_a_table(node: _Function) -> bool:
    """One statement after the docstring, and that a literal."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return len(body) == 1 and isinstance(body[0], ast.Return) and isinstance(body[0].value, ast.Dict | ast.Tuple | ast.List)


def test_every_module_says_what_it_promises():
    silent = [name(path) for path in CODE if tree(path).body and not ast.get_docstring(tree(path))]

    assert silent == []


def test_every_public_function_says_what_it_claims():
    silent = [
        f"{_where(path, node)} {node.name}"
        for path in CODE
        for node in tree(path).body
        if isinstance(node, _Function) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_every_public_class_with_behaviour_says_what_it_is():
    silent = [
        f"{_where(path, node)} {node.name}"
        for path in CODE
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and _behaves(node) and not ast.get_docstring(node)
    ]

    assert silent == []


def _behaves(node: ast.ClassDef) -> bool:
    """More than fields, and more than the type of a function."""
    return any(isinstance(part, _Function) and part.name != "__call__" for part in node.body)


def test_no_room_has_a_name_that_means_nothing():
    parts = {part.removesuffix(".py") for path in CODE for part in path.relative_to(ROOT).parts}

    assert parts & BANNED_NAMES == set()


def test_every_folder_of_code_is_a_package():
    bare = {
        name(folder)
        for package in PACKAGES
        for path in python_files(f"src/{package}")
        for folder in path.parents
        if folder != SRC and SRC in folder.parents and not (folder / "__init__.py").exists()
    }

    assert bare == set()


def test_no_handler_of_every_exception_goes_on():
    found = [
        _where(path, node)
        for path in CODE
        if name(path) not in HANDED_ON
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node) and not isinstance(node.body[-1], ast.Raise)
    ]

    assert found == []


def _catches_all(node: ast.ExceptHandler) -> bool:
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(kind is None or dotted(kind) in {"Exception", "BaseException"} for kind in caught)


def test_a_check_raises_or_returns_nothing():
    found = [
        f"{_where(path, node)} {node.name}"
        for path in CODE
        for node in _functions(path)
        if re.match(r"_?(check|verify)_|_?is_valid", node.name) and node.returns and dotted(node.returns) == "bool"
    ]

    assert found == []


def test_the_environment_is_read_only_where_a_process_starts():
    found = [
        _where(path, node)
        for path in CODE
        if not ENVIRONMENT_READERS.search(name(path))
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and dotted(node) in {"os.environ", "os.environb", "os.getenv"}
    ]

    assert found == []


_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|REPLACE)\s+[\w*(\"]", re.IGNORECASE)
_SQL_WORDS = re.compile(r"\b(FROM|INTO|SET|TABLE|INDEX|VALUES|TRIGGER|VIEW)\b")


def test_sql_is_written_in_its_own_files():
    found = [
        _where(path, node)
        for path in CODE
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.match(node.value) and _SQL_WORDS.search(node.value)
        and "sqlite_schema" not in node.value
    ]

    assert found == []


_NOTES = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]) + r")\b")


def test_nothing_is_left_for_later_in_a_comment():
    found = [
        f"{name(path)}:{number}"
        for path in (*CODE, *TESTS)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _NOTES.search(line)
    ]

    assert found == []


def _tests() -> list[tuple[Path, _Function]]:
    return [(path, node) for path in TESTS for node in _functions(path) if node.name.startswith("test_")]


def test_a_test_is_a_sentence():
    short = [f"{_where(path, node)} {node.name}" for path, node in _tests() if node.name.count("_") < 3]

    assert short == []


def test_every_test_can_fail():
    idle = [f"{_where(path, node)} {node.name}" for path, node in _tests() if not _can_fail(node)]

    assert idle == []


def _can_fail(node: _Function) -> bool:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert):
            return True
        if isinstance(inner, ast.Call) and re.search(r"raises|fail|assert|expect|check|holds|must|verify|compare|wait_for", dotted(inner.func)):
            return True
    return False


@pytest.mark.parametrize("word", ["sk" + "ip", "skip" + "if", "xf" + "ail", "importor" + "skip"])
def test_no_test_steps_aside(word: str):
    found = [
        _where(path, node)
        for path in TESTS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == word and dotted(node).startswith("pytest.")
    ]

    assert found == []


def test_make_test_runs_every_folder_of_tests():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    folders = {path.relative_to(ROOT).parts[1] for path in TESTS if path.name.startswith("test_")}

    assert {folder for folder in folders if not re.search(rf"tests/{folder}\b", makefile)} == set()
