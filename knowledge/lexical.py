"""Lexical ranking of sections: BM25 over 4-grams and concepts, of statute text, notes and their questions.

The index is built with bm25s; its sparse columns are then scored with numpy alone, so that a query needs no more
than reading a few arrays. Nothing else in the house imports bm25s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from .concepts import shipped_concepts
from .words import grams, stems

Analysis = Literal["grams", "words", "concepts"]
Scores = NDArray[np.float32]
_ANALYZE: Mapping[Analysis, Callable[[str], list[str]]] = {
    "grams": grams,
    "words": stems,
    "concepts": lambda text: shipped_concepts().of(text),
}
_K1, _B = 1.2, 0.75
_MOST_REPEATS = 2
_MOST_TERMS = 400
"""Distinct terms of a question that are looked up; more than any question has, fewer than a pasted document."""


@dataclass(frozen=True, slots=True)
class Document:
    """A section's texts as the index sees them. `note` is empty where nobody has written one."""

    title: str
    statute: str
    note: str
    questions: tuple[str, ...]


Part = Literal["statute", "guide", "all"]
"""What of a section a field holds. `guide`: our note and its questions, or the statute text where nobody has written a
note, so that such acts can compete; `all`: statute, note and questions."""
FieldKey = tuple[Part, Analysis]

WEIGHTS: Mapping[FieldKey, float] = {("all", "grams"): 1.0, ("guide", "concepts"): 0.5}
"""Chosen by cross-validation over questions that were no note's (`evals/cases/retrieval/dev.jsonl`). The note by
itself, its questions one by one, and words instead of 4-grams added nothing beside these and the vectors."""


class Field:
    """One BM25 matrix over the sections, column by term."""

    def __init__(self, data: Scores, indices: NDArray[np.int32], indptr: NDArray[np.int64]) -> None:
        self.data, self.indices, self.indptr = data, indices, indptr

    def scores(self, terms: Sequence[tuple[int, int]], sections: int) -> Scores:
        """BM25 of every section for (term id, repeats)."""
        out = np.zeros(sections, np.float32)
        last = len(self.indptr) - 1
        for term, repeats in terms:
            if term < last:
                begin, end = self.indptr[term], self.indptr[term + 1]
                # A row stands once in a column, so plain fancy addition is exact.
                out[self.indices[begin:end]] += self.data[begin:end] * repeats
        return out


class LexicalIndex:
    """All fields over the same sections, in the order they were given."""

    def __init__(
        self,
        sections: int,
        vocabularies: Mapping[Analysis, Mapping[str, int]],
        weights_of_terms: Mapping[Analysis, Scores],
        fields: Mapping[FieldKey, Field],
    ) -> None:
        self.sections = sections
        self.vocabularies = vocabularies
        self.weights_of_terms = weights_of_terms
        self.fields = fields

    def rank(self, question: str, weights: Mapping[FieldKey, float] = WEIGHTS) -> Scores:
        """One number a section: higher is nearer; 0 shares nothing with the question. Not a probability."""
        total = np.zeros(self.sections, np.float32)
        for analysis, vocabulary in self.vocabularies.items():
            wanted: dict[Part, float] = {
                p: weight for (p, how), weight in weights.items() if how == analysis and weight
            }
            if not wanted:
                continue
            terms = self._terms(question, analysis, vocabulary)
            bound = float(sum(self.weights_of_terms[analysis][term] for term, _ in terms)) or 1.0
            for part, weight in wanted.items():
                total += weight / bound * self.fields[part, analysis].scores(terms, self.sections)
        return total

    def _terms(self, question: str, analysis: Analysis, vocabulary: Mapping[str, int]) -> list[tuple[int, int]]:
        repeats: dict[int, int] = {}
        for term in _ANALYZE[analysis](question):
            known = vocabulary.get(term)
            if known is not None and (known in repeats or len(repeats) < _MOST_TERMS):
                repeats[known] = min(repeats.get(known, 0) + 1, _MOST_REPEATS)
        return list(repeats.items())


def build(documents: Sequence[Document], wanted: Sequence[FieldKey] = tuple(WEIGHTS)) -> LexicalIndex:
    """Index the wanted fields of the documents. Holds everything in memory; seconds for thousands of sections."""
    vocabularies: dict[Analysis, dict[str, int]] = {}
    rarity: dict[Analysis, Scores] = {}
    fields: dict[FieldKey, Field] = {}
    analyses: list[Analysis] = list(dict.fromkeys(how for _, how in wanted))
    for analysis in analyses:
        vocabulary: dict[str, int] = {}
        parts: list[Part] = [part for part, how in wanted if how == analysis]
        for part in parts:
            fields[part, analysis] = _field(documents, part, analysis, vocabulary)
        vocabularies[analysis] = vocabulary
        rarity[analysis] = _rarity(fields[parts[0], analysis], len(vocabulary), len(documents))
    return LexicalIndex(len(documents), vocabularies, rarity, fields)


def _text(document: Document, part: Part) -> str:
    told = " ".join([document.note, *document.questions]).strip()
    match part:
        case "statute":
            return document.statute
        case "guide":
            return told or document.statute
        case "all":
            return f"{document.statute} {told}"


def _field(documents: Sequence[Document], part: Part, analysis: Analysis, vocabulary: dict[str, int]) -> Field:
    import bm25s
    from bm25s.tokenization import Tokenized

    rows = [
        [vocabulary.setdefault(term, len(vocabulary)) for term in _ANALYZE[analysis](_text(document, part))]
        for document in documents
    ]
    if not any(rows):
        return Field(np.zeros(0, np.float32), np.zeros(0, np.int32), np.zeros(len(vocabulary) + 1, np.int64))
    engine = bm25s.BM25(method="lucene", k1=_K1, b=_B)
    engine.index(Tokenized(ids=rows, vocab=dict(vocabulary)), show_progress=False)  # pyright: ignore[reportUnknownMemberType]
    columns = cast(dict[str, NDArray[np.generic]], engine.scores)  # pyright: ignore[reportUnknownMemberType]
    return Field(
        columns["data"].astype(np.float32), columns["indices"].astype(np.int32), columns["indptr"].astype(np.int64)
    )


def _rarity(field: Field, terms: int, documents: int) -> Scores:
    """The inverse document frequency of each term, so that a question's best possible score is known."""
    found = np.zeros(terms, np.float32)
    counts = np.diff(field.indptr)[:terms]
    found[: len(counts)] = counts
    return np.log1p((documents - found + 0.5) / (found + 0.5)).astype(np.float32)


def arrays_of(index: LexicalIndex) -> dict[str, NDArray[np.generic]]:
    """Everything of the index but its vocabularies, as named arrays to store."""
    arrays: dict[str, NDArray[np.generic]] = {f"rarity-{how}": values for how, values in index.weights_of_terms.items()}
    for (part, how), field in index.fields.items():
        name = f"{part}-{how}"
        arrays |= {f"{name}-data": field.data, f"{name}-indices": field.indices, f"{name}-indptr": field.indptr}
    return arrays


def index_of(
    sections: int, vocabularies: Mapping[Analysis, Mapping[str, int]], arrays: Mapping[str, NDArray[np.generic]]
) -> LexicalIndex:
    """The index of stored arrays. Raises KeyError when one is missing."""
    fields: dict[FieldKey, Field] = {}
    for part, how in WEIGHTS:
        name = f"{part}-{how}"
        fields[part, how] = Field(
            arrays[f"{name}-data"].astype(np.float32, copy=False),
            arrays[f"{name}-indices"].astype(np.int32, copy=False),
            arrays[f"{name}-indptr"].astype(np.int64, copy=False),
        )
    rarity: dict[Analysis, Scores] = {
        how: arrays[f"rarity-{how}"].astype(np.float32, copy=False) for how in vocabularies
    }
    return LexicalIndex(sections, vocabularies, rarity, fields)
