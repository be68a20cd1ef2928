"""The chat over one open case and the law: an agent with read-only tools, with a language model or embedded.

What cannot be shown to stand in the case or the law is not said. A question that asks for a judgement is declined
before any engine sees it, and what a language model writes is checked before anybody reads it.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from pydantic_ai import Agent, ModelRetry, RunContext, UsageLimits
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from ..knowledge.citations import references
from ..knowledge.provisions import Citation
from ..knowledge.words import stems
from ..prompts.library import prompt
from ..tools.conversation import Conversation, Passage
from ..tools.law import AskAgain, LawTool
from .claims import negations, numbers, people
from .engine import MODEL_TROUBLE
from .fence import fence
from .refusal import declines
from .review import decision_words
from .spans import span

NOT_THERE = "Det finns inte i ärendet."
CHAT_PROMPT = prompt("chat", "v1")
Engine = Literal["embedded", "model"]
ENGINE: dict[Engine, str] = {"embedded": "utan språkmodell", "model": "med språkmodell, granskat mot källorna"}
_LAWFUL = re.compile(
    r"\b(?:lag|lagen|lagens|lagrum\w*|paragraf\w*|sol|lvu|lvm|solpul|osl|fl|kap|krävs|villkor\w*|rekvisit\w*|"
    r"regler\w*|frist\w*|tidsfrist\w*|förhandsbedömning\w*|skyddsbedömning\w*|omhändertagande\w*|"
    r"samtycke\w*|rätt att|får (?:jag|man|vi)|måste|"
    r"nämnden|kommunicering\w*|dokumentera\w*|rättighet\w*|överklaga\w*|utredningstid\w*|lång tid)\b"
)
_MOST_LAWS, _MOST_SAID = 2, 5
_OWN_SHARE = 0.6
"""The share of a sentence's words that must be its sources' where it quotes nothing."""
ANSWER_S = 40.0
"""A language model's whole answer, tools included; the embedded engine answers where it takes longer."""
_CITED = re.compile(r"\[([sl]\d+)\]")
_QUOTED = re.compile(r"”([^”]+)”")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its text, and what it cites in the order met."""

    kind: Literal["answer", "declined", "not_there"]
    text: str
    said: tuple[Passage, ...] = ()
    laws: tuple[Citation, ...] = ()
    engine: Engine = "embedded"


@dataclass
class ChatDeps:
    """What one question may look in, and what the tools have handed out so far: `s1` words, `l1` law."""

    case: Conversation
    law: LawTool
    said: dict[str, Passage] = field(default_factory=dict[str, Passage])
    laws: dict[str, Citation] = field(default_factory=dict[str, Citation])

    def number(self, passage: Passage) -> str:
        for key, known in self.said.items():
            if known.id == passage.id:
                return key
        key = f"s{len(self.said) + 1}"
        self.said[key] = passage
        return key

    def number_law(self, citation: Citation) -> str:
        for key, known in self.laws.items():
            if known == citation:
                return key
        key = f"l{len(self.laws) + 1}"
        self.laws[key] = citation
        return key


async def search_case(ctx: RunContext[ChatDeps], question: str) -> str:
    """Sök i vad som sagts och antecknats i det öppna ärendet.

    Args:
        question: det som söks, i vanliga ord.
    """
    found = ctx.deps.case.search(question, _MOST_SAID)
    if not found:
        return "Inget i ärendet handlar om det."
    mark = _fence(ctx.deps)
    rows = [f"[{ctx.deps.number(p)}] {p.who}, {p.where}: {p.text.replace(mark, '')}" for p in found]
    return "\n".join([mark, *rows, mark])


async def search_law(ctx: RunContext[ChatDeps], question: str) -> str:
    """Sök i lagen som den gäller på ärendets dag.

    Args:
        question: frågan, helst med lagens egna ord.
    """
    try:
        found = ctx.deps.law.search(question, top=_MOST_LAWS)
    except AskAgain as again:
        raise ModelRetry(str(again)) from None
    return "\n".join(_law_row(ctx.deps, citation) for citation in found.citations)


async def cite_law(ctx: RunContext[ChatDeps], citation: str) -> str:
    """Slå upp ett bestämt lagrum.

    Args:
        citation: till exempel SoL 20 kap. 3 §.
    """
    try:
        return _law_row(ctx.deps, ctx.deps.law.cite(citation))
    except AskAgain as again:
        raise ModelRetry(str(again)) from None


@cache
def chat_agent() -> Agent[ChatDeps, str]:
    """The agent: three tools that only read, and text out."""
    return Agent(
        deps_type=ChatDeps,
        output_type=str,
        tools=[search_case, search_law, cite_law],
        retries={"tools": 2, "output": 1},
    )


async def answer(
    question: str,
    case: Conversation,
    law: LawTool,
    llm: Model | None = None,
    on_lost: Callable[[str], None] | None = None,
) -> Reply:
    """The answer to one question. With `llm` gone or its words unsupported, the embedded engine answers instead."""
    declined = declines(question)
    if declined is not None:
        return Reply("declined", declined.text)
    if llm is not None:
        try:
            reply = await _run(llm, question, ChatDeps(case, law))
        except MODEL_TROUBLE as trouble:
            if on_lost is not None:
                on_lost(type(trouble).__name__)
        else:
            if reply is not None:
                return reply
    return await _embedded(question, ChatDeps(case, law))


async def stream(reply: Reply, words: int = 6) -> AsyncIterator[str]:
    """A checked answer in growing pieces, so that reading can begin. Nothing unchecked is ever streamed."""
    parts = reply.text.split(" ")
    for end in range(words, len(parts) + words, words):
        yield " ".join(parts[:end])


async def _run(model: Model, question: str, deps: ChatDeps) -> Reply | None:
    """A language model's answer if everything in it is carried by what the tools gave, else None."""
    with span("chat with case"):
        async with asyncio.timeout(ANSWER_S):
            done = await chat_agent().run(
                question,
                model=model,
                deps=deps,
                instructions=CHAT_PROMPT.fill(fence=_fence(deps)),
                usage_limits=UsageLimits(request_limit=6, tool_calls_limit=12),
            )
    text = done.output.strip()
    if text.rstrip(".") == NOT_THERE.rstrip("."):
        return Reply("not_there", NOT_THERE, engine="model")
    keys = list(dict.fromkeys(_CITED.findall(text)))
    if not keys or any(key not in deps.said and key not in deps.laws for key in keys) or not _carried(text, deps):
        return None
    said = tuple(deps.said[key] for key in keys if key in deps.said)
    return Reply("answer", text, said, tuple(deps.laws[key] for key in keys if key in deps.laws), "model")


def _carried(text: str, deps: ChatDeps) -> bool:
    """Whether each sentence is carried by what it cites, as far as code can tell, and no word decides."""
    sentences = [part for part in re.split(r"(?<=[.!?\]])\s+(?=[A-ZÅÄÖ])", text) if part.strip()]
    return all(_sentence_carried(sentence, deps) for sentence in sentences) and not decision_words(text)


def _sentence_carried(sentence: str, deps: ChatDeps) -> bool:
    """Its quotations stand in its own sources, and no number, person or "inte" of its own has come to them.

    Without a quotation, most of its words must be the sources' too: a paraphrase further off than that is not shown.
    """
    keys = _CITED.findall(sentence)
    said = [f"{p.text} {p.who} {p.where} {p.seen_as}" for key in keys if (p := deps.said.get(key))]
    laws = [f"{law.label} {law.provision.text}" for key in keys if (law := deps.laws.get(key))]
    source = " ".join(" ".join([*said, *laws]).split())
    quotes = [" ".join(quote.split()) for quote in _QUOTED.findall(sentence)]
    frame = _QUOTED.sub(" ", _CITED.sub(" ", sentence))
    words, known = stems(frame), frozenset(stems(source))
    return (
        bool(source)
        and all(quote in source for quote in quotes)
        and numbers(frame) <= numbers(source)
        and people(frame) <= people(source)
        and (not negations(frame) or negations(source) > 0)
        and (bool(quotes) or sum(word in known for word in words) >= _OWN_SHARE * len(words))
    )


async def _embedded(question: str, deps: ChatDeps) -> Reply:
    """The same agent and tools; the model is a few lines of code."""
    await chat_agent().run(question, model=embedded_chat(question), deps=deps, instructions="")
    said, laws = tuple(deps.said.values()), tuple(deps.laws.values())
    if not said and not laws:
        return Reply("not_there", NOT_THERE)
    return Reply("answer", _told(said, laws, about_law=_about_law(question)), said, laws)


def embedded_chat(question: str) -> Model:
    """The embedded engine as a model: it looks where the question points, and closes."""

    def turn(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        if any(isinstance(part, ToolReturnPart) for part in _parts(messages)) or len(messages) > 1:
            return ModelResponse(parts=[TextPart("klart")])
        calls = [ToolCallPart(name, args, tool_call_id=f"call-{n}") for n, (name, args) in enumerate(_calls(question))]
        return ModelResponse(parts=calls)

    async def flow(messages: list[ModelMessage], info: AgentInfo) -> AsyncIterator[str | DeltaToolCalls]:
        for number, part in enumerate(turn(messages, info).parts):
            if isinstance(part, ToolCallPart):
                yield {number: DeltaToolCall(part.tool_name, part.args_as_json_str(), tool_call_id=part.tool_call_id)}
            elif isinstance(part, TextPart):
                yield part.content

    return FunctionModel(turn, stream_function=flow, model_name="handenhet:utan-sprakmodell:1")


def _calls(question: str) -> list[tuple[str, dict[str, str]]]:
    cited = references(question)
    if cited:
        return [("cite_law", {"citation": question[ref.start : ref.end]}) for ref in cited[:_MOST_LAWS]]
    if _about_law(question):
        return [("search_law", {"question": question}), ("search_case", {"question": question})]
    return [("search_case", {"question": question})]


def _about_law(question: str) -> bool:
    return bool(references(question)) or _LAWFUL.search(question.lower()) is not None


def _told(said: Sequence[Passage], laws: Sequence[Citation], *, about_law: bool) -> str:
    """A lead in words of the engine's own; what carries the answer is shown beneath it, verbatim."""
    parts: list[str] = []
    if laws:
        parts.append("Så här lyder det som ligger närmast frågan: " + ", ".join(law.label for law in laws) + ".")
    if said:
        places = "ett ställe" if len(said) == 1 else f"{len(said)} ställen"
        parts.append(f"I ärendet rör {places} det du frågar om.")
    elif not about_law:
        parts.append(NOT_THERE)
    return " ".join(parts)


def _law_row(deps: ChatDeps, citation: Citation) -> str:
    return f"[{deps.number_law(citation)}] {citation.label}: {citation.provision.text}"


def _fence(deps: ChatDeps) -> str:
    ids = "|".join(passage.id for passage in deps.case.passages[:3])
    return fence(f"chat|{ids}|{len(deps.case.passages)}")


def _parts(messages: Sequence[ModelMessage]):
    return [part for message in messages if isinstance(message, ModelRequest) for part in message.parts]
