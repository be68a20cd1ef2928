"""The demo's whole chain with replayed words: what it leaves behind, and that it calls nobody outside this machine."""

import json
from pathlib import Path

import docx

from handenhet.agent.child import ChildVersion
from handenhet.agent.draft import Draft
from handenhet.agent.observation import Disputed, Observation
from handenhet.agent.review import Finding
from handenhet.knowledge.sources import Word
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Worker
from handenhet.serving.house import open_house
from handenhet.serving.hub import Ended, News, Said
from handenhet.serving.sample.play import SampleClock, Written, play, sample_turns
from handenhet.serving.sample.script import load_sample
from handenhet.serving.settings import Settings


class Silent:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[News] = []
        self.answers: list[Observation] = []
        self.version: ChildVersion | None = None
        self.findings: list[Finding] = []

    def news(self, news: News) -> None:
        self.heard.append(news)

    def step(self, text: str) -> None:
        pass

    def acknowledged(self, samples: int) -> None:
        pass

    def answered(self, observation: Observation) -> None:
        self.answers.append(observation)

    def child_version(self, version: ChildVersion) -> None:
        self.version = version

    def reviewed(self, draft: Draft, findings: list[Finding]) -> None:
        self.findings += findings


def script() -> list[list[Word]]:
    said: list[list[Word]] = []
    for turn, tap in zip(load_sample().turns, sample_turns(), strict=True):
        at = tap.sample * 1000 // 16_000 + 700
        said.append([Word(word, at + 200 * n, at + 200 * n + 180, 0.9) for n, word in enumerate(turn.text.split())])
    return said


async def played(data: Path, out: Path, show: Silent, *, rough: bool = False) -> Written:
    from handenhet.agent.readers.embedded import EmbeddedReader

    async with open_house(Settings(data_dir=data), EmbeddedReader(), clock=SampleClock()) as house:
        with Worker(lambda: ReplayRecognizer(script())) as worker:
            return await play(house, worker, out, show, rough=rough)


async def test_the_demo_leaves_approved_documents_and_calls_nobody(tmp_path: Path, nobody_outside: list[str]) -> None:
    show = Silent()
    written = await played(tmp_path / "data", tmp_path / "out", show, rough=True)
    assert nobody_outside == []
    assert written.sent.connections == 3
    assert isinstance(show.heard[-1], Ended)
    assert sum(isinstance(news, Said) for news in show.heard) == 53
    assert {o.factor.polarity for o in show.answers} == {"risk", "protective"}
    assert not [finding for finding in show.findings if finding.blocks]
    _the_word_document_says_what_was_said(tmp_path / "out", show)


def _the_word_document_says_what_was_said(out: Path, show: Silent) -> None:
    basis = json.loads((out / "beslutsunderlag.json").read_text(encoding="utf-8"))
    text = json.dumps(basis, ensure_ascii=False)
    for observation in show.answers:
        assert observation.quote.text in text
        if isinstance(observation.standing, Disputed):
            assert observation.standing.words in text
    document = docx.Document(str(out / "beslutsunderlag.docx"))
    assert any("BEDÖMNING" in paragraph.text for paragraph in document.paragraphs)
    assert show.version is not None
    assert (out / "barnets-version.txt").read_text(encoding="utf-8").strip() == show.version.text.strip()
