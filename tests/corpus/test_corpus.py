"""Every case of the corpus gives what its `out.json` says, and loses no byte of an item."""

import json
from pathlib import Path

import pytest
from tests.corpus.reading import CASES, body_of, items_of, read


def _named(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_a_case_gives_what_it_should(case: Path) -> None:
    found = json.loads(json.dumps(read(case)))  # tuples are lists in a file

    assert found == json.loads((case / "out.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=_named)
def test_every_slice_of_a_case_is_bytes_that_arrived(case: Path) -> None:
    body = body_of(case)
    derived = ("envelope", "")  # what an import says of the whole file is no slice of it
    slices = [part for item in items_of(case) for part in item.slices if (part.name, part.pointer) != derived]

    assert slices
    assert [part.pointer for part in slices if part.data not in body] == []
