"""The canonical form is RFC 8785's, and what is outside the subset is refused."""

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from fairwitness import canonical
from fairwitness.errors import Malformed

TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
NUMBER = st.integers(-canonical.LARGEST, canonical.LARGEST)
VALUE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


class Sample(msgspec.Struct):
    text: str
    names: dict[str, str]


@given(st.dictionaries(TEXT, VALUE, max_size=5))
def test_what_is_written_is_what_rfc8785_writes(value: dict[str, object]) -> None:
    data = canonical.encode(value)
    assert data == rfc8785.dumps(value)  # type: ignore[arg-type]
    assert canonical.decode(data) == value


@pytest.mark.parametrize("value", [2**53, -(2**53), 1.5, "é", "\n", "\x7f", "\ud800", b"x", {1}])
def test_what_is_outside_the_subset_is_refused(value: object) -> None:
    with pytest.raises(Malformed):
        canonical.encode({"a": [value]})


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b"[1]",
        b'{"a":"\\u0041"}',
        b"{",
        b"\xff",
    ],
)
def test_bytes_that_are_not_canonical_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.decode(data)


@given(st.text(max_size=12), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_a_struct_is_encoded_like_its_values_or_refused_like_them(text: str, names: dict[str, str]) -> None:
    try:
        expected = canonical.encode({"names": names, "text": text})
    except Malformed:
        with pytest.raises((Malformed, UnicodeEncodeError)):
            canonical.encode_struct(Sample(text, names))
    else:
        assert canonical.encode_struct(Sample(text, names)) == expected
