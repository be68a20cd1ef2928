"""The server's end: what it answers to good, doubled, missing, damaged and hostile messages."""

import asyncio
import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.websockets import WebSocket

from handenhet.serving.ingest.frames import MAX_FRAME_BYTES, AudioFrame, encode
from handenhet.serving.ingest.messages import End, Hello, Mark, Problem, Record, Turn
from handenhet.serving.ingest.server import Grant, Ingest
from handenhet.serving.ingest.spool import Spool, spool_path

KEY = bytes(range(32))
BLOCK = b"\1\2" * 160


async def authorise(hello: Hello, headers: Mapping[str, str]) -> Grant | None:
    return Grant(KEY) if hello.token == "right" else None


class Wire:
    """A device at the other end of an endpoint, without a network."""

    def __init__(self, ingest: Ingest) -> None:
        self._up: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._down: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._up.put_nowait({"type": "websocket.connect"})
        socket = WebSocket({"type": "websocket", "headers": []}, self._up.get, self._down.put)  # pyright: ignore[reportArgumentType]
        self._task = asyncio.create_task(ingest.endpoint(socket))

    def send(self, *messages: str | bytes | Record | Hello) -> None:
        for message in messages:
            if isinstance(message, AudioFrame):
                message = encode(message)
            elif not isinstance(message, (str, bytes)):
                message = message.text()
            kind = "bytes" if isinstance(message, bytes) else "text"
            self._up.put_nowait({"type": "websocket.receive", kind: message})

    async def answer(self) -> dict[str, Any]:
        """The next message from the server; a close reads as its code."""
        while (message := await asyncio.wait_for(self._down.get(), 5))["type"] == "websocket.accept":
            pass
        return {"close": message["code"]} if message["type"] == "websocket.close" else json.loads(message["text"])

    async def fault(self) -> str:
        """The error the connection ends with, whatever was acknowledged before."""
        while (answer := await self.answer())["type"] != "error":
            pass
        assert "close" in await self.answer()
        return answer["code"]

    async def hang_up(self) -> None:
        self._up.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await self._task


def hello(
    token: str = "right", meeting: str = "m1", device: str = "d1", from_: int = 0, takeover: bool = False
) -> Hello:
    return Hello(meeting=meeting, token=token, device=device, from_=from_, takeover=takeover)


def frame(seq: int) -> AudioFrame:
    return AudioFrame(seq, 1_000 + 10 * seq, BLOCK)


def spooled(folder: Path, meeting: str = "m1") -> list[Record]:
    spool = Spool(spool_path(folder, meeting), meeting, KEY)
    try:
        return list(spool.reader().read())
    finally:
        spool.close()


async def test_frames_and_taps_are_acknowledged_once_they_are_on_disk(tmp_path: Path) -> None:
    accepted: list[Record] = []

    def sink(meeting: str, records: Sequence[Record]) -> None:
        accepted.extend(records)

    wire = Wire(Ingest(tmp_path, authorise, sink=sink, commit_s=0))
    wire.send(hello())
    assert await wire.answer() == {"type": "ready", "next": 0, "samples": 0, "ended": False}
    sent = [frame(0), Turn(seq=1, sample=160, at_ms=0, speaker="p2"), frame(2), End(seq=3, sample=320, at_ms=0)]
    wire.send(*sent)
    while (await wire.answer())["upto"] < 3:
        pass
    assert accepted == sent
    await wire.hang_up()
    assert spooled(tmp_path) == sent


async def test_what_else_waits_for_a_thread_never_delays_an_acknowledgement(tmp_path: Path) -> None:
    loop, over = asyncio.get_running_loop(), threading.Event()
    loop.set_default_executor(ThreadPoolExecutor(1))
    wire = Wire(Ingest(tmp_path, authorise, commit_s=0))
    wire.send(hello())
    await wire.answer()
    waiting = asyncio.create_task(asyncio.to_thread(over.wait))
    wire.send(frame(0))
    assert await wire.answer() == {"type": "ack", "upto": 0}
    assert not waiting.done()
    over.set()
    await waiting
    await wire.hang_up()


async def test_after_a_lost_connection_it_goes_on_and_drops_what_it_has(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    first = Wire(ingest)
    first.send(hello(), frame(0), frame(1))
    await first.hang_up()
    second = Wire(ingest)
    second.send(hello(from_=1))
    assert await second.answer() == {"type": "ready", "next": 2, "samples": 320, "ended": False}
    second.send(frame(1), frame(2))
    assert await second.answer() == {"type": "ack", "upto": 2}
    await second.hang_up()
    assert spooled(tmp_path) == [frame(0), frame(1), frame(2)]


async def test_a_new_connection_of_the_same_device_takes_over_from_a_dead_one(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    dead, alive = Wire(ingest), Wire(ingest)
    dead.send(hello())
    await dead.answer()
    alive.send(hello())
    assert (await alive.answer())["type"] == "ready"
    assert await dead.fault() == "taken"
    await dead.hang_up()
    alive.send(frame(0))
    assert await alive.answer() == {"type": "ack", "upto": 0}
    await alive.hang_up()


async def test_another_device_needs_a_person_to_take_over(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    first = Wire(ingest)
    first.send(hello(), frame(0))
    await first.hang_up()
    other = Wire(ingest)
    other.send(hello(device="d2"))
    assert await other.fault() == "device"
    other = Wire(ingest)
    other.send(hello(device="d2", takeover=True))
    assert (await other.answer())["next"] == 1
    await other.hang_up()
    back = Wire(ingest)
    back.send(hello(device="d1", from_=1))
    assert await back.fault() == "device"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (encode(frame(3)), "order"),
        (encode(frame(2))[:-1] + b"\0", "checksum"),
        (b"\0" + encode(frame(2))[1:], "version"),
        (encode(frame(2)) + bytes(MAX_FRAME_BYTES), "size"),
        (b"", "size"),
        ("inte json", "message"),
        (hello().text(), "message"),
        (End(seq=2, sample=99, at_ms=0).text(), "order"),
    ],
)
async def test_a_bad_message_is_one_clear_error_and_costs_nothing(tmp_path: Path, bad: str | bytes, fault: str) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    wire = Wire(ingest)
    wire.send(hello(), frame(0), frame(1), bad)
    assert await wire.fault() == fault
    again = Wire(ingest)
    again.send(hello(from_=0))
    assert (await again.answer())["next"] == 2
    await again.hang_up()


async def test_a_hello_for_anothers_meeting_leaves_no_trace(tmp_path: Path) -> None:
    wire = Wire(Ingest(tmp_path, authorise))
    wire.send(hello(token="wrong"))
    assert await wire.fault() == "refused"
    assert list(tmp_path.iterdir()) == []


async def test_a_hello_that_never_comes_is_not_waited_for(tmp_path: Path) -> None:
    wire = Wire(Ingest(tmp_path, authorise, hello_timeout_s=0))
    assert await wire.fault() == "hello"


async def test_records_missing_between_device_and_server_are_said_not_skipped(tmp_path: Path) -> None:
    wire = Wire(Ingest(tmp_path, authorise, commit_s=0))
    wire.send(hello(from_=50))
    assert await wire.fault() == "order"


async def test_after_the_end_nothing_more_is_taken(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    wire = Wire(ingest)
    wire.send(hello(), frame(0), End(seq=1, sample=160, at_ms=0), frame(2))
    assert await wire.fault() == "ended"
    again = Wire(ingest)
    again.send(hello(from_=2))
    assert await again.answer() == {"type": "ready", "next": 2, "samples": 160, "ended": True}
    await again.hang_up()


async def test_a_full_disk_is_said_and_never_acknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    wire = Wire(ingest)
    wire.send(hello())
    await wire.answer()
    wire.send(frame(0))
    assert await wire.answer() == {"type": "ack", "upto": 0}

    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fdatasync", full)
        wire.send(frame(1))
        assert await wire.answer() == {
            "type": "error",
            "code": "disk",
            "what": "Servern kan inte spara ljudet.",
            "mend": "Enheten behåller ljudet. Be driften frigöra diskutrymme.",
        }
        await wire.hang_up()
    again = Wire(ingest)
    again.send(hello(from_=1))
    assert (await again.answer())["next"] == 1
    again.send(frame(1))
    assert await again.answer() == {"type": "ack", "upto": 1}
    await again.hang_up()
    assert spooled(tmp_path) == [frame(0), frame(1)]


async def test_a_follower_reads_from_the_first_record_and_on_to_the_end(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    wire = Wire(ingest)
    sent: list[Record] = [frame(0), frame(1), Mark(seq=2, sample=320, at_ms=0), End(seq=3, sample=320, at_ms=0)]
    wire.send(hello(), *sent[:2])
    await wire.hang_up()
    seen: list[Record] = []
    async for record in ingest.follow("m1", KEY):
        seen.append(record)
        if len(seen) == 2:
            wire = Wire(ingest)
            wire.send(hello(from_=2), *sent[2:])
    assert seen == sent
    await wire.hang_up()


async def test_a_slow_follower_sees_the_end_that_came_meanwhile(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    wire = Wire(ingest)
    wire.send(hello(), frame(0))
    while (await wire.answer())["type"] != "ack":
        pass
    records = ingest.follow("m1", KEY)
    assert await anext(records) == frame(0)
    wire.send(End(seq=1, sample=160, at_ms=0))
    assert await wire.answer() == {"type": "ack", "upto": 1}
    async with asyncio.timeout(5):
        assert [record.seq async for record in records] == [1]
    await wire.hang_up()


async def test_live_words_reach_the_device_that_listens(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    wire = Wire(ingest)
    wire.send(hello())
    await wire.answer()
    await ingest.tell("m1", Problem(code="closing", what="ord", mend=""))
    assert (await wire.answer())["what"] == "ord"
    await ingest.tell("m2", Problem(code="closing", what="ingen hör", mend=""))
    await wire.hang_up()


async def test_closing_keeps_what_came_and_tells_the_device_to_come_back(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=60)
    wire = Wire(ingest)
    wire.send(hello())
    await wire.answer()
    wire.send(frame(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await ingest.aclose()
    assert await wire.fault() == "closing"
    await wire.hang_up()
    assert spooled(tmp_path) == [frame(0)]


def some_hello(meeting: object, from_: object) -> str:
    return json.dumps({"type": "hello", "meeting": meeting, "token": "right", "device": "d", "from": from_})


def cut_frame(seq: int, cut: int) -> bytes:
    return encode(frame(seq))[:cut]


def some_end(seq: int, sample: int) -> End:
    return End(seq=seq, sample=sample, at_ms=0)


HELLOS = (
    st.text(max_size=200)
    | st.binary(max_size=80)
    | st.builds(
        some_hello,
        st.text(max_size=60) | st.integers() | st.none() | st.just("../../etc/passwd"),
        st.integers() | st.text(max_size=5),
    )
)
MESSAGES = (
    st.binary(max_size=60)
    | st.text(max_size=60)
    | st.builds(frame, st.integers(0, 6))
    | st.builds(cut_frame, st.integers(0, 6), st.integers(0, 400))
    | st.builds(some_end, st.integers(0, 6), st.integers(0, 900))
)


@settings(max_examples=60, deadline=None)
@given(HELLOS)
def test_a_hostile_hello_is_refused_and_writes_nothing_outside(first: str | bytes) -> None:
    async def run(folder: Path) -> None:
        wire = Wire(Ingest(folder / "spools", authorise, commit_s=0))
        wire.send(first)
        answer = await wire.answer()
        assert answer["type"] == "ready" or answer["code"] in ("hello", "order")
        await wire.hang_up()
        assert all(path.name.endswith(".spool") for path in (folder / "spools").glob("*"))
        assert [path.name for path in folder.iterdir()] in ([], ["spools"])

    with TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), st.lists(MESSAGES, max_size=6))
def test_hostile_frames_never_cost_what_came_before(good: int, messages: list[str | bytes | Record]) -> None:
    async def run(folder: Path) -> list[Record]:
        ingest = Ingest(folder, authorise, commit_s=0)
        wire = Wire(ingest)
        wire.send(hello(), *map(frame, range(good)), *messages)
        await wire.hang_up()
        return spooled(folder)

    with TemporaryDirectory() as folder:
        kept = asyncio.run(run(Path(folder)))
    assert kept[:good] == [frame(seq) for seq in range(good)]
    assert [record.seq for record in kept] == list(range(len(kept)))


def test_the_process_that_holds_live_audio_stays_light() -> None:
    code = (
        "import sys, handenhet.serving.ingest.server, handenhet.serving.ingest.client;"
        "print([m for m in ('torch', 'nemo', 'gradio', 'chromadb', 'av', 'numpy', 'langgraph') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
