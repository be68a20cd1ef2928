"""From lines to candidates: is there evidence, of which kind, in which words, about which factor."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ...knowledge.factors import Polarity, catalogue
from .clauses import Clause
from .features import clause_features, factor_features, span_features, spans, turn_features
from .lines import Line
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


def judged(line: Line, weights: Weights) -> tuple[Candidate, ...]:
    """The candidates of one line that pass the thresholds, best first. Depends on nothing but the line."""
    floor = min(weights.thresholds[polarity] for polarity in POLARITIES)
    return passing(candidates(line, weights, floor), weights.thresholds)


def candidates(line: Line, weights: Weights, floor: float) -> list[Candidate]:
    """A candidate of each polarity whose log odds reach `floor`."""
    logits = weights.turn.scores(turn_features(line))
    found: list[Candidate] = []
    for polarity, logit in zip(POLARITIES, logits, strict=True):
        if logit >= floor:
            quote = best_span(line, polarity, weights)
            found.append(Candidate(line, polarity, float(logit), quote, best_factor(line, quote, polarity, weights)))
    return found


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


def clause_logits(line: Line, polarity: Polarity, model: Linear) -> list[float]:
    """How strongly each clause carries evidence of this kind."""
    which = POLARITIES.index(polarity)
    return [float(model.scores(clause_features(line, n))[which]) for n in range(len(line.clauses))]


def best_span(line: Line, polarity: Polarity, weights: Weights) -> Clause:
    """The run of clauses most likely to be what a person would quote."""
    if len(line.clauses) == 1:
        return line.clauses[0]
    logits = clause_logits(line, polarity, weights.clause)
    choices = spans(line)
    scored = [float(weights.span.scores(span_features(line, i, j, logits))[0]) for i, j in choices]
    i, j = choices[int(np.argmax(scored))]
    return Clause(line.clauses[i].first, line.clauses[j].end)


def best_factor(line: Line, quote: Clause, polarity: Polarity, weights: Weights) -> str:
    """The likeliest factor of this polarity that fits the meeting."""
    scores = weights.factor.scores(factor_features(line, quote))
    best, name = -math.inf, ""
    for factor, score in zip(weights.factors, scores, strict=True):
        if factor in line.fits and catalogue()[factor].polarity == polarity and score > best:
            best, name = float(score), factor
    return name


def distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate a factor, the clearest, in the order they were said."""
    clearest: dict[str, Candidate] = {}
    for candidate in candidates:
        held = clearest.get(candidate.factor)
        if held is None or candidate.logit > held.logit:
            clearest[candidate.factor] = candidate
    return sorted(clearest.values(), key=lambda kept: (kept.line.utterance.index, kept.quote.first))
