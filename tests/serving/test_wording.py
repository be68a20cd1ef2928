"""A language model's wording reaches the store only where it passes, and only over the text it was made from."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from handenhet.agent.edits import EditRefused
from handenhet.agent.engine import Engine
from handenhet.knowledge.prerequisites import grounds
from handenhet.serving.house import House, open_house, utc_now
from handenhet.serving.sample.seed import CASE, CASEWORKER, seed
from handenhet.serving.settings import Settings
from handenhet.serving.wording import compose_for_child, reword, rewrite_for_child

from .test_api import SilentReader

MEETING = f"{CASE}-2"


def copyist(messages: list[ModelMessage], change: Callable[[str], str]) -> str:
    """The numbered sentences it was given, in its answer's form, each changed."""
    asked = "\n".join(str(getattr(part, "content", "")) for part in messages[-1].parts)
    rows = re.findall(r"^(\d+)\. \[[^\]]+\] (.*)$", asked, re.MULTILINE)
    return json.dumps({"sentences": [{"text": change(text), "numbers": [int(n)]} for n, text in rows]})


def worded_by(house: House, change: Callable[[str], str], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Give the house a language model that changes each sentence so."""

    async def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        await asyncio.to_thread(meanwhile)
        return ModelResponse(parts=[TextPart(copyist(messages, change))])

    house.engine = Engine(SilentReader(), FunctionModel(answer, model_name="modell-x"))


@pytest.fixture
def data(tmp_path: Path) -> Settings:
    return Settings.model_validate({"data_dir": tmp_path})


def gently(text: str) -> str:
    return text.replace("Hej, Emma!", "Hej Emma!")


async def test_the_childs_version_is_kept_in_the_models_words(data: Settings) -> None:
    async with open_house(data, SilentReader()) as house:
        seed(house, utc_now().date())
        before = house.desk.child_version(CASEWORKER, MEETING)
        assert "Hej, Emma!" in before.text
        worded_by(house, gently)
        made = await rewrite_for_child(house.desk, house.engine, CASEWORKER, MEETING)
        assert made is not None
        assert made.taken, made.refused
        after = house.desk.child_version(CASEWORKER, MEETING)
        assert "Hej Emma!" in after.text
        assert "modell-x" in after.made_by
        house.desk.approve_child_version(CASEWORKER, MEETING, after.digest)


async def test_what_fails_the_review_leaves_the_programs_own_text(data: Settings) -> None:
    async with open_house(data, SilentReader()) as house:
        seed(house, utc_now().date())
        worded_by(house, lambda text: f"{text} Jag lovar att allt blir bra.")
        made = await compose_for_child(house.desk, house.engine, CASEWORKER, MEETING, "7-9")
        assert made is not None
        assert not made.taken
        assert house.desk.child_version(CASEWORKER, MEETING).band == "7-9"
        assert "lovar" not in house.desk.child_version(CASEWORKER, MEETING).text


async def test_a_wording_of_a_text_that_somebody_changed_meanwhile_is_let_go(data: Settings) -> None:
    async with open_house(data, SilentReader()) as house:
        seed(house, utc_now().date())
        worded_by(house, gently, lambda: house.desk.compose_child_version(CASEWORKER, MEETING, "16-17"))
        await rewrite_for_child(house.desk, house.engine, CASEWORKER, MEETING)
        kept = house.desk.child_version(CASEWORKER, MEETING)
        assert (kept.band, kept.made_by) == ("16-17", "utan språkmodell")


async def test_a_sentence_is_worded_over_exactly_the_draft_that_was_shown(data: Settings) -> None:
    async with open_house(data, SilentReader()) as house:
        seed(house, utc_now().date())
        document = house.desk.compose_basis(CASEWORKER, CASE, grounds()["sol-11-1"], utc_now().date())
        placed = next(
            p for p in house.desk.draft(CASEWORKER, document.id).placed()
            if p.sentence.kind == "FAKTA" and "säger: ”" in p.sentence.text
        )  # fmt: skip
        text = placed.sentence.text.replace("säger: ”", "berättar: ”")

        def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
            return ModelResponse(parts=[TextPart(text)])

        house.engine = Engine(SilentReader(), FunctionModel(answer))
        worded = await reword(house.desk, house.engine, CASEWORKER, document.id, document.digest, placed.place)
        assert worded.version == document.version + 1
        assert text in [s.text for s in house.desk.draft(CASEWORKER, document.id).sentences]
        assert not [f for f in house.desk.review(CASEWORKER, document.id) if f.kind == "claim_unsupported"]
        with pytest.raises(EditRefused, match="changed since"):
            await reword(house.desk, house.engine, CASEWORKER, document.id, document.digest, placed.place)
