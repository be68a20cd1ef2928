"""A dictation in a real browser: said aloud, mended, signed; and found among the case's documents at the desk."""

import re
from collections.abc import Generator

import pytest
from playwright.sync_api import expect

from ._steps import accessible, new_case, open_page, wait_for
from .conftest import Device, Server

pytestmark = pytest.mark.browser
expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    server = Server(tmp_path_factory.mktemp("dictation"), "dictation", screens=True)
    server.start()
    yield server
    server.stop()


def dictate(device: Device, case: str) -> None:
    """From the case to the draft, which is read on the hand-held."""
    page = device.page
    open_page(device, f"case/{case}")
    page.click("text=Diktera")
    page.wait_for_selector("text=Säg tecknen högt")
    accessible(page, "before a dictation")
    page.click("#start-dictating")
    page.wait_for_selector(".statebar[data-state=recording]")
    page.wait_for_selector(".utterance:has-text('rubrik hembesök')")
    assert page.locator(".speakers:visible, #mark").count() == 0
    accessible(page, "dictating")
    wait_for(device, "handenhet.elapsedMs > 10500")
    page.click("#end")
    page.click("dialog .primary:has-text('Ja, avsluta')")
    page.wait_for_selector("#sign")


def test_what_is_dictated_becomes_a_draft_to_mend_and_sign_and_is_no_meeting(server: Server, device: Device) -> None:
    device.log_in()
    case, page = new_case(device), device.page
    dictate(device, case)
    accessible(page, "a dictation to read")
    said = page.locator("#w-dictated-0")
    assert page.inner_text("label[for=w-dictated-0]") == "Hembesök"
    assert said.input_value() == (
        "Jag var hemma hos familjen i dag. Emma visade sitt rum, och hennes lillasyster skriker[?].\n\n"
        "Nästa gång är på fredag."
    )
    assert said.evaluate("e => e.scrollHeight <= e.clientHeight"), "all of it is seen"
    said.fill(said.input_value().replace("skriker[?]", "sjunger"))
    said.blur()
    page.wait_for_selector("text=Sparat")
    page.go_back()
    page.wait_for_selector("#start-dictating")
    open_page(device, f"case/{case}")
    page.click("text=Ska signeras")
    page.wait_for_selector("#sign")
    assert "lillasyster sjunger." in page.input_value("#w-dictated-0")
    (held,) = device.api("GET", f"/cases/{case}")["meetings"]
    assert held["dictation"]

    at_the_desk(device, case)
    assert device.outside == []
    assert device.errors == []


def at_the_desk(device: Device, case: str) -> None:
    """Found among the documents, mended once more and approved."""
    page = device.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{device.url}/handlaggare/")
    page.get_by_label("Emma Ek").check()
    glance = page.locator("#glance")
    expect(glance).to_contain_text("Diktatet är inte godkänt")
    expect(glance).to_contain_text("Inga möten ännu.")
    page.get_by_role("tab", name="Handlingar", exact=True).click()
    expect(page.locator("#paper-chosen input")).to_have_value(re.compile(r"^Diktat \d+ \w+ \d{4}$"))
    words = page.locator("#field-dictated-0 textarea")
    expect(words).to_have_value(re.compile("lillasyster sjunger"))
    words.fill(words.input_value().replace("sjunger", "sov"))
    page.locator("#paper-save").click()
    expect(page.locator("#paper")).to_contain_text("lillasyster sov.")
    page.get_by_label("Jag har läst det som visas").check()
    page.locator("#paper-approve").click()
    expect(page.locator("#paper-standing")).to_contain_text("Godkänt")
    page.reload()
    page.get_by_label("Emma Ek").check()
    expect(glance).to_contain_text("Inget väntar på dig här.")
    page.get_by_role("tab", name="Handlingar", exact=True).click()
    expect(page.locator("#paper-chosen input")).to_have_value(re.compile("^Diktat .*, godkänd$"))
    open_page(device, f"case/{case}")
    page.wait_for_selector("li:has-text('Diktat'):has-text('Klart')")
