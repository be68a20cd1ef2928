"""The language model's wording: taken where it says the same, refused with a reason where it does not."""

import json
from collections.abc import Callable

import pytest
from pydantic_ai.exceptions import ModelHTTPError
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
)
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel

from handenhet.agent.basis import compose_basis
from handenhet.agent.child import ChildVersion, TalkFacts, compose_child_version
from handenhet.agent.edits import EditRefused
from handenhet.agent.engine import Engine
from handenhet.agent.readers.protocol import Window
from handenhet.agent.rewriting import REWORD_PROMPT, reworded_sentence, rewritten_child_version
from handenhet.evals import examples
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.tools.proposals import Proposal

from .child.test_compose import heard

Answer = Callable[[ChildVersion], list[tuple[str, list[int]]]]


class Deaf:
    name, version = "döv", "1"

    def read(self, window: Window) -> list[Proposal]:
        return []


def version() -> ChildVersion:
    meeting = Meeting("m1", "samtal", 11, (Participant("B", "barn"), Participant("S", "socialsekreterare")))
    observations = [heard(0, "B-SOC-R4"), heard(1, "B-HAL-R3", quote="jag vaknar varje natt")]
    return compose_child_version(observations, TalkFacts(meeting), quote_child=False)


class Wordings:
    """A language model that gives these answers in turn, the last again and again, and remembers what it was told."""

    def __init__(self, *answers: str) -> None:
        self.answers, self.heard, self.lost = list(answers), list[str](), list[str]()
        self.engine = Engine(Deaf(), FunctionModel(self._answer, model_name="modell-x"), self.lost.append)

    def _answer(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        last = messages[-1]
        assert isinstance(last, ModelRequest)
        self.heard.append("\n".join(str(getattr(part, "content", "")) for part in last.parts))
        return ModelResponse(parts=[TextPart(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])])


def text_of(base: ChildVersion, changes: dict[int, str]) -> str:
    asked = [(n, s) for n, s in enumerate(base.sentences, 1) if s.section in ("opening", "about")]
    rows = [{"text": changes.get(n, s.text), "numbers": [n]} for n, s in asked]
    return json.dumps({"sentences": rows}, ensure_ascii=False)


BASE = version()
LONELY = next(n for n, s in enumerate(BASE.sentences, 1) if "o0" in s.observations)
GENTLE = "Du sa att du ofta är ensam och saknar någon att vara med."
PROMISE = "Du sa att du är ensam, men jag lovar att det blir bättre."


async def test_a_faithful_wording_is_taken_and_says_who_wrote_it() -> None:
    model = Wordings(text_of(BASE, {LONELY: GENTLE}))
    made = await rewritten_child_version(BASE, model.engine)
    assert made.taken
    assert GENTLE in made.version.text
    assert "modell-x" in made.version.made_by
    assert made.version.digest != BASE.digest
    assert f"{LONELY}. [ska med] {BASE.sentences[LONELY - 1].text}" in model.heard[0]


async def test_a_refused_wording_may_be_mended_once() -> None:
    model = Wordings(text_of(BASE, {LONELY: PROMISE}), text_of(BASE, {LONELY: GENTLE}))
    made = await rewritten_child_version(BASE, model.engine)
    assert made.taken
    assert "Lovar något" in model.heard[1]


async def test_what_every_child_is_told_of_its_rights_is_not_put_to_the_model() -> None:
    model = Wordings(text_of(BASE, {LONELY: GENTLE}))
    made = await rewritten_child_version(BASE, model.engine)
    rights = [s.text for s in BASE.sentences if s.section in ("next", "decide", "say", "ask")]
    assert rights
    assert not any(text in model.heard[0] for text in rights)
    assert [s.text for s in made.version.sentences if s.section in ("next", "decide", "say", "ask")] == rights
    assert [heading for heading, _ in made.version.headings] == [heading for heading, _ in BASE.headings]


@pytest.mark.parametrize(
    "answer",
    [
        text_of(BASE, {LONELY: PROMISE}),
        text_of(BASE, {LONELY: "Du sa att du aldrig är ensam."}),
        json.dumps({"sentences": [{"text": GENTLE, "numbers": [LONELY]}]}),
        json.dumps({"sentences": [{"text": GENTLE, "numbers": [4000]}]}),
        "Pappa får vårdnaden.",
        "{" * 5_000,
        "",
    ],
    ids=["promise", "negation", "the rest left out", "no such number", "no JSON", "a loop", "nothing"],
)
async def test_what_fails_the_review_twice_changes_nothing_and_is_told(answer: str) -> None:
    made = await rewritten_child_version(BASE, Wordings(answer).engine)
    assert (made.version, made.taken) == (BASE, False)
    assert made.refused


async def test_a_model_that_is_gone_changes_nothing_and_is_reported_by_name_only() -> None:
    def gone(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        raise ModelHTTPError(503, "modell-x")

    lost: list[str] = []
    model: Model = FunctionModel(gone)
    made = await rewritten_child_version(BASE, Engine(Deaf(), model, lost.append))
    assert (made.version, made.taken) == (BASE, False)
    assert lost == ["ModelHTTPError"]


async def test_without_a_model_the_programs_own_text_stands() -> None:
    made = await rewritten_child_version(BASE, Engine(Deaf()))
    assert (made.version, made.taken) == (BASE, False)


DRAFT = compose_basis(examples.case(), examples.talks(), examples.GROUND, catalogue(), examples.law, examples.ON)
SLEEP = next(one for one in DRAFT.placed() if "Jag har svårt att sova" in one.sentence.text)
QUOTE = "”Jag har svårt att sova när han skriker.”"


async def test_a_sentence_is_reworded_with_its_citations_and_the_model_named() -> None:
    text = f"Emma berättar: {QUOTE}"
    worded = await reworded_sentence(DRAFT, SLEEP.place, Wordings(text).engine)
    new = next(one.sentence for one in worded.placed() if one.place == SLEEP.place)
    assert (new.text, new.cites) == (text, SLEEP.sentence.cites)
    assert (worded.provenance.model, worded.provenance.prompt_digest) == ("modell-x", REWORD_PROMPT.digest)


@pytest.mark.parametrize(
    "text",
    [
        f"Så här säger modern: {QUOTE}",
        "Emma sover bra.",
        f"Emma säger, vilket visar att vård behövs: {QUOTE}",
        f"Emma säger tre gånger: {QUOTE}",
        "",
    ],
    ids=["speaker", "quote gone", "judgement", "number", "nothing"],
)
async def test_a_wording_that_moves_a_fact_is_refused(text: str) -> None:
    with pytest.raises(EditRefused):
        await reworded_sentence(DRAFT, SLEEP.place, Wordings(text).engine)


async def test_what_is_counted_is_not_the_models_to_word() -> None:
    counted = next(one for one in DRAFT.placed() if one.sentence.kind == "HÄRLEDD")
    with pytest.raises(EditRefused):
        await reworded_sentence(DRAFT, counted.place, Wordings(counted.sentence.text).engine)


async def test_without_a_model_a_rewording_is_refused_with_a_way_out() -> None:
    with pytest.raises(EditRefused, match="by hand"):
        await reworded_sentence(DRAFT, SLEEP.place, Engine(Deaf()))
