"""What the serving tests share: one NeMo recognizer for the session, and espeak-ng's voices."""

import importlib
import subprocess
import wave
from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from handenhet.serving.asr.checkpoint import SHIPPED, read_checkpoint
from handenhet.serving.asr.nemo import NemoRecognizer

Samples = npt.NDArray[np.int16]


@pytest.fixture(scope="session")
def nemo() -> NemoRecognizer:
    """The shipped model, loaded once. Tests close every stream they open."""
    return NemoRecognizer(read_checkpoint(SHIPPED), slots=8)


@pytest.fixture(scope="session")
def speak() -> Callable[..., Samples]:
    """Swedish text to PCM16 at 16 kHz in an espeak-ng voice, with half a second of silence before and one after."""

    signal: Any = importlib.import_module("scipy.signal")

    def say(text: str, voice: str = "m3", speed: int = 155, pitch: int = 40) -> Samples:
        command = ["espeak-ng", "-v", f"sv+{voice}", "-s", str(speed), "-p", str(pitch), "--stdout", text]
        answer = subprocess.run(command, capture_output=True, check=True).stdout
        # espeak-ng cannot seek in a pipe, so its header does not know the length.
        with wave.open(BytesIO(answer)) as file:
            rate = file.getframerate()
        said = np.frombuffer(answer[44:], dtype="<i2").astype(np.float32)
        said = signal.resample_poly(said, 16_000, rate)
        said *= 20_000 / np.abs(said).max()
        return np.concatenate([np.zeros(8_000), said, np.zeros(16_000)]).astype("<i2")

    return say
