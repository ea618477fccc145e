"""What a page shows works: command lines, policies, settings, JSON."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.docs.command_line import check_line
from tests.docs.pages import ROOT, Block, blocks, pages

from fairwitness.config import load_settings
from fairwitness.model.custody import PolicyFile
from fairwitness.policy import compile_set, load, run_tests

_LINES = [(block.where, line[2:]) for block in blocks("console") for line in block.text.splitlines() if line.startswith("$ ")]
_OURS = [(where, line) for where, line in _LINES if line.startswith("fairwitness ")]
_VERIFIER = [(where, line) for where, line in _LINES if line.startswith("python -m fairwitness_verify ")]
_HUB = [(where, line) for where, line in _LINES if line.startswith("python -m fairwitness_hub ")]
_POLICIES = [block for block in blocks("yaml") if re.match(r"(#.*\n)*id:", block.text)]


def _where(value: object) -> str:
    return value if isinstance(value, str) else value.where if isinstance(value, Block) else ""


@pytest.mark.parametrize(("where", "line"), _OURS, ids=lambda value: value)
def test_a_command_that_is_shown_can_be_typed(where: str, line: str):
    check_line(line)


def test_every_line_that_is_shown_is_of_a_kind_that_is_checked():
    assert [line for line in _LINES if line not in (*_OURS, *_VERIFIER, *_HUB)] == []


@pytest.mark.parametrize(("where", "line"), _VERIFIER, ids=lambda value: value)
def test_an_option_of_the_verifier_that_is_shown_exists(where: str, line: str):
    told = subprocess.run(
        [sys.executable, "-m", "fairwitness_verify", "--help"], cwd=ROOT / "src", capture_output=True, text=True, check=True
    )

    assert set(re.findall(r"--[a-z-]+", line)) <= set(re.findall(r"--[a-z-]+", told.stdout))


def test_every_command_of_the_hub_that_is_shown_exists():
    commands = {path.stem for path in (ROOT / "src/fairwitness_hub").glob("*/management/commands/*.py")}

    assert {line.split()[3] for _, line in _HUB} <= commands


@pytest.mark.parametrize("block", _POLICIES, ids=_where)
def test_a_policy_that_is_shown_is_in_order(block: Block):
    policies = load([PolicyFile(path=block.where, text=block.text)])

    assert len(policies.policies) == 1
    assert run_tests(policies, compile_set(policies)) == []


def test_there_are_policies_to_check():
    assert len(_POLICIES) >= 2


@pytest.mark.parametrize("block", list(blocks("yaml")), ids=_where)
def test_yaml_that_is_shown_is_yaml(block: Block):
    assert yaml.safe_load(block.text) is not None


@pytest.mark.parametrize("block", list(blocks("toml")), ids=_where)
def test_settings_that_are_shown_are_read(block: Block):
    settings = load_settings(home=Path("home"), text=block.text, environ={})

    assert settings.home == Path("home")


@pytest.mark.parametrize("block", list(blocks("json")), ids=_where)
def test_json_that_is_shown_is_json(block: Block):
    assert json.loads(block.text) is not None


def test_every_target_of_make_that_is_shown_exists():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = {target for page in pages() for target in re.findall(r"(?<!\w)make ([a-z]+)\b", _code(page.read_text("utf-8")))}

    assert {"demo", "test", "check"} <= targets
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


def _code(text: str) -> str:
    """Only what is set as code."""
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *re.findall(r"```sh\n(.*?)```", text, re.DOTALL)])
