"""Voices told apart by NeMo's streaming Sortformer: at most four, in the order they are first heard.

The sound is turned into features piece by piece exactly as the whole file would be, so that a stream gives what the
model gives the whole sound at once. What a stream holds does not grow with its length.
"""

# NeMo and torch are typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .checkpoint import is_nemo
from .nemo import modules, quiet
from .recognizer import BYTES_PER_SAMPLE, SAMPLE_RATE, RecognizerError
from .voices import FRAME_MS, VOICES, Frame

HOP = SAMPLE_RATE // 100
"""Samples from one feature frame to the next."""
MARGIN = 2
"""Feature frames at the edge of a piece of sound that its edge has touched: the window is shorter than four hops."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is heard at a time, in frames of 80 ms. The default is the model card's setting for 1.04 s of delay.

    `chunk` new frames are judged once `right` more have been heard; `left` before them, `recent` frames and a `cache`
    of what each voice sounds like are heard with them.
    """

    chunk: int = 6
    left: int = 1
    right: int = 7
    recent: int = 188
    cache: int = 188
    update: int = 144


class Sortformer:
    """A streaming Sortformer from a `.nemo` file, on the graphics card where torch sees one, else on the CPU.

    The published model is too large for a CPU to keep up with a meeting. Raises RecognizerError: the file is missing or
    no NeMo model, NeMo is not installed, it is no streaming Sortformer.
    """

    def __init__(self, path: Path, *, pace: Pace | None = None, device: str | None = None) -> None:
        is_nemo(path)
        torch, models = modules("torch", "nemo.collections.asr.models")
        where = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        try:
            with quiet():
                model: Any = models.SortformerEncLabelModel.restore_from(str(path), map_location=where).to(where)
        except (RuntimeError, ValueError, KeyError, AttributeError, TypeError, ImportError) as error:
            raise RecognizerError("NeMo cannot load the speaker model", where=str(path)) from error
        self._torch, self._model = torch, model.eval()
        self._refuse_what_cannot_stream(path)
        self._set(pace or Pace())

    def begin(self) -> "SortformerListening":
        """A stream of its own."""
        return SortformerListening(self._torch, self._model)

    def _refuse_what_cannot_stream(self, path: Path) -> None:
        if not hasattr(self._model, "sortformer_modules"):
            raise RecognizerError("this is no speaker model", where=str(path), mend="handenhet models list")
        config, modules = self._model._cfg, self._model.sortformer_modules
        normalised = config.preprocessor.get("normalize") not in ("NA", None, False)
        frame_ms = 1000 * HOP * modules.subsampling_factor // SAMPLE_RATE
        features = self._model.preprocessor.featurizer
        if normalised or frame_ms != FRAME_MS or modules.n_spk > len(VOICES) or features.hop_length != HOP:
            raise RecognizerError(
                "this speaker model cannot stream",
                where=str(path),
                mend="use a streaming Sortformer: handenhet models list",
            )

    def _set(self, pace: Pace) -> None:
        modules = self._model.sortformer_modules
        self._model.streaming_mode, self._model.async_streaming = True, False
        modules.chunk_len, modules.chunk_left_context, modules.chunk_right_context = pace.chunk, pace.left, pace.right
        modules.fifo_len, modules.spkcache_len, modules.spkcache_update_period = pace.recent, pace.cache, pace.update
        modules._check_streaming_parameters()


class SortformerListening:
    """One stream: the newest sound, and the model's own memory of the voices."""

    def __init__(self, torch: Any, model: Any) -> None:
        self._torch, self._model, self._modules = torch, model, model.sortformer_modules
        self._state = self._modules.init_streaming_state(batch_size=1, device=model.device)
        self._audio = np.zeros(0, dtype=np.float32)
        self._from = 0
        """The sample that `audio` begins at, a whole number of hops."""
        self._heard = 0
        """Samples heard in all."""
        self._judged = 0
        """Feature frames that voices have been told for."""

    def hear(self, pcm: bytes) -> Sequence[Frame]:
        new = np.frombuffer(pcm, dtype="<i2").astype(np.float32) / 32768.0
        self._audio = np.concatenate([self._audio, new])
        self._heard += len(pcm) // BYTES_PER_SAMPLE
        frames: list[Frame] = []
        step, right = (n * self._modules.subsampling_factor for n in (self._modules.chunk_len, self._right))
        while self._judged + step + right + MARGIN <= self._heard // HOP:
            frames += self._judge(self._judged + step, self._judged + step + right)
        return frames

    def end(self) -> Sequence[Frame]:
        frames: list[Frame] = []
        every, step = self._heard // HOP, self._modules.chunk_len * self._modules.subsampling_factor
        while self._judged < every:
            until = min(self._judged + step, every)
            frames += self._judge(until, min(until + self._right * self._modules.subsampling_factor, every))
        return frames

    @property
    def _right(self) -> int:
        return self._modules.chunk_right_context

    def _judge(self, until: int, seen: int) -> list[Frame]:
        """Tell the voices up to feature frame `until`, having seen up to `seen`."""
        factor = self._modules.subsampling_factor
        left = min(self._modules.chunk_left_context * factor, self._judged)
        features = self._features(self._judged - left, seen)
        torch = self._torch
        try:
            with torch.inference_mode():
                self._state, told = self._model.forward_streaming_step(
                    processed_signal=features.transpose(1, 2),
                    processed_signal_length=torch.tensor([features.shape[2]], device=features.device),
                    streaming_state=self._state,
                    total_preds=torch.zeros((1, 0, self._modules.n_spk), device=features.device),
                    left_offset=left,
                    right_offset=seen - until,
                )
        except (RuntimeError, ValueError, IndexError) as error:
            raise RecognizerError("the speaker model failed", where=type(error).__name__) from error
        expected = math.ceil((until - self._judged) / factor)
        self._judged = until
        self._let_go(until - self._modules.chunk_left_context * factor)
        return told[0, :expected].tolist()

    def _features(self, first: int, end: int) -> Any:
        """Feature frames `first`..`end`, as those of the whole sound: (1, features, frames)."""
        begin = max(0, first - MARGIN)
        piece = self._audio[begin * HOP - self._from : (end + MARGIN) * HOP - self._from]
        torch, device = self._torch, self._model.device
        with torch.inference_mode():
            found, _ = self._model.preprocessor(
                input_signal=torch.from_numpy(piece)[None].to(device), length=torch.tensor([len(piece)], device=device)
            )
        return found[:, :, first - begin : end - begin]

    def _let_go(self, frame: int) -> None:
        """Sound that only frames before `frame` need."""
        sample = max(0, frame - MARGIN) * HOP
        if sample > self._from:
            self._audio = self._audio[sample - self._from :]
            self._from = sample
