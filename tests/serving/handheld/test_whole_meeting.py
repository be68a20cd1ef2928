"""The whole job in a real browser: a meeting through everything that can go wrong, to a decision basis in Word."""

from collections.abc import Generator
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from handenhet.serving.audio import pcm_blocks
from handenhet.serving.ingest.frames import AudioFrame, encode
from handenhet.serving.ingest.messages import End, Pause, Record, Resume, Turn
from handenhet.serving.sample.play import sample_audio

from ._server import HOSTILE, script
from ._steps import Clip, accessible, listened, new_case, open_page, recorded, silent, spooled, wait_for
from .conftest import Device, Phone, Server, write_wav

pytestmark = pytest.mark.browser
FROM_S, LASTS_S = 76, 48
"""The cut of the sample meeting that the microphone plays: what it is like at home."""
QUIET = (
    "[[15800, 17400], [21200, 22500], [28400, 30400]].some("
    "([from, to]) => handenhet.elapsedMs > from && handenhet.elapsedMs < to)"
)
"""Nobody is in the middle of a sentence of the script: what breaks off here breaks off no words."""
PATIENT_MS = 60_000
expect.set_options(timeout=PATIENT_MS)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pcm = b"".join(pcm_blocks(sample_audio()))
    path = tmp_path_factory.mktemp("cut") / "meeting.wav"
    write_wav(path, pcm[32_000 * FROM_S : 32_000 * (FROM_S + LASTS_S)], 16_000)
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    server = Server(tmp_path_factory.mktemp("whole"), screens=True)
    server.start()
    yield server
    server.stop()


def test_a_meeting_from_login_to_word_through_two_lost_networks_a_killed_server_and_a_killed_browser(
    server: Server, phone: Phone
) -> None:
    device = phone.start()
    device.log_in()
    accessible(device.page, "cases")
    case = new_case(device)
    begin(device, case)
    made = lose_network_server_and_battery(device, server, phone)

    device = phone.start()
    device.log_in()  # a browser killed within half a minute has not kept its login
    device.page.click(".held a")
    made += go_on_to_the_end(device, made[-1][0])
    meeting = device.page.url.split("/meeting/")[1].split("/")[0]
    go_through(device, meeting)
    sign(device)
    decide_nothing_at_the_desk(device, case, meeting)
    assert device.outside == []
    assert device.errors == []
    told = device.api("GET", f"/meetings/{meeting}")
    server.stop()
    nothing_lost_and_nothing_twice(made, spooled(server, meeting), told)


def begin(device: Device, case: str) -> None:
    page = device.page
    open_page(device, f"case/{case}/begin")
    page.click("#c-barn-true")
    accessible(page, "begin")
    page.click("text=Börja mötet")
    page.wait_for_selector(".statebar[data-state=recording]")
    page.click("[data-speaker=barn]")
    wait_for(device, "handenhet.sender.acked > 12")
    accessible(page, "recording")


def lose_network_server_and_battery(device: Device, server: Server, phone: Phone) -> list[tuple[int, int]]:
    """What was recorded until the browser died, its last seconds on the device alone."""
    lose_network(device)
    server.kill()
    wait_for(device, f"handenhet.sender.waiting > 15 && {QUIET}")
    assert "sparas krypterat på enheten" in device.page.inner_text(".alerts")
    kept = "async () => { const made = [...handenhet.checksums]; await handenhet.spool.chain; return made; }"
    made = [(seq, crc) for seq, crc in device.page.evaluate(kept)]
    phone.kill()
    server.start()
    return made


def lose_network(device: Device) -> None:
    seen = device.page.evaluate("handenhet.checksums.length")
    device.context.set_offline(True)
    wait_for(device, f"handenhet.checksums.length > {seen + 12}")
    device.context.set_offline(False)
    wait_for(device, "handenhet.sender.waiting < 4")


def go_on_to_the_end(device: Device, last: int) -> list[tuple[int, int]]:
    page = device.page
    page.wait_for_selector(".statebar[data-state=interrupted]")
    wait_for(device, f"handenhet.sender.acked >= {last}")
    page.click("#record")
    page.wait_for_selector(".statebar[data-state=recording]")
    lose_network(device)
    page.wait_for_selector(".notice.acute q:has-text('rädd när han slår')")
    assert page.locator(".doubtful").first.inner_text().startswith("skriker")
    accessible(page, "recording with an acute signal")
    wait_for(device, "handenhet.elapsedMs > 40000")
    page.click("#end")
    page.click("dialog .primary")
    made = recorded(device)
    page.wait_for_selector("#begin")
    return made


def go_through(device: Device, meeting: str) -> None:
    page = device.page
    accessible(page, "review")
    quote = device.api("GET", f"/meetings/{meeting}")["observations"][0]["quote"]
    page.click("#begin")
    page.wait_for_selector("text=1 av 4")
    accessible(page, "one observation")
    with page.expect_request("**/clip?*") as asked:
        page.click("#listen")
    the_seconds_are_heard(listened(device, asked.value), quote, 700, 700)
    page.wait_for_selector("#listen:has-text('Sluta lyssna')")
    page.click("#right")
    page.wait_for_selector("text=2 av 4")
    page.go_back()
    page.wait_for_selector(".notice.done:has-text('Ni har sagt: det stämmer')")
    page.go_forward()
    page.wait_for_selector("text=2 av 4")
    page.click("#wrong")
    page.click("#send-wrong")
    assert "Skriv med egna ord" in page.inner_text("[role=alert]")
    page.fill("#their-words", "Han dricker ett glas vin på fredagar.")
    accessible(page, "a protest")
    page.click("#send-wrong")
    page.wait_for_selector("text=3 av 4")
    page.wait_for_selector(f'blockquote:has-text("{HOSTILE}")')
    page.click("#right")
    page.wait_for_selector("text=4 av 4")
    page.click("#right")
    page.wait_for_selector("#finish")
    add_what_was_missed(page)
    accessible(page, "all answered")
    page.click("#finish")


def the_seconds_are_heard(clip: Clip, quote: dict[str, Any], before: int, after: int) -> None:
    assert (clip.from_ms, clip.to_ms) == (max(0, quote["start_ms"] - before), quote["end_ms"] + after)
    assert len(clip.pcm) == 32 * (clip.to_ms - clip.from_ms)
    assert not silent(clip.pcm)


def add_what_was_missed(page: Page) -> None:
    page.click("text=Saknas något?")
    page.wait_for_selector("#utterance")
    accessible(page, "what was missed")
    chosen = page.locator("#utterance option", has_text="Jag spelar fotboll").get_attribute("value")
    page.select_option("#utterance", chosen)
    page.select_option("#factor", "B-SOC-S3")
    page.click("button.primary:has-text('Lägg till')")
    page.wait_for_selector("#finish")
    assert page.locator(".answers li").count() == 5


def sign(device: Device) -> None:
    page = device.page
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
    assert HOSTILE in body
    assert "Nytt samtal på fredag." in body
    assert page.locator("main img, main script").count() == 0
    assert page.title() == "Journalanteckning – Handenhet"
    link = page.locator("a[download]", has_text="DOCX").get_attribute("href")
    assert "Han dricker ett glas vin på fredagar." in words_in(device, f"{device.url}{link}")


def decide_nothing_at_the_desk(device: Device, case: str, meeting: str) -> None:
    """The decision basis on the caseworker's screen: heard, completed, approved and taken out."""
    page = device.page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{device.url}/handlaggare/")
    page.get_by_label("Emma Ek").check()
    expect(page.locator("#glance .hh-timeline")).to_be_visible()
    quotes = [o["quote"] for o in device.api("GET", f"/meetings/{meeting}")["observations"]]
    hear_at_the_desk(device, quotes[0])
    page.get_by_role("tab", name="Handlingar", exact=True).click()
    page.get_by_role("button", name="Nytt utkast till beslutsunderlag").click()
    page.locator("#compose").click()
    expect(page.locator("#paper")).to_contain_text("Beslutsunderlag, barn")
    for field in page.locator("#paper-side textarea:visible").all():
        if not field.input_value():
            field.fill("Skrivet av Maria.")
    page.locator("#paper-save").click()
    expect(page.locator("#paper .hh-reserved .hh-own").first).to_contain_text("Skrivet av Maria.")
    expect(page.locator("#paper-findings")).not_to_contain_text("Måste redas ut")
    page.get_by_label("Jag har läst det som visas").check()
    page.locator("#paper-approve").click()
    expect(page.locator("#paper-standing")).to_contain_text("Godkänt")
    link = page.locator("#paper-standing a.hh-out", has_text="Word").get_attribute("href")
    basis = words_in(device, f"{device.url}{link}")
    assert "UTKAST" not in basis
    for quote in quotes:
        assert quote["text"] in basis
    assert "Han dricker ett glas vin på fredagar." in basis


def hear_at_the_desk(device: Device, quote: dict[str, Any]) -> None:
    page = device.page
    page.get_by_role("tab", name="Uppgifter", exact=True).click()
    fact = page.locator("#facts article", has_text=quote["text"])
    fact.locator("summary", has_text="Lyssna").click()
    with page.expect_request("**/clip?*") as asked:
        fact.locator("audio").evaluate("audio => audio.play()")
    the_seconds_are_heard(listened(device, asked.value), quote, 500, 700)
    lasts = (quote["end_ms"] + 700 - max(0, quote["start_ms"] - 500)) / 1000
    assert fact.locator("audio").evaluate("audio => audio.duration") == pytest.approx(lasts, abs=0.01)
    page.wait_for_function("() => [...document.querySelectorAll('#facts audio')].some(one => one.currentTime > 0.2)")


def words_in(device: Device, url: str) -> str:
    """All text of a Word file, its tables too."""
    document = Document(BytesIO(device.context.request.get(url).body()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def nothing_lost_and_nothing_twice(made: list[tuple[int, int]], records: list[Record], told: dict[str, Any]) -> None:
    frames = {r.seq: int.from_bytes(encode(r)[13:17], "big") for r in records if isinstance(r, AudioFrame)}
    assert [record.seq for record in records] == list(range(len(records)))
    assert {seq: frames.get(seq) for seq, _ in made} == dict(made)
    assert any(isinstance(r, Turn) and r.speaker == "barn" for r in records)
    assert [type(r) for r in records if isinstance(r, Pause | Resume)] == [Pause, Resume], "the time between is marked"
    assert isinstance(records[-1], End)
    times = [r.capture_ms for r in records if isinstance(r, AudioFrame)]
    assert all(earlier < later for earlier, later in pairwise(times))
    broken_ms = next(r.sample for r in records if isinstance(r, Pause)) // 16
    said = [
        (word.text, word.start_ms)
        for words in script()
        for word in words
        if not (words[0].start_ms or 0) < broken_ms < (word.end_ms or 0)  # the sentence that was broken off
    ]
    assert [(word["text"], word["start_ms"]) for one in told["utterances"] for word in one["words"]] == said
