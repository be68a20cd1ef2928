"""Trained lexical vectors: a question and a section as points of one space, from 4-grams, stems and concepts.

Two embedding bags, one for questions and one for sections, trained on the notes' questions and on statute sentences
(`evals/law_vectors.py`). They learn which lay words stand for which statutory ones; nothing is fetched at run time.
"""

from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from .concepts import shipped_concepts
from .lexical import Document
from .words import grams, stems

Matrix = NDArray[np.float32]
Table = NDArray[np.int8]
FILE = "law_vectors.npz"


def features(text: str) -> list[str]:
    """The terms of a text, each kind marked: 4-grams plain, stems `w:`, concepts `c:`."""
    return [*grams(text), *(f"w:{s}" for s in stems(text)), *(f"c:{c}" for c in shipped_concepts().of(text))]


def section_text(document: Document) -> str:
    """What a section is encoded from: its statute text, and our note twice as it is nearer to how people ask."""
    return f"{document.title} {document.statute} {document.note} {document.note}"


class LawVectors:
    """Encodes texts. `rarity` (terms), `asked` and `told` (terms by dimensions) are what training left.

    The tables stay the bytes they are stored as, each column in steps of its scale (dimensions), so that opening
    them costs nothing.
    """

    def __init__(
        self, terms: Sequence[str], rarity: Matrix, asked: tuple[Table, Matrix], told: tuple[Table, Matrix]
    ) -> None:
        self._places = {term: place for place, term in enumerate(terms)}
        self._rarity, self._asked, self._told = rarity, asked, told

    @property
    def revision(self) -> str:
        """A digest of the tables: two trainings never share it."""
        return sha256(self._asked[0].tobytes() + self._told[0].tobytes()).hexdigest()[:12]

    @property
    def dimension(self) -> int:
        return self._asked[0].shape[1]

    def question(self, text: str) -> Matrix:
        """A unit vector (dimension,), or zeros when no term is known."""
        return self._encode(text, self._asked)

    def section(self, text: str) -> Matrix:
        """A unit vector (dimension,), or zeros when no term is known."""
        return self._encode(text, self._told)

    def _encode(self, text: str, stored: tuple[Table, Matrix]) -> Matrix:
        table, scale = stored
        counts = Counter(place for term in features(text) if (place := self._places.get(term)) is not None)
        if not counts:
            return np.zeros(self.dimension, np.float32)
        places = np.fromiter(counts, np.int64, len(counts))
        repeats = np.fromiter(counts.values(), np.float32, len(counts))
        weights = np.asarray((1 + np.log(repeats)) * self._rarity[places], np.float32)
        point = np.asarray((weights @ table[places].astype(np.float32)) * scale, np.float32)
        length = max(float(np.linalg.norm(point)), 1e-6)
        return (point / length).astype(np.float32)


@cache
def shipped_vectors() -> LawVectors | None:
    """The vectors that ship with the project, or None in a checkout where they have not been trained."""
    file = resources.files(__name__.rpartition(".")[0]).joinpath(FILE)
    if not file.is_file():
        return None
    with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
        terms = stored["terms"].tobytes().decode().split("\n")
        asked, told = (
            (stored[name].astype(np.int8), stored[f"{name}_scale"].astype(np.float32)) for name in ("asked", "told")
        )
        return LawVectors(terms, stored["rarity"].astype(np.float32), asked, told)


@lru_cache(maxsize=64)
def question_point(text: str) -> Matrix | None:
    """The shipped vectors' point of a question, or None where there are none."""
    vectors = shipped_vectors()
    return None if vectors is None else vectors.question(text)
