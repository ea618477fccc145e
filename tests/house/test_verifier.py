"""The auditor trusts nobody: the verifier needs Python and nothing else."""

import ast
import subprocess
import sys

from tests.house.source import SRC, name, python_files, tree

OURS = "fairwitness_verify"


def _imports() -> set[tuple[str, str]]:
    found = set()
    for path in python_files(f"src/{OURS}"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Import):
                found |= {(name(path), alias.name.split(".")[0]) for alias in node.names}
            if isinstance(node, ast.ImportFrom):
                found.add((name(path), OURS if node.level else str(node.module).split(".")[0]))
    return found


def test_the_verifier_imports_the_standard_library_and_itself():
    imports = _imports()

    assert imports != set()
    assert {(path, module) for path, module in imports if module not in sys.stdlib_module_names and module != OURS} == set()


def test_the_verifier_starts_without_anything_installed():
    answer = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(SRC)!r}); import {OURS}.__main__"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (answer.returncode, answer.stderr) == (0, "")
