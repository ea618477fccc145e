"""What is in the project belongs to everyone: no machine's paths, no registry's address, no secret."""

import re
from pathlib import Path

import pytest
from tests.house.source import ROOT, SRC, name, project_files, python_files

_TEXT = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".yaml",
    ".yml",
    ".sql",
    ".html",
    ".css",
    ".js",
    ".json",
    ".txt",
    ".svg",
    ".service",
}
_NAMED = {".gitignore", ".importlinter", "LICENSE", "Makefile", "run"}
_DATA = ("tests/vectors/", "tests/corpus/")
MACHINE_PATH = re.compile(r"(?<![\w.~$<{])/(?:work|root|Users|opt/[a-z]+|home/[a-z]+)/")
REGISTRY = re.compile(
    "|".join(
        [
            r"pypi\.(?:org|python)",
            r"python" + r"hosted\.org",
            r"npm" + r"js\.",
            r"deb\.deb" + r"ian\.org",
            r"file://",
        ]
    )
)
PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE" + " KEY-----")
LOCK_LINE = re.compile(
    r"[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,-]+\])?==[A-Za-z0-9.+!]+(?: ; [a-z_]+ [!=<>]+ \"[\w.]+\")? \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?"
)


def _text_files() -> list[Path]:
    return [
        path
        for path in project_files()
        if (path.suffix in _TEXT or path.name in _NAMED) and not name(path).startswith(_DATA)
    ]


@pytest.mark.parametrize(
    "pattern", [MACHINE_PATH, REGISTRY, PRIVATE_KEY], ids=["machine path", "registry", "private key"]
)
def test_no_tracked_file_names_where_it_was_made(pattern: re.Pattern[str]):
    found = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in _text_files()
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []


@pytest.mark.parametrize(
    "place", [("work", "main"), ("home", "ana", "x"), ("root", ".cache"), ("Users", "ana", "x")]
)
def test_a_path_of_a_machine_is_seen(place: tuple[str, ...]):
    # Put together here, so that this file holds no such path itself.
    assert MACHINE_PATH.search(f"cd /{'/'.join(place)}")


@pytest.mark.parametrize(
    "line", ["/home/{person}", "docs/howto/work/x", "<home>/keys/", "/var/lib/fairwitness"]
)
def test_a_path_that_anyone_may_have_is_left_alone(line: str):
    assert not MACHINE_PATH.search(line)


def test_the_code_writes_nowhere_by_a_fixed_name():
    found = [name(path) for path in python_files("src") if "/tmp" in path.read_text("utf-8")]

    assert found == []


def test_the_lock_holds_names_versions_and_hashes_only():
    lines = (ROOT / "requirements.lock").read_text("utf-8").splitlines()

    assert [line for line in lines if not LOCK_LINE.fullmatch(line)] == []


def test_every_dependency_is_in_the_lock():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    locked = set(
        re.findall(
            r"^([a-z0-9._-]+)(?:\[[a-z0-9,-]+\])?==",
            (ROOT / "requirements.lock").read_text("utf-8"),
            re.MULTILINE,
        )
    )
    names = {re.split(r"[\[<>=;! ]", one)[0].lower().replace("_", "-") for one in wanted}

    assert names - locked == set()


def test_every_text_file_ends_with_a_line_end():
    found = [
        name(path) for path in _text_files() if (text := path.read_text("utf-8")) and not text.endswith("\n")
    ]

    assert found == []


def test_what_the_code_reads_is_packed_with_it():
    import tomllib

    kinds = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"][
        "*"
    ]
    packed = {kind.removeprefix("*") for kind in kinds} | {"py.typed"}
    beside = [path for path in project_files() if SRC in path.parents and path.suffix not in {".py", ".pyi"}]

    assert [name(path) for path in beside if path.suffix not in packed and path.name not in packed] == []
