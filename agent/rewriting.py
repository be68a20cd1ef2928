"""A language model's wording of what is already written: the child's version, and a sentence of a draft.

What the program wrote from confirmed facts stands. A model's wording takes its place only when every check in code
passes, after one chance to mend; otherwise nothing is changed, and it is told why.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field
from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext, UsageLimits

from ..prompts.library import prompt
from .child import ChildVersion, RewrittenSentence, accept_rewriting
from .child.bands import Band, targets
from .child.version import Finding, Section, Sentence
from .draft import Draft
from .edits import EditRefused, reworded
from .engine import MODEL_TROUBLE, Engine
from .fence import fence
from .spans import span

CHILD_PROMPT, REWORD_PROMPT = prompt("child", "v1"), prompt("reword", "v1")
REWRITING_S = 30.0
"""All of a model's answers to one text together; people wait for it."""
_ASKED: frozenset[Section] = frozenset({"opening", "about"})
"""Parts a model may word. What every child is told of its rights stays in words that people have read and weighed."""
_READER: dict[Band, str] = {
    "0-6": "en vuxen som läser högt för ett barn under sju år",
    "7-9": "ett barn som är 7 till 9 år",
    "10-12": "ett barn som är 10 till 12 år",
    "13-15": "en ungdom som är 13 till 15 år",
    "16-17": "en ungdom som är 16 eller 17 år",
    "vuxen": "en vuxen",
}


class NewSentence(BaseModel):
    """One sentence and the numbers of those it is made of. There is no field for anything else."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=600)
    numbers: list[int] = Field(min_length=1, max_length=8)


class NewText(BaseModel):
    """Every numbered sentence that is to be there, in the order of the numbers."""

    model_config = ConfigDict(extra="forbid")

    sentences: list[NewSentence] = Field(min_length=1, max_length=120)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """`version` is the model's where `taken`, else as it was; `refused` says why not, in Swedish, without content."""

    version: ChildVersion
    taken: bool
    refused: tuple[str, ...] = ()


@dataclass
class _Attempt:
    """One version being rewritten: what the model's last answer came to."""

    version: ChildVersion
    made_by: str
    asked: Mapping[int, Sentence]
    """The sentences put to the model, by number."""
    outcome: Rewritten | None = None

    def judge(self, text: NewText) -> list[Finding]:
        """The blocking findings; a number that names no sentence traces to nothing, which the review refuses."""
        placed = [(min(s.numbers), RewrittenSentence(s.text, tuple(self._ids(s.numbers)))) for s in text.sentences]
        placed += [
            (number, RewrittenSentence(sentence.text, sentence.ids))
            for number, sentence in enumerate(self.version.sentences, 1)
            if number not in self.asked
        ]
        sentences = [sentence for _, sentence in sorted(placed, key=lambda one: one[0])]
        version, findings = accept_rewriting(self.version, sentences, self.made_by)
        blocking = [finding for finding in findings if finding.blocking]
        why = tuple(dict.fromkeys(finding.text for finding in blocking))
        self.outcome = Rewritten(version, not blocking, why)
        return blocking

    def _ids(self, numbers: Collection[int]) -> list[str]:
        asked = self.asked
        return [id for number in dict.fromkeys(numbers) for id in (asked[number].ids if number in asked else ("?",))]


async def rewritten_child_version(version: ChildVersion, engine: Engine) -> Rewritten:
    """The version in the language model's words where they pass every check; otherwise as it was. Never raises for
    what a model does: gone, slow, looping or talking nonsense is a reason among the others."""
    model = engine.llm
    if model is None:
        return Rewritten(version, False, ("Ingen språkmodell är inställd.",))
    asked = {number: s for number, s in enumerate(version.sentences, 1) if s.section in _ASKED}
    attempt = _Attempt(
        version, f"med språkmodellen {model.model_name}, granskat mening för mening av programmet", asked
    )
    limits = targets(version.band)
    mark = fence(version.digest)
    try:
        with span("rewrite for child"):
            async with asyncio.timeout(REWRITING_S):
                await _child_agent().run(
                    _numbered(asked, mark),
                    model=model,
                    deps=attempt,
                    instructions=CHILD_PROMPT.fill(
                        reader=_READER[version.band], mean=f"{limits.mean:.0f}", longest=limits.longest, fence=mark
                    ),
                    usage_limits=UsageLimits(request_limit=3),
                )
    except MODEL_TROUBLE as trouble:
        engine.on_lost(type(trouble).__name__)
        why = attempt.outcome.refused if attempt.outcome is not None else ()
        return Rewritten(version, False, why or ("Språkmodellen gav inget användbart svar.",))
    assert attempt.outcome is not None
    return attempt.outcome


async def reworded_sentence(draft: Draft, place: str, engine: Engine, names: frozenset[str] = frozenset()) -> Draft:
    """The draft with the language model's wording of the one sentence somebody asked for.

    Raises EditRefused where there is no model, it fails, or its wording changes a fact or judges; the draft is as it
    was.
    """
    model = engine.llm
    if model is None:
        raise EditRefused("no language model is set up", mend="write the wording by hand")
    found = [placed.sentence for placed in draft.placed() if placed.place == place]
    if not found:
        raise EditRefused("there is no such sentence in the draft", where=place)
    attempt = _Rewording(draft, place, model.model_name, names)
    mark = fence(draft.digest)
    try:
        with span("reword sentence"):
            async with asyncio.timeout(REWRITING_S):
                await _reword_agent().run(
                    "\n".join([mark, found[0].text.replace(mark, ""), mark]),
                    model=model,
                    deps=attempt,
                    instructions=REWORD_PROMPT.fill(fence=mark),
                    usage_limits=UsageLimits(request_limit=3),
                )
    except MODEL_TROUBLE as trouble:
        engine.on_lost(type(trouble).__name__)
        raise attempt.refused or EditRefused("the model gave no usable answer", where=place) from None
    assert attempt.made is not None
    return attempt.made


@dataclass
class _Rewording:
    """One sentence being reworded."""

    draft: Draft
    place: str
    model: str
    names: frozenset[str]
    made: Draft | None = None
    refused: EditRefused | None = None

    def judge(self, text: str) -> EditRefused | None:
        try:
            self.made = reworded(
                self.draft, {self.place: text}, asked={self.place}, model=self.model,
                prompt_digest=REWORD_PROMPT.digest, names=self.names,
            )  # fmt: skip
        except EditRefused as refused:
            self.refused = refused
        else:
            self.refused = None
        return self.refused


def _child_agent() -> Agent[_Attempt, NewText]:
    agent = Agent(deps_type=_Attempt, output_type=NativeOutput(NewText, name="text"), retries={"output": 1})

    @agent.output_validator
    def checked(ctx: RunContext[_Attempt], text: NewText) -> NewText:  # pyright: ignore[reportUnusedFunction]
        blocking = ctx.deps.judge(text)
        if blocking and ctx.retry == 0:
            told = [f"{'' if one.sentence is None else f'Mening {one.sentence + 1}: '}{one.text}" for one in blocking]
            raise ModelRetry("\n".join([*dict.fromkeys(told), "Svara på nytt med hela texten, rättad."]))
        return text

    return agent


def _reword_agent() -> Agent[_Rewording, str]:
    agent = Agent(deps_type=_Rewording, output_type=str, retries={"output": 1})

    @agent.output_validator
    def checked(ctx: RunContext[_Rewording], text: str) -> str:  # pyright: ignore[reportUnusedFunction]
        if ctx.deps.judge(" ".join(text.split())) is not None:
            raise ModelRetry("Meningen ändrar ett faktum, ett citat eller bedömer. Skriv den på nytt utan det.")
        return text

    return agent


def _numbered(asked: Mapping[int, Sentence], mark: str) -> str:
    rows = [f"{n}. [{_rule(s)}] {s.text.replace(mark, '')}" for n, s in asked.items()]
    return "\n".join([mark, *rows, mark])


def _rule(sentence: Sentence) -> str:
    if sentence.verbatim:
        return "ska med, ordagrant"
    return "ska med" if sentence.must_stay else "får utgå"
