"""The meeting graph, read as an example: words come, people answer, somebody signs. And a language model that fails."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel

from handenhet.agent.deps import Deps
from handenhet.agent.engine import Engine
from handenhet.agent.gate import Gate
from handenhet.agent.graph import meeting_graph
from handenhet.agent.observation import Confirmed, Observation, Person
from handenhet.agent.readers.protocol import Window
from handenhet.agent.state import new_meeting
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text
from handenhet.tools.proposals import FactorProposal, Proposal

MEETING = Meeting("m1", "barnsamtal", 9, (Participant("S", "socialsekreterare"), Participant("B", "barn")))
TALK = (("S", "Hur är det hemma?"), ("B", "Pappa slog mig i fredags."), ("B", "Jag har en bra kompis."))


class SlapReader:
    """Hears one thing."""

    name = "slap"
    version = "1"

    def __init__(self) -> None:
        self.windows: list[list[str]] = []

    def read(self, window: Window) -> list[Proposal]:
        self.windows.append([utterance.id for utterance in window.new])
        return [
            FactorProposal("risk", "F-SAK-R1", u.id, "Pappa slog mig", "pappa", "told_of_oneself")
            for u in window.new
            if "slog" in u.text
        ]


@dataclass
class Records:
    """The store's part, in memory."""

    transcript_now: Transcript = field(default_factory=Transcript)
    kept: dict[str, Observation] = field(default_factory=dict[str, Observation])
    composed: int = 0
    is_signed: bool = False

    def say(self, count: int) -> None:
        said = [utterance_of_text(f"u{i}", i, who, text) for i, (who, text) in enumerate(TALK[:count])]
        self.transcript_now = Transcript(tuple(said))

    def meeting(self, meeting_id: str) -> Meeting:
        return MEETING

    def transcript(self, meeting_id: str) -> Transcript:
        return self.transcript_now

    def observations(self, meeting_id: str) -> Sequence[Observation]:
        return tuple(self.kept.values())

    def save_reading(self, meeting_id: str, gate: Gate, at: datetime) -> None:
        self.kept = dict(gate.observations)

    def save_drafts(self, meeting_id: str, at: datetime) -> None:
        self.composed += 1

    async def rewrite_for_child(self, meeting_id: str) -> None: ...

    def signed(self, meeting_id: str) -> bool:
        return self.is_signed

    def draft_basis(self, case_id: str, ground: str, on: str, at: datetime) -> str:
        raise NotImplementedError

    def blocking(self, draft_id: str) -> int:
        raise NotImplementedError

    def approved(self, draft_id: str) -> bool:
        raise NotImplementedError


class Room:
    """A meeting's graph with everything around it in memory."""

    def __init__(self, at: datetime, llm: Model | None = None) -> None:
        self.records, self.reader, self.lost = Records(), SlapReader(), list[str]()
        engine = Engine(self.reader, llm, on_lost=self.lost.append)
        self.deps = Deps(self.records, self.records, engine, catalogue(), lambda: at)
        self.graph = meeting_graph(InMemorySaver())

    async def go(self, given: object) -> dict[str, Any]:
        config: Any = {"configurable": {"thread_id": "m1"}}
        return await self.graph.ainvoke(given, config, context=self.deps, durability="sync")  # type: ignore[arg-type]  # pyright: ignore

    async def heard(self, count: int, phase: str = "live") -> dict[str, Any]:
        self.records.say(count)
        return await self.go(Command(resume=phase))


def waiting_for(state: dict[str, Any]) -> str:
    return state["__interrupt__"][0].value["waiting_for"]


async def test_a_meeting_from_the_first_word_to_the_signature(when_noon: datetime) -> None:
    room = Room(when_noon)
    assert waiting_for(await room.go(new_meeting("m1"))) == "words"
    assert waiting_for(await room.heard(1)) == "words"
    assert waiting_for(await room.heard(3)) == "words"
    assert room.reader.windows == [["u0"], ["u1"], ["u2"]]
    assert waiting_for(await room.heard(3, "ended")) == "the_room"
    assert waiting_for(await room.go(Command(resume="too early"))) == "the_room"
    assert room.records.composed == 0
    by = Person("p1", "Maria Lindberg", "socialsekreterare")
    room.records.kept = {id: o.with_standing(Confirmed(by, when_noon)) for id, o in room.records.kept.items()}
    assert waiting_for(await room.go(Command(resume="answered"))) == "signature"
    assert room.records.composed == 1
    assert waiting_for(await room.go(Command(resume="not signed"))) == "signature"
    room.records.is_signed = True
    assert (await room.go(Command(resume="signed")))["phase"] == "signed"


async def test_the_checkpoints_hold_no_words(when_noon: datetime) -> None:
    room = Room(when_noon)
    await room.go(new_meeting("m1"))
    state = await room.heard(3)
    assert "slog" not in repr(state)
    assert "Pappa" not in repr(state)


def says(*parts: ToolCallPart) -> Model:
    """A language model that makes these calls once."""

    def answer(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=list(parts) if len(messages) == 1 else [TextPart("klart")])

    return FunctionModel(answer)


def refuses(error: Exception) -> Model:
    def answer(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        raise error

    return FunctionModel(answer)


async def test_a_language_model_reads_beside_and_is_named(when_noon: datetime) -> None:
    call = ToolCallPart(
        "log_protective_factor",
        {
            "factor": "B-SOC-S1",
            "utterance": "u2",
            "quote": "Jag har en bra kompis",
            "about": "barn",
            "source": "told_of_oneself",
        },
    )
    room = Room(when_noon, says(call))
    await room.go(new_meeting("m1"))
    await room.heard(3, "ended")
    proposers = {o.factor.id: o.proposer.reader for o in room.records.kept.values()}
    assert proposers == {"F-SAK-R1": "slap", "B-SOC-S1": "model"}


@pytest.mark.parametrize(
    "error",
    [ModelHTTPError(500, "m"), TimeoutError(), ConnectionResetError()],
    ids=["http 500", "timeout", "connection lost"],
)
async def test_when_the_language_model_is_lost_the_meeting_goes_on(when_noon: datetime, error: Exception) -> None:
    room = Room(when_noon, refuses(error))
    await room.go(new_meeting("m1"))
    assert waiting_for(await room.heard(2)) == "words"
    state = await room.heard(3, "ended")
    assert waiting_for(state) == "the_room"
    assert state["model_lost"]
    assert len(room.lost) == 1
    assert [o.factor.id for o in room.records.kept.values()] == ["F-SAK-R1"]


async def test_a_model_that_invents_quotes_leaves_nothing(when_noon: datetime) -> None:
    made_up = {"factor": "F-SAK-R1", "utterance": "u2", "quote": "Mamma slår mig", "about": "mamma", "source": "seen"}
    room = Room(when_noon, says(ToolCallPart("log_risk_factor", made_up)))
    await room.go(new_meeting("m1"))
    await room.heard(3, "ended")
    assert [o.quote.text for o in room.records.kept.values()] == ["Pappa slog mig"]
