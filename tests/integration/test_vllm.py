"""What we rely on in vLLM, against a real one: the protocol, the readers, the chat, questions, and its death.

The model is random, so nothing here says how well a language model reads.
"""

import asyncio
import json
import re
import time
import urllib.request
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic_ai import models
from pydantic_ai.direct import model_request_stream
from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.messages import ModelRequest, PartDeltaEvent
from pydantic_ai.settings import ModelSettings

from handenhet.agent.basis import compose_basis
from handenhet.agent.beside import Hearing
from handenhet.agent.chat import NOT_THERE, answer
from handenhet.agent.child import ChildVersion, TalkFacts, compose_child_version
from handenhet.agent.edits import EditRefused
from handenhet.agent.engine import Engine
from handenhet.agent.gate import Gate
from handenhet.agent.questions.grammar import Context
from handenhet.agent.questions.model import read_question
from handenhet.agent.readers.embedded import EmbeddedReader
from handenhet.agent.readers.protocol import Window
from handenhet.agent.rewriting import reworded_sentence, rewritten_child_version
from handenhet.evals import examples
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.index import Answer as Found
from handenhet.knowledge.index import Query
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, Word, utterance_of_text
from handenhet.serving.attribution import Segment
from handenhet.serving.house import open_house
from handenhet.serving.hub import Noted, Said
from handenhet.serving.llm import health, language_model
from handenhet.serving.meeting import LiveMeeting
from handenhet.serving.room import MeetingRoom
from handenhet.serving.sample.play import SampleClock, prepare
from handenhet.serving.sample.script import load_sample
from handenhet.serving.settings import Settings
from handenhet.serving.vllm.models import table
from handenhet.tools.cases import CaseQuery, Understood
from handenhet.tools.conversation import Conversation, Passage
from handenhet.tools.law import LawTool

from ..agent.child.test_compose import heard
from .conftest import KEY, NAME, ROOT, Vllm
from .steered import CLOSING, Calls, Closes, Rambles, Says, Steered, Step, Writes

pytestmark = [pytest.mark.vllm]

MEETING = Meeting(
    "m1", "barnsamtal", 10, (Participant("S", "socialsekreterare", "caseworker"), Participant("B", "barn", "child"))
)
TALK = ("S", "Hur är det hemma?"), ("B", "Pappa slog mig i fredags."), ("S", "Var det i fredags?"), ("B", "Ja.")
SLAP = {
    "factor": "F-SAK-R1", "utterance": "u1", "quote": "Pappa slog mig", "about": "pappa", "source": "told_of_oneself",
}  # fmt: skip
SAID = Passage("e1/u1", "said", "Då har pappa druckit vin.", "Emma (barn)", "Skolbesök, 01:00", meeting="e1")
CASE = Conversation((SAID,), people=("Emma", "pappa"))


class NoLaw:
    def search(self, query: Query) -> Found:
        return Found(())


LAW = LawTool(NoLaw(), date(2026, 11, 22))


@pytest.fixture(autouse=True)
def may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests alone may ask a real model, and it is on this machine."""
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)


@pytest.fixture(scope="session")
def settings(vllm: Vllm) -> Settings:
    return Settings.model_validate({"llm_url": vllm.url, "llm_model": NAME, "llm_api_key": KEY})


@pytest.fixture(scope="session")
def closing(vllm: Vllm) -> dict[str, int]:
    return {str(token(vllm, mark)): weight for mark, weight in CLOSING}


@pytest.fixture
async def steered(settings: Settings, closing: dict[str, int]) -> AsyncGenerator[Callable[..., Steered]]:
    """The served model by settings, made to take these steps."""
    model = language_model(settings)
    assert model is not None
    async with model:
        yield lambda *steps: Steered(model, closing, *steps)


def asked(vllm: Vllm, path: str, body: object = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(f"{vllm.url}{path}", data, headers), timeout=60) as given:
        return given.read()


def token(vllm: Vllm, text: str) -> int:
    tokens: list[int] = json.loads(asked(vllm, "/tokenize", {"model": NAME, "prompt": text}))["tokens"]
    assert len(tokens) == 1, text
    return tokens[0]


def counted(vllm: Vllm, series: str) -> float:
    found = re.search(rf"^{re.escape(series)}{{[^}}]*}} (\S+)$", asked(vllm, "/metrics").decode(), re.MULTILINE)
    assert found is not None, series
    return float(found[1])


def window(count: int, new_from: int = 0) -> Window:
    said = [utterance_of_text(f"u{i}", i, who, text) for i, (who, text) in enumerate(TALK[:count])]
    return Window(MEETING, Transcript(tuple(said)), new_from)


def gate_for(engine: Engine, read: Window) -> Gate:
    assert engine.llm is not None
    return Gate(MEETING, read.transcript, catalogue(), engine.llm_proposer(engine.llm))


# What the server is and tells


def test_its_health_names_what_it_serves(vllm: Vllm) -> None:
    seen = health(vllm.url, KEY, NAME)
    assert (seen.ok, seen.models) == (True, (NAME,))
    assert health(vllm.url, KEY, "another").why == f"serves {NAME}, not another"
    assert health(vllm.url, "wrong", NAME).why == "AuthenticationError"


def test_its_figures_can_be_watched(vllm: Vllm) -> None:
    for series in ("vllm:num_requests_running", "vllm:num_requests_waiting", "vllm:kv_cache_usage_perc"):
        assert counted(vllm, series) >= 0
    assert counted(vllm, "vllm:prefix_cache_queries_total") >= 0


def test_every_family_in_our_table_is_one_it_understands() -> None:
    packages = next((ROOT / ".venv-vllm" / "lib").glob("python3*/site-packages/vllm"))
    tools = (packages / "tool_parsers" / "__init__.py").read_text(encoding="utf-8")
    thoughts = (packages / "reasoning" / "__init__.py").read_text(encoding="utf-8")
    for name, family in table().families.items():
        assert f'"{family.tool_call_parser}"' in tools, name
        assert not family.reasoning_parser or f'"{family.reasoning_parser}"' in thoughts, name


async def test_an_answer_streams(steered: Callable[..., Steered]) -> None:
    text = "Det här kommer ord för ord."
    request: list[Any] = [ModelRequest.user_text_prompt("hej")]
    only: ModelSettings = {"extra_body": {"structured_outputs": {"choice": [text]}}}
    async with model_request_stream(steered(Rambles()).wrapped, request, model_settings=only) as stream:
        pieces = [event async for event in stream if isinstance(event, PartDeltaEvent)]
    assert len(pieces) > 5
    assert stream.get().text == text
    assert stream.get().usage.output_tokens > 5


# Reading beside the embedded reader


async def test_a_call_becomes_an_observation(steered: Callable[..., Steered]) -> None:
    engine = Engine(EmbeddedReader(), steered(Calls("log_risk_factor", SLAP), Says("klart")))
    read = window(2)
    gate = gate_for(engine, read)
    assert engine.llm is not None
    assert await engine.read_beside(engine.llm, read, gate, catalogue()) == "read"
    [kept] = gate.observations.values()
    assert (kept.factor.id, kept.quote.text, kept.proposer.model) == ("F-SAK-R1", "Pappa slog mig", NAME)


async def test_the_talk_so_far_is_not_read_twice(steered: Callable[..., Steered]) -> None:
    model = steered(Says("klart"))
    engine = Engine(EmbeddedReader(), model)
    for read in (window(2), window(4, new_from=2)):
        assert await engine.read_beside(model, read, gate_for(engine, read), catalogue()) == "read"
    first, second = model.usages
    assert second.cache_read_tokens > 0.9 * first.input_tokens


async def test_garbage_calls_are_shaped_right_and_refused_by_the_gate(steered: Callable[..., Steered]) -> None:
    engine = Engine(EmbeddedReader(), steered(Closes()))
    read = window(2)
    gate = gate_for(engine, read)
    assert engine.llm is not None
    assert await engine.read_beside(engine.llm, read, Hearing(gate), catalogue()) == "given_up"
    assert gate.observations == {}
    assert {refusal.kind for refusal in gate.refusals} == {"no_such_utterance"}


async def test_a_json_answer_becomes_observations(steered: Callable[..., Steered]) -> None:
    log: dict[str, object] = {**SLAP, "what": "risk", "flags": [], "topic": "", "earlier": ""}
    model = steered(Writes({"logs": [log]}))
    engine = Engine(EmbeddedReader(), model, calls="json")
    read = window(2)
    gate = gate_for(engine, read)
    assert await engine.read_beside(model, read, gate, catalogue()) == "read"
    assert [kept.quote.text for kept in gate.observations.values()] == ["Pappa slog mig"]


async def test_a_garbage_json_answer_is_shaped_right_and_refused(steered: Callable[..., Steered]) -> None:
    model = steered(Closes())
    engine = Engine(EmbeddedReader(), model, calls="json")
    read = window(2)
    gate = gate_for(engine, read)
    assert await engine.read_beside(model, read, gate, catalogue()) == "read"
    assert len(model.usages) == 2, "told once what was wrong, it may answer once more"
    assert {refusal.kind for refusal in gate.refusals} == {"no_such_utterance"}


async def test_random_words_propose_nothing(steered: Callable[..., Steered]) -> None:
    model = steered(Rambles())
    engine = Engine(EmbeddedReader(), model)
    read = window(4)
    gate = gate_for(engine, read)
    await engine.read_beside(model, read, gate, catalogue())
    assert gate.observations == {}


async def test_a_slow_reading_is_given_up_in_time(steered: Callable[..., Steered]) -> None:
    lost: list[str] = []
    model = steered(Rambles())
    engine = Engine(EmbeddedReader(), model, lost.append, reading_s=0.02)
    read = window(4)
    began = time.monotonic()
    assert await engine.read_beside(model, read, gate_for(engine, read), catalogue()) == "gone"
    assert time.monotonic() - began < 5
    assert lost == ["TimeoutError"]


# The chat


async def test_the_chat_answers_through_the_tools_and_cites(steered: Callable[..., Steered]) -> None:
    text = "Emma säger: ”Då har pappa druckit vin.” [s1]"
    reply = await answer(
        "Vad har sagts om vin?", CASE, LAW, steered(Calls("search_case", {"question": "vin"}), Says(text))
    )
    assert (reply.kind, reply.text, reply.said, reply.engine) == ("answer", text, (SAID,), "model")


async def test_the_chat_says_what_is_not_there(steered: Callable[..., Steered]) -> None:
    reply = await answer("Vad heter hunden?", CASE, LAW, steered(Says(NOT_THERE)))
    assert (reply.kind, reply.engine) == ("not_there", "model")


@pytest.mark.parametrize(
    "step",
    [Rambles(), Says("Pappa dricker varje dag."), Says("Barnet bör omhändertas [s1].")],
    ids=["random", "bare", "decides"],
)
async def test_the_chat_answers_embedded_where_the_model_will_not_do(
    steered: Callable[..., Steered], step: Step
) -> None:
    model = steered(Calls("search_case", {"question": "vin"}), step)
    reply = await answer("Vad har sagts om vin?", CASE, LAW, model)
    assert (reply.said, reply.engine) == ((SAID,), "embedded")


# Questions about past cases


# Wording what is already written


def told_to_a_child() -> ChildVersion:
    return compose_child_version([heard(0, "B-SOC-R4")], TalkFacts(MEETING), quote_child=False)


async def test_the_childs_version_is_worded_where_it_says_the_same(steered: Callable[..., Steered]) -> None:
    base = told_to_a_child()
    asked = [(n, s) for n, s in enumerate(base.sentences, 1) if s.section in ("opening", "about")]
    gentle = "Du sa att du ofta är ensam och saknar någon att vara med."
    rows = [{"text": gentle if "o0" in s.observations else s.text, "numbers": [n]} for n, s in asked]
    made = await rewritten_child_version(base, Engine(EmbeddedReader(), steered(Writes({"sentences": rows}))))
    assert made.taken, made.refused
    assert gentle in made.version.text


async def test_a_wording_of_random_words_changes_nothing(steered: Callable[..., Steered]) -> None:
    base = told_to_a_child()
    for step in (Rambles(), Closes()):
        made = await rewritten_child_version(base, Engine(EmbeddedReader(), steered(step)))
        assert (made.version, made.taken) == (base, False)


async def test_a_sentence_of_a_draft_is_worded_or_refused(steered: Callable[..., Steered]) -> None:
    draft = compose_basis(examples.case(), examples.talks(), examples.GROUND, catalogue(), examples.law, examples.ON)
    place = next(p.place for p in draft.placed() if "Jag har svårt att sova" in p.sentence.text)
    text = "Emma berättar: ”Jag har svårt att sova när han skriker.”"
    worded = await reworded_sentence(draft, place, Engine(EmbeddedReader(), steered(Says(text))))
    assert text in [sentence.text for sentence in worded.sentences]
    with pytest.raises(EditRefused):
        await reworded_sentence(draft, place, Engine(EmbeddedReader(), steered(Rambles())))


async def test_a_question_is_read_into_the_typed_query(steered: Callable[..., Steered]) -> None:
    value: dict[str, object] = {
        "action": "answer", "measure": "reports", "statistic": "count", "start": "2026-03-01", "end": "2026-03-31",
        "kind": None, "age_band": None, "area": None, "polarity": None, "limit": None, "groups": [],
        "comparison": "none",
    }  # fmt: skip
    context = Context(date(2026, 11, 22), ("Barn och unga",), "Barn och unga")
    read = await read_question(steered(Writes(value)), "Hur mycket trillade in under mars?", context)
    assert isinstance(read, Understood)
    assert isinstance(read.query, CaseQuery)
    assert (read.query.measure, read.query.period.told) == ("reports", "2026-03-01 till 2026-03-31")
    with pytest.raises(UnexpectedModelBehavior):
        await read_question(steered(Rambles()), "Hur mycket trillade in under mars?", context)


# Its death


class Meanwhile:
    """A meeting's words, in whose middle the server dies while it is answering."""

    def __init__(self, vllm: Vllm, kill_after: int) -> None:
        self.vllm, self.kill_after = vllm, kill_after
        self.said: list[Said] = []
        self.noted: list[Noted] = []
        self.said_while_answering = 0

    def news(self, news: object) -> None:
        if isinstance(news, Said):
            self.said.append(news)
        elif isinstance(news, Noted):
            self.noted.append(news)

    async def heard(self) -> AsyncIterator[Segment]:
        for place, turn in enumerate(load_sample().turns):
            if place == self.kill_after:
                await asyncio.to_thread(self._kill)
            starts = range(9_000 * place, 9_000 * (place + 1), 100)
            yield Segment(
                turn.speaker, tuple(Word(w, at, at + 90, 0.9) for w, at in zip(turn.text.split(), starts, strict=False))
            )

    def _kill(self) -> None:
        until = time.monotonic() + 60
        while counted(self.vllm, "vllm:num_requests_running") == 0:
            assert time.monotonic() < until, "the language model was not asked anything"
        self.said_while_answering = len(self.said)
        self.vllm.kill()


async def test_killed_in_the_middle_of_an_answer_the_meeting_goes_on(
    vllm: Vllm, settings: Settings, tmp_path: Path
) -> None:
    """Stands last: it leaves no server."""
    sample = load_sample()
    here = settings.model_copy(update={"data_dir": tmp_path})
    meanwhile = Meanwhile(vllm, kill_after=12)
    async with open_house(here, EmbeddedReader(), clock=SampleClock()) as house:
        prepare(house, sample)
        room = MeetingRoom(house.store, sample.meeting.id, house.clock)
        live = LiveMeeting(room, house.meeting_graph, house.deps, house.hub)
        with house.hub.listening(sample.meeting.id, meanwhile.news):
            await live.run(meanwhile.heard())
    assert meanwhile.said_while_answering == 12, "nobody waits for the language model to talk on"
    assert len(meanwhile.said) == len(sample.turns)
    last = meanwhile.noted[-1]
    assert last.model_lost
    assert len(last.observations) >= 4
    assert {o.proposer.reader for o in last.observations} == {"embedded"}
    assert not health(vllm.url, KEY, NAME).ok
