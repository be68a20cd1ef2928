"""Train the embedded reader's linear models from labelled meetings.

Deterministic: the same meetings give the same weights.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..agent.readers.clauses import Clause
from ..agent.readers.context import Network
from ..agent.readers.features import Bag, clause_features, factor_features, span_features, spans, turn_features
from ..agent.readers.judgement import POLARITIES, Answers, answers, joined
from ..agent.readers.lines import Line, lines
from ..agent.readers.weights import Linear, Weights
from ..knowledge.factors import Polarity, catalogue
from ..knowledge.quotes import find_quote
from .corpus import Gold, LabelledMeeting
from .factor_training import Case, documents, fit_factor, order
from .linear_training import encoder, fit_rows, linear, matrix
from .matching import token_f1
from .plain import PART

TURN_FIELDS = ("uw", "uc", "pw", "nw", "d")
CLAUSE_FIELDS = ("cw", "cc", "cd")
SPAN_FIELDS = ("sd",)
JOIN_FIELDS = ("jd",)
FACTOR_FIELDS = ("fw", "fd")
TAUGHT_ONLY = {"p7": 2.0, PART: 1.0}
"""Passes that are trained on and never measured, and how much a line of theirs counts, of which `plain` has two of
each: their language is plainer than any meeting's."""
STRENGTH = {"turn": 2.0, "clause": 0.6, "span": 1.0, "join": 0.3}
"""Inverse regularisation of each model."""


@dataclass(frozen=True, eq=False)
class Example:
    """A line with its gold. `group` is what is left out together in cross-validation."""

    line: Line
    gold: tuple[Gold, ...]
    trap: bool
    group: str
    weight: float = 1.0
    """How much it counts: what is said straight out is rare in meetings, and must be heard."""

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
        """Each gold factor met in its quote, and in the whole line as it is when nothing is quoted yet."""
        whole = Clause(0, len(self.line.raw))
        places = [(gold, place) for gold in self.gold for place in (self.words(gold), whole)]
        return [(gold.factor.id, factor_features(self.line, place)) for gold, place in places]

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
            weight = TAUGHT_ONLY.get(labelled.part, 1.0)
            kept.append(Example(line, gold, at in traps, left_out_with(labelled), weight))
    return kept


def left_out_with(labelled: LabelledMeeting) -> str:
    """What is left out of training together: all that a writer wrote, and of the plain lines a fifth.

    Whoever reads the meetings of a writer she has met finds more in them than in a stranger's, and would be sure of it.
    """
    return labelled.scenario if labelled.part == PART else labelled.part


def fit_turn(train: Sequence[Example]) -> Linear:
    bags = [example.turn for example in train]
    encode = encoder(TURN_FIELDS, bags)
    rows = matrix(encode, bags)
    labels = [np.array([example.has(polarity) for example in train]) for polarity in POLARITIES]
    weights = np.array([example.weight for example in train])
    return linear(encode, [fit_rows(rows, label, STRENGTH["turn"], weights) for label in labels])


def fit_clause(train: Sequence[Example]) -> Linear:
    bags = [bag for example in train for bag in example.clauses]
    encode = encoder(CLAUSE_FIELDS, bags)
    rows = matrix(encode, bags)
    fitted: list[Any] = []
    for polarity in POLARITIES:
        labels = np.array([e.covered(n, polarity) for e in train for n in range(len(e.clauses))])
        # Clauses beside the quote teach more about quoting than clauses of turns without evidence.
        weights = np.array([e.weight * (2.0 if e.has(polarity) else 0.5) for e in train for _ in e.clauses])
        fitted.append(fit_rows(rows, labels, STRENGTH["clause"], weights))
    return linear(encode, fitted)


def fit_span(train: Sequence[Example], told: Mapping[Example, Answers]) -> Linear:
    """`told` are answers of models that had not seen the example, so that they look as they will in use."""
    bags, labels = list[Bag](), list[bool]()
    for example in train:
        for polarity in POLARITIES:
            if example.has(polarity) and len(example.clauses) > 1:
                choices = spans(example.line)
                logits = [clause[POLARITIES.index(polarity)] for clause in told[example].clauses]
                likely = told[example].likely(polarity)
                bags += [span_features(example.line, i, j, logits, likely) for i, j in choices]
                shared = [_shared(example, polarity, i, j) for i, j in choices]
                labels += [one >= max(shared) - 1e-9 for one in shared]
    encode = encoder(SPAN_FIELDS, bags)
    return linear(encode, [fit_rows(matrix(encode, bags), np.array(labels), STRENGTH["span"])])


def _shared(example: Example, polarity: Polarity, i: int, j: int) -> float:
    """How much a run of clauses shares with the quote nearest to it."""
    words = example.line.text(Clause(example.line.clauses[i].first, example.line.clauses[j].end))
    return max(token_f1(gold.quote, words) for gold in example.of(polarity))


def fit_join(train: Sequence[Example], told: Mapping[Example, Answers]) -> Linear:
    """How to weigh the first models' answers together; `told` as for `fit_span`."""
    bags = [joined(example.line, told[example]) for example in train]
    encode = encoder(JOIN_FIELDS, bags)
    rows = matrix(encode, bags)
    labels = [np.array([example.has(polarity) for example in train]) for polarity in POLARITIES]
    weights = np.array([example.weight for example in train])
    return linear(encode, [fit_rows(rows, label, STRENGTH["join"], weights) for label in labels])


def folds(train: Sequence[Example], many: int) -> list[frozenset[str]]:
    """What is left out together, dealt into groups of about equal size."""
    sizes = Counter(example.group for example in train)
    dealt: list[set[str]] = [set() for _ in range(many)]
    load = [0] * many
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        lightest = load.index(min(load))
        dealt[lightest].add(group)
        load[lightest] += size
    return [frozenset(groups) for groups in dealt]


class First(NamedTuple):
    """The models that look at a line's words; the others weigh their answers."""

    turn: Linear
    clause: Linear
    factor: Linear

    def answers(self, example: Example) -> Answers:
        return answers(example.line, self.turn, self.clause, self.factor, order())


def fit_first(train: Sequence[Example]) -> First:
    return First(fit_turn(train), fit_clause(train), _factor_model(train, folds(train, 3)))


def unseen_answers(train: Sequence[Example], parts: Sequence[frozenset[str]]) -> dict[Example, Answers]:
    """Each example answered by models trained without its writer."""
    told: dict[Example, Answers] = {}
    for part in parts:
        first = fit_first([example for example in train if example.group not in part])
        told |= {example: first.answers(example) for example in train if example.group in part}
    return told


class Danger(NamedTuple):
    """The models of the acute signals."""

    acute: Linear
    reaction: Linear
    alarm: Linear


def assembled(
    first: First,
    train: Sequence[Example],
    told: Mapping[Example, Answers],
    danger: Danger,
    network: Network,
    thresholds: Mapping[str, float],
) -> Weights:
    """The whole reader: `first` for the words, and the weighing learned from unseen answers about `train`."""
    span, join = fit_span(train, told), fit_join(train, told)
    models = (first.turn, first.clause, span, first.factor, join, danger.acute, danger.reaction, danger.alarm)
    return Weights(*models, network, order(), thresholds, digest(train))


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
