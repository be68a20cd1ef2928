"""The law index on a real Chroma server: the one in Rust that Chroma's package carries."""

import socket
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from handenhet.knowledge.chroma import ChromaLaw
from handenhet.knowledge.embedding import LexicalEmbedder
from handenhet.knowledge.entries import Library, library_of
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.index import Query
from handenhet.knowledge.vectors import shipped_vectors

from .law_samples import LVU, NOTE, SOL, TODAY, act

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
STARTS_WITHIN_S = 120


@pytest.fixture(scope="module")
def library() -> Library:
    return library_of([*act(SOL).provisions, *act(LVU).provisions], [NOTE])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    port = free_port()
    data = tmp_path_factory.mktemp("chroma")
    chroma = Path(sys.executable).with_name("chroma")
    run = [str(chroma), "run", "--path", str(data), "--host", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data)
    try:
        until = time.monotonic() + STARTS_WITHIN_S
        while not answers(port):
            assert server.poll() is None, "the Chroma server ended by itself"
            assert time.monotonic() < until, "the Chroma server did not come up"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


@pytest.fixture(autouse=True)
def hung_up(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Chroma's client keeps its connections for as long as the process lives; a test hangs up."""
    made: list[httpx.Client] = []
    begin = httpx.Client.__init__

    def noted(self: httpx.Client, *given: Any, **also: Any) -> None:
        begin(self, *given, **also)
        made.append(self)

    monkeypatch.setattr(httpx.Client, "__init__", noted)
    yield
    for client in made:
        client.close()
    SharedSystemClient.clear_system_cache()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_many_workers_share_one_index_on_a_server(library: Library, address: str) -> None:
    said: list[str] = []
    question = Query("hur snabbt ska vi utreda en anmälan", TODAY)
    embedder = LexicalEmbedder(shipped_vectors())
    first = ChromaLaw(library, address, embedder, key="a", say=said.append).search(question)
    again = ChromaLaw(library, address, embedder, key="a", say=said.append).search(question)
    assert first.hits[0].provision.section == "20 kap. 2 §"
    assert again == first
    assert said == []


def test_a_changed_law_is_indexed_again_on_the_server_and_said(library: Library, address: str) -> None:
    said: list[str] = []
    ChromaLaw(library, address, LexicalEmbedder(shipped_vectors()), key="b", say=said.append)
    assert len(said) == 1


def test_a_server_that_does_not_answer_is_one_clear_line(library: Library) -> None:
    with pytest.raises(HandenhetError, match=r"Chroma server does not answer.*leave chroma_url out"):
        ChromaLaw(library, f"http://127.0.0.1:{free_port()}", LexicalEmbedder(shipped_vectors()), key="a")
