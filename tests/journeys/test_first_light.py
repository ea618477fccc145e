"""From a real WhatsApp delivery to a reviewer's screen, through the doors only."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from fairwitness.testing.deployment import Deployment, text_delivery, wait_until

ANA = "ana@firm.example"
CARLA = "carla@firm.example"


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with one enrolled person, all three processes running."""
    made = Deployment(tmp_path_factory.mktemp("journey") / "home")
    made.enrol("Paulo Teles", aliases=("pnid:1",))
    made.start("door", "keeper", "hub")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield made
        made.close()


def signed_in(browser: Browser, deployment: Deployment, account: str, role: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(deployment.sign_in_link(account, role))
    page.locator("main button").first.click()
    page.wait_for_load_state()
    return page


def say(deployment: Deployment, number: int, text: str, *, number_id: str = "1") -> None:
    assert deployment.post(text_delivery([(f"wamid.{number}", text)], number_id=number_id)) == 200


def test_a_flagged_message_appears_unasked_and_is_worked_by_keyboard(browser: Browser, deployment: Deployment) -> None:
    hub = f"http://127.0.0.1:{deployment.settings.hub_port}"
    page = signed_in(browser, deployment, ANA, "reviewer")
    page.goto(f"{hub}/inbox/")
    expect(page.locator(".queue-row")).to_have_count(0)

    say(deployment, 1, "bom dia, tudo certo para a visita?")
    say(deployment, 2, "me chama no telegram que aqui fica tudo gravado")
    expect(page.locator(".queue-row")).to_have_count(1, timeout=60_000)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_contain_text("telegram", ignore_case=True)
    wait_until(lambda: _shown(deployment), what="the reading to be in the record")
    alert = deployment.house.alerts.queue(limit=1)[0]
    assert alert.state != "closed", "opening is not reviewing"

    page.keyboard.press("c")
    wait_until(lambda: deployment.house.alerts.count(state="claimed") == 1, what="the claim")
    expect(page.locator("main")).to_contain_text("Claimed 1")
    page.keyboard.press("d")
    page.keyboard.press("1")
    expect(page.locator("input[name=decision]").first).to_be_checked()
    page.locator("#id_action").select_option(index=1)
    page.locator("#id_reason").fill("moved to a channel that nobody keeps")
    page.keyboard.press("Control+Enter")
    wait_until(lambda: deployment.house.alerts.count(state="closed") == 1, what="the decision")
    closed = deployment.house.alerts.alert(alert.alert)
    assert closed is not None
    assert closed.history[-1].by == ANA
    assert alert.index in closed.history[-1].reviewed
    page.close()


def _shown(deployment: Deployment) -> bool:
    return any(
        decision is not None and decision.__struct_config__.tag == "content.shown" and decision.by == ANA
        for _, _, decision in deployment.house.custody_entries()
    )


def test_a_message_is_found_again(browser: Browser, deployment: Deployment) -> None:
    hub = f"http://127.0.0.1:{deployment.settings.hub_port}"
    page = signed_in(browser, deployment, ANA, "reviewer")
    say(deployment, 3, "o congresso em Curitiba foi ótimo")
    wait_until(lambda: deployment.house.search.search("curitiba").total == 1, what="the search view")
    page.goto(f"{hub}/search/")
    box = page.locator("input[type=search]").first
    box.fill("curitiba")
    box.press("Enter")
    expect(page.locator("main")).to_contain_text("congresso em Curitiba")
    page.close()


def test_an_administrator_withdraws_a_mandate_and_reads_no_words(browser: Browser, deployment: Deployment) -> None:
    hub = f"http://127.0.0.1:{deployment.settings.hub_port}"
    line, _ = deployment.enrol("Rita Solano", aliases=("pnid:2",))
    page = signed_in(browser, deployment, CARLA, "administrator")
    assert page.goto(f"{hub}/inbox/").status == 403  # type: ignore[union-attr]
    page.goto(f"{hub}/people/")
    page.get_by_role("link", name="Rita Solano").first.click()
    page.get_by_role("button", name="Withdraw").first.click()
    wait_until(
        lambda: all(held.withdrawn_at for held in deployment.house.custody().mandates[line]),
        what="the withdrawal",
    )
    before = deployment.house.status().logs[0].size
    say(deployment, 4, "isto ninguém guarda", number_id="2")
    assert deployment.house.status().logs[0].size == before
    assert [row.count for row in deployment.house.refused()] == [1]
    page.close()


def test_the_record_is_verified_from_the_hub_with_every_content_opened(browser: Browser, deployment: Deployment) -> None:
    hub = f"http://127.0.0.1:{deployment.settings.hub_port}"
    say(deployment, 5, "guardado e conferido")
    wait_until(lambda: deployment.house.status().logs[0].checkpoint_size > 0, what="the checkpoint")
    page = signed_in(browser, deployment, CARLA, "administrator")
    page.goto(f"{hub}/record/")
    page.keyboard.press("v")
    expect(page.locator("#verification .verdict")).to_contain_text("No fault", timeout=60_000)
    answered = deployment.house.verification().answer
    assert answered is not None
    assert answered.by == CARLA
    assert answered.messages > 0
    assert answered.payloads == answered.messages + answered.custody
    assert not (deployment.settings.home / "verification.json").exists()
    page.close()


def test_the_demo_counts_what_its_generator_planned(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fairwitness", "demo", "--exit", "--home", str(tmp_path / "demo")],
        capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout
