"""A process of its own that is traced to the collector given, with a marker wherever somebody's words could be.

    python _traced.py COLLECTOR MARKER [raw]

`raw` sends the spans as the instrumentation makes them, to show that the marker would get out.
"""

import asyncio
import sys
from datetime import date
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from handenhet.agent.chat import answer
from handenhet.agent.engine import Engine
from handenhet.agent.gate import Gate
from handenhet.agent.readers.embedded import EmbeddedReader
from handenhet.agent.readers.protocol import Window
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.index import Answer, Query
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text
from handenhet.serving import telemetry
from handenhet.serving.settings import Settings
from handenhet.tools.conversation import Conversation, Passage
from handenhet.tools.law import LawTool


class NoLaw:
    def search(self, query: Query) -> Answer:
        return Answer(())


def leaky(marker: str) -> FunctionModel:
    """Says the marker in a tool's name, in its arguments, and at last in an error."""

    def turn(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        if len(messages) == 1:
            arguments = {"utterance": "u0", "quote": marker}
            return ModelResponse(parts=[ToolCallPart("note_childs_words", arguments), ToolCallPart(marker, arguments)])
        raise OSError(marker)

    return FunctionModel(turn, model_name="leaky")


async def traced(marker: str) -> None:
    child = Participant("B", "barn", "child")
    said = Transcript((utterance_of_text("u0", 0, "B", f"Pappa slog {marker} i fredags."),))
    meeting = Meeting("m1", "barnsamtal", 10, (child,))
    window = Window(meeting, said, 0)
    engine = Engine(EmbeddedReader(), leaky(marker))
    gate = Gate(meeting, said, catalogue(), engine.embedded_proposer)
    await engine.read(window, gate, catalogue())
    assert engine.llm is not None
    assert await engine.read_beside(engine.llm, window, gate, catalogue()) == "gone"
    case = Conversation((Passage("m1/u0", "said", said["u0"].text, "Emma", "Skolbesök", meeting="m1"),))
    law = LawTool(NoLaw(), date(2026, 11, 22))
    await answer(f"Vad sades om {marker}?", case, law, leaky(marker))


def main(collector: str, marker: str, *raw: str) -> None:
    if raw:
        patched: Any = telemetry
        patched.AllowList = lambda out: out  # pyright: ignore[reportUnknownLambdaType]
    with telemetry.telemetry(Settings(otlp_traces=collector)):
        asyncio.run(traced(marker))


if __name__ == "__main__":
    main(*sys.argv[1:])
