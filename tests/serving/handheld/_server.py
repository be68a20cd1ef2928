"""The real server for the browser tests, with a recognizer that is told the words and a reader that looks for a few.

Run as a program so that a test can kill it: `python _server.py DATA_DIR PORT CODE [meeting|dictation] [screens]`.
"""

import asyncio
import sys
from pathlib import Path

import uvicorn

from handenhet.agent.readers.protocol import Window
from handenhet.knowledge.quotes import find_quote
from handenhet.knowledge.sources import Word
from handenhet.serving.app import Mount, create_app, sessions_of
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Worker
from handenhet.serving.house import open_house
from handenhet.serving.ingest.frames import MAX_FRAME_BYTES
from handenhet.serving.login import StartCode, code_routes
from handenhet.serving.settings import Settings
from handenhet.serving.users import DEMONSTRATION
from handenhet.tools.proposals import AcuteProposal, FactorProposal, Proposal

HOSTILE = "<img/src=x/onerror=document.title='trasig'><script>document.title='trasig'</script>"
SCRIPT = (
    (1_000, "Hej Emma vad bra att du kunde komma hit i dag"),
    (4_000, "Mamma är snäll och hjälper mig med läxorna"),
    (7_500, "Pappa dricker på kvällarna och då skriker han"),
    (11_000, f"Han skrev {HOSTILE} på lappen"),
    (14_000, "Jag är rädd när han slår"),
    (18_000, "Jag spelar fotboll på tisdagar och torsdagar det är det bästa jag vet"),
    (23_000, "Vad gör du efter skolan då"),
    (26_000, "Då lagar jag mat till min lillebror och lägger honom"),
    (31_000, "Min mormor hämtar oss på onsdagar och vi äter middag hos henne"),
    (36_000, "Jag vill att pappa ska vara som han är på måndagar"),
)
DICTATED = (
    (600, "rubrik hembesök punkt jag var hemma hos familjen i dag punkt"),
    (3_600, "emma visade sitt rum komma och hennes lillasyster skriker punkt"),
    (6_600, "det här ska bort stryk det nytt stycke nästa gång är på fredag punkt"),
)
SCRIPTS = {"meeting": SCRIPT, "dictation": DICTATED}
FOUND = {
    "hjälper mig med läxorna": ("protective", "F-STI-S2"),
    "mormor hämtar oss på onsdagar": ("protective", "M-NAT-S1"),
    "Pappa dricker på kvällarna": ("risk", "F-OMS-R3"),
    HOSTILE: ("risk", "F-OMS-R3"),
}
ACUTE = "rädd när han slår"


def script(name: str = "meeting") -> list[list[Word]]:
    said: list[list[Word]] = []
    for start, text in SCRIPTS[name]:
        words = text.split()
        said.append(
            [Word(word, start + 200 * n, start + 200 * n + 150, 0.3 if word == "skriker" else 0.9)
             for n, word in enumerate(words)]
        )  # fmt: skip
    return said


class WordReader:
    """Proposes a factor wherever its words are said."""

    name, version = "ordletare", "1"

    def read(self, window: Window) -> list[Proposal]:
        proposals: list[Proposal] = []
        for utterance in window.new:
            for words, (polarity, factor) in FOUND.items():
                if find_quote(utterance, words):
                    proposals.append(
                        FactorProposal(polarity, factor, utterance.id, words, "barn", "told_of_oneself")  # pyright: ignore[reportArgumentType]
                    )
            if find_quote(utterance, ACUTE):
                proposals.append(AcuteProposal(utterance.id, ACUTE, "våld mot barnet"))
        return proposals


def screens() -> list[Mount]:
    """The larger screens, which take seconds to load."""
    from handenhet.serving.screen.mount import mount_screens

    return [mount_screens]


async def main(data: Path, port: int, code: str, said: str = "meeting", larger: str = "") -> None:
    settings = Settings.model_validate({"data_dir": data, "port": port, "audio_mode": "bevarad"})
    async with open_house(settings, WordReader()) as house:
        sessions = sessions_of(house)
        login = code_routes(sessions, DEMONSTRATION, StartCode(code, house.clock), https=False)
        with Worker(lambda: ReplayRecognizer(script(said))) as worker:
            mounts = screens() if larger else []
            app = create_app(house, worker, DEMONSTRATION, sessions, login, mounts=mounts)
            config = uvicorn.Config(
                app, host="127.0.0.1", port=port, ws="websockets-sansio", ws_max_size=2 * MAX_FRAME_BYTES,
                ws_per_message_deflate=False, log_level="warning", timeout_graceful_shutdown=1,
            )  # fmt: skip
            await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
