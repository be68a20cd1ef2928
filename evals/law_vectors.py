"""Train the law vectors: from questions to sections, with statute and note sentences as further questions.

`python -m handenhet.evals.law_vectors STATUTES_FOLDER OUT.npz` trains on every shipped note and on the acts in the
folder (which are read, never kept). `--folds N` instead leaves whole questions out and reports how they are found.
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

from ..knowledge.entries import gather
from ..knowledge.errors import HandenhetError
from ..knowledge.guidance import shipped_notes
from ..knowledge.lexical import Document
from ..knowledge.statutes.reader import read_file
from ..knowledge.vectors import features, section_text

Rows = Any
"""A scipy CSR matrix, texts by terms; scipy's own types say too little to check against."""
sparse: Any = scipy.sparse
svds: Any = scipy.sparse.linalg.svds  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train. `dropout` of terms is high on purpose: lay questions share few words with the statute."""

    dimension: int = 128
    epochs: int = 12
    dropout: float = 0.7
    sharpness: float = 12.0
    rate: float = 2e-3
    batch: int = 256
    sentences: float = 1.0
    """Sentence examples drawn for each question example."""
    others: int = 400
    """Sections drawn as wrong answers beside those of the batch."""
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Material:
    """Everything as rows: sections, questions (with the section each belongs to) and sentences (likewise)."""

    terms: tuple[str, ...]
    rarity: Matrix
    sections: Rows
    questions: Rows
    question_of: NDArray[np.int64]
    sentences: Rows
    sentence_of: NDArray[np.int64]


def material_of(documents: Sequence[Document], rarest: int = 2) -> Material:
    """Rows over the terms that occur in at least `rarest` texts."""
    told = [features(section_text(document)) for document in documents]
    questions = [(q, place) for place, document in enumerate(documents) for q in document.questions]
    asked = [features(q) for q, _ in questions]
    counts = Counter(term for text in [*told, *asked] for term in set(text))
    terms = tuple(sorted(term for term, count in counts.items() if count >= rarest))
    rarity = np.log(len(told + asked) / np.array([counts[term] for term in terms])).astype(np.float32)
    places = {term: place for place, term in enumerate(terms)}
    sentences = [(s, place) for place, document in enumerate(documents) for s in _sentences(document)]
    return Material(
        terms,
        rarity,
        _rows(told, places, rarity),
        _rows(asked, places, rarity),
        np.array([place for _, place in questions], np.int64),
        _rows([features(s) for s, _ in sentences], places, rarity),
        np.array([place for _, place in sentences], np.int64),
    )


def _sentences(document: Document) -> list[str]:
    parts = re.split(r"(?<=[.;:])\s+|\n+", f"{document.statute}\n{document.note}")
    return [document.title, *(part for part in parts if len(part.split()) >= 4)]


def _rows(texts: Sequence[Sequence[str]], places: dict[str, int], rarity: Matrix) -> Rows:
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, text in enumerate(texts):
        counts = Counter(places[term] for term in text if term in places)
        weights = {place: (1 + np.log(count)) * rarity[place] for place, count in counts.items()}
        length = float(np.sqrt(sum(w * w for w in weights.values()))) or 1.0
        rows += [row] * len(weights)
        columns += list(weights)
        values += [float(w) / length for w in weights.values()]
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(places)), dtype=np.float32)


class _Adam:
    """Adam with its moments kept in place."""

    def __init__(self, table: Matrix, rate: float) -> None:
        self.table, self._rate, self._step = table, rate, 0
        self._mean, self._spread = np.zeros_like(table), np.zeros_like(table)

    def step(self, gradient: Matrix) -> None:
        self._step += 1
        self._mean *= 0.9
        self._mean += 0.1 * gradient
        self._spread *= 0.999
        self._spread += 0.001 * np.square(gradient)
        rate = self._rate * np.sqrt(1 - 0.999**self._step) / (1 - 0.9**self._step)
        self.table -= rate * self._mean / (np.sqrt(self._spread) + 1e-8)


def train(material: Material, chosen: NDArray[np.int64], recipe: Recipe) -> tuple[Matrix, Matrix]:
    """The two tables (terms by dimension), from the chosen questions and all sentences."""
    draw = np.random.default_rng(recipe.seed)
    start = sparse.vstack([material.sections, material.questions[chosen]]).tocsr()
    _, _, basis = svds(start, k=recipe.dimension, random_state=recipe.seed)
    first = (basis.T * np.sqrt(len(material.terms) / recipe.dimension) * 0.1).astype(np.float32)
    asked, told = _Adam(first.copy(), recipe.rate), _Adam(first.copy(), recipe.rate)
    for _ in range(recipe.epochs):
        order = draw.permutation(chosen)
        for begin in range(0, len(order), recipe.batch):
            part = order[begin : begin + recipe.batch]
            drawn = draw.choice(len(material.sentence_of), int(len(part) * recipe.sentences))
            rows = sparse.vstack([material.questions[part], material.sentences[drawn]]).tocsr()
            right = np.concatenate([material.question_of[part], material.sentence_of[drawn]])
            _update(asked, told, _thin(rows, recipe, draw), material.sections, right, recipe, draw)
    return asked.table, told.table


def _thin(rows: Rows, recipe: Recipe, draw: np.random.Generator) -> Rows:
    keep = (draw.random(len(rows.data), np.float32) > recipe.dropout).astype(np.float32) / (1 - recipe.dropout)
    return sparse.csr_matrix((rows.data * keep, rows.indices, rows.indptr), shape=rows.shape, dtype=np.float32)


def _update(
    asked: _Adam,
    told: _Adam,
    rows: Rows,
    sections: Rows,
    right: NDArray[np.int64],
    recipe: Recipe,
    draw: np.random.Generator,
) -> None:
    """One step of softmax over the batch's own sections and some others."""
    candidates = np.union1d(right, draw.choice(sections.shape[0], min(recipe.others, sections.shape[0]), replace=False))
    columns = np.searchsorted(candidates, right)
    texts = _thin(sections[candidates], recipe, draw)
    points, lengths = _unit(rows @ asked.table)
    goals, spans = _unit(texts @ told.table)
    odds = recipe.sharpness * points @ goals.T
    odds = np.exp(odds - odds.max(1, keepdims=True))
    odds /= odds.sum(1, keepdims=True)
    odds[np.arange(len(right)), columns] -= 1
    odds *= recipe.sharpness / len(right)
    asked.step(np.asarray(rows.T @ _through(odds @ goals, points, lengths), np.float32))
    told.step(np.asarray(texts.T @ _through(odds.T @ points, goals, spans), np.float32))


def _unit(points: Matrix) -> tuple[Matrix, Matrix]:
    lengths = np.linalg.norm(points, axis=1, keepdims=True) + 1e-6
    return points / lengths, lengths


def _through(gradient: Matrix, unit: Matrix, lengths: Matrix) -> Matrix:
    return (gradient - unit * (gradient * unit).sum(1, keepdims=True)) / lengths


def scores(material: Material, tables: tuple[Matrix, Matrix], chosen: NDArray[np.int64]) -> Matrix:
    """Cosine of each chosen question (row) to each section (column)."""
    points, _ = _unit(material.questions[chosen] @ tables[0])
    goals, _ = _unit(material.sections @ tables[1])
    return cast(Matrix, points @ goals.T)


def ranks(found: Matrix, right: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many sections stand before the right one."""
    own = found[np.arange(len(right)), right][:, None]
    return cast(NDArray[np.int64], (found > own).sum(1))


def save(path: Path, material: Material, tables: tuple[Matrix, Matrix]) -> None:
    """Tables as one byte a number with a scale a dimension, so that the file stays small."""
    arrays: dict[str, NDArray[Any]] = {
        "terms": np.frombuffer("\n".join(material.terms).encode(), np.uint8),
        "rarity": material.rarity.astype(np.float16),
    }
    for name, table in zip(("asked", "told"), tables, strict=True):
        scale = np.abs(table).max(0) / 127
        arrays[name] = np.asarray(np.round(table / scale), np.int8)
        arrays[f"{name}_scale"] = scale.astype(np.float32)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def documents_of(folder: Path) -> list[Document]:
    """Documents of the acts in a folder and the shipped notes; a file that is no statute is passed over."""
    provisions: list[Any] = []
    for file in sorted(folder.glob("sfs-*.md")):
        try:
            provisions += read_file(file, imported=date(2000, 1, 1)).provisions
        except HandenhetError as error:
            print(f"skipped: {error}")
    return gather(provisions, shipped_notes())[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statutes", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--only", type=int, default=99)
    parser.add_argument("--recipe", type=json.loads, default={})
    given = parser.parse_args()
    recipe = Recipe(**given.recipe)
    material = material_of(documents_of(given.statutes))
    everything = np.arange(len(material.question_of))
    if given.folds:
        fold = np.random.default_rng(1).integers(0, given.folds, len(everything))
        kept = np.zeros((len(everything), material.sections.shape[0]), np.float16)
        for part in range(min(given.folds, given.only)):
            began = time.monotonic()
            held = everything[fold == part]
            found = scores(material, train(material, everything[fold != part], recipe), held)
            kept[held] = found
            place = ranks(found, material.question_of[held])
            print(
                f"fold {part}: hit@1 {np.mean(place < 1):.3f} hit@5 {np.mean(place < 5):.3f} "
                f"of {len(held)}, {len(material.terms)} terms, {time.monotonic() - began:.0f} s",
                flush=True,
            )
        np.savez(given.out, scores=kept, fold=fold)
        return
    save(given.out, material, train(material, everything, recipe))


if __name__ == "__main__":
    main()
