"""The law index this installation runs: in memory by default, on Chroma with a served embedding model by setting."""

from collections.abc import Callable
from pathlib import Path

from ..knowledge.corpus import Corpus
from ..knowledge.entries import library_key, open_library
from ..knowledge.errors import HandenhetError
from ..knowledge.expansion import ExpandedLaw
from ..knowledge.index import LawIndex
from ..knowledge.lookup import LawLookup
from .settings import Settings

Say = Callable[[str], None]
_LOST = "Språkmodellen svarade inte ({}); frågan söktes som den är."


def corpus_in(data_dir: Path) -> Corpus:
    """The imported acts under a data folder."""
    return Corpus(data_dir / "law")


def open_lookup(settings: Settings, say: Say = lambda _: None, data_dir: Path | None = None) -> LawLookup:
    """The index over everything that is loaded. `say` is told when something had to be built again.

    Raises HandenhetError when the embedding server does not answer or its model is not the one indexed with.
    """
    corpus = corpus_in(data_dir or settings.data_dir)
    library = open_library(corpus, say)
    if settings.chroma_url and not settings.embed_url:
        raise HandenhetError(
            "chroma_url is set and embed_url is not", mend="set HANDENHET_EMBED_URL, or leave both out"
        )
    if not settings.embed_url:
        return LawLookup(library)
    if not settings.embed_model:
        raise HandenhetError("embed_url is set and embed_model is not", mend="set HANDENHET_EMBED_MODEL to its name")
    from ..knowledge.chroma import ChromaLaw
    from ..knowledge.embedding import RemoteEmbedder

    key = settings.llm_api_key.get_secret_value() or "none"
    embedder = RemoteEmbedder(
        settings.embed_url,
        settings.embed_model,
        key=key,
        revision=settings.embed_revision,
        question_prefix=settings.embed_question_prefix,
        section_prefix=settings.embed_section_prefix,
    )
    place = settings.chroma_url or corpus.folder / "chroma"
    return ChromaLaw(library, place, embedder, key=library_key(corpus), say=say)


def open_law(settings: Settings, say: Say = lambda _: None, data_dir: Path | None = None) -> LawIndex:
    """`open_lookup`, with the question also put in the statute's words where there is a language model.

    A model that fails is told to `say`, and the question is searched as it was asked.
    """
    lookup = open_lookup(settings, say, data_dir)
    if not settings.llm_url:
        return lookup
    return ExpandedLaw(lookup, _rewriter(settings, say))


def _rewriter(settings: Settings, say: Say) -> Callable[[str], tuple[str, ...]]:
    import asyncio

    from ..agent.engine import MODEL_TROUBLE
    from ..agent.law_words import law_phrases
    from .llm import language_model

    def rewrite(question: str) -> tuple[str, ...]:
        model = language_model(settings)
        if model is None:
            return ()
        try:
            return asyncio.run(law_phrases(model, question))
        except MODEL_TROUBLE as trouble:
            say(_LOST.format(type(trouble).__name__))
            return ()

    return rewrite
