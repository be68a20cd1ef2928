"""The law index by settings: a model that rewrites, one that is silent, and a served embedding model half set up."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from handenhet.knowledge.entries import Library, library_of
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.index import Query
from handenhet.serving import law
from handenhet.serving.settings import Settings

from ..knowledge.law_samples import LVU, NOTE, SOL, TODAY, act


@pytest.fixture(autouse=True)
def small_library(monkeypatch: pytest.MonkeyPatch) -> None:
    library = library_of([*act(SOL).provisions, *act(LVU).provisions], [NOTE])

    def opened(corpus: object, say: object = None) -> Library:
        return library

    monkeypatch.setattr(law, "open_library", opened)


def serving(turn: Callable[[list[ModelMessage], AgentInfo], ModelResponse]) -> Callable[[Settings], FunctionModel]:
    def language_model(_: Settings) -> FunctionModel:
        return FunctionModel(turn)

    return language_model


def with_model(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, llm_url="http://127.0.0.1:9/v1", llm_model="prov")


def test_the_models_phrases_find_what_lay_words_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def turn(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[TextPart('{"phrases": ["rätten granskar hämtningen"]}')])

    monkeypatch.setattr("handenhet.serving.llm.language_model", serving(turn))
    found = law.open_law(with_model(tmp_path)).search(Query("xyzzy", TODAY))
    assert found.hits[0].provision.label == "LVU 7 §"


def test_a_silent_model_is_said_and_the_question_searched_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def turn(messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        raise ModelAPIError("prov", "borta")

    monkeypatch.setattr("handenhet.serving.llm.language_model", serving(turn))
    said: list[str] = []
    found = law.open_law(with_model(tmp_path), said.append).search(Query("hur snabbt ska anmälan utredas", TODAY))
    assert found.hits[0].provision.section == "20 kap. 2 §"
    assert said == ["Språkmodellen svarade inte (ModelAPIError); frågan söktes som den är."]


def test_an_embedding_address_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HandenhetError, match="embed_model"):
        law.open_lookup(Settings(data_dir=tmp_path, embed_url="http://127.0.0.1:9/v1"))
