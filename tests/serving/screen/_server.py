"""The real server over the sample case, with hostile words in it, for the browser tests.

Run as a program: `python _server.py DATA_DIR PORT CODE`.
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import uvicorn

from handenhet.agent.gate import Gate
from handenhet.agent.readers.protocol import Window
from handenhet.knowledge.sources import Transcript, Word
from handenhet.serving.app import create_app, sessions_of
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Worker
from handenhet.serving.house import House, open_house, utc_now
from handenhet.serving.login import StartCode, code_routes
from handenhet.serving.sample.seed import CASEWORKER, READER, TO_GO_THROUGH, seed, utterances
from handenhet.serving.screen.mount import mount_screens
from handenhet.serving.settings import Settings
from handenhet.serving.users import DEMONSTRATION
from handenhet.tools.proposals import FactorProposal, Proposal

HOSTILE = "<img/src=x/onerror=document.title='trasig'>![x](http://ond.example/x.png)${document.title=1}{{7*7}}"


class SilentReader:
    name, version = "tyst", "1"

    def read(self, window: Window) -> list[Proposal]:
        return []


def say_something_hostile(house: House) -> None:
    """Words that would run, fetch or be evaluated, as if somebody had said them, quoted by an observation."""
    store, at = house.store, house.clock()
    before = store.transcript(CASEWORKER, TO_GO_THROUGH, at=at)
    said = next(iter(utterances([{"M": f"Han skrev {HOSTILE} på lappen"}])))
    place = len(before)
    end = before.utterances[-1].end_ms + 1_000
    words = tuple(Word(w.text, end + (w.start_ms or 0), end + (w.end_ms or 0), w.confidence) for w in said.words)
    spoken = replace(
        said, id=f"u{place + 1}", index=place, start_ms=end + said.start_ms, end_ms=end + said.end_ms, words=words
    )
    if not store.append_utterance(CASEWORKER, TO_GO_THROUGH, spoken, at=at):
        return
    meeting = store.meeting(CASEWORKER, TO_GO_THROUGH, at=at)
    gate = Gate(meeting, Transcript((*before.utterances, spoken)), house.catalogue, READER)
    gate.submit(FactorProposal("risk", "F-SAK-R2", spoken.id, f"Han skrev {HOSTILE}", "pappa", "told_of_another"))
    store.save_reading(CASEWORKER, TO_GO_THROUGH, gate, at=at)


async def main(data: Path, port: int, code: str) -> None:
    async with open_house(Settings.model_validate({"data_dir": data, "port": port}), SilentReader()) as house:
        seed(house, utc_now().date())
        say_something_hostile(house)
        sessions = sessions_of(house)
        login = code_routes(sessions, DEMONSTRATION, StartCode(code, house.clock), https=False)
        with Worker(lambda: ReplayRecognizer([])) as worker:
            app = create_app(house, worker, DEMONSTRATION, sessions, login, mounts=(mount_screens,))
            config = uvicorn.Config(app, host="127.0.0.1", port=port, ws="websockets-sansio", log_level="warning",
                                    timeout_graceful_shutdown=1)  # fmt: skip
            await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
