"""Acute signals: words about danger to life or health, now or within days. No level; a person looks.

Written lists, and families of danger (who does what with what, and when), feed a small linear model, and a second one
weighs its answer with what the other models say of the line, what was said before it, and how it was answered.
What is said later may raise a signal; it never takes one back.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from .alarm import GRAVE, Around, alarms, heat
from .clauses import Clause
from .context import Opinion
from .families import families
from .features import Bag, Words, counted, cues, factor_scores, hashed, letters_counted, word_grams
from .judgement import Answers, joined
from .lexicon import Hit, Lexicon, acute_words, danger_words
from .lines import Line
from .reaction import Turn, kept_within, reaction
from .weights import Linear, Weights

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
    "hemlös": "ingenstans att sova",
    "brand": "brandfara",
}
UNNAMED = "fara nu"
"""Shown where the words sound acute and no topic is plain."""
SMALL = 7
"""Under this age a child alone is acute by itself."""
DENIAL_REACH = 8


class Signal(NamedTuple):
    """Words to look at, and the topic to show beside them."""

    quote: Clause
    why: str


def _ideas(words: Words) -> dict[str, float]:
    met = {hit.name for hit in danger_words().hits(words)}
    pairs = {f"idea {one}+{other}": 0.6 for one in met for other in met if one < other}
    return pairs | {f"idea {one}": 0.6 for one in met} | {"ideas": 0.15 * len(met)}


BREAKING = ("past", "settled", "harmless", "fiction", "others", "exaggerated")
"""Ideas beside which a danger is often none."""
NEARING = ("now", "small", "escalate")


def _families(words: Words) -> dict[str, float]:
    """Which families of danger are met, and what stands beside them that makes it more or less of one."""
    met = families(words)
    if not met:
        return {}
    ideas = {hit.name for hit in danger_words().hits(words)}
    told = cues(words)
    denied = words[0] == "nej" or told.get("strong_denial") or told.get("hypothetical")
    named = {f"family {name}": 0.7 for name in met} | {f"families of {name.split()[0]}": 0.35 for name in met}
    return named | {
        "family": 0.7,
        "families": 0.35 * math.log(len(met)),
        "family words": 0.15 * max(one.size for one in met.values()),
        "family broken": 0.5 * min(len(ideas.intersection(BREAKING)), 3),
        "family near": 0.7 * bool(ideas.intersection(NEARING)),
        "family denied": 0.7 * bool(denied),
    }


def acute_features(line: Line, place: Clause | None = None, *, blind: bool = False, asked: bool = False) -> Bag:
    """A line, or one clause of it, as the acute model sees it: its words, and what the lists say.

    `blind` leaves the topic lists out, `asked` looks at the words right before the line instead.
    """
    words = line.before.words if asked else line.words if place is None else line.words[place.first : place.end]
    named: defaultdict[str, float] = defaultdict(float)
    hits = () if blind else acute_words().hits(words)
    for hit in hits:
        turned = "turned " if hit.name in WHY and _turned(words, hit) else ""
        named[f"{turned}{hit.name}"] += 0.7 * min(hit.size, 3)
        named[f"{turned}any"] += 0.5
    for name in ("now", "off", "any"):
        named[name] = min(named[name], 1.5)
    for factor, topic in GRAVE.items():
        score = factor_scores(words).get(factor, 0.0)
        named[f"list {topic}"] += 0.3 * math.log1p(score)
    named |= {f"cue {cue}": 0.4 * math.log1p(n) for cue, n in cues(words).items()}
    named |= _ideas(words) | _families(words)
    named["near topic"] = 0.5 * bool(named["now"] and named["any"])
    named["small child"] = float(line.child_age is not None and line.child_age < SMALL)
    return {
        "aw": counted(word_grams(words), "aw"),
        "ac": letters_counted(words, "ac"),
        "ad": {place: 0.5 * value for place, value in hashed(named, "ad").items()},
    }


def danger(line: Line, weights: Weights) -> float:
    """Log odds of danger in a line's words alone."""
    return float(weights.acute.scores(acute_features(line))[0])


def danger_asked(line: Line, model: Linear, *, blind: bool = False) -> float | None:
    """The same of the question right before the line; None where no question came."""
    if line.before.standpoint != "caseworker":
        return None
    return float(model.scores(acute_features(line, blind=blind, asked=True))[0])


def heard(
    line: Line,
    told: Answers,
    earlier: Sequence[float],
    following: Sequence[Turn],
    opinions: Sequence[Opinion],
    weights: Weights,
) -> tuple[float, ...]:
    """Log odds that somebody must look at the line, with nothing after it, with one more turn, and so on.

    `told` is of the line as it was heard before anything followed, `earlier` are the dangers of the lines before it, in
    order, `following` the turns after it, `opinions` the network's, as many as answers. Infinite where the words alone
    are enough; nothing where whatever is said is a story.
    """
    if _fiction().hits(line.words):
        return ()
    sounds = danger(line, weights)
    if sounds >= weights.thresholds["loud"] or wishes_to_die(line.words):
        return (math.inf,)
    logits = [float(logit) for logit in weights.join.scores(joined(line, told))]
    before = heat(line, danger_asked(line, weights.acute), earlier)
    question = kept_within(reaction(line.question, weights.reaction))
    around = Around(before, question, tuple(following), tuple(opinion.acute for opinion in opinions))
    return tuple(alarms(sounds, around, logits, told.factors, weights.alarm))


def signal(line: Line, told: Answers, weights: Weights) -> Signal:
    """What to show of a line that somebody must look at."""
    return Signal(_loudest(line, weights.acute), _why(line, told.likely("risk")[:1]))


LONGED_FOR = "självmord die"
PLAINLY = 3
UNLESS = frozenset(str.split("strong_denial hypothetical idiom irony play others past_over wish hearsay_denied"))


def wishes_to_die(words: Words) -> bool:
    """Whether a wish to die is said straight out. Then a person looks, whatever the weights make of it."""
    met = families(words).get(LONGED_FOR)
    if met is None or met.size < PLAINLY or words[0] == "nej" or not UNLESS.isdisjoint(cues(words)):
        return False
    return {hit.name for hit in danger_words().hits(words)}.isdisjoint(BREAKING)


@cache
def _fiction() -> Lexicon:
    """Frames in which nobody is in danger, whatever is said."""
    return Lexicon({"fiction": FICTION})


FICTION = """i spelet, i spelen, i filmen, i serien, i boken, i sagan, i leken, i drömmen, jag drömde, hon drömde,
han drömde, i minecraft, i fortnite, i roblox, i gta, på låtsas, låtsades att, lekte att, leker att"""


def _loudest(line: Line, model: Linear) -> Clause:
    """The clause that sounds most acute, with the one after it where that does too."""
    scores = [float(model.scores(acute_features(line, clause))[0]) for clause in line.clauses]
    best = scores.index(max(scores))
    first, last = line.clauses[best], line.clauses[best]
    if best + 1 < len(scores) and scores[best + 1] > 0:
        last = line.clauses[best + 1]
    return Clause(first.first, last.end)


def _why(line: Line, factors: Collection[str]) -> str:
    """The topic that most words speak for, in phrases and in families; else that of the likeliest factor."""
    spoken: Counter[str] = Counter()
    for hit in acute_words().hits(line.words):
        if hit.name in WHY and not _turned(line.words, hit):
            spoken[hit.name] += hit.size
    for name, met in families(line.words).items():
        spoken[_topic(name)] += met.size
    grave = [GRAVE[factor] for factor in sorted(factors) if factor in GRAVE]
    topic = max(sorted(spoken), key=lambda name: spoken[name]) if spoken else grave[0] if grave else ""
    return WHY.get(topic, UNNAMED)


def _topic(family: str) -> str:
    return next(topic for topic in WHY if family.startswith(f"{topic} "))


def _turned(words: Words, hit: Hit) -> bool:
    """Whether the words are denied, only imagined or a manner of speaking."""
    around = words[max(0, hit.first - 4) : hit.end + 4]
    told = cues(around)
    denied = words[0] == "nej" and hit.first < DENIAL_REACH
    return bool(told.get("idiom") or told.get("strong_denial") or denied or _negated(words, hit))


def _negated(words: Words, hit: Hit) -> bool:
    """`aldrig` or `inte` shortly before a phrase that holds none itself."""
    inside = words[hit.first : hit.end]
    before = words[max(0, hit.first - 3) : hit.first]
    return not {"inte", "ingen", "inget", "aldrig"}.intersection(inside) and bool(
        {"inte", "aldrig", "ingen", "inga"}.intersection(before)
    )
