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

GRAVE: Mapping[str, str] = {
    "B-HAL-R5": "självmord",
    "V-HAL-R3": "självmord",
    "V-VAL-R3": "dödshot",
    "V-VAL-R5": "vapen",
    "F-SAK-R6": "utomlands",
    "F-SAK-R8": "vapen",
    "F-SAK-R4": "övergrepp",
    "F-SAK-R7": "ensamt barn",
    "F-SAK-R1": "våld",
}
"""Factors whose circumstance may be acute, and as what."""
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
}
ENOUGH = 3.0
SMALL = 7
"""Under this age a child alone is acute by itself."""


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
    topics = [hit for hit in hits if hit.name in WHY and not _turned(line, hit)]
    near = any(hit.name == "now" for hit in hits)
    off = any(hit.name == "off" for hit in hits) or bool(cues(line.words).get("play"))
    grave = {GRAVE[factor] for factor in factors if factor in GRAVE}
    best: tuple[float, Hit] | None = None
    for hit in topics:
        score = 1.0 + 0.75 * (hit.size > 1) + 1.5 * (hit.name in grave) + 0.5 * near - 2.0 * off
        score += 0.75 * bool(grave - {hit.name}) + _age(line, hit.name)
        if best is None or score > best[0]:
            best = (score, hit)
    if best is None or best[0] < ENOUGH:
        return None
    return Signal(_around(line, best[1]), WHY[best[1].name])


def _age(line: Line, topic: str) -> float:
    if topic in ("ensamt barn", "vård"):
        young = line.child_age is not None and line.child_age < SMALL
        return 0.75 if young else -0.5
    return 0.75 if topic in ("strypgrepp", "självmord", "dödshot") else 0.0


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
