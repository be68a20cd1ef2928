"""From lines to candidates: is there evidence, of which kind, in which words, about which factor."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ...knowledge.factors import Polarity, catalogue
from ...knowledge.sources import utterance_of_text
from .clauses import Clause
from .context import UNHEARD, Opinion
from .denial import PLAIN, is_denied
from .features import (
    Bag,
    clause_features,
    cues,
    factor_features,
    factor_scores,
    join_features,
    shares,
    span_features,
    spans,
    turn_features,
)
from .lines import Line, Side
from .particulars import FATHERS, MOTHERS
from .weights import Linear, Weights

POLARITIES: tuple[Polarity, ...] = ("risk", "protective")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may be an observation, with the log odds that their line holds evidence of this kind."""

    line: Line
    polarity: Polarity
    logit: float
    quote: Clause
    factor: str


YES = frozenset(("ja", "jo", "precis", "japp", "absolut"))
ASKING = frozenset(
    str.split(
        "har är brukar blir kan får gör går dricker slår skriker hotar sover äter finns händer tar bor känner var"
    )
)


def is_yes(line: Line) -> bool:
    """Whether the line is no more than a yes to the caseworker's question."""
    return len(line.words) <= SHORT_YES and line.words[0] in YES and line.before.standpoint == "caseworker"


SHORT_YES = 2


def answered(line: Line, context: Opinion, weights: Weights, floor: float) -> list[Candidate]:
    """A yes read as if its speaker had said the question's words; only where they state one circumstance plainly."""
    asked = line.before.words
    starts = next((place for place, word in enumerate(asked) if word in ASKING), None)
    if starts is None or not 3 <= len(asked) - starts <= LONGEST_QUESTION:
        return []
    said = utterance_of_text(line.utterance.id, line.utterance.index, line.utterance.speaker, " ".join(asked[starts:]))
    told = replace(line, utterance=said, before=Side())
    whole = Clause(0, len(line.raw))
    answers = replace(told_of(told, weights), context=context)
    found = weighed(told, answers, weights.span, weights.join, floor - LENIENT)
    plain = [one for one in found if factor_scores(told.words).get(one.factor, 0.0) >= PLAIN]
    best = max(plain, key=lambda one: one.logit, default=None)
    return [] if best is None else [replace(best, line=line, quote=whole, logit=best.logit + LENIENT)]


LONGEST_QUESTION = 16
LENIENT = 1.5
"""A question sounds less like evidence than a statement; the yes makes up for it."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the first models say of a line: log odds of the line and of each clause, and a score a fitting factor.

    `context` is what the network thinks that hears it among the lines around it.
    """

    turn: tuple[float, ...]
    clauses: tuple[tuple[float, ...], ...]
    factors: Mapping[str, float]
    context: Opinion = UNHEARD

    def likeliest(self, polarity: Polarity, *, of_parent: bool = False) -> str:
        """The best factor of the area that the factors together speak most for.

        `of_parent`: the words say what a parent does, which is never a factor of the child's own development.
        """
        scores = {name: score for name, score in self.factors.items() if catalogue()[name].polarity == polarity}
        if of_parent:
            others = {name: score for name, score in scores.items() if catalogue()[name].side != CHILDS_OWN}
            scores = others or scores
        high = max(scores.values())
        areas: defaultdict[str, float] = defaultdict(float)
        for name, score in scores.items():
            areas[catalogue()[name].area] += math.exp(TEMPER * (score - high))
        area = max(sorted(areas), key=lambda name: areas[name])
        return max((name for name in scores if catalogue()[name].area == area), key=lambda name: scores[name])

    def likely(self, polarity: Polarity) -> list[str]:
        """The likeliest factors of this polarity, best first."""
        names = [name for name in self.factors if catalogue()[name].polarity == polarity]
        return sorted(names, key=lambda name: -self.factors[name])[:LIKELY]


LIKELY = 3
TEMPER = 0.7
"""The factor model is surer than it should be; areas are weighed by scores this much drawn together."""


def answers(line: Line, turn: Linear, clause: Linear, factor: Linear, names: Sequence[str]) -> Answers:
    """The first models' answers about a line."""
    whole = factor.scores(factor_features(line, Clause(0, len(line.raw))))
    return Answers(
        tuple(map(float, turn.scores(turn_features(line)))),
        tuple(tuple(map(float, clause.scores(clause_features(line, n)))) for n in range(len(line.clauses))),
        {name: float(score) for name, score in zip(names, whole, strict=True) if name in line.fits},
    )


def told_of(line: Line, weights: Weights) -> Answers:
    """The first models' answers about a line."""
    return answers(line, weights.turn, weights.clause, weights.factor, weights.factors)


def heard_on(line: Line, told: Answers, weights: Weights) -> Answers:
    """The answers about a line once it is known what was said after it; `told` are those before."""
    return replace(told, turn=tuple(map(float, weights.turn.scores(turn_features(line)))))


def joined(line: Line, told: Answers) -> Bag:
    return join_features(line, told.turn, told.clauses, told.factors, told.context)


def weighed(line: Line, told: Answers, span: Linear, join: Linear, floor: float) -> list[Candidate]:
    """The candidates that follow from the first models' answers; none where another family is spoken of."""
    found: list[Candidate] = []
    if is_of_others(line):
        return found
    for polarity, score in zip(POLARITIES, join.scores(joined(line, told)), strict=True):
        logit = score + SAID_PLAINLY * is_said_plainly(line, polarity)
        if logit >= floor:
            quote = best_span(line, polarity, told, span)
            factor = told.likeliest(polarity, of_parent=is_of_parent(line, quote))
            if not is_denied(line, quote, factor):
                found.append(Candidate(line, polarity, float(logit), quote, factor))
    return found


SAID_PLAINLY = 1.2
"""Log odds given to a short plain statement: meetings hold few and models doubt them, most while nothing follows."""
SHORT_STATEMENT = 7
TURNING = frozenset(
    str.split(
        """negation strong_denial hypothetical wish past_over now_solved ended promise minimise others play irony
        hearsay hearsay_denied uncertain general already no"""
    )
)


def is_said_plainly(line: Line, polarity: Polarity) -> bool:
    """Whether a few words name a circumstance of this kind, and nothing in them turns, weakens or moves it."""
    if len(line.words) > SHORT_STATEMENT or line.raw[-1].endswith("?") or not TURNING.isdisjoint(cues(line.words)):
        return False
    named = shares(line.words, line.fits)
    risk, protective = named.risk, named.protective
    return risk > protective if polarity == "risk" else protective > risk


CHILDS_OWN = "Barnets utveckling"
PARENTS = (
    MOTHERS
    | FATHERS
    | frozenset(str.split("styvpappa styvmamma plastpappa plastmamma bonuspappa bonusmamma låtsaspappa"))
)
WE = frozenset(("jag", "vi", "man"))


def is_of_parent(line: Line, quote: Clause) -> bool:
    """Whether the words name a parent and nobody speaks of themselves in them."""
    inside = line.words[quote.first : quote.end]
    return not PARENTS.isdisjoint(inside) and WE.isdisjoint(inside)


OTHERS = frozenset(
    str.split(
        """klass klassen parallellklassen kompis kompisen kompisens kamrat kamratens klasskamrat klasskompis
        granne grannen grannens väninna väninnans kollega kollegans"""
    )
)
THEIRS = frozenset(("hennes", "hans", "deras"))
OURS = WE | {"mig", "oss"}
NAMED_EARLY = 6


def is_of_others(line: Line) -> bool:
    """Whether a friend's or a neighbour's parent is spoken of, and nobody speaks of themselves."""
    words = line.words
    if OTHERS.isdisjoint(words[:NAMED_EARLY]) or not OURS.isdisjoint(words):
        return False
    return any(parent in PARENTS and (whose in THEIRS or whose in OTHERS) for whose, parent in pairwise(words))


def judged(line: Line, told: Answers, weights: Weights) -> tuple[Candidate, ...]:
    """The candidates of one line that pass the thresholds, best first."""
    floor = min(weights.thresholds[polarity] for polarity in POLARITIES)
    if is_yes(line):
        return passing(answered(line, told.context, weights, floor), weights.thresholds)
    return passing(weighed(line, told, weights.span, weights.join, floor), weights.thresholds)


def passing(found: Iterable[Candidate], thresholds: Mapping[str, float]) -> tuple[Candidate, ...]:
    """Those over their threshold. A second one on the same line must be surer, and lie in other words."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda one: thresholds[one.polarity] - one.logit):
        margin = one.logit - thresholds[one.polarity]
        if margin < (thresholds["second"] if kept else 0.0):
            continue
        if not any(one.quote.first < other.quote.end and other.quote.first < one.quote.end for other in kept):
            kept.append(one)
    return tuple(kept)


def best_span(line: Line, polarity: Polarity, told: Answers, model: Linear) -> Clause:
    """The run of clauses that most likely shares its words with what a person would quote."""
    if len(line.clauses) == 1:
        return line.clauses[0]
    logits = [clause[POLARITIES.index(polarity)] for clause in told.clauses]
    likely, choices = told.likely(polarity), spans(line)
    scored = np.array([float(model.scores(span_features(line, i, j, logits, likely))[0]) for i, j in choices])
    first = np.array([line.clauses[i].first for i, _ in choices])
    end = np.array([line.clauses[j].end for _, j in choices])
    chance = np.exp(SPAN_TEMPER * (scored - scored.max()))
    best = int(np.argmax(_alike(first, end) @ (chance / chance.sum())))
    return Clause(int(first[best]), int(end[best]))


SPAN_TEMPER = 0.8
"""How far the differences between the runs' scores are trusted."""


def _alike(first: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
    """For each pair of runs, 1.0 where at least half of the words of the two are shared."""
    shared = np.minimum(end[:, None], end[None, :]) - np.maximum(first[:, None], first[None, :])
    size = end - first
    return (2 * np.maximum(shared, 0) >= (size[:, None] + size[None, :]) / 2).astype(np.float64)


def distinct(candidates: Iterable[Candidate], thresholds: Mapping[str, float]) -> list[Candidate]:
    """One candidate a circumstance, in the order they were said.

    Several of one factor are taken for one circumstance told again, and the clearest is kept; another one stands only
    where it is surer than `repeat` over its threshold.
    """
    kept: list[Candidate] = []
    met: set[str] = set()
    for one in sorted(candidates, key=lambda one: (-one.logit, one.line.utterance.index, one.quote.first)):
        if one.factor not in met or one.logit - thresholds[one.polarity] >= thresholds["repeat"]:
            kept.append(one)
            met.add(one.factor)
    return sorted(kept, key=lambda kept: (kept.line.utterance.index, kept.quote.first))
