"""Acute signals: words about danger to life or health, now or within days. No level; a person looks.

Written rules rather than weights: such words are rare, and a rule can be read by whoever must answer for it. Only what
was said up to the line counts, so a signal once shown is never taken back by the reader.
"""

from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

from .clauses import Clause
from .features import Words, cues
from .lexicon import Hit, Lexicon, read_lists
from .lines import Line

GRAVE: Mapping[str, tuple[str, float]] = {
    "B-HAL-R5": ("självmord", 2.0),
    "V-HAL-R3": ("självmord", 2.0),
    "V-VAL-R3": ("dödshot", 2.0),
    "V-VAL-R5": ("vapen", 1.5),
    "F-SAK-R6": ("utomlands", 2.0),
    "F-SAK-R8": ("vapen", 0.75),
    "F-SAK-R4": ("övergrepp", 0.75),
    "F-SAK-R7": ("ensamt barn", 0.75),
    "F-SAK-R1": ("våld", 0.5),
    "V-VAL-R1": ("våld", 0.5),
    "B-SOC-R3": ("hot utanför", 1.0),
    "M-NAT-R3": ("skuld till gäng", 0.75),
    "B-KAN-R10": ("försvunnet", 0.75),
    "B-KAN-R11": ("övergrepp", 0.5),
    "B-HAL-R1": ("vård", 0.5),
    "V-BER-R2": ("överdos", 0.25),
}
"""Factors whose circumstance may be acute: as what, and how much the factor alone says so."""
WHY: Mapping[str, str] = {
    "självmord": "tankar på att dö",
    "vapen": "vapen",
    "dödshot": "hot om att döda",
    "strypgrepp": "strypgrepp",
    "utomlands": "barn kan föras utomlands",
    "ensamt barn": "litet barn utan vuxen",
    "våld": "våld nu",
    "vård": "behöver vård nu",
    "övergrepp": "misstanke om övergrepp",
    "skuld till gäng": "hot från kriminella",
    "hot utanför": "hot nära i tid",
    "försvunnet": "barn som inte hittas",
    "överdos": "överdos",
}
ENOUGH = 2.0
SMALL = 7
"""Under this age a child alone is acute by itself."""
SURE = frozenset(("strypgrepp", "självmord", "dödshot", "överdos", "vapen", "utomlands"))


class Signal(NamedTuple):
    """Words to look at, and the topic to show beside them."""

    quote: Clause
    why: str


@cache
def acute_words() -> Lexicon:
    return Lexicon(read_lists("acute.yaml"))


def signal(line: Line, factors: Collection[str]) -> Signal | None:
    """The line's acute signal, if any. `factors` are the risk factors found in it."""
    hits = acute_words().hits(line.words)
    near = 0.5 * any(hit.name == "now" for hit in hits)
    off = 2.0 * (any(hit.name == "off" for hit in hits) or bool(cues(line.words).get("play")))
    grave = dict(GRAVE[factor] for factor in factors if factor in GRAVE)
    alone = max(grave.values(), default=0.0)
    best: tuple[float, str, Clause] | None = None
    for hit in hits:
        if hit.name not in WHY or _turned(line, hit):
            continue
        score = (2.0 if hit.size > 1 else 1.25) + max(alone, grave.get(hit.name, 0.0)) + near - off
        score += _age(line, hit.name) + 0.5 * (sum(other.name == hit.name for other in hits) > 1)
        if best is None or score > best[0]:
            best = (score, hit.name, _around(line, hit))
    if best is None and grave and not cues(line.words).get("strong_denial"):
        topic = max(grave, key=lambda name: grave[name])
        best = (alone + near - off + _age(line, topic), topic, Clause(0, len(line.raw)))
    if best is None or best[0] < ENOUGH:
        return None
    return Signal(best[2], WHY[best[1]])


def _age(line: Line, topic: str) -> float:
    if topic in ("ensamt barn", "vård"):
        return 0.25 if line.child_age is not None and line.child_age < SMALL else -0.75
    return 0.0 if topic in SURE else -0.5


def _turned(line: Line, hit: Hit) -> bool:
    """Whether the words are denied, only imagined or a manner of speaking."""
    here = next(clause for clause in line.clauses if clause.first <= hit.first < clause.end)
    around: Words = line.words[here.first : max(here.end, hit.end)]
    told = cues(around)
    denied = line.words[0] == "nej" and hit.first < DENIAL_REACH
    return bool(told.get("idiom") or told.get("strong_denial") or denied or _negated(line.words, hit))


DENIAL_REACH = 8


def _negated(words: Words, hit: Hit) -> bool:
    """`aldrig` or `inte` shortly before a phrase that holds none itself."""
    inside = words[hit.first : hit.end]
    before = words[max(0, hit.first - 3) : hit.first]
    return not {"inte", "ingen", "inget", "aldrig"}.intersection(inside) and bool(
        {"inte", "aldrig", "ingen", "inga"}.intersection(before)
    )


def _around(line: Line, hit: Hit) -> Clause:
    """The clauses the words stand in."""
    held = [clause for clause in line.clauses if clause.first < hit.end and hit.first < clause.end]
    return Clause(held[0].first, held[-1].end)
