# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Train the embedded reader's linear models from labelled meetings. scikit-learn is met here and nowhere else.

(It is only partly typed, hence the line above.) Deterministic: the same meetings give the same weights.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from ..agent.readers.clauses import Clause
from ..agent.readers.features import (
    WIDTHS,
    Bag,
    clause_features,
    factor_features,
    rarity_weighed,
    span_features,
    spans,
    turn_features,
)
from ..agent.readers.judgement import POLARITIES
from ..agent.readers.lines import Line, lines
from ..agent.readers.weights import Encoder, Floats, Linear, Weights, width
from ..knowledge.factors import Polarity, catalogue
from ..knowledge.quotes import find_quote
from .corpus import Gold, LabelledMeeting
from .factor_training import Case, documents, fit_factor, order
from .matching import QUOTE_F1, token_f1

TURN_FIELDS = ("uw", "uc", "pw", "nw", "d")
CLAUSE_FIELDS = ("cw", "cc", "cd")
SPAN_FIELDS = ("sd",)
FACTOR_FIELDS = ("fw", "fd")
STRENGTH = {"turn": 2.0, "clause": 0.6, "span": 1.0}
"""Inverse regularisation of each model."""
START = {"risk": -0.9, "protective": -0.9, "second": 1.5}


@dataclass(frozen=True)
class Example:
    """A line with its gold. `group` is the scenario, kept together in cross-validation."""

    line: Line
    gold: tuple[Gold, ...]
    trap: bool
    group: str

    def has(self, polarity: Polarity) -> bool:
        return any(gold.factor.polarity == polarity for gold in self.gold)

    def of(self, polarity: Polarity) -> list[Gold]:
        return [gold for gold in self.gold if gold.factor.polarity == polarity]

    @cached_property
    def turn(self) -> Bag:
        return turn_features(self.line)

    @cached_property
    def clauses(self) -> list[Bag]:
        return [clause_features(self.line, number) for number in range(len(self.line.clauses))]

    @cached_property
    def factors(self) -> list[tuple[str, Bag]]:
        return [(gold.factor.id, factor_features(self.line, self.words(gold))) for gold in self.gold]

    def words(self, gold: Gold) -> Clause:
        found = find_quote(self.line.utterance, gold.quote)
        return Clause(0, len(self.line.raw)) if found is None else Clause(found.first, found.end)

    def covered(self, number: int, polarity: Polarity) -> bool:
        """Whether most of a clause lies inside a gold quote of this polarity."""
        clause = self.line.clauses[number]
        inside = [self.words(gold) for gold in self.of(polarity)]
        shared = [min(clause.end, quote.end) - max(clause.first, quote.first) for quote in inside]
        return max(shared, default=0) > len(clause) / 2


def examples(meetings: Iterable[LabelledMeeting]) -> list[Example]:
    """Every utterance that is not the caseworker's, with what was labelled on it."""
    kept: list[Example] = []
    for labelled in meetings:
        traps = {trap.utterance for trap in labelled.traps}
        for line in lines(labelled.meeting, labelled.transcript, catalogue()):
            at = line.utterance.index
            gold = tuple(gold for gold in labelled.gold if gold.utterance == at)
            kept.append(Example(line, gold, at in traps, labelled.scenario))
    return kept


def encoder(fields: tuple[str, ...], bags: Sequence[Bag]) -> Encoder:
    """Rarities from how many bags hold each slot; slots never met weigh nothing new and stay at zero."""
    rarity: dict[str, Floats] = {}
    for field in filter(rarity_weighed, fields):
        seen = np.zeros(1 << WIDTHS[field], np.float32)
        for bag in bags:
            seen[list(bag[field])] += 1
        rarity[field] = np.where(seen > 0, np.log((1 + len(bags)) / (1 + seen)) + 1, 0).astype(np.float32)
    return Encoder(fields, {field: np.rint(values * 25) / np.float32(25) for field, values in rarity.items()})


def matrix(encode: Encoder, bags: Sequence[Bag]) -> csr_matrix:
    rows = [encode.row(bag) for bag in bags]
    starts = np.cumsum([0, *(len(places) for places, _ in rows)])
    return csr_matrix(
        (np.concatenate([values for _, values in rows]), np.concatenate([places for places, _ in rows]), starts),
        shape=(len(bags), width(encode.fields)),
    )


def _fit(rows: Any, labels: NDArray[Any], strength: float, weights: NDArray[Any] | None = None) -> Any:
    return LogisticRegression(C=strength, solver="liblinear", max_iter=200, random_state=0).fit(
        rows, labels, sample_weight=weights
    )


def _linear(encode: Encoder, fitted: Sequence[Any]) -> Linear:
    table = np.concatenate([model.coef_ for model in fitted]).astype(np.float32)
    return Linear(encode, table, np.concatenate([model.intercept_ for model in fitted]).astype(np.float32))


def fit_turn(train: Sequence[Example]) -> Linear:
    bags = [example.turn for example in train]
    encode = encoder(TURN_FIELDS, bags)
    rows = matrix(encode, bags)
    labels = [np.array([example.has(polarity) for example in train]) for polarity in POLARITIES]
    return _linear(encode, [_fit(rows, label, STRENGTH["turn"]) for label in labels])


def fit_clause(train: Sequence[Example]) -> Linear:
    bags = [bag for example in train for bag in example.clauses]
    encode = encoder(CLAUSE_FIELDS, bags)
    rows = matrix(encode, bags)
    fitted: list[Any] = []
    for polarity in POLARITIES:
        labels = np.array([e.covered(n, polarity) for e in train for n in range(len(e.clauses))])
        # Clauses beside the quote teach more about quoting than clauses of turns without evidence.
        weights = np.array([2.0 if e.has(polarity) else 0.5 for e in train for _ in e.clauses])
        fitted.append(_fit(rows, labels, STRENGTH["clause"], weights))
    return _linear(encode, fitted)


def fit_span(train: Sequence[Example], clause_model: Callable[[Example], Linear]) -> Linear:
    """`clause_model` gives a model that has not seen the example, so that the scores look as they will in use."""
    bags, labels, weights = list[Bag](), list[bool](), list[float]()
    for example in train:
        for polarity in POLARITIES:
            if not example.has(polarity) or len(example.clauses) == 1:
                continue
            which = POLARITIES.index(polarity)
            model = clause_model(example)
            logits = [float(model.scores(bag)[which]) for bag in example.clauses]
            choices = spans(example.line)
            for i, j in choices:
                bags.append(span_features(example.line, i, j, logits))
                words = example.line.text(Clause(example.line.clauses[i].first, example.line.clauses[j].end))
                labels.append(max(token_f1(gold.quote, words) for gold in example.of(polarity)) >= QUOTE_F1)
                weights.append(3.0 / len(choices))
    encode = encoder(SPAN_FIELDS, bags)
    return _linear(encode, [_fit(matrix(encode, bags), np.array(labels), STRENGTH["span"], np.array(weights))])


def folds(train: Sequence[Example], many: int) -> list[frozenset[str]]:
    """Scenarios dealt into groups of about equal size."""
    sizes = Counter(example.group for example in train)
    dealt: list[set[str]] = [set() for _ in range(many)]
    load = [0] * many
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        lightest = load.index(min(load))
        dealt[lightest].add(group)
        load[lightest] += size
    return [frozenset(groups) for groups in dealt]


def fit(train: Sequence[Example], thresholds: dict[str, float] | None = None) -> Weights:
    """All models from these examples. Without `thresholds` a middling guess stands until they are chosen."""
    parts = folds(train, 3)
    unseen = [(part, fit_clause([e for e in train if e.group not in part])) for part in parts]
    names, factor = order(), _factor_model(train, parts)

    def clause_model(example: Example) -> Linear:
        return next(model for part, model in unseen if example.group in part)

    return Weights(
        turn=fit_turn(train),
        clause=fit_clause(train),
        span=fit_span(train, clause_model),
        factor=factor,
        factors=names,
        thresholds=thresholds or START,
        trained_on=digest(train),
    )


def _factor_model(train: Sequence[Example], parts: Sequence[frozenset[str]]) -> Linear:
    names = order()
    cases = [
        Case(bag, names.index(name), _among(example, name), example.group)
        for example in train
        for name, bag in example.factors
    ]
    return fit_factor(cases, encoder(FACTOR_FIELDS, [*(case.bag for case in cases), *documents()]), parts)


def _among(example: Example, name: str) -> NDArray[np.bool_]:
    polarity = catalogue()[name].polarity
    fits = example.line.fits
    return np.array([factor.id in fits and factor.polarity == polarity for factor in catalogue()])


def digest(train: Sequence[Example]) -> str:
    """Twelve hex digits that change when any word or label of the corpus does."""
    told = hashlib.sha256()
    for example in train:
        told.update(repr((example.line.utterance.text, [(g.factor.id, g.quote) for g in example.gold])).encode())
    return told.hexdigest()[:12]


def with_thresholds(weights: Weights, thresholds: dict[str, float]) -> Weights:
    return replace(weights, thresholds=thresholds)


def catalogue_order(names: Iterable[str]) -> list[str]:
    known = [factor.id for factor in catalogue()]
    return sorted(names, key=known.index)


__all__ = ["Example", "cast", "catalogue_order", "digest", "examples", "fit", "folds", "with_thresholds"]
