"""A language model's reading of a question, into the same typed query as the grammar's.

It is asked only where the grammar would have had to ask back, and never about what is declined: its answer is checked by
the same rules, and the sentence of the query is shown to the person before anything is counted.
"""

import asyncio
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic_ai import Agent, NativeOutput, UsageLimits
from pydantic_ai.models import Model

from ...knowledge.factors import catalogue
from ...prompts.library import prompt
from ...tools.cases import (
    MEASURES,
    AgeBand,
    CaseQuery,
    Comparison,
    Filters,
    Group,
    Interpretation,
    Measure,
    Period,
    Statistic,
)
from ..spans import span
from .grammar import Context, within

QUESTIONS_PROMPT = prompt("questions", "v1")
QUESTION_S = 15.0
TOLD = "Frågan är tolkad av språkmodellen. Se efter att den är rätt förstådd."


class Reading(BaseModel):
    """What the model may answer. There is no field for a unit: whose cases are counted comes from the login."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["answer", "unclear"]
    measure: Measure
    statistic: Statistic
    start: date
    end: date
    kind: Literal["child", "adult"] | None
    age_band: AgeBand | None
    area: str | None
    polarity: Literal["risk", "protective"] | None
    limit: Literal["assessment", "investigation"] | None
    groups: Annotated[list[Group], Field(max_length=2)]
    comparison: Comparison

    def query(self) -> CaseQuery:
        """Raises ValidationError where the parts do not fit together."""
        filters = Filters(
            kind=self.kind, age_band=self.age_band, area=self.area, polarity=self.polarity, limit=self.limit
        )
        return CaseQuery(
            measure=self.measure,
            statistic=self.statistic,
            period=Period(start=self.start, end=self.end),
            filters=filters,
            groups=tuple(self.groups),
            comparison=self.comparison,
        )


@cache
def _agent() -> Agent[None, Reading]:
    areas: Any = Literal[*dict.fromkeys(factor.area for factor in catalogue()), None]
    shape = create_model("Reading", __base__=Reading, area=(areas, ...))
    return Agent(
        output_type=NativeOutput(shape, name="query"),
        instructions=QUESTIONS_PROMPT.fill(measures=MEASURES),
        retries={"output": 1},
    )


async def read_question(model: Model, question: str, context: Context) -> Interpretation | None:
    """The question as a query, or None where the model finds none. Raises pydantic-ai's errors when it is in trouble."""
    with span("read question"):
        async with asyncio.timeout(QUESTION_S):
            done = await _agent().run(
                f"Frågan:\n\n> {question}\n\nI dag är det {context.today}.",
                model=model,
                usage_limits=UsageLimits(request_limit=2),
            )
    reading = done.output
    if reading.action == "unclear":
        return None
    try:
        query = reading.query()
    except ValidationError:
        return None
    return within(query, query.groups, context.today, TOLD)
