from pathlib import Path

import pytest
from tests.unit.produce.firm import Firm, live


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Firm:
    """A firm to which something of everything has happened; packs may be made of it, and nothing else."""
    made = Firm(tmp_path_factory.mktemp("firm") / "home")
    live(made)
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "PACK.zip"
