"""The hand-held in a real browser: what a tired caseworker does, and what goes wrong around her."""

import uuid
from collections.abc import Callable
from importlib import resources
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Page

from handenhet.serving.house import utc_now
from handenhet.serving.ingest.frames import AudioFrame, encode
from handenhet.serving.ingest.messages import End, Pause, Record, Resume, Turn
from handenhet.serving.ingest.spool import Spool, spool_path
from handenhet.serving.security.access import SYSTEM
from handenhet.serving.settings import Settings
from handenhet.serving.store.facade import Store

from .conftest import Device, Phone, Server

pytestmark = pytest.mark.browser
HOSTILE = "<script>document.title='trasig'</script>"
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def new_case(device: Device) -> str:
    case = {"number": f"2026-{uuid.uuid4().hex[:6]}", "kind": "child", "name": "Emma Ek", "birth_date": "2016-03-08"}
    return device.api("POST", "/cases", case)["id"]


def new_meeting(device: Device, case: str, agreed: bool = True) -> str:
    people = [("maria", "socialsekreterare", "Maria Lindberg"), ("barn", "barn", "Emma")]
    meeting = {
        "setting": "Samtal",
        "participants": [{"id": id, "role": role, "name": name} for id, role, name in people],
        "consents": [{"participant": "maria", "informed": True, "agreed": True},
                     {"participant": "barn", "informed": True, "agreed": agreed}],
    }  # fmt: skip
    return device.api("POST", f"/cases/{case}/meetings", meeting)["id"]


def open_page(device: Device, place: str) -> None:
    device.page.goto(f"{device.url}/app/#/{place}")


def accessible(page: Page, screen: str) -> None:
    """No violation of WCAG 2.2 A or AA that axe-core can find, and no sideways scrolling."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
    assert told == [], screen
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => !e.closest('.unseen, .skip') && "
        "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"
    )
    assert wide == [], f"{screen} scrolls sideways"


def recorded(device: Device) -> list[tuple[int, int]]:
    """Number and checksum of every piece of sound the page has made since it was opened."""
    return [(seq, crc) for seq, crc in device.page.evaluate("handenhet.checksums")]


def wait_for(device: Device, condition: str) -> None:
    device.page.wait_for_function(f"() => {condition}", timeout=60_000)


def spooled(server: Server, meeting: str) -> list[Record]:
    """What the server holds on its disk. The server must be stopped."""
    store = Store.of(Settings(data_dir=server.data))
    try:
        key = store.spool_key(SYSTEM, meeting, at=utc_now())
    finally:
        store.close()
    spool = Spool(spool_path(server.data / "spool", meeting), meeting, key)
    try:
        return list(spool.reader().read())
    finally:
        spool.close()


def test_a_meeting_from_login_to_signature_through_two_lost_networks_a_killed_server_and_a_reload(
    server: Server, device: Device
) -> None:
    page = device.page
    device.log_in()
    accessible(page, "cases")
    open_page(device, f"case/{new_case(device)}/begin")
    page.wait_for_selector("#c-barn-true")
    page.click("#c-barn-true")
    accessible(page, "begin")
    page.click("text=Börja mötet")
    page.wait_for_selector(".statebar[data-state=recording]")
    page.click("[data-speaker=barn]")
    wait_for(device, "handenhet.sender.acked > 12")
    accessible(page, "recording")

    device.context.set_offline(True)
    wait_for(device, "handenhet.checksums.length > 25")
    device.context.set_offline(False)
    wait_for(device, "handenhet.sender.acked > 25")
    server.kill()
    wait_for(device, "handenhet.sender.waiting > 15")
    assert "sparas krypterat på enheten" in page.inner_text(".alerts")
    server.start()
    wait_for(device, "handenhet.sender.waiting < 4")
    device.context.set_offline(True)
    seen = page.evaluate("handenhet.checksums.length")
    wait_for(device, f"handenhet.checksums.length > {seen + 8}")
    device.context.set_offline(False)
    wait_for(device, "handenhet.sender.waiting < 4")
    page.click("#pause")
    page.wait_for_selector(".statebar[data-state=paused]")
    wait_for(device, "handenhet.sender.waiting === 0")
    made = recorded(device)

    page.reload()
    page.wait_for_selector(".statebar[data-state=interrupted]")
    page.click("#record")
    page.wait_for_selector(".statebar[data-state=recording]")
    wait_for(device, "handenhet.elapsedMs > 16000")
    page.wait_for_selector(".notice.acute q:has-text('rädd när han slår')")
    assert page.locator(".doubtful").first.inner_text().startswith("skriker")
    accessible(page, "recording with an acute signal")
    made += recorded(device)
    page.click("#end")
    made = sorted(set(made) | set(recorded(device)))
    page.click("dialog .primary")
    page.wait_for_selector("#begin")
    meeting = page.url.split("/meeting/")[1].split("/")[0]

    go_through_and_sign(device)
    assert device.outside == []
    assert device.errors == []
    server.stop()
    records = spooled(server, meeting)
    server.start()

    frames = {r.seq: int.from_bytes(encode(r)[13:17], "big") for r in records if isinstance(r, AudioFrame)}
    assert [record.seq for record in records] == list(range(len(records)))
    assert {seq: frames.get(seq) for seq, _ in made} == dict(made)
    assert any(isinstance(r, Turn) and r.speaker == "barn" for r in records)
    assert [type(r) for r in records if isinstance(r, Pause | Resume)] == [Pause, Pause, Resume]
    assert isinstance(records[-1], End)
    times = [r.capture_ms for r in records if isinstance(r, AudioFrame)]
    assert all(earlier < later for earlier, later in pairwise(times))


def go_through_and_sign(device: Device) -> None:
    page = device.page
    accessible(page, "review")
    page.click("#begin")
    page.wait_for_selector("text=1 av 3")
    accessible(page, "one observation")
    page.click("#listen")
    page.wait_for_selector("#listen:has-text('Sluta lyssna')")
    page.click("#right")
    page.wait_for_selector("text=2 av 3")
    page.go_back()
    page.wait_for_selector(".notice.done:has-text('Ni har sagt: det stämmer')")
    page.go_forward()
    page.wait_for_selector("text=2 av 3")
    page.click("#wrong")
    page.click("#send-wrong")
    assert "Skriv med egna ord" in page.inner_text("[role=alert]")
    page.fill("#their-words", "Han dricker ett glas vin på fredagar.")
    accessible(page, "a protest")
    page.click("#send-wrong")
    page.wait_for_selector("text=3 av 3")
    page.wait_for_selector(f'blockquote:has-text("{HOSTILE}")')
    page.click("#right")
    page.wait_for_selector("#finish")
    accessible(page, "all answered")
    page.click("#finish")
    page.wait_for_selector("#approve-child")
    accessible(page, "child's version")
    page.click("#approve-child")
    page.wait_for_selector("text=Texten är godkänd")
    page.click("#to-journal")
    page.wait_for_selector("#sign")
    for name, text in (
        ("w-place", "Socialkontoret"),
        ("w-agreed", "Nytt samtal på fredag."),
        ("w-own_assessment", "Min text."),
    ):
        page.fill(f"#{name}", text)
        page.locator(f"#{name}").blur()
    accessible(page, "journal")
    page.click("#sign")
    page.click("dialog .primary")
    page.wait_for_selector("text=Anteckningen är godkänd")
    accessible(page, "signed")
    body = page.inner_text("main")
    assert "Han dricker ett glas vin på fredagar." in body
    assert HOSTILE in body
    assert "Nytt samtal på fredag." in body
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "Journalanteckning – Handenhet"
    link = page.locator("a[download]", has_text="DOCX").get_attribute("href")
    out = device.context.request.get(f"{device.url}{link}").body()
    told = "\n".join(paragraph.text for paragraph in Document(BytesIO(out)).paragraphs)
    assert "Han dricker ett glas vin på fredagar." in told


def test_a_killed_browser_with_sound_the_server_never_had_goes_on_and_loses_nothing(
    server: Server, phone: Phone
) -> None:
    device = phone.start()
    device.log_in()
    meeting = new_meeting(device, new_case(device))
    open_page(device, f"meeting/{meeting}/record")
    device.page.wait_for_selector(".statebar[data-state=recording]")
    wait_for(device, "handenhet.sender.acked > 5")
    server.kill()
    wait_for(device, "handenhet.sender.waiting > 15")
    kept = "async () => { const made = [...handenhet.checksums]; await handenhet.spool.chain; return made; }"
    made = [(seq, crc) for seq, crc in device.page.evaluate(kept)]
    phone.kill()
    server.start()

    device = phone.start()
    device.log_in()  # a browser killed within half a minute has not kept its login
    device.page.wait_for_selector("text=Kvar på enheten")
    open_page(device, f"meeting/{meeting}/record")
    device.page.wait_for_selector(".statebar[data-state=interrupted]")
    wait_for(device, f"handenhet.sender.acked >= {made[-1][0]}")
    device.page.click("#record")
    device.page.wait_for_selector(".statebar[data-state=recording]")
    wait_for(device, "handenhet.checksums.length > 5")
    made += recorded(device)
    device.page.click("#end")
    device.page.click("dialog .primary")
    wait_for(device, "handenhet.sender.state === 'ended'")
    server.stop()
    records = spooled(server, meeting)
    server.start()
    frames = {r.seq: int.from_bytes(encode(r)[13:17], "big") for r in records if isinstance(r, AudioFrame)}
    assert {seq: frames.get(seq) for seq, _ in made} == dict(made)
    assert [type(r) for r in records if isinstance(r, Pause | Resume)] == [Pause, Resume], "the time between is marked"


def test_somebody_who_says_no_is_written_down_by_hand_and_no_microphone_is_asked_for(device: Device) -> None:
    device.page.add_init_script("navigator.mediaDevices.getUserMedia = () => { window.asked = true; };")
    device.log_in()
    meeting = new_meeting(device, new_case(device), agreed=False)
    open_page(device, f"meeting/{meeting}/record")
    device.page.wait_for_selector("#note-text")
    device.page.fill("#note-text", "Mamma är snäll och hjälper mig med läxorna")
    device.page.click("form .primary")
    device.page.wait_for_selector(".card.protective")
    accessible(device.page, "typed notes")
    device.page.click("#end")
    device.page.click("dialog .primary")
    device.page.wait_for_selector("#begin")
    assert device.page.evaluate("window.asked === undefined")
    assert device.api("GET", f"/meetings/{meeting}")["audio"] is False


def test_a_refused_microphone_a_second_tab_and_a_full_device_are_each_told_in_plain_swedish(device: Device) -> None:
    page = device.page
    page.add_init_script(
        "const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "navigator.mediaDevices.getUserMedia = (wanted) => window.allowed ? real(wanted)"
        " : Promise.reject(new DOMException('no', 'NotAllowedError'));"
    )
    device.log_in()
    meeting = new_meeting(device, new_case(device))
    open_page(device, f"meeting/{meeting}/record")
    page.wait_for_selector("text=Webbläsaren får inte använda mikrofonen")
    page.evaluate("window.allowed = true")
    page.click("#record")
    page.wait_for_selector(".statebar[data-state=recording]")

    other = device.context.new_page()
    other.goto(f"{device.url}/app/#/meeting/{meeting}/record")
    other.wait_for_selector("text=öppet i ett annat fönster")
    other.close()

    page.evaluate("() => { handenhet.spool.seal = () => Promise.reject(new DOMException('', 'QuotaExceededError')); }")
    page.wait_for_selector("text=Enhetens minne är fullt")
    page.evaluate("() => { delete handenhet.spool.seal; }")
    page.click("#record")
    page.wait_for_selector(".statebar[data-state=recording]")
    page.click("#end")
    page.click("dialog .primary")
    wait_for(device, "handenhet.sender.state === 'ended'")


def test_a_meeting_begun_without_a_network_opens_from_the_shell_and_is_sent_later(device: Device) -> None:
    device.log_in()
    case = new_case(device)
    page = device.page
    open_page(device, f"case/{case}")
    page.wait_for_selector("text=Nytt möte")
    page.evaluate("navigator.serviceWorker.ready")
    device.context.set_offline(True)
    page.goto(f"{device.url}/app/#/case/{case}/begin")
    page.reload()
    page.wait_for_selector("#c-barn-true")
    page.click("#c-barn-true")
    page.click("text=Börja mötet")
    page.wait_for_selector(".statebar[data-state=recording]")
    wait_for(device, "handenhet.checksums.length > 10")
    device.context.set_offline(False)
    wait_for(device, "handenhet.sender.acked > 8")
    page.click("#end")
    page.click("dialog .primary")
    wait_for(device, "handenhet.sender.state === 'ended'")
    assert [one["status"] for one in device.api("GET", f"/cases/{case}")["meetings"]] != []


def test_a_struck_minute_and_a_pause_are_marked_gaps(device: Device) -> None:
    device.log_in()
    meeting = new_meeting(device, new_case(device))
    page = device.page
    open_page(device, f"meeting/{meeting}/record")
    page.wait_for_selector(".statebar[data-state=recording]")
    page.click("[data-speaker=barn]")
    wait_for(device, "handenhet.elapsedMs > 1000")
    page.click("#strike")
    page.click("dialog .primary")
    page.wait_for_selector(".gap:has-text('Struket på begäran')")
    page.click("#pause")
    page.click("#record")
    page.wait_for_selector(".gap:has-text('Paus')")
    page.click("#end")
    page.click("dialog .primary")
    page.wait_for_selector("h1:has-text('Gå igenom tillsammans')")


@pytest.mark.parametrize(
    ("person", "place", "told"),
    [
        ("chef-barn", "", "Den här sidan är för socialsekreterare"),
        ("chef-barn", "case/{case}", "Du har inte tillgång till det här"),
        ("maria", "case/finns-inte", "Det finns inte"),
    ],
)
def test_what_is_not_yours_is_refused_in_plain_swedish(device: Device, person: str, place: str, told: str) -> None:
    device.log_in()
    case = new_case(device)
    device.api("GET", "/me")
    device.log_in(person)
    open_page(device, place.format(case=case))
    device.page.wait_for_selector(f"text={told}")
    accessible(device.page, told)


def test_a_wrong_code_is_told_and_an_expired_login_leads_back_to_where_one_was(device: Device) -> None:
    page = device.page
    page.goto(f"{device.url}/app/#/new")
    page.wait_for_selector("#code")
    page.fill("#code", "000000")
    page.click("form button")
    page.wait_for_selector("text=Koden eller namnet stämmer inte")
    accessible(page, "login")
    page.fill("#code", "471100")
    page.click("form button")
    page.wait_for_selector("#number")
    accessible(page, "new case")


def test_the_whole_page_stays_readable_at_two_hundred_per_cent_in_english_and_in_the_dark(device: Device) -> None:
    device.log_in()
    case = new_case(device)
    page = device.page
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 360, "height": 740})
    open_page(device, f"case/{case}/begin")
    page.wait_for_selector("#c-barn-true")
    page.click("#top button:has-text('In English')")
    page.wait_for_selector("text=Who is here?")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    accessible(page, "begin, dark, English, 200 %")
    page.focus("#setting")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "c-barn-true":
            break
    page.keyboard.press("Enter")
    assert page.get_attribute("#c-barn-true", "aria-pressed") == "true"


def test_the_page_weighs_little(device: Device) -> None:
    sizes: dict[str, int] = {}
    weigh: Callable[[Any], None] = lambda response: sizes.update({response.url: len(response.body())})  # noqa: E731
    device.page.on("response", weigh)
    device.log_in()
    assert 20_000 < sum(sizes.values()) < 300_000
