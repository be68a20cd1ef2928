"""A question put in the statute's own words by a language model, so that lay wording finds its section.

Its phrases are only searched with; nobody reads them, and nothing is cited that the index does not hold.
"""

import asyncio
from functools import cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_ai import Agent, NativeOutput, UsageLimits
from pydantic_ai.models import Model

from ..prompts.library import prompt

LAW_QUERY_PROMPT = prompt("law_query", "v1")
MOST_PHRASES = 4
PHRASING_S = 8.0

_Phrase = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Phrases(BaseModel):
    """What the model may answer."""

    model_config = ConfigDict(extra="forbid")

    phrases: Annotated[list[_Phrase], Field(max_length=MOST_PHRASES)]


@cache
def _agent() -> Agent[None, Phrases]:
    return Agent(
        output_type=NativeOutput(Phrases, name="phrases"),
        instructions=LAW_QUERY_PROMPT.fill(most=MOST_PHRASES),
        retries={"output": 1},
    )


async def law_phrases(model: Model, question: str) -> tuple[str, ...]:
    """Search phrases for a question, at most four. Raises pydantic-ai's errors when the model is in trouble."""
    async with asyncio.timeout(PHRASING_S):
        done = await _agent().run(f"Frågan:\n\n> {question}", model=model, usage_limits=UsageLimits(request_limit=2))
    return tuple(done.output.phrases)
