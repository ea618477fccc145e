"""The command line is calm: errors are a sentence and a code, help is grouped."""

import pytest

from fairwitness import __version__
from fairwitness.cli import ENTRIES, Entry, build, run
from fairwitness.errors import Forbidden, Misconfigured, PolicyError, PolicyErrors


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make `demo` fail with `error`."""

    def fails() -> None:
        raise error

    monkeypatch.setattr("fairwitness.cli.trying.try_chat", fails)


def test_help_lists_every_command_but_the_hidden_ones(capsys):
    assert run(["--help"]) == 0
    out = capsys.readouterr().out

    for entry in ENTRIES:
        assert (f"│ {entry.name} " in out) == bool(entry.panel), entry.name
    for panel in {entry.panel for entry in ENTRIES} - {""}:
        assert panel in out


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_command_has_help_of_its_own(entry: Entry, capsys):
    assert run([entry.name, "--help"]) == 0
    assert "Usage: fairwitness" in capsys.readouterr().out


def test_the_version_is_told(capsys):
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"fairwitness {__version__}\n"


def test_an_unknown_command_is_a_usage_error(capsys):
    assert run(["trie"]) == 2
    assert "trie" in capsys.readouterr().err


def test_an_error_of_ours_is_its_diagnosis_and_code_1(capsys, monkeypatch):
    failing(monkeypatch, Forbidden("somebody was first", alert="a1"))

    assert run(["try"]) == 1
    captured = capsys.readouterr()
    assert captured.err == "somebody was first (alert='a1')\n"
    assert captured.out == ""


def test_a_wrong_setting_is_code_2(capsys, monkeypatch):
    failing(monkeypatch, Misconfigured("is not a port.", setting="door_port", hint="Choose one below 65536."))

    assert run(["try"]) == 2
    assert capsys.readouterr().err == "door_port: is not a port. Choose one below 65536.\n"


def test_all_policy_faults_are_listed(capsys, monkeypatch):
    faults = [PolicyError("is missing", path="a.yaml", line=n, column=1) for n in (1, 2)]
    failing(monkeypatch, PolicyErrors(faults))

    assert run(["try"]) == 1
    assert capsys.readouterr().err == "a.yaml:1:1: is missing\na.yaml:2:1: is missing\n"


def test_a_diagnosis_cannot_drive_the_terminal(capsys, monkeypatch):
    failing(monkeypatch, Forbidden("bad name \x1b[2J [bold]x[/bold]"))

    assert run(["try"]) == 1
    assert capsys.readouterr().err == "bad name ␛[2J [bold]x[/bold]\n"


def test_a_file_that_cannot_be_opened_is_named_without_a_traceback(capsys, monkeypatch):
    failing(monkeypatch, FileNotFoundError(2, "No such file or directory", "pass.txt"))

    assert run(["try"]) == 1
    assert capsys.readouterr().err == "pass.txt: No such file or directory\n"


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    failing(monkeypatch, ZeroDivisionError("a mistake"))

    with pytest.raises(ZeroDivisionError):
        run(["try"])


def test_commands_can_be_built_one_by_one():
    made = build([ENTRIES[0]])

    assert [command.name for command in made.registered_commands] == ["try"]
