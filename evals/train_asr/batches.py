"""Training batches: clips joined with pauses, set in noise and at a level, padded together."""

# torch's stubs leave some results partly unknown.
# pyright: reportUnknownMemberType=false

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from .network import HOP
from .rooms import NOISES, RATE, noise

Samples = npt.NDArray[np.float32]
Encode = Callable[[str], list[int]]
NOISE_BANK_S = 60.0
LOUD_DB, FAINT_DB, LOUD_SHARE = (2.0, 16.0), (16.0, 38.0), 0.65
"""Speech above noise, and how often the noise is loud."""
WHITE_SHARE = 0.45
"""How often the noise is white, the hardest on consonants; the other times any of them."""
DRAWN = 2000
"""Clips drawn before finished shards are looked for again."""
POOL = 12
"""Batches made at a time."""
SHORT_S, LONG_S, SHORT_SHARE = (2.0, 5.0), (5.0, 10.0), 0.8
"""Seconds an item of a batch aims at. The RNN-T lattice grows with their square, so most are short."""


@dataclass(frozen=True)
class Batch:
    """Waves [B, S] and targets [B, U] with their lengths, and the token whose sound is in each frame [B, F]."""

    waves: Tensor
    lengths: Tensor
    targets: Tensor
    target_lengths: Tensor
    frames: Tensor
    seconds: float


@dataclass(frozen=True)
class Item:
    wave: Samples
    targets: list[int]
    places: list[tuple[float, int]]
    """(second, token) of every token, spread evenly inside its word."""


class Shards:
    """The clips of every finished shard in a folder; `refresh` takes in shards that were finished since."""

    def __init__(self, folder: Path, pattern: str, encode: Encode) -> None:
        self._folder, self._pattern, self._encode = folder, pattern, encode
        self._read: dict[str, npt.NDArray[np.int16]] = {}
        self.clips: list[tuple[str, dict[str, Any]]] = []
        self.refresh()

    def refresh(self) -> None:
        for index in sorted(self._folder.glob(f"{self._pattern}.jsonl")):
            if index.stem not in self._read:
                self._read[index.stem] = np.load(index.with_suffix(".npy"), mmap_mode="r")
                rows = [json.loads(line) for line in index.read_text(encoding="utf-8").splitlines()]
                self.clips += [(index.stem, row) for row in rows]

    def wave(self, clip: tuple[str, dict[str, Any]]) -> Samples:
        name, row = clip
        return self._read[name][row["off"] : row["off"] + row["n"]].astype(np.float32) / 32768.0

    def item(self, clip: tuple[str, dict[str, Any]]) -> Item:
        row = clip[1]
        places: list[tuple[float, int]] = []
        targets: list[int] = []
        starts = [*row["starts"], row["end"]]
        for word, start, end in zip(row["text"].split(), starts, starts[1:], strict=False):
            pieces = self._encode(word)
            spread = max(end - start, 50) / 1000
            places += [(start / 1000 + (k + 0.6) / len(pieces) * spread, piece) for k, piece in enumerate(pieces)]
            targets += pieces
        return Item(self.wave(clip), targets, places)


class Batches:
    """An endless stream of batches of about `seconds` of sound; the seed decides all of them."""

    def __init__(self, shards: Shards, seconds: float, blank: int, seed: int) -> None:
        self.shards, self.seconds, self.blank = shards, seconds, blank
        self.rng = random.Random(seed)
        generator = np.random.default_rng(seed)
        self.bank = [noise(kind, NOISE_BANK_S, generator) for kind in NOISES]
        self._order: list[int] = []
        self._waiting: Item | None = None
        self._ready: list[Batch] = []

    def next(self) -> Batch:
        if not self._ready:
            self._fill()
        return self._ready.pop()

    def _fill(self) -> None:
        """Items of a like length go together: padding would otherwise be a third of the work."""
        items: list[Item] = []
        while sum(len(item.wave) for item in items) < POOL * self.seconds * RATE:
            goal = self.rng.uniform(*SHORT_S) if self.rng.random() < SHORT_SHARE else self.rng.uniform(*LONG_S)
            items.append(self._silence(goal) if self.rng.random() < 0.02 else self._joined(goal))
        items.sort(key=lambda item: len(item.wave))
        batch: list[Item] = []
        for item in items:
            if batch and len(item.wave) * (len(batch) + 1) > self.seconds * RATE:
                self._ready.append(self._pad(batch, len(batch[-1].wave)))
                batch = []
            batch.append(item)
        self._ready.append(self._pad(batch, len(batch[-1].wave)))
        self.rng.shuffle(self._ready)

    def _clip(self) -> Item:
        if self._waiting is not None:
            item, self._waiting = self._waiting, None
            return item
        while True:
            if not self._order:
                self.shards.refresh()
                count = len(self.shards.clips)
                self._order = self.rng.sample(range(count), min(count, DRAWN))
            item = self.shards.item(self.shards.clips[self._order.pop()])
            if self.rng.random() < 0.5:
                item = stretched(item, self.rng.uniform(0.9, 1.25))
            if len(item.targets) * HOP * 1.1 < len(item.wave):
                return item

    def _joined(self, goal: float) -> Item:
        """Clips one after the other up to `goal` seconds, each at its own level, with pauses between and around."""
        rng = self.rng
        pieces, targets, places = [_quiet(rng.uniform(0, 0.4))], list[int](), list[tuple[float, int]]()
        length = len(pieces[0])
        while True:
            item = self._clip()
            if targets and length + len(item.wave) > goal * RATE:
                self._waiting = item
                break
            pieces += [item.wave * np.float32(10 ** (rng.uniform(-8, 3) / 20))]
            targets += item.targets
            places += [(second + length / RATE, token) for second, token in item.places]
            pieces.append(_quiet(rng.uniform(0.05, 0.4) if rng.random() < 0.8 else rng.uniform(0.4, 1.6)))
            length += len(pieces[-1]) + len(pieces[-2])
            if length > goal * RATE * 0.85:
                break
        return Item(self._in_noise(np.concatenate(pieces)), targets, places)

    def _in_noise(self, wave: Samples) -> Samples:
        rng = self.rng
        power = float(np.sqrt((wave**2).mean())) + 1e-6
        if rng.random() < 0.8:
            decibel = rng.uniform(*LOUD_DB) if rng.random() < LOUD_SHARE else rng.uniform(*FAINT_DB)
            loud = np.float32(power * 10 ** (-decibel / 20))
            wave = np.asarray(wave + self._background(len(wave)) * loud, dtype=np.float32)
        return np.clip(wave * np.float32(10 ** (rng.uniform(-25, 2) / 20)), -1.0, 1.0)

    def _background(self, length: int) -> Samples:
        white = self.rng.random() < WHITE_SHARE
        kind = self.bank[NOISES.index("white")] if white else self.rng.choice(self.bank)
        start = self.rng.randrange(max(1, len(kind) - length))
        return np.resize(kind[start : start + length], length)

    def _silence(self, goal: float) -> Item:
        wave = self._background(int(goal * RATE)) * np.float32(10 ** (-self.rng.uniform(12, 80) / 20))
        return Item(np.clip(wave, -1.0, 1.0).astype(np.float32), [], [])

    def _pad(self, items: list[Item], longest: int) -> Batch:
        most = max(1, max(len(item.targets) for item in items))
        waves = torch.zeros(len(items), longest)
        targets = torch.zeros(len(items), most, dtype=torch.long)
        frames = torch.full((len(items), longest // HOP + 2), self.blank, dtype=torch.long)
        for row, item in enumerate(items):
            waves[row, : len(item.wave)] = torch.from_numpy(np.ascontiguousarray(item.wave, dtype=np.float32))
            targets[row, : len(item.targets)] = torch.tensor(item.targets, dtype=torch.long)
            last = -1
            for second, token in item.places:
                last = max(int(second * RATE / HOP), last + 1)
                if last < frames.shape[1]:
                    frames[row, last] = token
        lengths = torch.tensor([len(item.wave) for item in items])
        target_lengths = torch.tensor([len(item.targets) for item in items])
        return Batch(waves, lengths, targets, target_lengths, frames, float(lengths.sum()) / RATE)


def stretched(item: Item, speed: float) -> Item:
    """Played `speed` times as fast: pitch and formants move too, which makes a new speaker."""
    places = np.arange(0, len(item.wave) - 1, speed)
    wave = np.interp(places, np.arange(len(item.wave)), item.wave).astype(np.float32)
    return Item(wave, item.targets, [(second / speed, token) for second, token in item.places])


def _quiet(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)
