"""Steps that the browser tests share."""

import uuid
import wave
from importlib import resources
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Request

from handenhet.serving.house import utc_now
from handenhet.serving.ingest.messages import Record
from handenhet.serving.ingest.spool import Spool, spool_path
from handenhet.serving.security.access import SYSTEM
from handenhet.serving.settings import Settings
from handenhet.serving.store.facade import Store

from .._reach import out_of_reach, with_text_twice_as_large
from .conftest import Device, Server

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


def new_recording(device: Device) -> str:
    """A new meeting of a new case, whose page has begun to record."""
    meeting = new_meeting(device, new_case(device))
    open_page(device, f"meeting/{meeting}/record")
    device.page.wait_for_selector(".statebar[data-state=recording]")
    return meeting


def open_page(device: Device, place: str) -> None:
    device.page.goto(f"{device.url}/app/#/{place}")


def accessible(page: Page, screen: str) -> None:
    """No violation of WCAG 2.2 A or AA that axe-core can find; and all of it within reach, text twice as large too."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    told = [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]]
    assert told == [], screen
    assert out_of_reach(page) == [], screen
    assert with_text_twice_as_large(page) == [], f"{screen}, text twice as large"


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


class Clip(NamedTuple):
    """Sound that was asked for: which milliseconds, and the samples that came."""

    from_ms: int
    to_ms: int
    pcm: bytes


def listened(device: Device, asked_for: Request) -> Clip:
    """What the page asked to hear, fetched once more: what a media element gets cannot be read."""
    asked = parse_qs(urlsplit(asked_for.url).query)
    with wave.open(BytesIO(device.context.request.get(asked_for.url).body())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        return Clip(int(asked["from_ms"][0]), int(asked["to_ms"][0]), file.readframes(file.getnframes()))


def silent(pcm: bytes) -> bool:
    return not any(pcm)
