"""How long a caseworker waits for a case: a click in a real Chromium until the case is shown.

`python -m handenhet.evals.bench_screens`. The server is `handenhet serve --sample`; needs the `dev` extra and Chromium.
"""

import argparse
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from .bench_live import STARTS_WITHIN_S

LIMIT_S = 1.5
CASE = "2026-0412 · Emma Ek"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def serving(folder: Path) -> Generator[tuple[str, str]]:
    """The address and the start code of a server with the made-up case."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, url = secrets.token_hex(4), f"http://127.0.0.1:{port}"
    words = folder / "words.jsonl"
    words.write_text("", encoding="utf-8")
    arguments = ["serve", "--sample", "--port", str(port), "--code", code, "--replay", str(words)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "handenhet.serving", *arguments], stdout=log, stderr=log,
            env={"HANDENHET_DATA_DIR": str(folder / "data"), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
    try:
        _wait(url, server)
        yield url, code
    finally:
        server.terminate()
        server.wait(60)


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urlopen(f"{url}/health", timeout=2):
            return
        time.sleep(0.2)  # another program's start: there is nothing to be told by
    raise RuntimeError("the server did not start")


def opened(page: Page, url: str) -> float:
    """Seconds from the click on the case, on a page just loaded, until its timeline is shown."""
    page.goto(f"{url}/handlaggare/")
    case = page.get_by_label(CASE)
    case.wait_for()
    page.wait_for_function("() => !document.querySelector('.pending')")
    begun = time.perf_counter()
    case.check()
    page.locator("#glance .hh-timeline").wait_for()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--times", type=int, default=12)
    times = parser.parse_args().times
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with (
        tempfile.TemporaryDirectory(prefix="handenhet-screens-") as folder,
        sync_playwright() as playwright,
        serving(Path(folder)) as (url, code),
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 800})
        context.request.post(f"{url}/auth/code", data={"person": "maria", "code": code}, headers={"origin": url})
        page = context.new_page()
        waited = sorted(opened(page, url) for _ in range(times))
        browser.close()
    print(f"opening a case, {times} times, seconds (least, median, most):")
    print(f"{waited[0]:.2f} / {median(waited):.2f} / {waited[-1]:.2f}")
    if median(waited) > LIMIT_S:
        sys.exit(f"limit: {LIMIT_S} s")


if __name__ == "__main__":
    main()
