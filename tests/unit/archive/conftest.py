"""A record on real engines, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fairwitness.testing import RecordRig, enrol


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[RecordRig]:
    """A record with nobody enrolled."""
    made = RecordRig(tmp_path / "home", segment_entries=2_000)
    yield made
    made.close()


@pytest.fixture
def open_rig(rig: RecordRig) -> RecordRig:
    """A record with one enrolled line."""
    enrol(rig)
    return rig
