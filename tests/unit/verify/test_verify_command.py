import json
import os
import subprocess
import sys
import zipapp
from pathlib import Path

import pytest
from tests.unit.verify.records import FILES
from tests.vectors.load import HERE

import fairwitness_verify
from fairwitness_verify.__main__ import main

SOURCE = Path(fairwitness_verify.__file__).parent
VECTORS = HERE / "record"


def test_a_whole_record_ends_with_0_and_says_so(capsys):
    assert main([str(VECTORS)]) == 0

    said = capsys.readouterr().out
    assert "messages/0: 300 entries under a signed root; 1 segment(s), 66,000 bytes." in said
    assert "custody: 14 entries under a signed root" in said
    assert "No fault found." in said
    assert "--keys" in said
    assert "--since" in said


def test_a_fault_ends_with_1_and_is_said_in_words(record, capsys):
    record.write("messages/0/tile/0/000", bytes(8192))

    assert main([str(record.folder)]) == 1
    assert (
        "FAULT  messages/0/tile/0/000: differs from its entries (entries 0 to 255 of messages/0)."
        in capsys.readouterr().out
    )


def test_keys_and_older_checkpoints_are_taken_from_files(capsys):
    older = [f"--since={HERE / 'older' / name}" for name in ("custody", "messages-0")]

    assert main([str(VECTORS), f"--keys={VECTORS / 'keys'}", *older]) == 0

    said = capsys.readouterr().out
    assert "--keys" not in said
    assert "--since" not in said


def test_the_report_is_given_as_json_too(record, capsys):
    record.remove("keys")

    assert main([str(record.folder), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["faults"][0] == {
        "what": "is missing",
        "file": "keys",
        "log": "",
        "first": None,
        "last": None,
    }
    assert report["outcome"] == "faults"
    assert {log["log"]: log["size"] for log in report["logs"]} == {"messages/0": 700, "custody": 303}


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere"],
        ["."],
        ["{record}", "--keys=nowhere"],
        ["{record}", "--keys=junk"],
        ["{record}", "--since=nowhere"],
    ],
    ids=str,
)
def test_what_can_not_be_checked_at_all_ends_with_2(record, monkeypatch, capsys, tmp_path_factory, arguments):
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))
    Path("junk").write_bytes(b"no keys")
    given = [argument.format(record=record.folder) for argument in arguments]
    if given == ["."]:
        given = ["junk"]

    assert main(given) == 2
    assert capsys.readouterr().err.startswith("Nothing was checked: ")


def test_names_in_a_record_can_not_speak_to_the_terminal(record, capsys):
    record.write("custody/\x1b[2J\nFAKE", b"")

    assert main([str(record.folder)]) == 1
    assert "custody/\\x1b[2J\\nFAKE" in capsys.readouterr().out


@pytest.mark.parametrize("isolated", [["-I", "-S"], ["-I", "-S", "-O"]])
def test_the_verifier_runs_as_one_file_with_nothing_installed(tmp_path, isolated):
    single = tmp_path / "verify.pyz"
    zipapp.create_archive(_copied(tmp_path), single, main="fairwitness_verify.__main__:main")
    done = subprocess.run(
        [sys.executable, *isolated, str(single), str(VECTORS)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "No fault found." in done.stdout


def _copied(tmp_path: Path) -> Path:
    folder = tmp_path / "app"
    (folder / "fairwitness_verify").mkdir(parents=True)
    for module in SOURCE.glob("*.py"):
        (folder / "fairwitness_verify" / module.name).write_bytes(module.read_bytes())
    return folder


def test_the_verifier_loads_nothing_that_is_not_pythons_own():
    show = "import json, sys; import fairwitness_verify.__main__; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(SOURCE.parent)!r}); {show}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    roots = {name.split(".")[0] for name in json.loads(done.stdout)}

    assert roots - set(sys.stdlib_module_names) <= {"fairwitness_verify", "__main__"}


def test_it_does_not_touch_the_record(record):
    before = {path: path.stat().st_mtime_ns for path in record.folder.rglob("*")}
    record.check()

    assert {path: path.stat().st_mtime_ns for path in record.folder.rglob("*")} == before
    assert all((record.folder / name).read_bytes() == data for name, data in FILES.items())
