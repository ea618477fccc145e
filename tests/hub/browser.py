"""A real browser against the real application, on the house in memory."""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

LISTEN = """
window.ran = [];
for (const name of ["alert", "confirm", "prompt"]) window[name] = (...words) => { window.ran.push([name, ...words]); };
document.addEventListener("securitypolicyviolation", (e) => window.ran.push(["policy", e.violatedDirective, e.blockedURI]));
window.addEventListener("error", (e) => window.ran.push(["error", e.message]));
"""


@contextmanager
def serving() -> Iterator[str]:
    """The hub on a free port, in a thread of this process; gives its address."""
    from fairwitness_hub.asgi import application

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        application,
        port=port,
        lifespan="off",
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the hub did not start"
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium as installed on the machine, or Playwright's own."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


class Desk:
    """Opens pages for somebody; remembers everything that ran or was complained about."""

    def __init__(self, browser: Browser, address: str, signed_in: Callable[[str], Client]) -> None:
        self._browser, self.address, self._signed_in = browser, address, signed_in
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(self, role: str = "reviewer", *, width: int = 1440, dark: bool = False) -> Page:
        """A page with a session of `role`."""
        context = self._browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", base_url=self.address,
            timezone_id="America/Sao_Paulo", locale="en-GB",
        )  # fmt: skip
        self._contexts.append(context)
        cookies = self._signed_in(role).cookies
        context.add_cookies(
            [{"name": name, "value": c.value, "url": self.address} for name, c in cookies.items()]
        )
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.on(
            "dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss())
        )
        page.on("pageerror", lambda error: self.complaints.append(f"error {error}"))
        page.on(
            "console",
            lambda m: self.complaints.append(m.text) if m.type == "error" and "409" not in m.text else None,
        )
        return page

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()
