"""The law index on Chroma through LlamaIndex: vectors kept there, fused with the lexical legs.

Embedded, or for many workers on a Chroma server inside the house: the one that `chroma run` starts, never the Python
server, which has an open hole (CVE-2026-45829). Never Chroma's own embedding model, which would be fetched from
outside. Nothing else imports chromadb or llama_index.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings
from chromadb.errors import ChromaError
from httpx import HTTPError
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores.types import VectorStoreQuery
from llama_index.vector_stores.chroma import ChromaVectorStore

from .embedding import Embedder
from .entries import Entry, Library, document_of
from .errors import HandenhetError
from .lexical import Scores
from .lookup import LawLookup
from .vectors import section_text

COLLECTION = "lagrum"
_DEEP = 100
_BATCH = 500


class BridgedEmbedding(BaseEmbedding):
    """An Embedder as LlamaIndex knows one, for pipelines that want LlamaIndex's own."""

    embedder: Any

    def _get_query_embedding(self, query: str) -> list[float]:
        return cast(Embedder, self.embedder).questions([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return cast(Embedder, self.embedder).sections([text])[0]


class ChromaLaw(LawLookup):
    """`LawIndex` whose ranking fuses the lexical legs with a Chroma collection of the same sections."""

    def __init__(
        self,
        library: Library,
        place: Path | str,
        embedder: Embedder,
        *,
        key: str,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Open or build the collection under a folder, or on the Chroma server at an address. `key` names the library's
        state (`library_key`).

        Raises HandenhetError when the collection was made with another model or the server does not answer; a damaged
        or older one is rebuilt, and `say` is told.
        """
        super().__init__(library)
        self._embedder = embedder
        self._wanted: dict[str, str | int] = {
            "model": embedder.name,
            "revision": embedder.revision,
            "dimension": embedder.dimension,
            "library": key,
        }
        self._store = self._served(place, say) if isinstance(place, str) else self._opened(place, say)

    def near(self, text: str) -> Scores | None:
        """Cosines of the nearest sections; the others count as 0."""
        found = self._store.query(
            VectorStoreQuery(query_embedding=self._embedder.questions([text])[0], similarity_top_k=_DEEP)
        )
        cosines = np.zeros(len(self.library.entries), np.float32)
        for id, likeness in zip(found.ids or (), found.similarities or (), strict=True):
            # The store tells exp(-distance); the cosine is one minus the distance.
            cosines[int(id)] = 1 + np.log(likeness)
        return cosines

    def _served(self, address: str, say: Callable[[str], None]) -> ChromaVectorStore:
        try:
            return self._in(_remote(address), address, say)
        except (ChromaError, OSError, ValueError, RuntimeError, HTTPError) as error:
            raise HandenhetError(
                f"the Chroma server does not answer as it should ({type(error).__name__})",
                where=address,
                mend="start it (`chroma run`), or leave chroma_url out to keep the index on this machine",
            ) from None

    def _in(self, client: Any, where: str, say: Callable[[str], None]) -> ChromaVectorStore:
        found = {c.name: c for c in client.list_collections()}.get(COLLECTION)
        if found is not None:
            told = dict(found.metadata or {})
            self._refuse_other_model(told, where)
            if told.get("library") == self._wanted["library"] and found.count() == len(self.library.entries):
                return ChromaVectorStore(chroma_collection=found)
            say("The law changed: the Chroma index is built again.")
            client.delete_collection(COLLECTION)
        return self._built(client)

    def _opened(self, folder: Path, say: Callable[[str], None]) -> ChromaVectorStore:
        try:
            return self._in(_client(folder), str(folder), say)
        except (ChromaError, OSError, ValueError, RuntimeError) as error:
            say(f"The Chroma index was damaged ({type(error).__name__}) and is built again ({folder}).")
            shutil.rmtree(folder, ignore_errors=True)
            SharedSystemClient.clear_system_cache()
            return self._built(_client(folder))

    def _refuse_other_model(self, told: dict[str, Any], where: str) -> None:
        for name in ("model", "revision", "dimension"):
            if told.get(name) != self._wanted[name]:
                raise HandenhetError(
                    f"the Chroma index was made with {name} {told.get(name)}, not {self._wanted[name]}",
                    where=where,
                    mend="remove the folder to index again with the new model, or set the old model back",
                )

    def _built(self, client: Any) -> ChromaVectorStore:
        collection = client.create_collection(
            COLLECTION, metadata={**self._wanted, "hnsw:space": "cosine"}, embedding_function=None
        )
        store = ChromaVectorStore(chroma_collection=collection)
        entries = self.library.entries
        for begin in range(0, len(entries), _BATCH):
            part = entries[begin : begin + _BATCH]
            vectors = self._embedder.sections([_text(entry) for entry in part])
            store.add(
                [
                    TextNode(
                        id_=str(begin + place),
                        text=_text(entry)[:1000],
                        embedding=vector,
                        metadata={"sfs": entry.sfs, "section": entry.section},
                    )
                    for place, (entry, vector) in enumerate(zip(part, vectors, strict=True))
                ]
            )
        return store


def _client(folder: Path) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))


def _remote(address: str) -> Any:
    parts = urlsplit(address)
    return chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 8000),
        ssl=parts.scheme == "https",
        settings=Settings(anonymized_telemetry=False),
    )


def _text(entry: Entry) -> str:
    return section_text(document_of(entry))
