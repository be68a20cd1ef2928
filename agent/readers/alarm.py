"""How far to believe that a line is acute: the danger in its words, weighed with what is known around them.

The other models' answers about the line, the danger said before it, and how it was answered.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...knowledge.factors import catalogue
from .features import Bag, hashed
from .lines import Line
from .reaction import CALM, Turn, afterwards, kept_within
from .weights import Linear

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
    "V-VAL-R1": "våld",
    "B-SOC-R3": "hot utanför",
    "M-NAT-R3": "skuld till gäng",
    "B-KAN-R10": "försvunnet",
    "B-KAN-R11": "övergrepp",
    "B-HAL-R1": "vård",
    "V-BER-R2": "överdos",
}
"""Factors whose circumstance may be acute, and as what."""
SEVERE = frozenset(("B-HAL-R5", "V-HAL-R3", "V-VAL-R3", "V-VAL-R5", "F-SAK-R6"))


class Heat(NamedTuple):
    """Danger in the words before a line, in log odds: in the question it answers, and highest just before.

    `affirmed` is that of a question answered with yes, `denied` of one answered with no."""

    asked: float
    before: float
    affirmed: float
    denied: float


class Around(NamedTuple):
    """What surrounds a line: danger before it, how alarmed the caseworker's last words were, and what came after.

    `context` is what the network makes of the line (log odds): with nothing after it, with one more turn, and so on."""

    heat: Heat
    question: float
    following: tuple[Turn, ...] = ()
    context: tuple[float, ...] = ()


REMEMBERED = 8
"""Earlier lines whose danger still colours a line."""


def heat(line: Line, asked: float | None, earlier: Sequence[float]) -> Heat:
    """`asked` is the danger in the question right before the line, `earlier` that of the lines before it, in order."""
    sounds = kept_within(asked)
    start = line.words[:OPENING]
    denied = bool(DENYING.intersection(start))
    affirmed = not denied and bool(AFFIRMING.intersection(start))
    return Heat(
        CALM if denied else sounds,
        kept_within(max((CALM, *earlier[-REMEMBERED:]))),
        sounds if affirmed else CALM,
        sounds if denied else CALM,
    )


OPENING = 3
AFFIRMING = frozenset(str.split("ja jo precis japp absolut mm ibland"))
DENYING = frozenset(str.split("nej inte aldrig nä inga ingen"))
"""First words that answer a question with yes or no."""


def alarm_features(text: float, around: Around, logits: Sequence[float], factors: Mapping[str, float]) -> Bag:
    """Danger in the words (log odds), beside that around them, the line's own log odds and its factors' scores."""
    before = around.heat
    risks = {name: score for name, score in factors.items() if catalogue()[name].polarity == "risk"}
    high = max(risks.values())
    chance = {name: math.exp(score - high) for name, score in risks.items()}
    whole = sum(chance.values())
    named = {
        "text": 0.4 * text,
        "asked": 0.2 * before.asked,
        "before": 0.2 * before.before,
        "affirmed": 0.2 * before.affirmed,
        "denied": 0.2 * before.denied,
        "question": 0.2 * around.question,
        "risk": 0.4 * logits[0],
        "protective": 0.4 * logits[1],
        "grave": sum(share for name, share in chance.items() if name in GRAVE) / whole,
        "severe": max(chance.get(name, 0.0) for name in SEVERE) / whole,
    }
    return {"kd": hashed(named | _as_told(around, len(around.following)), "kd")}


def _as_told(around: Around, many: int) -> dict[str, float]:
    """What `many` turns after the line add."""
    opinions = around.context[: many + 1]
    return afterwards(around.following[:many]) | ({"context": 0.4 * opinions[-1]} if opinions else {})


def alarms(
    text: float, around: Around, logits: Sequence[float], factors: Mapping[str, float], model: Linear
) -> Iterator[float]:
    """Log odds that somebody must look, when none, one, two … of the turns after the line had come."""
    at_once = model.scores(alarm_features(text, around._replace(following=(), context=()), logits, factors))
    for many in range(len(around.following) + 1):
        later = model.scores({"kd": hashed(_as_told(around, many), "kd")}) - model.bias
        yield float((at_once + later)[0])


TOGETHER = 4
"""Utterances before and after a signal in which people still tell of the same danger."""
LESS = 1.3
"""How much less sure (log odds) is enough there: one line of danger is seldom alone."""


def signalled(heard: Mapping[int, Sequence[float]], at: float) -> dict[int, int]:
    """The utterances that somebody must look at, each with how many utterances later that was plain (0: at once).

    `heard` gives, by utterance, what `alarms` made of it. `at` is the log odds that are enough by themselves; beside an
    utterance that has reached them, `LESS` below is enough.
    """
    alone = {place: after for place, scores in heard.items() if (after := _reached(scores, at)) is not None}
    found = dict(alone)
    for place, scores in heard.items():
        moments = [one + alone[one] for one in range(place - TOGETHER, place + TOGETHER + 1) if one in alone]
        less = _reached(scores, at - LESS) if moments else None
        if less is not None:
            after = max(less, min(moments) - place)
            if after < found.get(place, len(scores)):
                found[place] = after
    return found


def _reached(scores: Sequence[float], at: float) -> int | None:
    return next((after for after, score in enumerate(scores) if score >= at), None)
