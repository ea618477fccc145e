"""Every contract of the floor plan holds, and each is seen to catch what it forbids."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.house.source import PACKAGES, ROOT, SRC, floor_plan

_PREFIX = "importlinter:contract:"
_LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(limit_to_contracts=tuple(sys.argv[1:]), no_cache=True, no_logo=True))"

BREAKS = [
    ("bands", "fairwitness/errors.py", "from fairwitness import ids"),
    ("bands", "fairwitness/mandate/state.py", "from fairwitness import tlog"),
    ("bands", "fairwitness/attic.py", ""),
    ("pure", "fairwitness/model/event.py", "import socket"),
    ("pure", "fairwitness/tlog/__init__.py", "def f():\n    import os"),
    ("library", "fairwitness/archive/status.py", "import django"),
    ("library", "fairwitness/clock.py", "from fairwitness_hub import permissions"),
    ("engines", "fairwitness/flow/follower.py", "import fairwitness.engines"),
    ("databases", "fairwitness/followers/views.py", "import apsw"),
    ("databases", "fairwitness/archive/status.py", "import sqlite3"),
    ("house", "fairwitness_hub/permissions.py", "from fairwitness import compose"),
    ("doors", "fairwitness_hub/permissions.py", "from fairwitness import cli"),
    ("verifier", "fairwitness_verify/__init__.py", "import msgspec"),
    ("verifier", "fairwitness_verify/__init__.py", "from fairwitness import canonical"),
    ("nobody", "fairwitness/archive/status.py", "import fairwitness_verify"),
    ("hub", "fairwitness_hub/permissions.py", "from fairwitness_hub import inbox"),
    ("hub", "fairwitness_hub/attic.py", ""),
    ("app", "fairwitness_hub/people/queries.py", "from fairwitness_hub.people import views"),
    ("cycles", "fairwitness/flow/reading.py", "from fairwitness.flow import follower"),
]


def _lint(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    return subprocess.run(
        [sys.executable, "-c", _LINT, *contracts],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_every_contract_of_the_floor_plan_holds():
    answer = _lint(ROOT)

    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


def test_every_contract_is_broken_by_some_test_here():
    contracts = {section.removeprefix(_PREFIX) for section in floor_plan().sections() if section.startswith(_PREFIX)}

    assert contracts == {contract for contract, _, _ in BREAKS}


@pytest.mark.parametrize(("contract", "path", "line"), BREAKS)
def test_a_broken_contract_is_seen(tmp_path: Path, contract: str, path: str, line: str):
    for package in PACKAGES:
        shutil.copytree(SRC / package, tmp_path / "src" / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    planted = tmp_path / "src" / path
    before = planted.read_text("utf-8") if planted.exists() else ""
    planted.write_text(f"{before}\n{line}\n", "utf-8")

    answer = _lint(tmp_path, contract)

    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert "1 broken" in answer.stdout, answer.stdout + answer.stderr
    assert _named(path, contract) in answer.stdout


def _named(path: str, contract: str) -> str:
    """What the linter must name: the module with the planted line, or the package with the cycle."""
    module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return module.rpartition(".")[0] if contract == "cycles" else module
