"""Lines and clauses as sparse numbers: hashed words and character grams, word-list hits, cues, form, neighbours.

Feature names are hashed into fixed tables, so no vocabulary is shipped; a collision costs a little and breaks nothing.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import NamedTuple
from zlib import crc32

from ...knowledge.factors import catalogue
from .clauses import Clause
from .lexicon import Hit, concept_words, cue_words, factor_words
from .lines import Line, Side

Words = tuple[str, ...]
Bag = dict[str, dict[int, float]]
"""Field name -> hashed slot -> value."""

WIDTHS = {
    "aw": 14,
    "ac": 15,
    "ad": 12,
    "kd": 8,
    "rw": 14,
    "rc": 15,
    "uw": 16,
    "uc": 17,
    "pw": 14,
    "nw": 14,
    "d": 16,
    "cw": 16,
    "cc": 17,
    "cd": 16,
    "sd": 12,
    "jd": 10,
    "fw": 15,
    "fd": 13,
}
"""Each field's table size as a power of two. Fields ending in `w` or `c` are weighed by rarity and scaled to one."""

DENSE = 0.3
"""How much a named feature counts beside the normalised text fields."""


def rarity_weighed(field: str) -> bool:
    return not field.endswith("d")


@lru_cache(maxsize=65536)
def slot(name: str, field: str) -> int:
    return crc32(name.encode()) & ((1 << WIDTHS[field]) - 1)


def hashed(named: Mapping[str, float], field: str) -> dict[int, float]:
    """Named values to hashed slots."""
    kept: defaultdict[int, float] = defaultdict(float)
    for name, value in named.items():
        kept[slot(name, field)] += value
    return dict(kept)


def counted(names: Iterable[str], field: str) -> dict[int, float]:
    """How often each name occurs, damped."""
    return _damped(Counter(slot(name, field) for name in names))


def word_grams(words: Sequence[str]) -> Iterable[str]:
    yield from words
    for one, two in pairwise(words):
        yield f"{one} {two}"


def letter_grams(words: Sequence[str]) -> Iterable[str]:
    """Runs of three to five letters inside each word, edges marked."""
    for word in words:
        yield from letter_runs(word)


def letter_runs(word: str, opening: str = " ", closing: str = " ") -> Iterable[str]:
    """Runs of three to five letters of the word, its edges marked."""
    marked = f"{opening}{word}{closing}"
    for size in (3, 4, 5):
        if len(marked) <= size:
            yield marked
            break
        for start in range(len(marked) - size + 1):
            yield marked[start : start + size]


@lru_cache(maxsize=65536)
def _letter_slots(word: str, field: str) -> tuple[int, ...]:
    return tuple(slot(run, field) for run in letter_runs(word))


def letters_counted(words: Sequence[str], field: str) -> dict[int, float]:
    """`counted` over `letter_grams`, with each word's slots looked up."""
    return _damped(Counter(chain.from_iterable(_letter_slots(word, field) for word in words)))


def _damped(times: Mapping[int, int]) -> dict[int, float]:
    return {place: 1.0 + math.log(n) for place, n in times.items()}


@lru_cache(maxsize=8192)
def factor_hits(words: Words) -> tuple[Hit, ...]:
    return factor_words().hits(words)


@lru_cache(maxsize=8192)
def cue_hits(words: Words) -> tuple[Hit, ...]:
    return cue_words().hits(words)


@lru_cache(maxsize=8192)
def factor_scores(words: Words) -> Mapping[str, float]:
    """How strongly the word lists speak for each factor: long entries count more, shared words less."""
    hits = factor_hits(words)
    shared = Counter(hit.first for hit in hits if hit.size == 1)
    scores: defaultdict[str, float] = defaultdict(float)
    for hit in hits:
        scores[hit.name] += 1.5 * hit.size - 0.5 if hit.size > 1 else 1 / math.sqrt(shared[hit.first])
    return scores


@lru_cache(maxsize=8192)
def cues(words: Words) -> Mapping[str, int]:
    return Counter(hit.name for hit in cue_hits(words))


@lru_cache(maxsize=8192)
def concepts(words: Words) -> frozenset[str]:
    """What the words are about."""
    return frozenset(hit.name for hit in concept_words().hits(words))


class Shares(NamedTuple):
    """Word-list strength by polarity: summed, and of the strongest factor."""

    risk: float
    protective: float
    best_risk: float
    best_protective: float


def shares(words: Words, fits: frozenset[str]) -> Shares:
    totals, best = {"risk": 0.0, "protective": 0.0}, {"risk": 0.0, "protective": 0.0}
    for factor, score in factor_scores(words).items():
        if factor in fits:
            polarity = catalogue()[factor].polarity
            totals[polarity] += score
            best[polarity] = max(best[polarity], score)
    return Shares(totals["risk"], totals["protective"], best["risk"], best["protective"])


def _list_features(key: str, words: Words, fits: frozenset[str], *, each: bool) -> dict[str, float]:
    named: defaultdict[str, float] = defaultdict(float)
    areas: defaultdict[str, float] = defaultdict(float)
    for factor, score in factor_scores(words).items():
        if factor in fits:
            if each:
                named[f"{key}f{factor}"] = 0.6 * math.log1p(score)
            areas[f"{key}a{catalogue()[factor].area}{catalogue()[factor].polarity}"] += score
    for area, score in areas.items():
        named[area] = 0.5 * math.log1p(score)
    total = shares(words, fits)
    for name, value in zip(("r", "p", "br", "bp"), total, strict=True):
        named[f"{key}{name}"] = 0.4 * math.log1p(value)
    for cue, n in cues(words).items():
        named[f"{key}c{cue}"] = 0.7 * math.log1p(n)
    return named


LENGTHS = (2, 4, 7, 11, 16, 24, 34)


def turn_features(line: Line) -> Bag:
    """An utterance in its place: is there evidence in it, and of which kind?"""
    words = line.words
    named = _list_features("u", words, line.fits, each=True)
    named |= _list_features("q", line.before.words, line.fits, each=True)
    named |= _list_features("n", line.after.words, line.fits, each=False)
    named |= {f"t {concept}": 1.0 for concept in concepts(words)}
    named |= {f"q {concept}": 1.0 for concept in concepts(line.before.words)}
    named |= {f"len{limit}": 1.0 for limit in LENGTHS if len(words) > limit}
    named |= {
        "loglen": 0.25 * math.log1p(len(words)),
        f"st{line.standpoint}": 1.0,
        f"set{line.setting}": 1.0,
        f"role{line.role}": 1.0,
        f"before{line.before.standpoint}": 1.0,
        f"after{line.after.standpoint}": 1.0,
        f"adult{line.adult}": 1.0,
        "opening": float(line.utterance.index < 3),
    }
    if line.before.standpoint != "caseworker":
        named |= _list_features("k", line.question.words, line.fits, each=False)
    return {
        "uw": counted(word_grams(words), "uw"),
        "uc": letters_counted(words, "uc"),
        "pw": counted(word_grams(line.before.words), "pw"),
        "nw": counted(word_grams(line.after.words), "nw"),
        "d": _weighed(named, "d"),
    }


def _weighed(named: Mapping[str, float], field: str) -> dict[int, float]:
    return {place: DENSE * value for place, value in hashed(named, field).items()}


FUNCTION_WORDS = frozenset(
    str.split(
        """jag du han hon den det vi ni de man mamma pappa och men så att som är var har hade inte på i till
        med för om när sedan då ja nej jo mm en ett min mitt mina sin sitt sina där här nu bara ju väl
        liksom alltså typ vad hur av från upp ut in ner ska skulle kan får blir blev sade säger något någon"""
    )
)
CLAUSE_LENGTHS = (2, 3, 4, 5, 6, 8, 10, 13)


def clause_features(line: Line, number: int) -> Bag:
    """Clause `number` of a line: does it carry the evidence that the line holds?"""
    clause = line.clauses[number]
    words = line.words[clause.first : clause.end]
    named = _list_features("", words, line.fits, each=True)
    named |= _clause_form(line, number, words)
    whole, here = shares(line.words, line.fits), shares(words, line.fits)
    if whole.risk:
        named["share r"] = here.risk / whole.risk
    if whole.protective:
        named["share p"] = here.protective / whole.protective
    if number:
        earlier = line.clauses[number - 1]
        before = line.words[earlier.first : earlier.end]
        named |= {f"before {cue}": 0.4 * math.log1p(n) for cue, n in cues(before).items()}
    return {
        "cw": counted(word_grams(words), "cw"),
        "cc": letters_counted(words, "cc"),
        "cd": _weighed(named, "cd"),
    }


def _clause_form(line: Line, number: int, words: Words) -> dict[str, float]:
    clause, many = line.clauses[number], len(line.clauses)
    content = [word for word in words if word not in FUNCTION_WORDS]
    asked = set(line.before.words) - FUNCTION_WORDS
    named = {f"len{limit}": 1.0 for limit in CLAUSE_LENGTHS if len(words) >= limit}
    named |= {f"t {concept}": 1.0 for concept in concepts(words)}
    named |= {f"has {word}": 0.7 for word in words if word in FUNCTION_WORDS}
    named |= {f"ends {word[-3:]}": 0.4 for word in content if len(word) > 5}
    named |= {
        f"place{min(many, 5)}-{min(number, 4)}": 1.0,
        "first": float(number == 0),
        "last": float(number == many - 1),
        "place": number / max(1, many - 1),
        "starts": float(clause.first == 0 or line.raw[clause.first - 1].endswith((".", "!", "?"))),
        "ends": float(line.raw[clause.end - 1].endswith((".", "!"))),
        "asks": float(line.raw[clause.end - 1].endswith("?")),
        "content": 0.5 * math.log1p(len(content)),
        "number": float(any(word.isdigit() for word in words)),
        "asked": float(bool(asked.intersection(content))),
        f"word {words[0]}": 1.0,
        f"words {' '.join(words[:2])}": 0.7,
    }
    return named


SPAN_SHARES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9)
SPAN_LENGTHS = (3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22)
MOST_CLAUSES = 5


def spans(line: Line) -> list[tuple[int, int]]:
    """Every run of clauses a quote may be cut as: numbers of the first and the last clause."""
    many = len(line.clauses)
    return [(i, j) for i in range(many) for j in range(i, min(many, i + MOST_CLAUSES))]


def span_features(line: Line, i: int, j: int, logits: Sequence[float], likely: Sequence[str]) -> Bag:
    """A run of clauses as a quote, given each clause's log odds and the likeliest factors of the line."""
    cut = line.clauses
    first, end = cut[i].first, cut[j].end
    length, whole = end - first, len(line.raw)
    inside, outside = logits[i : j + 1], [*logits[:i], *logits[j + 1 :]]
    mass = [math.exp(logit) * len(clause) for logit, clause in zip(logits, cut, strict=True)]
    share = sum(mass[i : j + 1]) / sum(mass)
    named = {f"len{limit}": 1.0 for limit in SPAN_LENGTHS if length >= limit}
    named |= {f"share{limit}": 1.0 for limit in SPAN_SHARES if length / whole >= limit}
    named |= {
        "loglen": math.log(length),
        f"clauses{j - i}": 1.0,
        "from start": float(i == 0),
        "to end": float(j == len(cut) - 1),
        "opens": float(_opens(line, first)),
        "closes": float(_closes(line, end)),
        "sentence": float(_opens(line, first) and _closes(line, end)),
        "stops inside": float(sum(_closes(line, place) for place in range(first + 1, end))),
        "max": 0.3 * max(inside),
        "mean": 0.3 * sum(inside) / len(inside),
        "min": 0.3 * min(inside),
        "has best": float(max(inside) >= max(outside, default=-99.0)),
        "gap": 0.3 * (max(inside) - max(outside)) if outside else 0.0,
        "low gap": 0.3 * (min(inside) - max(outside)) if outside else 0.0,
        "none out": float(not outside),
        "mass": share,
        "mass by length": share / (length / whole + 0.3),
        f"word {line.words[first]}": 0.5,
    }
    for rank, factor in enumerate(likely):
        met = [hit for hit in factor_hits(line.words) if hit.name == factor]
        if met:
            within = sum(hit.size for hit in met if first <= hit.first < end) / sum(hit.size for hit in met)
            named |= {f"own{rank}": within, f"own{rank} by length": within / (length / whole + 0.3)}
    return {"sd": hashed(named, "sd")}


def join_features(
    line: Line,
    turn: Sequence[float],
    clauses: Sequence[Sequence[float]],
    factors: Mapping[str, float],
    context: Sequence[float],
) -> Bag:
    """The first models' answers about a line, to be weighed together: a few numbers, each of about size one.

    `turn` holds the line's log odds (risk, protective), `clauses` the same for each clause, `factors` a score for each
    factor that fits the meeting, `context` the network's log odds (risk, protective, acute).
    """
    named = {"words": 0.3 * math.log1p(len(line.words)), "clauses": 0.1 * len(clauses)}
    for which, polarity in enumerate(("risk", "protective")):
        column = [clause[which] for clause in clauses]
        scores = sorted((s for f, s in factors.items() if catalogue()[f].polarity == polarity), reverse=True)
        named |= {
            f"turn {polarity}": 0.6 * turn[which],
            f"context {polarity}": 0.6 * context[which],
            f"best clause {polarity}": 0.6 * max(column),
            f"any clause {polarity}": 0.6 * _log_sum(column),
            f"best factor {polarity}": 0.4 * scores[0],
            f"any factor {polarity}": 0.4 * _log_sum(scores[:5]),
            f"lead {polarity}": 0.4 * (scores[0] - scores[1]),
        }
    return {"jd": hashed(named, "jd")}


def _log_sum(values: Sequence[float]) -> float:
    high = max(values)
    return high + math.log(sum(math.exp(value - high) for value in values))


def _opens(line: Line, first: int) -> bool:
    return first == 0 or _closes(line, first)


def _closes(line: Line, end: int) -> bool:
    return end == len(line.raw) or line.raw[end - 1].endswith((".", "!", "?", "…", ":", ";"))


def factor_features(line: Line, quote: Clause) -> Bag:
    """What the quoted words, their utterance and the question before them are about."""
    inside = line.words[quote.first : quote.end]
    named: defaultdict[str, float] = defaultdict(float)
    for key, words, weight in (("", inside, 1.0), ("u", line.words, 0.6), ("q", line.question.words, 0.6)):
        for factor, score in factor_scores(words).items():
            if factor in line.fits:
                named[f"{key}{factor}"] = weight * math.log1p(score)
        for cue, n in cues(words).items():
            named[f"{key}c{cue}"] = 0.3 * weight * math.log1p(n)
    named |= {f"st{line.standpoint}": 0.5, f"age{_age_band(line.child_age)}": 0.5}
    grams = [*letter_grams(inside), *(f"w {word}" for word in inside), *(f"u {word}" for word in line.words)]
    return {
        "fw": counted([*grams, *(f"q {word}" for word in line.question.words)], "fw"),
        "fd": hashed(named, "fd"),
    }


def factor_document(words: Words) -> Bag:
    """A factor's word list in the same terms as `factor_features`, to be likened to them."""
    grams = [*letter_grams(words), *(f"{place} {word}" for place in "wuq" for word in words)]
    return {"fw": counted(grams, "fw"), "fd": {}}


def _age_band(age: int | None) -> str:
    if age is None:
        return "adult"
    return "small" if age < 6 else "child" if age < 12 else "teen"


__all__ = [
    "WIDTHS",
    "Bag",
    "Side",
    "clause_features",
    "cue_hits",
    "cues",
    "factor_features",
    "factor_scores",
    "rarity_weighed",
    "span_features",
    "spans",
    "turn_features",
]
