"""A small network that hears each utterance among those around it: what the question was, who spoke, what came before.

Linear models add up what the words of one line say; here words are heard in order, and lines after one another. Its
answers are weighed with the others' (`judgement`, `alarm`). It looks back to the meeting's beginning and ahead at the
next few utterances, as far as they have come. Trained by `evals.context_training`; here is nothing but numpy.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, NamedTuple, get_args
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from ...knowledge.participants import Standpoint
from .families import families
from .features import Words, concepts, cues, factor_scores, letter_runs
from .lexicon import acute_words
from .lines import Side

Floats = NDArray[np.float32]
Slots = tuple[tuple[int, float], ...]
"""Rows of a table with the weight of each."""

WORD_SLOTS, GRAM_SLOTS, IDEA_SLOTS = 1 << 15, 1 << 15, 1 << 12
AHEAD = 3
"""Utterances after a line that it is heard with."""
MOST_WORDS = 60
"""Words of an utterance that are heard; few are longer, and what is there to be said is said by then."""
STANDPOINTS: tuple[Standpoint, ...] = get_args(Standpoint)
OLDEST = 18
PREFIX = "context_"


class Opinion(NamedTuple):
    """Log odds that a line holds a risk factor, a protective one, and that somebody must look at once."""

    risk: float
    protective: float
    acute: float


UNHEARD = Opinion(0.0, 0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Network:
    """The learned numbers. Width of a word D, of an utterance H, of the talk so far G, of what comes after A."""

    table: Floats
    """A row for each slot of words and letter runs, [WORD_SLOTS + GRAM_SLOTS, D]."""
    ideas: Floats
    roles: Floats
    ages: Floats
    near: Floats
    """Three words in a row to H numbers, [3 D, H]."""
    near_bias: Floats
    wide: Floats
    """The same once more over those, [3 H, H]."""
    wide_bias: Floats
    whole: Floats
    """The strongest and the mean of them, the ideas, role and age, to the utterance's H numbers."""
    whole_bias: Floats
    inward: Floats
    """A gated recurrent unit over utterances, as torch lays it out: [3 G, H], [3 G, G] and their biases."""
    onward: Floats
    inward_bias: Floats
    onward_bias: Floats
    after: Floats
    """The next utterances, [AHEAD H, A]."""
    after_bias: Floats
    hidden: Floats
    hidden_bias: Floats
    told: Floats
    """From the hidden numbers and from the utterance alone to the three log odds, [hidden + H, 3]."""
    told_bias: Floats


def word_slots(word: str) -> Slots:
    """The word's own row, and those of its runs of three to five letters."""
    runs = list(letter_runs(word, "<", ">")) if word else []
    share = 1.0 / math.sqrt(max(1, len(runs)))
    own = (crc32(word.encode()) % WORD_SLOTS, 1.0)
    return (own, *((WORD_SLOTS + crc32(run.encode()) % GRAM_SLOTS, share) for run in runs))


@lru_cache(maxsize=8192)
def idea_slots(words: Words) -> Slots:
    """What the written lists find in the words."""
    if not words:
        return ()
    named = {f"concept {name}": 0.7 for name in concepts(words)}
    named |= {f"cue {name}": 0.5 * math.log1p(many) for name, many in cues(words).items()}
    named |= {f"factor {name}": 0.4 * math.log1p(score) for name, score in factor_scores(words).items()}
    named |= {f"danger {hit.name}": 0.6 for hit in acute_words().hits(words)}
    named |= {f"family {name}": 0.6 for name in families(words)}
    return tuple((crc32(name.encode()) % IDEA_SLOTS, value) for name, value in sorted(named.items()))


def role_row(side: Side) -> int:
    return STANDPOINTS.index(side.standpoint)


def age_row(age: int | None) -> int:
    """0 for an adult's own matter, else the child's age and one."""
    return 0 if age is None else min(age, OLDEST) + 1


class Listener:
    """The network at work; remembers the utterances it has heard lately, since a live talk is heard over and over."""

    def __init__(self, network: Network, remembered: int = 4096) -> None:
        self._net = network
        self._word = lru_cache(maxsize=16384)(self._word_heard)
        self._said = lru_cache(maxsize=remembered)(self._utterance)

    def opinions(self, said: Sequence[Side], age: int | None) -> list[tuple[Opinion, ...]]:
        """Of every utterance in order: with nothing after it, with one more, … as far as they came and count.

        What the caseworker says before her first question is not heard: how she presents somebody must change nothing.
        """
        begin = max(0, next((at for at, side in enumerate(said) if side.standpoint != "caseworker"), 0) - 1)
        return [(UNHEARD,)] * begin + self._heard(said[begin:], age)

    def _heard(self, said: Sequence[Side], age: int | None) -> list[tuple[Opinion, ...]]:
        if not said:
            return []
        net = self._net
        own = np.stack([self._said(side.words, role_row(side), age_row(age)) for side in said])
        so_far = _recurrent(net, own)
        many, width = own.shape
        later = np.zeros((many, AHEAD, width), np.float32)
        kept: list[list[Opinion]] = [[] for _ in said]
        for ahead in range(min(AHEAD, many - 1) + 1):
            if ahead:
                later[: many - ahead, ahead - 1] = own[ahead:]
            after = _positive(later.reshape(many, -1) @ net.after + net.after_bias)
            inside = _positive(np.concatenate([own, so_far, after], 1) @ net.hidden + net.hidden_bias)
            # The last bits hang on how many lines are heard at once; those who remember a line must know it again.
            odds = (np.concatenate([inside, own], 1) @ net.told + net.told_bias).round(5)
            for place in range(many - ahead):
                kept[place].append(Opinion(*map(float, odds[place])))
        return [tuple(opinions) for opinions in kept]

    def _word_heard(self, word: str) -> Floats:
        return _weighed(self._net.table, word_slots(word))

    def _utterance(self, words: Words, role: int, age: int) -> Floats:
        net = self._net
        width = net.near.shape[1]
        strongest = mean = np.zeros(width, np.float32)
        if words:
            heard = np.stack([self._word(word) for word in words[:MOST_WORDS]])
            near = _positive(_threes(heard) @ net.near + net.near_bias)
            wide = near + _positive(_threes(near) @ net.wide + net.wide_bias)
            strongest, mean = wide.max(0), wide.sum(0) / (2 * math.sqrt(len(wide)))
        parts = [strongest, mean, _weighed(net.ideas, idea_slots(words)), net.roles[role], net.ages[age]]
        return _positive(np.concatenate(parts) @ net.whole + net.whole_bias)


def _weighed(table: Floats, slots: Slots) -> Floats:
    """The rows added up, each as heavy as its slot says."""
    rows = np.array([row for row, _ in slots], np.int64)
    weights: Floats = np.array([weight for _, weight in slots], np.float32)
    return weights @ table[rows]


def _threes(rows: Floats) -> Floats:
    """Each row between its neighbours, nought beyond the ends."""
    edge = np.zeros((1, rows.shape[1]), np.float32)
    return np.concatenate([np.concatenate([edge, rows[:-1]]), rows, np.concatenate([rows[1:], edge])], 1)


def _positive(values: Floats) -> Floats:
    return np.maximum(values, np.float32(0.0))


def _recurrent(net: Network, own: Floats) -> Floats:
    entering = own @ net.inward.T + net.inward_bias
    width = net.onward.shape[1]
    state, states = np.zeros(width, np.float32), list[Floats]()
    for reset_in, update_in, new_in in entering.reshape(len(own), 3, width):
        reset_on, update_on, new_on = (net.onward @ state + net.onward_bias).reshape(3, width)
        reset, update = _share(reset_in + reset_on), _share(update_in + update_on)
        state = (1 - update) * np.tanh(new_in + reset * new_on) + update * state
        states.append(state)
    return np.stack(states)


def _share(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-values)), np.float32)


def pack_network(network: Network) -> dict[str, NDArray[Any]]:
    """The arrays to save: the word table in eight bits with a scale a row, the rest in sixteen."""
    scale = np.abs(network.table).max(axis=1) / 127
    arrays: dict[str, NDArray[Any]] = {
        f"{PREFIX}{field.name}": getattr(network, field.name).astype(np.float16) for field in fields(network)
    }
    arrays[f"{PREFIX}table"] = np.rint(network.table / np.maximum(scale, 1e-9)[:, None]).astype(np.int8)
    arrays[f"{PREFIX}scale"] = scale.astype(np.float16)
    return arrays


def unpack_network(arrays: Mapping[str, NDArray[Any]]) -> Network:
    named = {field.name: arrays[f"{PREFIX}{field.name}"].astype(np.float32) for field in fields(Network)}
    named["table"] = named["table"] * arrays[f"{PREFIX}scale"].astype(np.float32)[:, None]
    return Network(**named)
