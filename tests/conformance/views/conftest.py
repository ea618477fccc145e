"""Views in real files."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.conformance.views.builders import House

from fairwitness.followers import ReadViews, read_views


@pytest.fixture
def new_house(tmp_path: Path) -> Iterator[Callable[[], House]]:
    made: list[House] = []
    numbers = count()

    def make() -> House:
        made.append(House(tmp_path / str(next(numbers))))
        return made[-1]

    yield make
    for house in made:
        house.stores.close()


@pytest.fixture
def house(new_house: Callable[[], House]) -> House:
    return new_house()


@pytest.fixture
def views(house: House) -> ReadViews:
    return read_views(house.stores)
