"""The law in embedded Chroma: our vectors only, made once, and another model's collection is refused."""

import socket
from collections.abc import Sequence
from pathlib import Path

import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from handenhet.knowledge.chroma import BridgedEmbedding, ChromaLaw
from handenhet.knowledge.embedding import LexicalEmbedder
from handenhet.knowledge.entries import Library, library_of
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.index import Query
from handenhet.knowledge.vectors import shipped_vectors

from .law_samples import LVU, NOTE, SOL, TODAY, act

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Other:
    """An embedder that is not ours: letters counted."""

    name, revision, dimension = "letters", "1", 4

    def questions(self, texts: Sequence[str]) -> list[list[float]]:
        return [[1.0 + text.count(letter) for letter in "aeiu"] for text in texts]

    sections = questions


@pytest.fixture(scope="module")
def library() -> Library:
    return library_of([*act(SOL).provisions, *act(LVU).provisions], [NOTE])


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_the_same_answer_comes_from_a_reopened_collection(library: Library, tmp_path: Path) -> None:
    said: list[str] = []
    question = Query("hur snabbt ska vi utreda en anmälan", TODAY)
    first = ChromaLaw(library, tmp_path, LexicalEmbedder(shipped_vectors()), key="a", say=said.append).search(question)
    again = ChromaLaw(library, tmp_path, LexicalEmbedder(shipped_vectors()), key="a", say=said.append).search(question)
    assert first.hits[0].provision.section == "20 kap. 2 §"
    assert again == first
    assert said == []


def test_a_changed_law_is_indexed_again_and_said(library: Library, tmp_path: Path) -> None:
    said: list[str] = []
    ChromaLaw(library, tmp_path, Other(), key="a", say=said.append)
    ChromaLaw(library, tmp_path, Other(), key="b", say=said.append)
    assert len(said) == 1
    assert "built again" in said[0]


def test_another_model_is_refused_with_how_to_index_again(library: Library, tmp_path: Path) -> None:
    ChromaLaw(library, tmp_path, Other(), key="a")
    with pytest.raises(HandenhetError, match=r"letters.*remove the folder"):
        ChromaLaw(library, tmp_path, LexicalEmbedder(shipped_vectors()), key="a")


def test_a_damaged_collection_is_built_again_and_said(library: Library, tmp_path: Path) -> None:
    said: list[str] = []
    ChromaLaw(library, tmp_path, Other(), key="a", say=said.append)
    SharedSystemClient.clear_system_cache()
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database at all" * 100)
    again = ChromaLaw(library, tmp_path, Other(), key="a", say=said.append)
    assert "damaged" in said[0]
    assert again.search(Query("anmälan utredning", TODAY)).hits


def test_our_vectors_serve_llama_index_too() -> None:
    bridged = BridgedEmbedding(embedder=Other(), model_name="letters")
    assert bridged.get_query_embedding("ae") == [2.0, 2.0, 1.0, 1.0]
    assert bridged.get_text_embedding("ii") == [1.0, 1.0, 3.0, 1.0]


def test_missing_vectors_are_told() -> None:
    with pytest.raises(HandenhetError, match="missing"):
        LexicalEmbedder(None)
