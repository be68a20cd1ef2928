"""Texts to vectors for Chroma: our own trained lexical vectors, or a model behind an OpenAI-compatible address."""

from collections.abc import Sequence
from typing import Protocol

from .errors import HandenhetError
from .vectors import FILE, LawVectors


class Embedder(Protocol):
    """What a collection is made with. Name, revision and dimension are kept beside it; a mismatch is refused."""

    @property
    def name(self) -> str: ...

    @property
    def revision(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def questions(self, texts: Sequence[str]) -> list[list[float]]: ...

    def sections(self, texts: Sequence[str]) -> list[list[float]]: ...


class LexicalEmbedder:
    """The trained vectors that ship with the project."""

    name = "handenhet-law-vectors"

    def __init__(self, vectors: LawVectors | None) -> None:
        if vectors is None:
            raise HandenhetError(f"{FILE} is missing", mend="python -m handenhet.evals.law_vectors STATUTES OUT")
        self._vectors = vectors

    @property
    def revision(self) -> str:
        return self._vectors.revision

    @property
    def dimension(self) -> int:
        return self._vectors.dimension

    def questions(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vectors.question(text).tolist() for text in texts]

    def sections(self, texts: Sequence[str]) -> list[list[float]]:
        return [self._vectors.section(text).tolist() for text in texts]


class RemoteEmbedder:
    """A model served at `/v1/embeddings` (vLLM). `question_prefix` and `section_prefix` as the model wants them.

    Raises HandenhetError when the server cannot be reached or answers something else than vectors.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "none",
        revision: str = "",
        question_prefix: str = "",
        section_prefix: str = "",
        batch: int = 64,
    ) -> None:
        from openai import OpenAI

        self._client = OpenAI(base_url=url.rstrip("/"), api_key=key, timeout=60, max_retries=1)
        self.name, self.revision = model, revision
        self._prefixes = (question_prefix, section_prefix)
        self._batch = batch
        self._dimension = 0

    @property
    def dimension(self) -> int:
        if not self._dimension:
            self._dimension = len(self._ask(["mått"])[0])
        return self._dimension

    def questions(self, texts: Sequence[str]) -> list[list[float]]:
        return self._ask([self._prefixes[0] + text for text in texts])

    def sections(self, texts: Sequence[str]) -> list[list[float]]:
        prefixed = [self._prefixes[1] + text for text in texts]
        return [v for at in range(0, len(prefixed), self._batch) for v in self._ask(prefixed[at : at + self._batch])]

    def _ask(self, texts: list[str]) -> list[list[float]]:
        from openai import OpenAIError

        try:
            answer = self._client.embeddings.create(model=self.name, input=texts, encoding_format="float")
        except OpenAIError as error:
            raise HandenhetError(
                f"the embedding server did not answer ({type(error).__name__})",
                mend="start it (handenhet llm), or unset HANDENHET_EMBED_URL to use the built-in vectors",
            ) from None
        if len(answer.data) != len(texts):
            raise HandenhetError("the embedding server answered with too few vectors", mend="check the model's name")
        return [row.embedding for row in answer.data]
