"""The hand-held in a real browser: what a tired caseworker does, and what goes wrong around her."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import WebSocketRoute, expect

from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.messages import Pause, Resume

from ._steps import accessible, new_case, new_meeting, new_recording, open_page, recorded, silent, spooled, wait_for
from .conftest import Device, Server

pytestmark = pytest.mark.browser


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


def test_a_struck_minute_and_a_pause_are_marked_gaps_and_what_was_struck_is_not_heard_again(
    server: Server, device: Device
) -> None:
    device.log_in()
    meeting, page = new_recording(device), device.page
    page.click("[data-speaker=barn]")
    wait_for(device, "handenhet.elapsedMs > 1000")
    page.click("#strike")
    page.click("dialog .primary")
    page.wait_for_selector(".gap:has-text('Struket på begäran')")
    struck = int(page.evaluate("handenhet.struck[0][1]"))
    page.click("#pause")
    page.click("#record")
    page.wait_for_selector(".gap:has-text('Paus')")
    wait_for(device, f"handenhet.elapsedMs > {struck + 6_000}")
    page.click("#end")
    page.click("dialog .primary")
    page.click("#begin")
    gone = device.context.request.get(f"{device.url}/api/v1/meetings/{meeting}/clip?from_ms=0&to_ms={struck}")
    assert gone.ok
    assert silent(gone.body()[44:])
    later = f"/api/v1/meetings/{meeting}/clip?from_ms={struck + 1_000}&to_ms={struck + 3_000}"
    assert not silent(device.context.request.get(f"{device.url}{later}").body()[44:])


def _danger(id: str, at_ms: int, words: str) -> dict[str, object]:
    quote = {"utterance": "u1", "text": words, "speaker": "barn", "start_ms": at_ms, "end_ms": at_ms + 900}
    return {"id": id, "why": "vapen", "quote": quote, "seen_by": []}


def test_signals_of_danger_share_one_notice_that_goes_when_seen_and_when_struck(device: Device) -> None:
    sockets: list[WebSocketRoute] = []

    def tell(*signals: dict[str, object]) -> None:
        sockets[-1].send(json.dumps({"type": "noted", "observations": [], "acute": signals}))

    def relay(socket: WebSocketRoute) -> None:
        def first(message: str | bytes) -> None:
            socket.send(message)
            if not sockets:
                sockets.append(socket)
                tell(_danger("a2", 9_000, "Han tog kniven."), _danger("a1", 5_000, "Han ska döda oss."))

        socket.connect_to_server().on_message(first)

    page = device.page
    page.route_web_socket("**/ws/screen/*", relay)
    device.log_in()
    new_recording(device)
    notice = page.locator(".notice.acute")
    expect(notice).to_have_count(1)
    expect(notice.locator("q")).to_have_text(["Han ska döda oss.", "Han tog kniven."])
    accessible(page, "two signals of danger")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/seen") else None)
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    assert [url.split("/")[-2] for url in asked] == ["a1", "a2"]

    tell(_danger("a3", 12_000, "Han kommer i kväll."))
    expect(notice.locator("q")).to_have_count(1)
    page.evaluate("() => { const now = performance.now() + 9000; performance.now = () => now; }")
    tell(_danger("a4", 15_000, "Jag vågar inte gå hem."))
    expect(notice.locator("q")).to_have_count(2)
    notice.get_by_role("button").click()
    expect(notice.locator("q")).to_have_text(["Jag vågar inte gå hem."])  # it came up as the finger was on its way
    assert [url.split("/")[-2] for url in asked] == ["a1", "a2", "a3"]

    sockets[-1].send(json.dumps({"type": "quiet", "kind": "struck", "start_ms": 14_000, "end_ms": 16_000, "note": ""}))
    expect(notice).to_have_count(0)


STAND_STILL = "() => { const until = performance.now() + 4000; while (performance.now() < until); }"


def test_a_microphone_that_falls_silent_is_a_marked_gap_and_a_page_that_stands_still_is_none(
    server: Server, device: Device
) -> None:
    device.log_in()
    meeting, page = new_recording(device), device.page
    wait_for(device, "handenhet.elapsedMs > 1000")
    page.evaluate(STAND_STILL)
    wait_for(device, "handenhet.elapsedMs > 6500")
    page.evaluate("handenhet.recorder.source.disconnect()")
    page.wait_for_selector(".statebar[data-state=lost]")
    lost_ms = page.evaluate("handenhet.elapsedMs")
    page.evaluate("handenhet.recorder.source.connect(handenhet.recorder.node)")
    page.wait_for_selector(".statebar[data-state=recording]")
    wait_for(device, f"handenhet.elapsedMs > {lost_ms + 1_000}")
    page.click("#end")
    page.click("dialog .primary")
    page.wait_for_selector("#begin")
    server.stop()
    records = spooled(server, meeting)
    server.start()
    gaps = [(type(r), r.sample // 16) for r in records if isinstance(r, Pause | Resume)]
    assert gaps == [(Pause, lost_ms), (Resume, lost_ms)]


def test_a_clock_an_hour_wrong_and_set_back_in_mid_meeting_moves_nothing_in_the_record(
    server: Server, device: Device
) -> None:
    page = device.page
    page.add_init_script("const real = Date.now; window.wrong = -3_600_000; Date.now = () => real() + window.wrong;")
    device.log_in()
    page.wait_for_selector("text=Enhetens klocka går fel")
    accessible(page, "a wrong clock")
    meeting = new_recording(device)
    page.click("[data-speaker=barn]")
    wait_for(device, "handenhet.elapsedMs > 2000")
    page.evaluate("window.wrong -= 1_800_000")
    wait_for(device, "handenhet.elapsedMs > 3000")
    page.click("#pause")
    page.wait_for_selector(".statebar[data-state=paused]")
    page.click("#record")
    wait_for(device, "handenhet.elapsedMs > 7000")
    page.click("#end")
    made = recorded(device)
    page.click("dialog .primary")
    page.wait_for_selector("#begin")
    told = device.api("GET", f"/meetings/{meeting}")
    now = datetime.now(UTC)
    assert now - timedelta(minutes=5) < datetime.fromisoformat(told["started"]) < now, "the server's time"
    assert [(u["start_ms"], u["words"][0]["text"]) for u in told["utterances"]] == [(1_000, "Hej"), (4_000, "Mamma")]
    assert [(gap["kind"], gap["note"]) for gap in told["gaps"]] == [("pause", "")], "no length that nobody knows"
    server.stop()
    records = spooled(server, meeting)
    server.start()
    frames = [r for r in records if isinstance(r, AudioFrame)]
    assert {seq for seq, _ in made} == {frame.seq for frame in frames}
    assert all(earlier.capture_ms < later.capture_ms for earlier, later in pairwise(frames))


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
    fetched = "performance.getEntries().filter(e => e.encodedBodySize).map(e => [e.name, e.encodedBodySize])"
    device.page.goto(f"{device.url}/login")
    device.page.wait_for_selector("#code")
    sizes: dict[str, int] = dict(device.page.evaluate(fetched))
    device.log_in()
    sizes.update(device.page.evaluate(fetched))
    assert 20_000 < sum(sizes.values()) < 300_000
