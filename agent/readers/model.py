"""Reading with a language model through the tools, and with the embedded reader behind the same interface.

The transcript comes first and only grows, so that a server with prefix caching reads each word once.
"""

from collections.abc import AsyncIterator, Sequence
from functools import cache

from pydantic_ai import Agent, UsageLimits
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, UserPromptPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from ...knowledge.factors import Catalogue
from ...prompts.library import prompt
from ...tools.proposals import (
    AcuteProposal,
    ChildsWordsProposal,
    Desk,
    FactorProposal,
    NoteProposal,
    Proposal,
    Withdrawal,
)
from ...tools.reading import reading_tools
from ..fence import fence
from .protocol import Reader, Window

READING_PROMPT = prompt("reading", "v1")
DONE = "klart"


@cache
def reading_agent() -> Agent[Desk, str]:
    """The agent that reads a window: tools with effect only on the meeting's desk, no output but a closing word."""
    return Agent(deps_type=Desk, output_type=str, toolsets=[reading_tools()], retries={"tools": 2, "output": 1})


def instructions(window: Window, catalogue: Catalogue) -> str:
    factors = catalogue.for_age(window.meeting.child_age)
    return READING_PROMPT.fill(fence=fence(window.meeting.id), factors=factors)


def question(window: Window) -> str:
    """The talk so far, append-only, then what is new and what is already logged."""
    mark = fence(window.meeting.id)
    lines = [
        f"{utterance.id} {window.meeting.participant(utterance.speaker).role}: {utterance.text.replace(mark, '')}"
        for utterance in window.transcript.utterances
    ]
    logged = [f"{item.id}: {item.factor}, {item.utterance}" for item in window.logged]
    new = window.new
    span = f"{new[0].id} till {new[-1].id}" if new else "inget"
    return "\n".join([mark, *lines, mark, f"Nytt sedan sist: {span}.", "Redan loggat:", *logged])


async def read_with(
    model: Model, window: Window, desk: Desk, catalogue: Catalogue, limits: UsageLimits | None = None
) -> None:
    """One reading of the window by `model`; what it proposes lands on `desk`.

    Raises pydantic-ai's errors when the model is gone or will not behave; the desk keeps what passed before that.
    """
    await reading_agent().run(
        question(window),
        model=model,
        deps=desk,
        instructions=instructions(window, catalogue),
        usage_limits=limits or UsageLimits(request_limit=8, tool_calls_limit=200),
    )


def embedded_model(reader: Reader, window: Window) -> Model:
    """The embedded reader as a model: it answers the first request with its tool calls, and then closes."""

    def answer(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        if not _is_first_request(messages):
            return ModelResponse(parts=[TextPart(DONE)])
        calls = [_call(number, proposal) for number, proposal in enumerate(reader.read(window))]
        return ModelResponse(parts=calls or [TextPart(DONE)])

    async def stream(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str | DeltaToolCalls]:
        for number, part in enumerate(answer(messages, info).parts):
            if isinstance(part, ToolCallPart):
                yield {number: DeltaToolCall(part.tool_name, part.args_as_json_str(), tool_call_id=part.tool_call_id)}
            elif isinstance(part, TextPart):
                yield part.content

    return FunctionModel(answer, stream_function=stream, model_name=f"{reader.name}:{reader.version}")


def _is_first_request(messages: Sequence[ModelMessage]) -> bool:
    last = messages[-1]
    return any(isinstance(part, UserPromptPart) for part in last.parts)


def _call(number: int, proposal: Proposal) -> ToolCallPart:
    name, args = _arguments(proposal)
    return ToolCallPart(name, args, tool_call_id=f"call-{number}")


def _arguments(proposal: Proposal) -> tuple[str, dict[str, object]]:
    match proposal:
        case FactorProposal():
            tool = "log_risk_factor" if proposal.polarity == "risk" else "log_protective_factor"
            return tool, {
                "factor": proposal.factor,
                "utterance": proposal.utterance,
                "quote": proposal.quote,
                "about": proposal.about,
                "source": proposal.source,
                "flags": sorted(proposal.flags),
                "updates": proposal.updates,
            }
        case Withdrawal():
            return "withdraw_observation", {"observation": proposal.observation, "utterance": proposal.utterance}
        case AcuteProposal():
            return "flag_acute", {"utterance": proposal.utterance, "quote": proposal.quote, "why": proposal.why}
        case NoteProposal():
            return "add_journal_note", {
                "utterance": proposal.utterance,
                "quote": proposal.quote,
                "heading": proposal.heading,
            }
        case ChildsWordsProposal():
            return "note_childs_words", {"utterance": proposal.utterance, "quote": proposal.quote}
