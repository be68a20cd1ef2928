"""The law index this installation runs: in memory by default, on Chroma with a served embedding model by setting."""

from collections.abc import Callable
from pathlib import Path

from ..knowledge.corpus import Corpus
from ..knowledge.entries import library_key, open_library
from ..knowledge.index import LawIndex
from ..knowledge.lookup import LawLookup
from .settings import Settings


def corpus_in(data_dir: Path) -> Corpus:
    """The imported acts under a data folder."""
    return Corpus(data_dir / "law")


def open_law(settings: Settings, say: Callable[[str], None] = lambda _: None, data_dir: Path | None = None) -> LawIndex:
    """The index over everything that is loaded. `say` is told when something had to be built again.

    Raises HandenhetError when the embedding server does not answer or its model is not the one indexed with.
    """
    corpus = corpus_in(data_dir or settings.data_dir)
    library = open_library(corpus, say)
    if not settings.embed_url:
        return LawLookup(library)
    from ..knowledge.chroma import ChromaLaw
    from ..knowledge.embedding import RemoteEmbedder

    key = settings.llm_api_key.get_secret_value() or "none"
    embedder = RemoteEmbedder(settings.embed_url, settings.embed_model, key=key)
    return ChromaLaw(library, corpus.folder / "chroma", embedder, key=library_key(corpus), say=say)
