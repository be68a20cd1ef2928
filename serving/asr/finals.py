"""The second hearing: an offline NeMo model on this machine, or a server with OpenAI's transcription endpoint."""

# NeMo is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import importlib
import io
import threading
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...knowledge.errors import IllegalState
from ...knowledge.sources import Word
from .checkpoint import is_nemo
from .nemo import modules, quiet
from .recognizer import BYTES_PER_SAMPLE, SAMPLE_RATE, RecognizerError

Samples = npt.NDArray[np.int16]
PATH = "/v1/audio/transcriptions"


class NemoFinal:
    """An offline NeMo model (canary, parakeet, any that transcribes) from a `.nemo` file. One utterance at a time.

    Raises RecognizerError: the file is missing or no NeMo model, NeMo is not installed, NeMo cannot load it.
    """

    def __init__(self, path: Path, *, device: str = "cpu") -> None:
        is_nemo(path)
        torch, models = modules("torch", "nemo.collections.asr.models")
        try:
            with quiet():
                self._model: Any = models.ASRModel.restore_from(str(path), map_location=torch.device(device)).eval()
                _ask_for_confidence(self._model)
        except (RuntimeError, ValueError, KeyError, AttributeError, TypeError, ImportError) as error:
            raise RecognizerError("NeMo cannot load the final model", where=str(path)) from error
        self._prompted = type(self._model).__name__ == "EncDecMultiTaskModel"
        self._one = threading.Lock()

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        asked: dict[str, Any] = {"timestamps": True, "verbose": False, "batch_size": 1}
        if self._prompted:
            short = (language or "sv").partition("-")[0]
            asked |= {"source_lang": short, "target_lang": short, "pnc": True}
        with self._one:
            try:
                heard = self._model.transcribe([pcm.astype(np.float32) / 32768.0], **asked)
            except (RuntimeError, ValueError, KeyError, AttributeError, TypeError) as error:
                raise RecognizerError("the final model failed on an utterance", where=type(error).__name__) from error
        return _from_hypothesis(heard[0])


class EndpointFinal:
    """A transcription server at `url` (vLLM with Whisper); `key` is sent only if given. Words come without times."""

    def __init__(self, url: str, model: str, *, key: str = "", timeout_s: float = 20.0) -> None:
        import httpx

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._errors = httpx.HTTPError
        self._client = httpx.Client(headers=headers, timeout=timeout_s, trust_env=False)
        self._url, self._model = url.rstrip("/").removesuffix("/v1") + PATH, model

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        asked = {"model": self._model, "response_format": "json", "temperature": "0"}
        asked["language"] = (language or "sv").partition("-")[0]
        try:
            reply = self._client.post(self._url, data=asked, files={"file": ("yttrande.wav", wav(pcm), "audio/wav")})
            reply.raise_for_status()
            text = reply.json()["text"]
        except (self._errors, ValueError, KeyError, TypeError) as error:
            # The reply's own text may hold what was said, so only the kind of failure is told.
            raise RecognizerError("the final model's server did not answer", where=type(error).__name__) from None
        return [Word(word) for word in str(text).split()]


def wav(pcm: Samples) -> bytes:
    """The sound as a 16 kHz mono WAV file."""
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(BYTES_PER_SAMPLE)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(pcm.astype("<i2").tobytes())
    return written.getvalue()


def _from_hypothesis(heard: Any) -> list[Word]:
    """NeMo's answer: words with times in seconds where it gives them, else the text alone."""
    stamps: Any = getattr(heard, "timestamp", None)
    words: Any = stamps.get("word") if isinstance(stamps, dict) else None
    text = heard if isinstance(heard, str) else str(heard.text)
    told: Any = getattr(heard, "word_confidence", None) or []
    sure = [min(1.0, max(0.0, float(one))) for one in told] if len(told) == len(text.split()) else []
    try:
        timed = [
            Word(str(w["word"]).strip(), round(w["start"] * 1000), round(w["end"] * 1000), c)
            for w, c in zip(words or (), sure or [None] * len(words or ()), strict=True)
        ]
    except (IllegalState, KeyError, TypeError, ValueError):
        timed = []
    if [word.text for word in timed] == text.split():
        return timed
    return [Word(word, confidence=c) for word, c in zip(text.split(), sure or [None] * len(text.split()), strict=True)]


def _ask_for_confidence(model: Any) -> None:
    """Plain transducers say how sure they are of each word once they are asked; of the others nothing is asked."""
    if not hasattr(model, "joint") or "tdt_durations" in (model.cfg.get("model_defaults") or {}):
        return
    omegaconf: Any = importlib.import_module("omegaconf").OmegaConf
    decoding = omegaconf.to_container(model.cfg.decoding)
    measure = {"name": "entropy", "entropy_type": "tsallis", "alpha": 0.5, "entropy_norm": "exp"}
    kept = {f"preserve_{what}_confidence": True for what in ("frame", "token", "word")}
    decoding["confidence_cfg"] = {**kept, "exclude_blank": True, "aggregation": "mean", "method_cfg": measure}
    model.change_decoding_strategy(omegaconf.create(decoding), verbose=False)
