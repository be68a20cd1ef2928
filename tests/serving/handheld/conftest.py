"""A real server in a process of its own, and a real Chromium with a microphone that plays a tone."""

import json
import math
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
import wave
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

CODE = "471100"
STARTS_WITHIN_S = 120


class Server:
    """The server program on one port and one data folder; may be killed and started again.

    `said` names what its recognizer is told, `screens` asks for the larger screens too.
    """

    def __init__(self, folder: Path, said: str = "meeting", *, screens: bool = False) -> None:
        self._options = [said, "screens"] if screens else [said]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.data, self.log = folder / "data", folder / "server.log"
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        program = Path(__file__).with_name("_server.py")
        with self.log.open("ab") as log:
            arguments = [sys.executable, str(program), str(self.data), str(self.port), CODE, *self._options]
            self._process = subprocess.Popen(arguments, stdout=log, stderr=log)
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except OSError:
                assert self._process.poll() is None, self.log.read_text()
                time.sleep(0.1)  # another program's start is waited for by asking, there is nothing to be told by
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """As a power cut would: nothing is finished."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(20)


@dataclass
class Device:
    """A browser of its own, logged in or not, that remembers every address it asked for and every error."""

    context: BrowserContext
    page: Page
    url: str
    asked: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.context.set_default_timeout(60_000)
        self.context.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if "Security Policy" in line.text else None)

    @property
    def outside(self) -> list[str]:
        ours = (self.url, self.url.replace("http", "ws"), "blob:", "data:")
        return [url for url in self.asked if not url.startswith(ours)]

    def log_in(self, person: str = "maria") -> None:
        self.page.goto(f"{self.url}/login")
        self.page.select_option("#person", person)
        self.page.fill("#code", CODE)
        self.page.click("form button")
        self.page.wait_for_selector("h1:has-text('Mina ärenden')")

    def api(self, method: str, path: str, body: object = None) -> Any:
        """The API as this device's person."""
        answer = self.context.request.fetch(
            f"{self.url}/api/v1{path}", method=method, headers={"x-handenhet": "1", "content-type": "application/json"},
            data=None if body is None else json.dumps(body),
        )  # fmt: skip
        assert answer.ok, (answer.status, answer.text())
        return answer.json() if answer.text() else None


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    server = Server(tmp_path_factory.mktemp("handheld"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")  # Not longer: while it runs, no other test of this thread can run an event loop.
def playwright() -> Generator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphone plays: a tone."""
    tone = tmp_path_factory.mktemp("tone") / "tone.wav"
    write_wav(tone, b"".join(struct.pack("<h", int(9_000 * math.sin(n / 20))) for n in range(96_000)), 48_000)
    return tone


def write_wav(path: Path, pcm: bytes, rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)


@pytest.fixture(scope="module")
def launching(heard: Path) -> dict[str, Any]:
    """How Chromium is started: with a microphone that plays a file over and over."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    args = [
        "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
        "--no-first-run", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={heard}",
    ]  # fmt: skip
    return {"executable_path": found, "args": args}


@pytest.fixture(scope="module")
def browser(playwright: Playwright, launching: dict[str, Any]) -> Generator[Browser]:
    browser = playwright.chromium.launch(**launching)
    yield browser
    browser.close()


class Phone:
    """A browser with a disk of its own, which may be killed and started again."""

    def __init__(self, playwright: Playwright, launching: dict[str, Any], folder: Path, url: str) -> None:
        self._playwright, self._launching, self._folder, self._url = playwright, launching, folder, url
        self._open: Device | None = None

    def start(self) -> Device:
        context = self._playwright.chromium.launch_persistent_context(
            self._folder, viewport={"width": 360, "height": 740}, locale="sv-SE", permissions=["microphone"],
            reduced_motion="reduce", **self._launching,
        )  # fmt: skip
        self._open = Device(context, context.pages[0], self._url)
        return self._open

    def kill(self) -> None:
        """The whole browser at once, as when a battery dies."""
        assert self._open is not None
        gone = self._open.context.expect_event("close")
        with gone:
            os.kill(self._process(), signal.SIGKILL)
        self._open = None

    def close(self) -> None:
        if self._open is not None:
            self._open.context.close()

    def _process(self) -> int:
        mine = f"--user-data-dir={self._folder}"
        for told in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = told.read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue  # a process that has ended meanwhile
            if mine in words and not any(word.startswith("--type=") for word in words):
                return int(told.parent.name)
        raise AssertionError("the browser does not run")


@pytest.fixture
def phone(playwright: Playwright, launching: dict[str, Any], tmp_path: Path, server: Server) -> Generator[Phone]:
    made = Phone(playwright, launching, tmp_path / "phone", server.url)
    yield made
    made.close()


@pytest.fixture
def device(server: Server, browser: Browser) -> Generator[Device]:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="sv-SE", permissions=["microphone"], reduced_motion="reduce"
    )
    yield Device(context, context.new_page(), server.url)
    context.close()
