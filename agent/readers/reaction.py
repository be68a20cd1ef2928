"""What comes after a line: a caseworker who hears danger asks about it, and those who live in it go on about it.

Danger is often told around ("stenarna ligger redan i ryggsäcken"); the answer it gets is in plain words.
"""

from collections.abc import Sequence
from typing import NamedTuple

from .features import Bag, Words, counted, letters_counted, word_grams
from .lines import Side
from .weights import Linear

FIELDS = ("rw", "rc")
REACH = 8
"""Utterances after a line that may still make plain what it meant."""
REPLIES = 3
"""The caseworker's turns among them that count."""
NEAR = 4
"""Utterances after a line in which its own side's words of danger count."""
CALM, ALARMED = -6.0, 3.0
"""Log odds are kept within these."""


class Turn(NamedTuple):
    """An utterance after a line: log odds that it answers danger, or where it is not the caseworker's, tells of it.

    None: it is somebody else's, whose words make the line neither better nor worse.
    """

    caseworker: bool
    sounds: float | None


def reaction_features(words: Words) -> Bag:
    return {"rw": counted(word_grams(words), "rw"), "rc": letters_counted(words, "rc")}


def reaction(side: Side, model: Linear) -> float | None:
    """Log odds that the caseworker's words answer danger; None where they are somebody else's, or none."""
    if side.standpoint != "caseworker" or not side.words:
        return None
    return float(model.scores(reaction_features(side.words))[0])


def kept_within(value: float | None) -> float:
    """Log odds within what is believed; where nothing was said all is calm."""
    return CALM if value is None else min(ALARMED, max(CALM, value))


def afterwards(following: Sequence[Turn]) -> dict[str, float]:
    """The turns after a line as features by name; those that have not come yet are missing, not calm."""
    replies = [turn.sounds for turn in following if turn.caseworker][:REPLIES]
    told = [turn.sounds for turn in following[:NEAR] if not turn.caseworker and turn.sounds is not None]
    named = {f"reply {place}": 0.2 * kept_within(sounds) for place, sounds in enumerate(replies)}
    named |= {f"replied {place}": 0.5 for place in range(len(replies))}
    if following and following[0].caseworker:
        named |= {"reply at once": 0.2 * kept_within(following[0].sounds), "replied at once": 0.5}
    if told:
        named |= {"told next": 0.2 * kept_within(max(told)), "next": 0.5}
    return named
