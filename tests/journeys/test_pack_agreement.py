"""A pack has two verifiers, one in Python and one in its page: whatever is done to it, they say the same."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.unit.produce.firm import Firm, live
from tests.unit.verify.mutants import Mutant, mutants, read_zip

from fairwitness_verify.pack import check_pack

MUTANTS = 390
TELL = """
document.addEventListener("checked", (event) => console.log("checked " + JSON.stringify(event.detail)));
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with some of everything."""
    folder = tmp_path_factory.mktemp("pack")
    firm = Firm(folder / "home")
    live(firm)
    return firm.pack(folder / "PACK.zip")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page with the network off, which remembers every complaint and every request."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    made = context.new_page()
    made.add_init_script(TELL)
    made.complaints = []  # type: ignore[attr-defined]
    made.on("pageerror", lambda error: made.complaints.append(str(error)))  # type: ignore[attr-defined]
    made.on("console", lambda told: made.complaints.append(told.text) if told.type == "error" else None)  # type: ignore[attr-defined]
    made.on("request", lambda asked: None if asked.url.startswith("file:") else made.complaints.append(asked.url))  # type: ignore[attr-defined]
    yield made
    context.close()


def opened(page: Page, folder: Path) -> dict[str, Any]:
    """What the page of an unpacked pack finds when it is opened."""
    with page.expect_console_message(lambda told: told.text.startswith("checked ")) as told:
        page.goto((folder / "index.html").as_uri())
    return dict(json.loads(told.value.text.removeprefix("checked "))["report"])


def dropped(page: Page, data: bytes) -> dict[str, Any]:
    """What the page finds in a zip that it is given."""
    with page.expect_console_message(lambda told: told.text.startswith("checked ")) as told:
        page.set_input_files("#zip", {"name": "PACK.zip", "mimeType": "application/zip", "buffer": data})
    return dict(json.loads(told.value.text.removeprefix("checked "))["report"])


def in_python(data: bytes, folder: Path) -> dict[str, Any]:
    """What the Python verifier finds."""
    (folder / "PACK.zip").write_bytes(data)
    return json.loads(json.dumps(check_pack(str(folder / "PACK.zip")).as_json()))


def unpacked(pack: Path, folder: Path) -> Path:
    with zipfile.ZipFile(pack) as opened_zip:
        opened_zip.extractall(folder)
    return folder


def test_a_pack_verifies_by_double_click_with_the_network_off(page: Page, pack: Path, tmp_path: Path) -> None:
    report = opened(page, unpacked(pack, tmp_path))

    assert report == in_python(pack.read_bytes(), tmp_path)
    assert report["verdict"] == "unaltered"
    assert page.locator("#verdict-word").text_content() == "Unaltered"
    assert page.locator("#unaltered .count").text_content() == str(sum(log["proven"] for log in report["logs"]))
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
def test_the_pages_hold_hostile_words_and_fit_a_phone(
    browser: Browser, pack: Path, tmp_path: Path, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(offline=True, viewport={"width": width, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    page.add_init_script(TELL)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    opened(page, unpacked(pack, tmp_path))
    page.locator("#chats button", has_text="Eve").click()
    assert page.locator("#talk .words", has_text="<script>alert(1)</script>").count() == 1
    page.locator("#talk summary").first.click()
    assert '"type":"text"' in str(page.locator("#talk pre").first.text_content())
    assert page.locator("#talk img, #talk svg, #talk b").count() == 0
    assert _overflow(page) == 0
    for printed in sorted((tmp_path / "conversations").iterdir()):
        page.goto(printed.as_uri())
        assert page.locator("article").count() > 0
        assert _overflow(page) == 0
    assert complaints == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_a_pack(
    browser: Browser, pack: Path, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    # The policy of the page would refuse axe itself.
    context = browser.new_context(offline=True, bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.add_init_script(TELL)
    opened(page, unpacked(pack, tmp_path))
    page.locator("#chats button").first.click()
    found = [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]
    page.goto((tmp_path / "conversations/0001-01.html").as_uri())
    found += [(one["id"], one["nodes"][0]["html"]) for one in Axe().run(page).response["violations"]]
    context.close()

    assert found == []


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_b10_both_verifiers_find_the_same_in_every_mutant(page: Page, pack: Path, tmp_path: Path) -> None:
    opened(page, unpacked(pack, tmp_path / "unpacked"))
    differing, unseen, unnamed = [], [], []
    made = mutants(pack.read_bytes(), MUTANTS)
    for mutant in made:
        expected = in_python(mutant.zip, tmp_path)
        found = dropped(page, mutant.zip)
        if found != expected:
            differing.append((mutant.name, expected, found))
        if mutant.seen and expected["verdict"] == "unaltered":
            unseen.append(mutant.name)
        if not _names_it(mutant, expected):
            unnamed.append((mutant.name, expected["faults"]))

    assert differing == []
    assert unseen == []
    assert unnamed == []
    assert len(made) >= 300
    assert page.complaints == []  # type: ignore[attr-defined]


def _names_it(mutant: Mutant, report: dict[str, Any]) -> bool:
    places = {(fault["file"], fault["line"]) for fault in report["faults"]}
    return mutant.line is None or (mutant.file, mutant.line) in places


def test_the_page_tells_a_mutation_of_what_it_holds(page: Page, pack: Path, tmp_path: Path) -> None:
    whole = unpacked(pack, tmp_path)
    good = (whole / "index.html").read_bytes()
    held = _blocks(good)
    for number, mutant in enumerate(one for one in mutants(pack.read_bytes(), 60, seed="held") if one.line):
        files = read_zip(mutant.zip)
        evil = good.replace(held[mutant.file], _deflated(files[mutant.file]))
        (whole / "index.html").write_bytes(evil)
        report = opened(page, whole)
        assert report["verdict"] == "altered", mutant.name
        named = {(fault["file"], fault["line"]) for fault in report["faults"]}
        assert {(mutant.file, None), (mutant.file, mutant.line)} <= named, (number, mutant.name)


def _blocks(page: bytes) -> dict[str, bytes]:
    found = {}
    for block in page.split(b'<script type="application/json" class="file">')[1:]:
        value = json.loads(block.split(b"</script>", 1)[0])
        found[value["name"]] = value["deflated"].encode()
    return found


def _deflated(data: bytes) -> bytes:
    import base64
    import zlib

    made = zlib.compressobj(6, zlib.DEFLATED, -15)
    return base64.b64encode(made.compress(data) + made.flush())
