# torch's stubs leave some results partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
"""Train the network that hears utterances among others (`agent.readers.context`): torch here, numpy where it is used.

Whole meetings are heard in order, so that an answer and a danger's echo are learned where they belong; scenes and
single lines are short talks among them. Deterministic on one machine: one thread, seeds given.
"""

import math
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from os import cpu_count

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..agent.readers.context import (
    AHEAD,
    GRAM_SLOTS,
    IDEA_SLOTS,
    MOST_WORDS,
    OLDEST,
    STANDPOINTS,
    WORD_SLOTS,
    Listener,
    Network,
    Opinion,
    Slots,
    age_row,
    idea_slots,
    role_row,
    word_slots,
)
from ..agent.readers.lines import Side, sides
from .acute_scenes import Scene
from .acute_training import BESIDE, SCENE, Spoken, telling_places
from .corpus import LabelledMeeting
from .plain import HELLO, PART
from .training import TAUGHT_ONLY, left_out_with

WORD, IDEA, ROLE, AGE = 48, 32, 16, 8
UTTERANCE, SO_FAR, AFTER, HIDDEN = 112, 80, 48, 96
"""Widths: a word, the written lists' ideas, a role, an age; an utterance, the talk so far, what follows, the last."""
EPOCHS = 4
"""Two more taught it its own meetings by heart."""
RATE, DECAY, WARM_STEPS, CLIP = 2e-3, 0.01, 100, 1.0
TOGETHER = 12
"""Meetings in a step; short talks are dealt out evenly among them."""
SHORT = 8
RARE = (1.5, 1.5, 3.0)
"""How much more a line counts that holds a risk factor, a protective one, danger."""
COMES = (0.25, 0.15, 0.15, 0.45)
"""How often nothing, one, two and three utterances are known after each line: live talk is heard as it comes."""
Opinions = tuple[Opinion, ...]


@dataclass(frozen=True, eq=False)
class Talk:
    """Utterances in order, with what each is labelled and how much each label counts (risk, protective, acute)."""

    name: str
    group: str
    age: int | None
    said: tuple[Side, ...]
    labels: tuple[tuple[bool, bool, bool], ...]
    counts: tuple[tuple[float, float, float], ...]
    first: int = 0
    """The place of the first of them in its meeting."""
    taught: bool = True


def of_meetings(meetings: Iterable[LabelledMeeting]) -> Iterator[Talk]:
    """Labelled meetings. Of the single plain utterances each is taught once: answered, or with nothing after it."""
    for number, labelled in enumerate(meetings):
        single = labelled.part == PART
        yield _of_meeting(labelled, len(HELLO) if single else 0, not single or number % 2 == number // 2 % 2)


def _of_meeting(labelled: LabelledMeeting, begin: int, taught: bool) -> Talk:
    said = tuple(sides(labelled.meeting, labelled.transcript))
    kinds = {(gold.utterance, gold.factor.polarity) for gold in labelled.gold}
    acute = {urgent.utterance for urgent in labelled.acute}
    telling = telling_places(labelled)
    weight = TAUGHT_ONLY.get(labelled.part, 1.0)

    def counting(place: int) -> tuple[float, float, float]:
        if said[place].standpoint == "caseworker":
            return (0.0, 0.0, 0.0)
        if labelled.part == PART:
            return (weight, weight, 0.0)
        return (weight, weight, 1.0 if place in telling else BESIDE / 2)

    places = range(begin, len(said))
    labels = tuple(((at, "risk") in kinds, (at, "protective") in kinds, at in acute) for at in places)
    age = labelled.meeting.child_age
    counts = tuple(counting(at) for at in places)
    return Talk(labelled.meeting.id, left_out_with(labelled), age, said[begin:], labels, counts, begin, taught)


def of_scenes(scenes: Iterable[Scene]) -> Iterator[Talk]:
    """Short scenes of danger and its harmless twins."""
    for scene in scenes:
        said = tuple(sides(scene.meeting, scene.transcript))
        counts = tuple(
            (0.0, 0.0, 0.0 if side.standpoint == "caseworker" or at in scene.open_ended else 1.0)
            for at, side in enumerate(said)
        )
        labels = tuple((False, False, at in scene.acute) for at in range(len(said)))
        yield Talk(scene.meeting.id, f"{SCENE}{scene.group}", scene.meeting.child_age, said, labels, counts)


def of_lines(spoken: Iterable[Spoken]) -> Iterator[Talk]:
    """Single lines, in turn as if a child, a parent and an adult client had said them."""
    for number, one in enumerate(spoken):
        said = Side(one.line.words, ("child", "guardian", "client")[number % 3])
        age = (10, 15, None)[number % 3]
        yield Talk(f"line {number}", one.group, age, (said,), ((False, False, one.acute),), ((0.0, 0.0, 1.0),))


class Hearing(nn.Module):
    """The network as torch learns it; `frozen` hands its numbers over."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(WORD_SLOTS + GRAM_SLOTS, WORD, mode="sum")
        self.ideas = nn.EmbeddingBag(IDEA_SLOTS, IDEA, mode="sum")
        self.roles = nn.Embedding(len(STANDPOINTS), ROLE)
        self.ages = nn.Embedding(OLDEST + 2, AGE)
        nn.init.normal_(self.table.weight, 0.0, 0.1)
        nn.init.normal_(self.ideas.weight, 0.0, 0.05)
        self.near = nn.Linear(3 * WORD, UTTERANCE)
        self.wide = nn.Linear(3 * UTTERANCE, UTTERANCE)
        self.whole = nn.Linear(2 * UTTERANCE + IDEA + ROLE + AGE, UTTERANCE)
        self.so_far = nn.GRU(UTTERANCE, SO_FAR, batch_first=True)
        self.after = nn.Linear(AHEAD * UTTERANCE, AFTER)
        self.hidden = nn.Linear(UTTERANCE + SO_FAR + AFTER, HIDDEN)
        self.told = nn.Linear(HIDDEN + UTTERANCE, 3)
        self.met: Tensor
        self.register_buffer("met", torch.zeros(WORD_SLOTS + GRAM_SLOTS, 1))

    def forward(self, batch: "Batch", ahead: int) -> Tensor:
        """Log odds [utterances, 3], each heard with up to `ahead` after it."""
        words = self._dropped(self.table(batch.slots, batch.slot_starts, batch.slot_weights), 0.3)[batch.words]
        real = batch.real[..., None]
        words = words * (real * (torch.rand_like(real) > 0.1) if self.training else real)
        near = torch.relu(self.near(_threes(words))) * real
        wide = (near + torch.relu(self.wide(_threes(self._dropped(near, 0.1))))) * real
        mean = wide.sum(1) / (2 * batch.real.sum(1, keepdim=True).clamp(min=1).sqrt())
        ideas = self.ideas(batch.ideas, batch.idea_starts, batch.idea_weights)
        parts = torch.cat([wide.amax(1), mean, ideas, self.roles(batch.roles), self.ages(batch.ages)], 1)
        own = torch.relu(self.whole(self._dropped(parts, 0.4)))
        talks = own.new_zeros(batch.many, batch.longest, UTTERANCE).index_put((batch.talk, batch.place), own)
        so_far, _ = self.so_far(talks)
        later = [
            nn.functional.pad(talks[:, step:], (0, 0, 0, min(step, batch.longest))) * (step <= ahead)
            for step in range(1, AHEAD + 1)
        ]
        after = torch.relu(self.after(torch.cat(later, 2)))
        around = torch.cat([so_far, after], 2)[batch.talk, batch.place]
        inside = torch.relu(self.hidden(self._dropped(torch.cat([own, around], 1), 0.4)))
        return self.told(torch.cat([self._dropped(inside, 0.2), own], 1))

    def _dropped(self, values: Tensor, share: float) -> Tensor:
        return nn.functional.dropout(values, share, self.training)

    def frozen(self) -> Network:
        """The learned numbers; rows never met in training say nothing."""
        told = {name: value.detach().numpy().astype(np.float32) for name, value in self.state_dict().items()}
        turned = {name: np.ascontiguousarray(told[f"{name}.weight"].T) for name in LAYERS}
        biases = {f"{name}_bias": told[f"{name}.bias"] for name in LAYERS}
        return Network(
            table=told["table.weight"] * told["met"],
            ideas=told["ideas.weight"],
            roles=told["roles.weight"],
            ages=told["ages.weight"],
            inward=told["so_far.weight_ih_l0"],
            onward=told["so_far.weight_hh_l0"],
            inward_bias=told["so_far.bias_ih_l0"],
            onward_bias=told["so_far.bias_hh_l0"],
            **turned,
            **biases,
        )


LAYERS = ("near", "wide", "whole", "after", "hidden", "told")


def _threes(rows: Tensor) -> Tensor:
    before = nn.functional.pad(rows[:, :-1], (0, 0, 1, 0))
    return torch.cat([before, rows, nn.functional.pad(rows[:, 1:], (0, 0, 0, 1))], 2)


@dataclass(frozen=True, eq=False)
class Batch:
    """Talks as tensors; every utterance of them all is a row."""

    slots: Tensor
    slot_starts: Tensor
    slot_weights: Tensor
    words: Tensor
    """[utterances, words], each a number of a distinct word."""
    real: Tensor
    ideas: Tensor
    idea_starts: Tensor
    idea_weights: Tensor
    roles: Tensor
    ages: Tensor
    talk: Tensor
    place: Tensor
    labels: Tensor
    counts: Tensor
    many: int
    longest: int


@dataclass(frozen=True, eq=False)
class _Bags:
    """Rows of a table with their weights, in bags laid end to end."""

    rows: NDArray[np.int64]
    weights: NDArray[np.float32]
    starts: NDArray[np.int64]
    """[bags + 1]: where each begins, and where the last ends."""

    @classmethod
    def of(cls, bags: Sequence[Slots]) -> "_Bags":
        flat = [pair for bag in bags for pair in bag]
        rows, weights = zip(*flat, strict=True) if flat else ((), ())
        return cls(
            np.array(rows, np.int64),
            np.array(weights, np.float32),
            np.cumsum([0, *(len(bag) for bag in bags)], dtype=np.int64),
        )

    def chosen(self, numbers: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        """The rows, starts and weights of these bags alone, as torch takes them."""
        sizes = self.starts[numbers + 1] - self.starts[numbers]
        begin = np.cumsum(sizes) - sizes
        places = np.repeat(self.starts[numbers] - begin, sizes) + np.arange(sizes.sum())
        return torch.from_numpy(self.rows[places]), torch.from_numpy(begin), torch.from_numpy(self.weights[places])


class Vocabulary:
    """The words and ideas of some talks, looked up once, so that each round of training is only arithmetic."""

    def __init__(self, talks: Iterable[Talk]) -> None:
        met = dict.fromkeys(side.words for talk in talks for side in talk.said)
        words = dict.fromkeys(word for said in met for word in said[:MOST_WORDS])
        number = {word: at for at, word in enumerate(words)}
        self._said = {said: at for at, said in enumerate(met)}
        self._spelled = [np.array([number[word] for word in said[:MOST_WORDS]], np.int64) for said in met]
        self._words = _Bags.of([word_slots(word) for word in words])
        self._ideas = _Bags.of([idea_slots(said) for said in met])

    def batch(self, talks: Sequence[Talk]) -> Batch:
        """Talks that were among those it knows, as tensors."""
        spots = [(number, place) for number, talk in enumerate(talks) for place in range(len(talk.said))]
        said = [talks[number].said[place] for number, place in spots]
        numbers = np.array([self._said[side.words] for side in said], np.int64)
        spelled = [self._spelled[number] for number in numbers]
        longest = max(1, *map(len, spelled), 1)
        real = np.arange(longest) < np.array([len(word) for word in spelled])[:, None]
        known, places = np.unique(np.concatenate(spelled), return_inverse=True)
        words = np.zeros(real.shape, np.int64)
        words[real] = places
        return Batch(
            *self._words.chosen(known),
            torch.from_numpy(words),
            torch.from_numpy(real.astype(np.float32)),
            *self._ideas.chosen(numbers),
            roles=torch.tensor([role_row(side) for side in said]),
            ages=torch.tensor([age_row(talks[number].age) for number, _ in spots]),
            talk=torch.tensor([number for number, _ in spots]),
            place=torch.tensor([place for _, place in spots]),
            labels=torch.tensor([talks[number].labels[place] for number, place in spots], dtype=torch.float),
            counts=torch.tensor([talks[number].counts[place] for number, place in spots], dtype=torch.float),
            many=len(talks),
            longest=max(len(talk.said) for talk in talks),
        )


def _dealt(talks: Sequence[Talk], rng: random.Random) -> list[list[Talk]]:
    """One round of steps: meetings together by the dozen, short talks spread evenly among them."""
    meetings, short = ([t for t in talks if (len(t.said) > SHORT) is long] for long in (True, False))
    rng.shuffle(meetings)
    rng.shuffle(short)
    steps = max(1, math.ceil(len(meetings) / TOGETHER))
    dealt = [meetings[step * TOGETHER : (step + 1) * TOGETHER] + short[step::steps] for step in range(steps)]
    return [talks for talks in dealt if talks]


def fit_network(talks: Sequence[Talk], known: Vocabulary, seed: int = 1, epochs: int = EPOCHS) -> Network:
    """A network that has heard these talks, all of whose words are known."""
    return taught(talks, known, seed, epochs).frozen()


def taught(talks: Sequence[Talk], known: Vocabulary, seed: int, epochs: int) -> Hearing:
    """The same as torch has it."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = random.Random(seed)
    model = Hearing().train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    done, rare = 0, torch.tensor(RARE)
    for epoch in range(epochs):
        dealt = _dealt(talks, rng)
        for number, chosen in enumerate(dealt):
            share = (epoch + number / len(dealt)) / epochs
            for group in optimizer.param_groups:
                group["lr"] = RATE * min(1.0, (done + 1) / WARM_STEPS) * (1.0 - share)
            batch = known.batch(chosen)
            model.met[batch.slots] = 1.0
            (ahead,) = rng.choices(range(AHEAD + 1), COMES)
            odds = model(batch, ahead)
            losses = nn.functional.binary_cross_entropy_with_logits(
                odds, batch.labels, reduction="none", pos_weight=rare
            )
            loss = 3 * (losses * batch.counts).sum() / batch.counts.sum().clamp(min=1.0)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), CLIP)
            optimizer.step()
            done += 1
    return model.eval()


@dataclass(frozen=True, eq=False)
class Networks:
    """The network that ships, and what networks that had not heard a meeting's writer think of its utterances."""

    shipped: Network
    unseen: Mapping[tuple[str, int], Opinions]
    """By meeting id and utterance: with nothing after it, with one more, … as many as came and count."""


class Networking:
    """Networks being taught in processes of their own: one without each part's writers, and one that hears all.

    A network is tried on what it was not taught, so that those who weigh its opinions learn how good they are.
    """

    def __init__(self, talks: Sequence[Talk], parts: Sequence[frozenset[str]]) -> None:
        self._talks, self._parts = talks, parts
        known = Vocabulary(talks)
        left_out = [*parts, frozenset[str]()]
        workers = max(1, min(len(left_out), cpu_count() or 1))
        self._pool = ProcessPoolExecutor(workers, mp_context=get_context("fork"))
        self._promised = [
            self._pool.submit(fit_network, [talk for talk in talks if talk.taught and talk.group not in part], known)
            for part in left_out
        ]

    def done(self) -> Networks:
        """Waits for them all."""
        *blind, shipped = (promise.result() for promise in self._promised)
        self._pool.shutdown()
        unseen: dict[tuple[str, int], Opinions] = {}
        for network, part in zip(blind, self._parts, strict=True):
            listener = Listener(network)
            for talk in self._talks:
                if talk.group in part:
                    heard = listener.opinions(talk.said, talk.age)
                    unseen |= {(talk.name, place): opinions for place, opinions in enumerate(heard, talk.first)}
        return Networks(shipped, unseen)
