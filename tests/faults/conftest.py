"""Deployments in real processes, ended whatever happens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fairwitness.testing.deployment import Deployment

MakeDeployment = Callable[..., Deployment]


@pytest.fixture
def make_deployment(tmp_path: Path) -> Iterator[MakeDeployment]:
    """Makes deployments below a temporary folder."""
    made: list[Deployment] = []

    def make(**settings: object) -> Deployment:
        made.append(Deployment(tmp_path / f"home{len(made)}", **settings))
        return made[-1]

    yield make
    for deployment in made:
        deployment.stop()
