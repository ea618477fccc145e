"""Names of an object's members, and what happens when one is there twice."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairwitness.capture.exact import Repeated, members

NAMES = st.sampled_from(["a", "b", "c", "\u00e9", 'a"', "\\", "{", "entry"])
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
)
BLANKS = st.sampled_from(["", " ", "\n\t"])


@st.composite
def objects(draw: st.DrawFn, depth: int = 3) -> tuple[str, list[str]]:
    """An object as it may be written, with the names of its own members."""
    parts, names = [], []
    for _ in range(draw(st.integers(0, 4))):
        name, blank = draw(NAMES), draw(BLANKS)
        if depth and draw(st.booleans()):
            value = draw(objects(depth=depth - 1))[0]
        else:
            value = json.dumps(draw(PLAIN))
        parts.append(f"{blank}{json.dumps(name)}{blank}:{blank}{value}{blank}")
        names.append(name)
    return "{" + ",".join(parts) + "}", names


@given(objects())
def test_members_are_exact_or_refused_where_a_name_is_there_twice(written: tuple[str, list[str]]) -> None:
    text, names = written
    if len(set(names)) < len(names):
        with pytest.raises(Repeated):
            members(text.encode())
        return
    found = members(text.encode())
    assert list(found) == names
    assert all(value in text.encode() for value in found.values())
    assert {name: json.loads(value) for name, value in found.items()} == json.loads(text)


def test_a_name_twice_further_down_is_not_this_objects_concern() -> None:
    assert members(b'{"a": {"b": 1, "b": 2}}') == {"a": b'{"b": 1, "b": 2}'}
