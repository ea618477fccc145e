"""The verifier in one file: the same modules, nothing lost, nothing installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from fairwitness.compose import verifier_sources
from fairwitness.produce.formats.pack.bundler import MODULES, bundle_verifier


def test_the_same_sources_give_the_same_file():
    assert bundle_verifier(verifier_sources()) == bundle_verifier(verifier_sources())


def test_a_name_that_two_modules_give_is_refused():
    with pytest.raises(ValueError, match="both name _x"):
        bundle_verifier({"one": '"""One."""\n_x = 1\n', "two": '"""Two."""\n_x = 2\n'}, ("one", "two"))


def test_every_function_of_the_modules_is_in_the_file():
    sources = verifier_sources()
    bundled = bundle_verifier(sources)
    wanted = [line for module in MODULES for line in sources[module].splitlines() if line.startswith(("def ", "class "))]

    assert [line for line in wanted if line not in bundled] == []
    assert "fairwitness_verify" not in bundled


def test_the_file_runs_with_nothing_but_python(tmp_path: Path):
    (tmp_path / "verify.py").write_text(bundle_verifier(verifier_sources()), "utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-W", "error", str(tmp_path / "verify.py")], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (2, "")
    assert "Verdict: unreadable." in done.stdout
