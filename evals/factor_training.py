# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Train the choice of factor: a conditional logit over few shared weights, with the word lists as its documents.

What is learned first is how far to trust the word lists, the examples met before, and who speaks: enough where a factor
has few examples. Then every word and letter run learns what that leaves over. (scipy is only partly typed, hence the
line above.)
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from ..agent.readers.clauses import norm
from ..agent.readers.features import WIDTHS, Bag, factor_document, slot
from ..agent.readers.lexicon import factor_entries
from ..agent.readers.weights import Encoder, Linear, offsets, width
from ..knowledge.factors import Factor, catalogue
from .linear_training import matrix

Array = NDArray[np.float64]
OWN = ("", "u", "q")
"""Where a factor's own list may be met: in the quote, in its utterance, in the question."""
TALKERS = tuple(f"st{who}" for who in ("child", "guardian", "client", "interpreter", "other"))
AGES = tuple(f"age{band}" for band in ("adult", "small", "child", "teen"))
PENALTY_SHARED, PENALTY_OWN, PENALTY_WORD = 0.01, 0.6, 0.5
WORD_ROUNDS = 30
WORDS_TRUSTED = 0.8
"""Share of what the words learned that is kept: on other writers' language they are a little too sure."""


class Case(NamedTuple):
    """One gold observation: its features, its factor's number, which factors it is chosen among, its writing pass."""

    bag: Bag
    factor: int
    among: NDArray[np.bool_]
    group: str


def order() -> tuple[str, ...]:
    return tuple(factor.id for factor in catalogue())


def documents() -> list[Bag]:
    """Each factor's list, name and description as one text."""
    entries = factor_entries()
    return [factor_document(_words(factor, entries[factor.id])) for factor in catalogue()]


def _words(factor: Factor, entries: str) -> tuple[str, ...]:
    plain = " ".join((entries.replace(",", " ").replace("*", ""), factor.name, factor.description))
    return tuple(filter(None, (norm(word) for word in plain.split())))


def fit_factor(cases: Sequence[Case], encode: Encoder, groups: Sequence[frozenset[str]]) -> Linear:
    """The model as one linear table. `groups` are the folds used so that examples never vouch for themselves."""
    rows = _text_part(encode, [case.bag for case in cases])
    lists = _unit(np.asarray(_text_part(encode, documents()).toarray()))
    kinds = [_centroids(rows, cases, keep=lambda case, g=group: case.group not in g) for group in groups]
    likeness = np.zeros((len(cases), len(order())))
    for group, centroids in zip(groups, kinds, strict=True):
        mine = [place for place, case in enumerate(cases) if case.group in group]
        likeness[mine] = rows[mine] @ centroids.T
    shared = np.stack([*_own_scores(cases), rows @ lists.T, likeness])
    sides = np.array([[case.bag["fd"].get(slot(name, "fd"), 0.0) > 0 for name in (*TALKERS, *AGES)] for case in cases])
    fitted = _optimise(shared, sides.astype(float), cases)
    weights, bias, by_side = fitted
    known = _assemble(encode, weights, bias, by_side, lists, _centroids(rows, cases, keep=lambda _: True))
    by_word = _by_word(encode, _scores(fitted, shared, sides), cases)
    return Linear(encode, (known.table + WORDS_TRUSTED * by_word).astype(np.float32), known.bias)


def _text_part(encode: Encoder, bags: Sequence[Bag]) -> csr_matrix:
    """The text field alone, a row a bag, in the encoder's weighing."""
    return csr_matrix(matrix(Encoder(("fw",), encode.rarity), bags), dtype=np.float64)


def _unit(rows: Array) -> Array:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def _centroids(rows: csr_matrix, cases: Sequence[Case], keep: Callable[[Case], bool]) -> Array:
    kept = [place for place, case in enumerate(cases) if keep(case)]
    spots = ([cases[place].factor for place in kept], kept)
    chosen = csr_matrix((np.ones(len(kept)), spots), shape=(len(order()), len(cases)))
    sums: Array = np.asarray(csr_matrix(chosen @ rows).toarray(), np.float64)
    # Divided by the norm of the sum plus one, so that a factor met once does not shout.
    return sums / (np.linalg.norm(sums, axis=1, keepdims=True) + 1.0)


def _own_scores(cases: Sequence[Case]) -> list[Array]:
    return [
        np.array([[case.bag["fd"].get(slot(key + name, "fd"), 0.0) for name in order()] for case in cases])
        for key in OWN
    ]


class _Fitted(NamedTuple):
    """A weight for each shared score, a bias a factor, and how each kind of speaker and age leans to each factor."""

    weights: Array
    bias: Array
    by_side: Array


def _scores(fitted: _Fitted, shared: Array, sides: Array) -> Array:
    return np.tensordot(fitted.weights, shared, 1) + fitted.bias + sides @ fitted.by_side


class _Choice:
    """Which factor each case has, and which it is chosen among; the loss of scores, and its slope."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self._place = np.arange(len(cases))
        self._truth = np.array([case.factor for case in cases])
        self._closed = ~np.stack([case.among for case in cases])

    def loss(self, scores: Array) -> tuple[float, Array]:
        """Negative log likelihood, and its slope by each score. The scores are changed."""
        scores[self._closed] = -1e9
        scores -= scores.max(axis=1, keepdims=True)
        chance = np.exp(scores)
        chance /= chance.sum(axis=1, keepdims=True)
        value = -float(np.log(chance[self._place, self._truth] + 1e-12).sum())
        chance[self._place, self._truth] -= 1
        return value, chance


def _optimise(shared: Array, sides: Array, cases: Sequence[Case]) -> _Fitted:
    many, kinds, places = len(order()), shared.shape[0], sides.shape[1]
    choice = _Choice(cases)

    def unpacked(flat: Array) -> _Fitted:
        return _Fitted(flat[:kinds], flat[kinds : kinds + many], flat[kinds + many :].reshape(places, many))

    def loss(flat: Array) -> tuple[float, Array]:
        weights, own = flat[:kinds], flat[kinds:]
        value, off = choice.loss(_scores(unpacked(flat), shared, sides))
        value += 0.5 * float(PENALTY_SHARED * (weights @ weights) + PENALTY_OWN * (own @ own))
        slope = np.concatenate([(shared * off).sum(axis=(1, 2)), off.sum(axis=0), (sides.T @ off).ravel()])
        slope[:kinds] += PENALTY_SHARED * weights
        slope[kinds:] += PENALTY_OWN * own
        return value, slope

    start = np.zeros(kinds + many + places * many)
    start[:kinds] = 1.0
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 80})
    return unpacked(np.asarray(found.x, np.float64))


def _by_word(encode: Encoder, known: Array, cases: Sequence[Case]) -> NDArray[np.float32]:
    """What each place of a row adds to each factor's score beside what is `known`, [factors, places]."""
    choice = _Choice(cases)
    # Half the numbers' width is enough for a slope, and halves the time.
    ahead = csr_matrix(matrix(encode, [case.bag for case in cases]), dtype=np.float32)
    back = csr_matrix(ahead.T)
    shape = (width(encode.fields), len(order()))

    def loss(flat: Array) -> tuple[float, Array]:
        value, off = choice.loss(known + ahead @ flat.reshape(shape).astype(np.float32))
        slope = np.asarray(back @ off.astype(np.float32), np.float64).ravel()
        return value + 0.5 * PENALTY_WORD * float(flat @ flat), slope + PENALTY_WORD * flat

    start = np.zeros(shape[0] * shape[1])
    options = {"maxiter": WORD_ROUNDS, "maxcor": 5}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(found.x, np.float32).reshape(shape).T


def _assemble(encode: Encoder, weights: Array, bias: Array, by_side: Array, lists: Array, centroids: Array) -> Linear:
    starts = offsets(encode.fields)
    table = np.zeros((len(order()), width(encode.fields)), np.float32)
    text = slice(starts["fw"], starts["fw"] + (1 << WIDTHS["fw"]))
    table[:, text] = weights[len(OWN)] * lists + weights[len(OWN) + 1] * centroids
    for number, name in enumerate(order()):
        for key, weight in zip(OWN, weights[: len(OWN)], strict=True):
            table[number, starts["fd"] + slot(key + name, "fd")] += weight
    for name, column in zip((*TALKERS, *AGES), by_side, strict=True):
        table[:, starts["fd"] + slot(name, "fd")] += column / 0.5
    return Linear(encode, table, bias.astype(np.float32))
