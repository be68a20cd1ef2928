"""The server that the kill test starts, kills and starts again: real ingest, store and graph, replayed words.

Usage: killed_server.py DATA_DIR PORT. Ends by itself when the meeting has been heard and read to its end.
"""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from handenhet.agent.readers.protocol import Window
from handenhet.knowledge.sources import Word
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Worker
from handenhet.serving.house import open_house
from handenhet.serving.ingest.messages import Hello
from handenhet.serving.ingest.server import PATH, Grant, Ingest
from handenhet.serving.sample.play import SampleClock, prepare, sample_turns
from handenhet.serving.sample.script import load_sample
from handenhet.serving.settings import Settings
from handenhet.tools.proposals import FactorProposal, Proposal, Withdrawal

KEY = b"k" * 32
TOKEN = "secret"
_HEARD = (
    ("kompis", "B-SOC-S1", "protective"),
    ("fotboll", "B-SOC-S3", "protective"),
    ("luktar", "F-OMS-R3", "risk"),
    ("skriker", "F-SAK-R2", "risk"),
    ("hyran", "M-BOE-R2", "risk"),
    ("mormor", "M-NAT-S1", "protective"),
)  # fmt: skip


class KeywordReader:
    """Reads by keyword, and takes one observation back later, so that a restart has something to get wrong."""

    name = "keywords"
    version = "1"

    def read(self, window: Window) -> list[Proposal]:
        found: list[Proposal] = []
        for utterance in window.new:
            for word, factor, polarity in _HEARD:
                if word in utterance.text:
                    side = "risk" if polarity == "risk" else "protective"
                    found.append(FactorProposal(side, factor, utterance.id, utterance.text, "barn", "told_of_oneself"))
            if "snäll" in utterance.text:
                taken = [o for o in window.logged if o.factor == "F-SAK-R2"]
                found += [Withdrawal(o.id, utterance.id) for o in taken]
        return found


def script() -> list[list[Word]]:
    """The sample's words, spread evenly behind each tap."""
    said: list[list[Word]] = []
    for turn, tap in zip(load_sample().turns, sample_turns(), strict=True):
        at = tap.sample * 1000 // 16_000 + 700
        said.append([Word(word, at + 200 * n, at + 200 * n + 180, 0.9) for n, word in enumerate(turn.text.split())])
    return said


async def serve(data: Path, port: int) -> None:
    async def authorise(hello: Hello, headers: Mapping[str, str]) -> Grant | None:
        return Grant(KEY) if hello.token == TOKEN else None

    data.mkdir(parents=True, exist_ok=True)
    async with open_house(Settings(data_dir=data), KeywordReader(), clock=SampleClock()) as house:
        sample = load_sample()
        prepare(house, sample)
        house.spool_folder.mkdir(exist_ok=True)
        ingest = Ingest(house.spool_folder, authorise, commit_s=0.01)
        app = Starlette(routes=[WebSocketRoute(PATH, ingest.endpoint)])
        config = uvicorn.Config(app, port=port, ws="websockets-sansio", lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        with Worker(lambda: ReplayRecognizer(script())) as worker:
            await house.listen(sample.meeting.id, ingest, worker, KEY)
        await ingest.aclose()
        server.should_exit = True
        await serving


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
