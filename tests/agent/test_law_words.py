"""A question put in the statute's words by a language model."""

import asyncio

import pytest
from pydantic_ai.exceptions import UnexpectedModelBehavior
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from handenhet.agent.law_words import MOST_PHRASES, law_phrases


def model_that_writes(text: str, heard: list[str]) -> FunctionModel:
    def turn(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        first = messages[0]
        assert isinstance(first, ModelRequest)
        heard.append(info.instructions or "")
        heard.extend(str(part.content) for part in first.parts if isinstance(part, UserPromptPart))
        return ModelResponse(parts=[TextPart(text)])

    return FunctionModel(turn)


def test_phrases_come_back_and_the_question_is_fenced() -> None:
    heard: list[str] = []
    model = model_that_writes('{"phrases": [" omedelbart omhändertagande av den unge "]}', heard)
    assert asyncio.run(law_phrases(model, "de tog ungen")) == ("omedelbart omhändertagande av den unge",)
    assert "> de tog ungen" in heard[1]
    assert f"högst {MOST_PHRASES}" in heard[0]


@pytest.mark.parametrize("text", ["Jag vet inte", '{"phrases": [""]}', '{"phrases": ["a"], "svar": "ja"}'])
def test_anything_else_than_phrases_is_trouble(text: str) -> None:
    with pytest.raises(UnexpectedModelBehavior):
        asyncio.run(law_phrases(model_that_writes(text, []), "de tog ungen"))
