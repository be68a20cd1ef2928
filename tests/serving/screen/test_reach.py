"""Everybody gets at everything on the larger screens: axe-core on every part, and text twice as large."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .._reach import out_of_reach, with_text_twice_as_large
from .conftest import AXE, Visit, answered

pytestmark = pytest.mark.browser
TABS = ("Mina ärenden", "Översikt", "Uppgifter", "Gå igenom", "Handlingar", "Lagen", "Vem har sett")
QUESTION = "Hur många orosanmälningar fick vi i år per månad?"
ZOOMED = 640
"""CSS pixels across a desktop screen of 1280 at 200 %."""


def without_fault(page: Page, where: str) -> None:
    answered(page)  # what waits for the server is dimmed, and may scroll
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    told = [(one["id"], node["target"], node["html"][:160]) for one in found["violations"] for node in one["nodes"]]
    assert told == [], where


def filled(visit: Visit, tab: str) -> None:
    """A tab with something in it."""
    page = visit.page
    visit.tab(tab)
    match tab:
        case "Gå igenom":
            for part in ("Stämmer inte enligt den det gäller", "Ändra vad uppgiften handlar om"):
                page.get_by_role("button", name=part).click()
            expect(page.locator("#go-words textarea")).to_be_visible()
        case "Lagen":
            page.locator("#law-asked").locator("textarea, input").fill("SoL 20 kap. 3 §")
            page.locator("#law-search").click()
            expect(page.locator("#law-shown")).to_contain_text("SoL 20 kap. 3 §")
        case "Vem har sett":
            page.locator("#seen-show").click()
            expect(page.locator("#seen-shown")).to_contain_text("öppnade ärendet")
        case _:
            pass


@pytest.fixture
def zoomed(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address, "maria", ZOOMED)
    visit.page.emulate_media(reduced_motion="reduce")
    visit.open_case()
    yield visit
    visit.context.close()


@pytest.fixture
def chef(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address, "chef-barn")
    visit.page.emulate_media(reduced_motion="reduce")
    visit.page.goto(f"{address}/chef/")
    visit.page.locator("#question textarea").wait_for()
    yield visit
    visit.context.close()


def test_axe_finds_no_fault_in_any_tab_ours_or_gradios(maria: Visit) -> None:
    maria.page.emulate_media(reduced_motion="reduce")  # what fades in has little contrast while it does
    maria.page.evaluate(AXE)
    for tab in TABS:
        filled(maria, tab)
        without_fault(maria.page, tab)


def test_every_tab_is_within_reach_at_two_hundred_per_cent(zoomed: Visit) -> None:
    for tab in TABS:
        filled(zoomed, tab)
        assert out_of_reach(zoomed.page) == [], tab


def test_every_tab_is_within_reach_with_text_twice_as_large(maria: Visit) -> None:
    for tab in TABS:
        filled(maria, tab)
        assert with_text_twice_as_large(maria.page) == [], tab


def test_the_supervisors_screen_has_no_fault_and_is_within_reach(chef: Visit) -> None:
    page = chef.page
    page.evaluate(AXE)
    all_is_well(page, "empty")
    page.locator("#question textarea").fill("Vem av handläggarna är långsammast?")
    page.locator("#understand").click()
    expect(page.locator("#meaning")).to_contain_text("besvaras inte här")
    all_is_well(page, "refused")
    page.locator("#question textarea").fill(QUESTION)
    page.locator("#understand").click()
    expect(page.locator("#meaning")).to_contain_text("Antal orosanmälningar")
    all_is_well(page, "understood")
    page.locator("#reason").locator("textarea, input").fill("kvartalsuppföljning")
    page.locator("#count").click()
    expect(page.locator("#result .hh-number")).to_be_visible()
    all_is_well(page, "answered")


def all_is_well(page: Page, where: str) -> None:
    without_fault(page, where)
    assert with_text_twice_as_large(page) == [], where
    page.set_viewport_size({"width": ZOOMED, "height": 800})
    assert out_of_reach(page) == [], f"{where}, at 200 %"
    page.set_viewport_size({"width": 1280, "height": 800})
