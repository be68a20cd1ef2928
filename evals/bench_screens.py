"""How long a caseworker waits for a case: a click in a real Chromium until the case is shown.

`python -m handenhet.evals.bench_screens`. The server is `handenhet serve --sample`; needs the `dev` extra and Chromium.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from .bench_live import Load, Server

LIMIT_S = 1.5
CASE = "2026-0412 · Emma Ek"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


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
        Server(Path(folder), Load(0, 0, 0), "--sample").running() as server,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(locale="sv-SE", viewport={"width": 1280, "height": 800})
        login = {"person": "maria", "code": server.code}
        context.request.post(f"{server.url}/auth/code", data=login, headers={"origin": server.url})
        page = context.new_page()
        waited = sorted(opened(page, server.url) for _ in range(times))
        browser.close()
    print(f"opening a case, {times} times, seconds (least, median, most):")
    print(f"{waited[0]:.2f} / {median(waited):.2f} / {waited[-1]:.2f}")
    if median(waited) > LIMIT_S:
        sys.exit(f"limit: {LIMIT_S} s")


if __name__ == "__main__":
    main()
