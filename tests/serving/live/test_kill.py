"""`kill -9` of the server at twenty random points of the sample's stream changes nothing in what it leaves behind."""

import asyncio
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from handenhet.agent.observation import Observation
from handenhet.knowledge.sources import STRUCK, Utterance
from handenhet.serving.audio import pcm_blocks
from handenhet.serving.ingest.client import Client, numbered
from handenhet.serving.ingest.messages import Control, Hello, Strike
from handenhet.serving.ingest.server import PATH
from handenhet.serving.sample.play import CASE_ID, CASEWORKER, STARTED, sample_audio, sample_turns
from handenhet.serving.security.access import SYSTEM, Actor
from handenhet.serving.settings import Settings
from handenhet.serving.store.facade import Store

SERVER = Path(__file__).with_name("killed_server.py")
KILLS = 20
MEETING = "sample-1"
FOOTBALL = 11
"""Which utterance tells of it."""


FACTORS = ["B-SOC-S1", "F-OMS-R3", "M-NAT-S1", "M-BOE-R2", "F-SAK-R2"]
"""What the keyword reader leaves: the first outburst is taken back, the football is struck."""


class Left(NamedTuple):
    """What a run leaves: everything but the times at which it was written down."""

    words: tuple[Utterance, ...]
    observations: tuple[Observation, ...]
    log: list[tuple[str, str, str, str]]


def test_twenty_kills_leave_what_an_undisturbed_run_leaves(tmp_path: Path) -> None:
    undisturbed = run(tmp_path / "calm", kills=())
    rng = random.Random(20261122)
    # The stream is some 1,600 records of 200 ms.
    disturbed = run(tmp_path / "killed", kills=tuple(sorted(rng.sample(range(20, 1_550), KILLS))))
    assert len(undisturbed.words) == 53
    assert {word.text for word in undisturbed.words[FOOTBALL].words} == {STRUCK}
    assert [o.factor.id for o in undisturbed.observations] == FACTORS
    assert disturbed == undisturbed


def run(data: Path, kills: tuple[int, ...]) -> Left:
    port = free_port()
    asyncio.run(streamed(data, port, list(kills)))
    return left(data)


async def streamed(data: Path, port: int, kills: list[int]) -> None:
    """Stream the sample; each time so many records are acknowledged, the server dies and another takes its place."""
    servers = [started(data, port)]

    def acknowledged(samples: int) -> None:
        if kills and samples // 3_200 >= kills[0]:
            kills.pop(0)
            servers[-1].send_signal(signal.SIGKILL)
            servers[-1].wait()
            servers.append(started(data, port))

    try:
        await listening(port, servers[-1])
        hello = Hello(meeting=MEETING, token="secret", device="test")

        async def patient(seconds: float) -> None:
            await listening(port, servers[-1])

        client = Client(f"ws://127.0.0.1:{port}{PATH}", hello, acknowledged=acknowledged, sleep=patient)
        await client.stream(numbered(pcm_blocks(sample_audio()), controls()))
        assert await asyncio.to_thread(servers[-1].wait, 120) == 0
    finally:
        servers[-1].kill()
        servers[-1].wait()
    assert not kills


def controls() -> list[Control]:
    """The sample's taps; and what was said of football is struck as soon as the next person speaks."""
    taps = sample_turns()
    since, until = (tap.sample for tap in taps[FOOTBALL : FOOTBALL + 2])
    return [*taps, Strike(seq=0, since=since, sample=until, at_ms=0)]


def started(data: Path, port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, str(SERVER), str(data), str(port)])


async def listening(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return when somebody accepts on the port; fail if the server dies instead."""
    while True:
        assert server.poll() is None, "the server ended by itself"
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


def left(data: Path) -> Left:
    store = Store.of(Settings(data_dir=data))
    try:
        log = store.review_log(Actor("admin", "Driften", "admin"), at=STARTED, last=100_000)
        assert store.verify_audit().ok
        assert store.case(CASEWORKER, CASE_ID, at=STARTED).number
        return Left(
            store.transcript(SYSTEM, MEETING, at=STARTED).utterances,
            store.observations(SYSTEM, MEETING, at=STARTED),
            [(line.who, line.what, line.case_id, line.object_id) for line in reversed(log)],
        )
    finally:
        store.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
