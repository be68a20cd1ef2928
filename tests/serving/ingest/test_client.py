"""The Python hand-held against the real server on this machine: rough roads, restarts, kill -9."""

import asyncio
import random
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.serving.ingest.client import Client, Refused, numbered
from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.loopback import on_loopback
from handenhet.serving.ingest.messages import End, Hello, Record, Turn
from handenhet.serving.ingest.server import Grant, Ingest
from handenhet.serving.ingest.spool import Spool, spool_path

KEY = bytes(range(32))
HELLO = Hello(meeting="m1", token="right", device="d1")
BLOCKS = [bytes([number, 1]) * 320 for number in range(60)]
TAP = Turn(seq=0, sample=1_000, at_ms=0, speaker="p2")


async def authorise(hello: Hello, headers: Mapping[str, str]) -> Grant | None:
    return Grant(KEY) if hello.token == "right" else None


async def read(ingest: Ingest) -> list[Record]:
    return [record async for record in ingest.follow("m1", KEY)]


@pytest.mark.parametrize("rough", [False, True])
async def test_a_torn_connection_changes_nothing_but_the_count(tmp_path: Path, rough: bool) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    async with on_loopback(ingest) as url:
        sent = await Client(url, HELLO, rough=rough).stream(numbered(BLOCKS, [TAP], start_ms=5))
        assert (sent.records, sent.samples, sent.connections) == (62, 60 * 320, 3 if rough else 1)
        assert await read(ingest) == list(numbered(BLOCKS, [TAP], start_ms=5))


def test_a_tap_is_sent_just_before_the_audio_it_falls_in() -> None:
    records = list(numbered(BLOCKS[:5], [TAP], end=False))
    assert [type(record).__name__ for record in records] == ["AudioFrame"] * 3 + ["Turn"] + ["AudioFrame"] * 2
    assert [record.seq for record in records] == list(range(6))
    assert [record.capture_ms for record in records if isinstance(record, AudioFrame)] == [0, 20, 40, 60, 80]


async def test_a_client_started_again_sends_only_what_is_missing(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path, authorise, commit_s=0)
    async with on_loopback(ingest) as url:
        await Client(url, HELLO).stream(numbered(BLOCKS[:20], end=False))
        sent = await Client(url, HELLO).stream(numbered(BLOCKS))
        assert sent.records == 61
        assert await read(ingest) == list(numbered(BLOCKS))


async def test_pace_is_real_time_times_a_number(tmp_path: Path) -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    async with on_loopback(Ingest(tmp_path, authorise, commit_s=0)) as url:
        client = Client(url, HELLO, pace=2.0, sleep=sleep, clock=lambda: now[0])
        await client.stream(numbered(BLOCKS, start_ms=7_000))
    assert now[0] == pytest.approx(60 * 0.020 / 2)


async def test_a_refusal_is_told_and_not_tried_again(tmp_path: Path) -> None:
    async with on_loopback(Ingest(tmp_path, authorise)) as url:
        with pytest.raises(Refused, match="inte behörighet") as caught:
            await Client(url, HELLO.model_copy(update={"token": "wrong"})).stream(numbered(BLOCKS))
    assert caught.value.fault == "refused"


async def test_a_server_that_is_not_there_is_given_up_in_the_end(tmp_path: Path) -> None:
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(0)

    async with on_loopback(Ingest(tmp_path, authorise)) as url:
        pass
    with pytest.raises(HandenhetError, match="cannot be reached"):
        await Client(url, HELLO, sleep=sleep).stream(numbered(BLOCKS))


SERVER = """
import asyncio, sys
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from handenhet.serving.ingest.server import PATH, Grant, Ingest
async def authorise(hello, headers):
    return Grant(bytes(range(32)))
async def main():
    ingest = Ingest(Path(sys.argv[1]), authorise, commit_s=0.005)
    app = Starlette(routes=[WebSocketRoute(PATH, ingest.endpoint)])
    await uvicorn.Server(uvicorn.Config(app, port=int(sys.argv[2]), ws="websockets-sansio", log_level="error")).serve()
asyncio.run(main())
"""


async def test_kill_minus_9_at_random_points_loses_nothing(tmp_path: Path, unused_tcp_port: int) -> None:
    """The server dies three times in the stream; what the client sent and what the spool holds are the same."""
    blocks = [bytes([number % 256, number // 256]) * 320 for number in range(400)]
    kills = sorted(random.Random(4).sample(range(30, 380), 3))
    command = [sys.executable, "-c", SERVER, str(tmp_path), str(unused_tcp_port)]
    servers = [subprocess.Popen(command)]

    def source():
        for record in numbered(blocks, [TAP]):
            if record.seq in kills:
                servers[-1].send_signal(signal.SIGKILL)
                servers[-1].wait()
                servers.append(subprocess.Popen(command))
            yield record

    try:
        client = Client(f"ws://127.0.0.1:{unused_tcp_port}/ws/audio", HELLO)
        sent = await client.stream(source())
    finally:
        for server in servers:
            server.kill()
            server.wait()
    assert sent.records == 402
    assert sent.connections == 4
    spool = Spool(spool_path(tmp_path, "m1"), "m1", KEY)
    assert list(spool.reader().read()) == list(numbered(blocks, [TAP]))
    spool.close()


async def test_a_stream_without_end_takes_no_memory_and_is_ended_by_the_server(tmp_path: Path) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield bytes(32_000)

    ingest = Ingest(tmp_path, authorise, commit_s=0, longest_s=600)
    tracemalloc.start()
    try:
        async with on_loopback(ingest) as url:
            with pytest.raises(Refused, match="avslutat"):
                await Client(url, HELLO).stream(numbered(endless()))
            _, peak = tracemalloc.get_traced_memory()
            kept = await read(ingest)
    finally:
        tracemalloc.stop()
    assert kept[-1] == End(seq=600, sample=600 * 16_000, at_ms=600_000)
    assert len(kept) == 601
    assert sent <= 600 + 65, "the window holds the sender back"
    assert peak < 6_000_000  # the sound itself is 19 MB
