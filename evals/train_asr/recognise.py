"""Listening with a network: whole clips at once (offline), for scores during and after training."""

# NeMo is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from .network import hears_whole

Samples = npt.NDArray[np.float32]
BEFORE, AFTER = 1600, 8000
"""Silence put around a clip, in samples, so that its first and last sounds are whole frames."""


@dataclass(frozen=True)
class TestClip:
    """A clip of a test shard with what is said in it."""

    wave: Samples
    text: str
    row: dict[str, Any]


def read_test(folder: Path, name: str, most: int | None = None) -> list[TestClip]:
    """The clips of shard `test-NAME`, evenly drawn where only `most` are wanted."""
    rows = [json.loads(line) for line in (folder / f"test-{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    samples = np.load(folder / f"test-{name}.npy", mmap_mode="r")
    step = max(1, len(rows) // most) if most else 1
    return [
        TestClip(samples[row["off"] : row["off"] + row["n"]].astype(np.float32) / 32768.0, row["text"], row)
        for row in rows[::step][:most]
    ]


def with_noise(wave: Samples, decibel: float, seed: int) -> Samples:
    """White noise `decibel` below the clip's own power."""
    power = float(np.sqrt((wave**2).mean()))
    made = np.random.default_rng(seed).standard_normal(len(wave)) * power * 10 ** (-decibel / 20)
    return np.clip(wave + made, -1, 1).astype(np.float32)


@torch.no_grad()
def offline(model: Any, waves: list[Samples], batch: int = 16, around: tuple[int, int] = (BEFORE, AFTER)) -> list[str]:
    """The greedy text of every wave, in order; `around` is the silence put before and after, in samples.

    It is the RNN-T head's, or that of the CTC head of a network for a second hearing.

    Silence before moves the grid of attention chunks, and with it single words: give none to compare with a stream.
    """
    order = sorted(range(len(waves)), key=lambda index: len(waves[index]))
    heard = [""] * len(waves)
    device = next(model.parameters()).device
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        padded = [np.pad(waves[index], around) for index in chosen]
        lengths = torch.tensor([len(wave) for wave in padded])
        signal = torch.zeros(len(padded), int(lengths.max()))
        for row, wave in enumerate(padded):
            signal[row, : len(wave)] = torch.from_numpy(wave)
        features, frames = model.preprocessor(input_signal=signal.to(device), length=lengths.to(device))
        encoded, encoded_lengths = model.encoder(audio_signal=features, length=frames)
        if hears_whole(model):
            results = model.ctc_decoding.ctc_decoder_predictions_tensor(
                model.ctc_decoder(encoder_output=encoded), decoder_lengths=encoded_lengths, return_hypotheses=True
            )
        else:
            results = model.decoding.rnnt_decoder_predictions_tensor(
                encoder_output=encoded, encoded_lengths=encoded_lengths, return_hypotheses=True
            )
        for index, result in zip(chosen, results, strict=True):
            heard[index] = result.text.strip()
    return heard
