"""Rooms, small microphones, levels and noises, all from a given random generator."""

# scipy is typed in part only.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, fftconvolve, sosfilt

Samples = npt.NDArray[np.float32]
Noise = Literal["white", "pink", "brown", "hum", "murmur", "music", "clicks"]
NOISES: tuple[Noise, ...] = ("white", "pink", "brown", "hum", "murmur", "music", "clicks")
RATE = 16_000


def room(samples: Samples, rng: np.random.Generator) -> Samples:
    """A short synthetic echo, 0.1-0.45 s."""
    length = int(RATE * rng.uniform(0.1, 0.45))
    echo = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length) * rng.uniform(0.02, 0.12)
    echo[0] = 1.0
    return np.asarray(fftconvolve(samples, echo)[: len(samples) + length // 4], dtype=np.float32)


def microphone(samples: Samples, rng: np.random.Generator) -> Samples:
    """The band a small device lets through: some boomless, some dull, a few as narrow as a telephone."""
    low, high = rng.uniform(60, 250), rng.uniform(3200, 7000)
    if rng.random() < 0.15:
        low, high = 300.0, 3400.0
    return np.asarray(sosfilt(butter(2, [low, high], "band", fs=RATE, output="sos"), samples), dtype=np.float32)


def codec_band(samples: Samples, rng: np.random.Generator) -> Samples:
    """A steep ceiling at 4, 6 or nearly 8 kHz, as narrow-, medium- and wideband Opus have."""
    ceiling = float(rng.choice([3900.0, 5900.0, 7600.0]))
    return np.asarray(sosfilt(butter(8, ceiling, "low", fs=RATE, output="sos"), samples), dtype=np.float32)


def place(samples: Samples, rng: np.random.Generator) -> Samples:
    """A dry voice set in a random room and before a random microphone, at a peak of 0.6."""
    if rng.random() < 0.35:
        samples = room(samples, rng)
    if rng.random() < 0.25:
        samples = microphone(samples, rng)
    if rng.random() < 0.25:
        samples = codec_band(samples, rng)
    return level(samples)


def level(samples: Samples, peak: float = 0.6) -> Samples:
    return (samples / (np.abs(samples).max(initial=0.0) + 1e-6) * peak).astype(np.float32)


def noise(kind: Noise, seconds: float, rng: np.random.Generator) -> Samples:
    """Background without words, of unit power."""
    count = int(RATE * seconds)
    if kind == "clicks":
        made = _clicks(count, rng)
    elif kind == "music":
        made = _music(count, rng)
    elif kind == "hum":
        made = _hum(count, rng)
    elif kind == "murmur":
        slow = np.interp(np.arange(count) / 3200, np.arange(count // 3200 + 2), rng.random(count // 3200 + 2))
        made = _coloured(count, 0.5, rng) * (0.2 + slow)
    else:
        made = _coloured(count, {"white": 0.0, "pink": 0.5, "brown": 1.0}[kind], rng)
    return (made / (made.std() + 1e-9)).astype(np.float32)


def _coloured(count: int, power: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    frequency[0] = frequency[1]
    return np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) / frequency**power, count)


def _hum(count: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    time = np.arange(count) / RATE
    tones = [np.sin(2 * np.pi * 50 * k * time + rng.uniform(0, 6)) * rng.uniform(0.2, 1) / k for k in (1, 2, 3, 5, 7)]
    base = np.sum(tones, axis=0)
    return base / base.std() + 0.15 * rng.standard_normal(count)


def _music(count: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    made, start = np.zeros(count), 0
    while start < count:
        length = min(int(RATE * rng.uniform(0.15, 1.2)), count - start)
        time = np.arange(length) / RATE
        for pitch in 110.0 * 2 ** (rng.integers(0, 36, size=3) / 12):
            harmonics = [np.sin(2 * np.pi * pitch * k * time) / k**1.5 for k in (1, 2, 3, 4)]
            made[start : start + length] += np.sum(harmonics, axis=0) * np.exp(-time * rng.uniform(0.5, 4))
        start += length
    return made + 0.02 * made.std() * rng.standard_normal(count)


def _clicks(count: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    made = 0.05 * rng.standard_normal(count)
    for start in rng.integers(0, max(1, count - 900), size=max(1, count // 5000)):
        length = min(int(rng.integers(80, 800)), count - int(start))
        fading = np.exp(-np.arange(length) / (length / 5)) * rng.uniform(0.3, 2)
        made[start : start + length] += rng.standard_normal(length) * fading
    return made
