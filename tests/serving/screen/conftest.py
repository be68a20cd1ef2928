"""The screens over the sample case in a process of its own, and somebody who visits them in a real Chromium."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

CODE = "123456"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
PATIENT_MS = 60_000
"""A shared machine may be slow; a page that never answers still fails."""
expect.set_options(timeout=PATIENT_MS)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = tmp_path_factory.mktemp("screens")
    script = Path(__file__).with_name("_server.py")
    server = subprocess.Popen([sys.executable, str(script), str(data), str(port), CODE])
    where = f"http://127.0.0.1:{port}"
    try:
        _wait_for(where, server)
        yield where
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(where: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        if server.poll() is not None:
            raise AssertionError("the server ended")
        try:
            with urlopen(f"{where}/health", timeout=2):
                return
        except (URLError, OSError):
            time.sleep(0.3)
    raise AssertionError("the server did not come up")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


def answered(page: Page) -> None:
    """Wait until nothing on the screen waits for the server."""
    page.wait_for_function("() => !document.querySelector('.pending')", timeout=PATIENT_MS)


class Visit:
    """A page somebody is logged in to, with every request to elsewhere noted."""

    def __init__(self, browser: Browser, address: str, person: str, width: int = 1280) -> None:
        context = browser.new_context(locale="sv-SE", viewport={"width": width, "height": 800})
        context.set_default_timeout(PATIENT_MS)
        self.page: Page = context.new_page()
        self.elsewhere: list[str] = []
        self.page.on("request", lambda request: self._note(request, address))
        answer = context.request.post(
            f"{address}/auth/code", data={"person": person, "code": CODE}, headers={"origin": address}
        )
        assert answer.status == 200
        self.context, self.address = context, address

    def _note(self, request: Request, address: str) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def open_case(self) -> None:
        self.page.goto(f"{self.address}/handlaggare/")
        self.page.get_by_label("2026-0412 · Emma Ek").check()
        expect(self.page.locator("#glance .hh-timeline")).to_be_visible()

    def tab(self, name: str) -> None:
        """Choose a tab, also where the screen is so narrow that it lies in the menu of those that have no room."""
        tab = self.page.get_by_role("tab", name=name, exact=True)
        if not tab.count():
            self.page.get_by_role("button", name="Fler flikar").click()
            tab = self.page.locator(".overflow-dropdown").get_by_text(name, exact=True)
        tab.click()

    def unharmed(self) -> None:
        assert self.elsewhere == []
        assert self.page.title().startswith("Handenhet")
        assert self.page.locator("img[src*='ond.example'], .hh img, #chat .message img").count() == 0


@pytest.fixture
def maria(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address, "maria")
    visit.open_case()
    yield visit
    visit.context.close()
