"""The chat answers with what stands in the case and the law, whatever engine it has."""

from datetime import date

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from handenhet.agent.chat import NOT_THERE, Reply, answer, stream
from handenhet.knowledge.index import Answer, Hit, Query
from handenhet.knowledge.provisions import Provision
from handenhet.tools.conversation import Conversation, Passage
from handenhet.tools.law import LawTool

SECTION = Provision(
    "2025:400", "20 kap. 3 §", "", "Utredningen ska vara slutförd inom fyra månader.", "statute", short="SoL"
)
SAID = Passage("e1/u1", "said", "Då har pappa druckit vin.", "Emma (barn)", "Skolbesök, 01:00", meeting="e1")
CASE = Conversation((SAID,), people=("Emma", "pappa"))


class OneSection:
    def search(self, query: Query) -> Answer:
        return Answer((Hit(SECTION, 1.0, "citation"),))


LAW = LawTool(OneSection(), date(2026, 11, 22))


def model_that_says(text: str) -> FunctionModel:
    """Looks in the case once, then says `text`."""

    def turn(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        if any(isinstance(part, ToolReturnPart) for message in messages for part in message.parts):
            return ModelResponse(parts=[TextPart(text)])
        return ModelResponse(parts=[ToolCallPart("search_case", {"question": "vin"})])

    return FunctionModel(turn)


async def test_an_answer_quotes_with_speaker_and_time() -> None:
    reply = await answer("Vad har sagts om vin?", CASE, LAW)
    assert (reply.kind, reply.said, reply.engine) == ("answer", (SAID,), "embedded")


async def test_a_section_that_is_named_is_cited() -> None:
    reply = await answer("Vad säger SoL 20 kap. 3 §?", CASE, LAW)
    assert [law.label for law in reply.laws] == ["SoL 20 kap. 3 § (2025:400)"]


async def test_what_is_not_there_is_said_to_be_not_there() -> None:
    assert (await answer("Vad heter hunden?", CASE, LAW)) == Reply("not_there", NOT_THERE)


async def test_a_judgement_is_declined_before_any_engine_sees_it() -> None:
    reply = await answer("Ljuger pappan?", CASE, LAW, model_that_says("Ja, han ljuger [s1]."))
    assert reply.kind == "declined"


@pytest.mark.parametrize(
    "text", ["Emma säger: ”Då har pappa druckit vin.” [s1]", "Pappa har druckit vin, enligt Emma [s1]."]
)
async def test_a_models_answer_stands_when_its_sources_carry_it(text: str) -> None:
    reply = await answer("Vad har sagts om vin?", CASE, LAW, model_that_says(text))
    assert (reply.text, reply.said, reply.engine) == (text, (SAID,), "model")


@pytest.mark.parametrize(
    "text",
    [
        "Pappa dricker varje dag.",
        "Emma säger: ”Då har pappa druckit sprit.” [s1]",
        "Det står i [s9].",
        "Barnet bör omhändertas [s1].",
        "Pappa har inte druckit vin [s1].",
        "Mamma har druckit vin [s1].",
        "Pappa har druckit vin 3 gånger [s1].",
        "Pappa slår Emma när han kommer hem på kvällarna [s1].",
        "Emma säger: ”Då har pappa druckit vin.” [s1] Det händer varje kväll.",
        "",
    ],
)
async def test_a_models_answer_without_cover_is_never_shown(text: str) -> None:
    reply = await answer("Vad har sagts om vin?", CASE, LAW, model_that_says(text))
    assert (reply.engine, reply.said) == ("embedded", (SAID,))


async def test_it_streams_in_growing_pieces() -> None:
    parts = [part async for part in stream(Reply("answer", "ett två tre fyra fem"), words=2)]
    assert parts == ["ett två", "ett två tre fyra", "ett två tre fyra fem"]
