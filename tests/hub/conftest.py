"""Sets Django up once, on an empty folder, and gives every test a fresh house and fresh rows."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HOME = Path(tempfile.mkdtemp(prefix="fairwitness-hub-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
os.environ["FAIRWITNESS_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "fairwitness_hub.settings"
os.environ.pop("FAIRWITNESS_HUB_URL", None)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread that sets tests up

import django  # noqa: E402

django.setup()
del os.environ["FAIRWITNESS_HOME"], os.environ["DJANGO_SETTINGS_MODULE"]  # read; not for other tests

from django.contrib.sessions.models import Session  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from playwright.sync_api import Browser  # noqa: E402
from tests.hub.browser import Desk, chromium, serving  # noqa: E402
from tests.hub.fake_house import FakeHouse, small_firm  # noqa: E402

from fairwitness_hub import wiring  # noqa: E402
from fairwitness_hub.accounts.actions import do_create_account  # noqa: E402
from fairwitness_hub.accounts.models import Account  # noqa: E402

ACCOUNTS = {
    "none": "nobody@firm.example",
    "reviewer": "rita@firm.example",
    "second reviewer": "bruno@firm.example",
    "administrator": "adm@firm.example",
}
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session", autouse=True)
def _django() -> None:
    setup_test_environment()
    call_command("migrate", verbosity=0, interactive=False)


@pytest.fixture
def firm(_django: None) -> Iterator[FakeHouse]:
    """A small firm in memory, and no rows in Django's database."""
    Session.objects.all().delete()
    Account.objects.all().delete()
    cache.clear()
    house = small_firm()
    wiring.use(house)  # type: ignore[arg-type]
    yield house
    wiring.use(None)


@pytest.fixture
def signed_in(firm: FakeHouse) -> Callable[[str], Client]:
    """A browser for one of ACCOUNTS, or for `anonymous`."""

    def start(role: str) -> Client:
        client = Client(SERVER_NAME="127.0.0.1", SERVER_PORT="8000")
        if role != "anonymous":
            client.force_login(do_create_account(ACCOUNTS[role]))
        return client

    return start


@pytest.fixture
def reviewer(signed_in: Callable[[str], Client]) -> Client:
    """A reviewer's browser."""
    return signed_in("reviewer")


@pytest.fixture
def administrator(signed_in: Callable[[str], Client]) -> Client:
    """An administrator's browser."""
    return signed_in("administrator")


@pytest.fixture(scope="module")
def _browser() -> Iterator[Browser]:
    # Not for longer: its event loop runs in this thread, where other tests want one of their own.
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def _address(_django: None) -> Iterator[str]:
    wiring.use(small_firm())  # type: ignore[arg-type]
    with serving() as address:
        yield address


@pytest.fixture
def desk(
    _browser: Browser, _address: str, firm: FakeHouse, signed_in: Callable[[str], Client]
) -> Iterator[Desk]:
    """A real browser on the real application; nothing may have gone wrong in it by the end."""
    desk = Desk(_browser, _address, signed_in)
    yield desk
    desk.close()
    assert desk.complaints == []
