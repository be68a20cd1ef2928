"""Reading with a language model that writes one JSON answer: for models whose tool calls are weak.

A server with structured output holds the answer to its shape while it is written. The shape is the same for the whole
meeting, so the prompt keeps its beginning from window to window, and the server compiles it once.
"""

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model
from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext, UsageLimits
from pydantic_ai.models import Model

from ...knowledge.factors import Catalogue
from ...tools.proposals import (
    About,
    AcuteProposal,
    ChildsWordsProposal,
    Desk,
    FactorProposal,
    FlagName,
    Proposal,
    Refused,
    SourceName,
    Withdrawal,
)
from .model import instructions, question
from .protocol import Window

HOW = "Svara med en JSON-lista `logs` över det nya. Är där inget att logga, svara med en tom lista."
"""Stands after the transcript, so that both ways of reading share their prompt's beginning."""


class Log(BaseModel):
    """One thing heard. Which fields count depends on `what`; there is none for an outcome, a level or a score."""

    model_config = ConfigDict(extra="forbid")

    what: Literal["risk", "skydd", "akut", "barnets_ord", "ta_tillbaka"]
    utterance: str
    quote: str
    factor: str
    about: About
    source: SourceName
    flags: list[FlagName]
    topic: str
    """For what is acute: the matter in a few words."""
    earlier: str
    """The earlier log that this mends or takes back, else empty."""

    def proposal(self) -> Proposal:
        match self.what:
            case "risk" | "skydd":
                polarity = "risk" if self.what == "risk" else "protective"
                flags = frozenset(self.flags)
                return FactorProposal(
                    polarity, self.factor, self.utterance, self.quote, self.about, self.source, flags, self.earlier
                )
            case "akut":
                return AcuteProposal(self.utterance, self.quote, self.topic)
            case "barnets_ord":
                return ChildsWordsProposal(self.utterance, self.quote)
            case "ta_tillbaka":
                return Withdrawal(self.earlier, self.utterance)


class Answer(BaseModel):
    """Everything new, in the order it was said."""

    model_config = ConfigDict(extra="forbid")

    logs: list[Log]


@cache
def _shape(factors: tuple[str, ...]) -> type[Answer]:
    """`Answer` with the factors a log may name; the empty text stands for none."""
    known: Any = Literal[*factors, ""]
    logs: Any = list[create_model("Log", __base__=Log, factor=(known, ...))]  # pyright: ignore[reportInvalidTypeForm]
    return create_model("Answer", __base__=Answer, logs=(logs, ...))


@cache
def _agent(factors: tuple[str, ...]) -> Agent[Desk, Answer]:
    output = NativeOutput(_shape(factors), name="logs")
    agent = Agent(deps_type=Desk, output_type=output, retries={"output": 1})

    @agent.output_validator
    def to_the_desk(ctx: RunContext[Desk], answer: Answer) -> Answer:  # pyright: ignore[reportUnusedFunction]
        refused = [told for log in answer.logs if (told := _refusal(ctx.deps, log))]
        if refused and ctx.retry == 0:
            raise ModelRetry("\n".join([*refused, "Svara på nytt med bara det som ska rättas."]))
        return answer

    return agent


def _refusal(desk: Desk, log: Log) -> str:
    answer = desk.submit(log.proposal())
    return f"{log.utterance}: {answer.how_to_mend}" if isinstance(answer, Refused) else ""


async def read_listed(model: Model, window: Window, desk: Desk, catalogue: Catalogue) -> None:
    """One reading of the window by `model`; what it lists lands on `desk`, and it may mend once what was refused.

    Raises pydantic-ai's errors when the model is gone or writes no such answer; the desk keeps what passed before that.
    """
    factors = tuple(factor.id for factor in catalogue.for_age(window.meeting.child_age))
    await _agent(factors).run(
        f"{question(window)}\n{HOW}",
        model=model,
        deps=desk,
        instructions=instructions(window, catalogue),
        usage_limits=UsageLimits(request_limit=3),
    )
