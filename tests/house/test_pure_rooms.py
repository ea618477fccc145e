"""What imports cannot show: a pure room opens nothing, prints nothing and asks no clock or die."""

import ast
from pathlib import Path

import pytest
from tests.house.source import dotted, files_of, name, pure_rooms

BANNED = {
    "open", "print", "input", "exec", "eval", "breakpoint", "__import__",
    "datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow",
    "datetime.datetime.today", "date.today", "datetime.date.today",
    "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter",
    "time.sleep", "time.localtime", "uuid.uuid1", "uuid.uuid4", "uuid4",
    "system_clock", "clock.system_clock", "random_id", "ids.random_id",
}  # fmt: skip
BANNED_FIRST = {"random", "secrets"}


def _offences(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Global):
            found.append(f"line {node.lineno}: global")
        if isinstance(node, ast.Call):
            called = dotted(node.func)
            if called in BANNED or called.split(".")[0] in BANNED_FIRST:
                found.append(f"line {node.lineno}: {called}()")
    return found


@pytest.mark.parametrize("room", pure_rooms())
def test_a_pure_room_takes_values_and_returns_values(room: str):
    offences = {name(path): _offences(path.read_text("utf-8")) for path in files_of(room)}

    assert {path: found for path, found in offences.items() if found} == {}


@pytest.mark.parametrize(
    "line", ["open('a')", "print(1)", "datetime.now(tz=UTC)", "x = time.time()", "random.random()", "global x"]
)
def test_an_impure_line_is_seen(line: str):
    assert _offences(f"def f():\n    {line}\n") != []


def test_the_pure_rooms_are_the_ones_of_the_house():
    rooms = {room.removeprefix("fairwitness.") for room in pure_rooms()}
    built = {path for path in _PURE if (Path("src/fairwitness") / path).exists() or _exists(path)}

    assert built <= rooms


_PURE = {"tlog", "capture", "mandate", "gaps", "signals", "policy", "casework", "retention", "model"}


def _exists(room: str) -> bool:
    return any(path.exists() for path in files_of(f"fairwitness.{room}"))
