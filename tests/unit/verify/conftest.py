import pytest
from hypothesis import settings
from tests.unit.verify.records import Record

# A busy machine is slow, and that is no fault of the code.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture
def record(tmp_path):
    return Record(tmp_path)
