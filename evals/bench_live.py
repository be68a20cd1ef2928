"""Many hand-helds streaming to one real server at the pace of speech, and screens that watch them.

`python -m handenhet.evals.bench_live --handhelds 50 --minutes 5 --screens 20`. The server is `handenhet serve` with a
recognizer that is told its words. Measured: how long a frame waits for its acknowledgement, counted from when it was
due to be sent; whether all that was sent lies in the spools, byte for byte; the server's memory; how long a screen
waits for a meeting.
"""

import argparse
import asyncio
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from ..serving.guard import OWN_HEADER
from ..serving.ingest.frames import AudioFrame, encode
from ..serving.ingest.messages import Ack, End, Hello, MessageError, Problem, Ready, parse_answer
from ..serving.ingest.spool import Spool, spool_path
from ..serving.security.access import SYSTEM
from ..serving.settings import Settings
from ..serving.store.facade import Store

FRAME_MS, FRAME_SAMPLES = 200, 3_200
LIMIT_ACK_MS = 500
LOOK_EVERY_S = 5.0
STARTS_WITHIN_S = 240
SAYING_EVERY_S = 6
SAYING = "Pappa dricker på kvällarna och då skriker han på mamma"


@dataclass
class Measured:
    """What came of it. Acknowledgements and looks in milliseconds, memory in MB over time."""

    acks: list[float] = field(default_factory=list[float])
    looks: list[float] = field(default_factory=list[float])
    memory: list[float] = field(default_factory=list[float])
    sent: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    news: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Load:
    handhelds: int
    seconds: float
    screens: int


class Server:
    """`handenhet serve` with `options` on a free port, with a folder and a start code of its own."""

    def __init__(self, folder: Path, load: Load, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.data, self.url = folder / "data", f"http://127.0.0.1:{self.port}"
        self.code, self._options = secrets.token_hex(4), options
        self._script = folder / "words.jsonl"
        self._script.write_text("\n".join(_script(load.seconds)), encoding="utf-8")
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._cookie = ""

    @contextmanager
    def running(self) -> Generator["Server"]:
        arguments = ["serve", "--port", str(self.port), "--code", self.code, "--replay", str(self._script)]
        settings = {"HANDENHET_DATA_DIR": str(self.data), "HANDENHET_AUDIO_MODE": "bevarad"}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "handenhet.serving", *arguments, *self._options], stdout=log, stderr=log,
                env={**os.environ, **settings},
            )  # fmt: skip
        try:
            self._wait()
            self._log_in()
            yield self
        finally:
            self._process.terminate()
            self._process.wait(60)

    def _wait(self) -> None:
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=2):
                return
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.2)  # another program's start: there is nothing to be told by
        raise RuntimeError(f"the server did not start: {self._log.read_text()[-2000:]}")

    def _log_in(self) -> None:
        body = json.dumps({"person": "maria", "code": self.code}).encode()
        headers = {"content-type": "application/json", OWN_HEADER: "1"}
        request = urllib.request.Request(f"{self.url}/auth/code", body, headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            self._cookie = str(answer.headers["set-cookie"]).split(";")[0]

    @property
    def headers(self) -> dict[str, str]:
        return {"cookie": self._cookie, OWN_HEADER: "1"}

    def ask(self, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {**self.headers, "content-type": "application/json"}
        with urllib.request.urlopen(
            urllib.request.Request(f"{self.url}/api/v1{path}", data, headers), timeout=60
        ) as answer:
            return json.loads(answer.read() or b"null")

    def meeting(self) -> str:
        """A new case with a meeting that everybody agreed to have recorded."""
        case = {"number": secrets.token_hex(4), "kind": "child", "name": "Emma Ek", "birth_date": "2016-03-08"}
        people = [("maria", "socialsekreterare"), ("barn", "barn")]
        meeting = {
            "setting": "Samtal",
            "participants": [{"id": id, "role": role, "name": id} for id, role in people],
            "consents": [{"participant": id, "informed": True, "agreed": True} for id, _ in people],
        }
        return self.ask(f"/cases/{self.ask('/cases', case)['id']}/meetings", meeting)["id"]

    def memory_mb(self) -> float:
        assert self._process is not None
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0


def _script(seconds: float) -> Iterator[str]:
    """An utterance every few seconds for as long as it lasts."""
    words = SAYING.split()
    for start in range(1, max(2, int(seconds)), SAYING_EVERY_S):
        timed = [
            {"text": word, "start_s": start + 0.3 * n, "end_s": start + 0.3 * n + 0.2, "confidence": 0.9}
            for n, word in enumerate(words)
        ]
        yield json.dumps({"words": timed}, ensure_ascii=False)


async def _handheld(server: Server, meeting: str, load: Load, place: int, out: Measured) -> None:
    """Stream one meeting frame by frame, each when its last sample has been spoken."""
    frames = int(load.seconds * 1000 / FRAME_MS)
    pcm = secrets.token_bytes(2 * FRAME_SAMPLES)
    sent = out.sent.setdefault(meeting, [])
    due: list[float] = []
    done = asyncio.Event()
    loop = asyncio.get_running_loop()
    await asyncio.sleep(SAYING_EVERY_S * place / max(1, load.handhelds))  # fifty rooms do not begin in one second
    async with connect(f"{server.url.replace('http', 'ws')}/ws/audio", compression=None, ping_interval=None,
                       additional_headers=server.headers) as socket:  # fmt: skip
        await socket.send(Hello.model_validate({"meeting": meeting, "token": "", "device": f"d{place}"}).text())
        listening = asyncio.create_task(_acknowledged(socket, due, frames, done, out))
        begun = loop.time()
        for seq in range(frames):
            at = begun + (seq + 1) * FRAME_MS / 1000
            await asyncio.sleep(max(0.0, at - loop.time()))
            frame = encode(AudioFrame(seq, seq * FRAME_MS, pcm[seq % 64 :] + pcm[: seq % 64]))
            due.append(at)
            sent.append(zlib.crc32(frame))
            await socket.send(frame)
        end = End(seq=frames, sample=frames * FRAME_SAMPLES, at_ms=frames * FRAME_MS)
        await socket.send(end.text())
        await asyncio.wait_for(done.wait(), 120)
        listening.cancel()


async def _acknowledged(
    socket: ClientConnection, due: list[float], last: int, done: asyncio.Event, out: Measured
) -> None:
    """Note how late every frame's acknowledgement came, until the meeting's end is acknowledged."""
    safe = 0
    loop = asyncio.get_running_loop()
    async for text in socket:
        try:
            answer = parse_answer(text if isinstance(text, str) else "")
        except MessageError:
            continue
        match answer:
            case Ack():
                out.acks += [1000 * (loop.time() - at) for at in due[safe : answer.upto + 1]]
                safe = answer.upto + 1
                if answer.upto >= last:
                    done.set()
            case Ready():
                pass
            case Problem():
                raise RuntimeError(f"the server refused a stream: {answer.code}")


async def _screen(server: Server, meeting: str, load: Load, place: int, until: float, out: Measured) -> None:
    """A screen with the meeting open: it is told the news, and asks for the whole of it every few seconds."""
    await asyncio.sleep(LOOK_EVERY_S * place / max(1, load.screens))

    async def news() -> None:
        address = f"{server.url.replace('http', 'ws')}/ws/screen/{meeting}"
        async with connect(address, max_size=None, additional_headers=server.headers) as socket:
            async for _ in socket:
                out.news += 1

    told = asyncio.create_task(news())
    loop = asyncio.get_running_loop()
    try:
        while loop.time() < until:
            begun = loop.time()
            await asyncio.to_thread(server.ask, f"/meetings/{meeting}")
            out.looks.append(1000 * (loop.time() - begun))
            await asyncio.sleep(LOOK_EVERY_S)
    finally:
        told.cancel()
        await asyncio.gather(told, return_exceptions=True)


async def _weigh(server: Server, out: Measured) -> None:
    while True:
        out.memory.append(server.memory_mb())
        await asyncio.sleep(1)


async def _run(server: Server, load: Load) -> Measured:
    out = Measured()
    meetings = [await asyncio.to_thread(server.meeting) for _ in range(load.handhelds)]
    until = asyncio.get_running_loop().time() + load.seconds
    weighing = asyncio.create_task(_weigh(server, out))
    await asyncio.gather(
        *(_handheld(server, meeting, load, place, out) for place, meeting in enumerate(meetings)),
        *(_screen(server, meetings[place % len(meetings)], load, place, until, out) for place in range(load.screens)),
    )
    weighing.cancel()
    return out


def _lost(data: Path, sent: dict[str, list[int]]) -> int:
    """Frames that were acknowledged and do not lie in the spool as they were sent. The server must have stopped."""
    store, lost = Store.of(Settings(data_dir=data)), 0
    try:
        for meeting, frames in sent.items():
            key = store.spool_key(SYSTEM, meeting, at=datetime.now(UTC))
            spool = Spool(spool_path(data / "spool", meeting), meeting, key)
            try:
                held = [zlib.crc32(encode(one)) for one in spool.reader().read() if isinstance(one, AudioFrame)]
            finally:
                spool.close()
            lost += sum(a != b for a, b in zip(frames, held, strict=False)) + abs(len(frames) - len(held))
    finally:
        store.close()
    return lost


def bench(load: Load) -> Measured:
    """Start a server, put the load on it, stop it and look in its spools."""
    with tempfile.TemporaryDirectory(prefix="handenhet-load-") as folder:
        with Server(Path(folder), load).running() as server:
            out = asyncio.run(_run(server, load))
        out.lost = _lost(server.data, out.sent)
    return out


def percentile(values: list[float], share: float) -> float:
    """The smallest value that `share` of all are not above; 0 where there is none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def report(load: Load, out: Measured) -> dict[str, float]:
    third = max(1, len(out.memory) // 3)
    return {
        "handhelds": load.handhelds, "seconds": load.seconds, "screens": load.screens,
        "frames": sum(map(len, out.sent.values())), "lost": out.lost,
        "ack_p50_ms": round(percentile(out.acks, 0.5)), "ack_p99_ms": round(percentile(out.acks, 0.99)),
        "look_p50_ms": round(percentile(out.looks, 0.5)), "look_p99_ms": round(percentile(out.looks, 0.99)),
        "news": out.news,
        "memory_first_third_mb": round(max(out.memory[:third], default=0)),
        "memory_last_third_mb": round(max(out.memory[-third:], default=0)),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--handhelds", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--screens", type=int, default=20)
    given = parser.parse_args()
    load = Load(given.handhelds, 60 * given.minutes, given.screens)
    told = report(load, bench(load))
    for name, value in told.items():
        print(f"{name:24} {value:g}")
    if told["lost"] or told["ack_p99_ms"] > LIMIT_ACK_MS:
        sys.exit(f"limit: nothing lost, p99 acknowledgement under {LIMIT_ACK_MS} ms")


if __name__ == "__main__":
    main()
