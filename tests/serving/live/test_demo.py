"""The demo's whole chain with replayed words: what it leaves behind, and that it calls nobody outside this machine."""

import ipaddress
import json
import socket
from pathlib import Path
from typing import Any

import docx
import pytest

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


@pytest.fixture
def nobody_outside(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every connection to another machine is refused and remembered."""
    tried: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def near(host: object) -> bool:
        try:
            return ipaddress.ip_address(str(host)).is_loopback
        except ValueError:
            return host in ("localhost", "", None)

    def refuse(host: object) -> None:
        tried.append(str(host))
        raise OSError("no way out")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not near(address[0]):
            refuse(address[0])
        connect(self, address)

    def guarded_look_up(host: Any, *rest: Any, **named: Any) -> Any:
        if not near(host.decode() if isinstance(host, bytes) else host):
            refuse(host)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    return tried


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
