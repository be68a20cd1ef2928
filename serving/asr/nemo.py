"""Speech to words through NeMo's own cache-aware streaming pipelines. The only module that imports NeMo and torch.

Every stream is cut on one grid of chunks that starts at its first sample, so the words do not depend on how the audio
was pushed. All streams that have a chunk are heard in one batched step.
"""

import contextlib
import importlib
import logging
import re
import warnings
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ...knowledge.sources import Word
from .checkpoint import Checkpoint
from .gate import Gate, Levels
from .recognizer import (
    BYTES_PER_SAMPLE,
    SAMPLE_RATE,
    Closed,
    Event,
    Final,
    Gap,
    Partial,
    RecognizerError,
    SlotsFull,
    to_ms,
)

END_OF_UTTERANCE_MS = 640
_WINDOW_STEPS = 3
"""Steps of 10 ms that a window of 25 ms reaches over."""
_RESIDUE = 2
"""Frames NeMo's end-of-utterance rule keeps beyond its history; without any it can never count enough silence."""
_LANGUAGE_TAG = re.compile(r"<[a-z]{2,3}(-[A-Z]{2})?>")


@dataclass(slots=True)
class _Stream:
    id: int
    language: str | None
    start_sample: int
    gate: Gate
    audio: bytearray = field(default_factory=bytearray)
    heard: int = 0
    """Samples given to the model."""
    since_ms: int = 0
    """Where the last final word ended: no later word begins earlier."""
    shown: str = ""
    closing: bool = False


class NemoRecognizer:
    """Hears up to `slots` streams with one model on one thread.

    `language` is the prompt for models of many languages and ignored by models of one. `context` is one of the
    checkpoint's (left, right) pairs; None takes its default. Raises RecognizerError: NeMo is not installed, the model
    cannot be loaded, the context is not the model's.
    """

    def __init__(
        self,
        checkpoint: Checkpoint,
        *,
        slots: int = 8,
        language: str = "sv-SE",
        context: tuple[int, int] | None = None,
        device: str = "cpu",
        end_of_utterance_ms: int = END_OF_UTTERANCE_MS,
        levels: Levels | None = None,
    ) -> None:
        context = context or checkpoint.contexts[0]
        if context not in checkpoint.contexts:
            raise RecognizerError(f"the model has no context {context}", where=str(checkpoint.path))
        self._languages, self._language, self._slots = checkpoint.languages, language, slots
        self._check(language)
        with quiet():
            self._nemo = _Nemo()
            config = _config(checkpoint, context, slots, device, end_of_utterance_ms)
            self._pipeline = self._nemo.pipeline(config, checkpoint)
        self._chunk = round(self._pipeline.chunk_size_in_secs * SAMPLE_RATE)
        self._streams: dict[int, _Stream] = {}
        self._last, self._levels = 0, levels or Levels()

    @property
    def chunk_samples(self) -> int:
        """Samples heard in one step."""
        return self._chunk

    def open(self, *, language: str | None = None, start_sample: int = 0) -> int:
        self._check(language)
        if len(self._streams) >= self._slots:
            raise SlotsFull(self._slots)
        self._last += 1
        self._streams[self._last] = _Stream(
            self._last, language or self._language, start_sample, Gate(self._levels), since_ms=to_ms(start_sample)
        )
        return self._last

    def push(self, stream: int, pcm: bytes) -> None:
        self._streams[stream].audio += pcm

    def close(self, stream: int) -> None:
        self._streams[stream].closing = True

    def ready(self, stream: int) -> bool:
        state = self._streams.get(stream)
        return state is not None and (state.closing or len(state.audio) >= self._chunk * BYTES_PER_SAMPLE)

    def step(self) -> Sequence[Event]:
        streams = [stream for stream in self._streams.values() if self.ready(stream.id)]
        if not streams:
            return ()
        frames = [self._frame(stream) for stream in streams]
        outputs = self._pipeline.transcribe_step(frames)
        events: list[Event] = []
        for stream, frame, output in zip(streams, frames, outputs, strict=True):
            events += self._said(stream, output)
            _forget_what_was_taken(self._pipeline.get_state(stream.id))
            if frame.is_last:
                events.append(Closed(stream.id))
                del self._streams[stream.id]
        return events

    def _check(self, language: str | None) -> None:
        if language is not None and self._languages and language not in self._languages:
            raise RecognizerError(
                f"the speech model does not know the language {language!r}",
                mend=f"it knows {', '.join(sorted(self._languages))}",
            )

    def _frame(self, stream: _Stream) -> Any:
        """The stream's next chunk, padded with silence when it is the last."""
        size = self._chunk * BYTES_PER_SAMPLE
        last = stream.closing and len(stream.audio) <= size
        pcm = np.frombuffer(bytes(stream.audio[:size]), dtype="<i2").astype(np.float32) / 32768.0
        del stream.audio[:size]
        samples = np.zeros(self._chunk, dtype=np.float32)
        samples[: len(pcm)] = pcm
        first, stream.heard = stream.heard == 0, stream.heard + len(pcm)
        return self._nemo.frame(stream, samples, length=len(pcm), first=first, last=last)

    def _said(self, stream: _Stream, output: Any) -> list[Event]:
        at_ms = to_ms(stream.start_sample + stream.heard)
        events: list[Event] = []
        words = self._words(stream, output.final_segments or (), at_ms)
        if words:
            stream.since_ms, stream.shown = words[-1].end_ms or 0, ""
        for stands, stretch in stream.gate.sort(words):
            final = Final(stream.id, stretch)
            events.append(final if stands else Gap(stream.id, final.start_ms, final.end_ms))
        text = _plain(output.partial_transcript or "")
        if text != stream.shown and stream.gate.stands(self._believed(stream.id, text), at_ms):
            stream.shown = text
            events.append(Partial(stream.id, text, at_ms))
        return events

    def _believed(self, stream: int, text: str) -> list[float]:
        """The mean token confidence of the words that are not final yet, once for each word of `text`."""
        state = self._pipeline.get_state(stream)
        confidences: list[float] = list(state.confidences) if state is not None else []
        if not confidences:
            return []
        return [sum(confidences) / len(confidences)] * len(text.split())

    def _words(self, stream: _Stream, segments: Iterable[Any], at_ms: int) -> tuple[Word, ...]:
        words: list[Word] = []
        since = stream.since_ms
        for segment in segments:
            start = round(segment.start * 1000) + to_ms(stream.start_sample)
            end = round(segment.end * 1000) + to_ms(stream.start_sample)
            confidence = min(1.0, max(0.0, float(segment.conf)))
            for text in _plain(segment.text).split():
                start = min(max(start, since), at_ms)
                since = min(max(end, start), at_ms)
                words.append(Word(text, start, since, confidence))
        return tuple(words)


def _plain(text: str) -> str:
    """Without the language tag that models of many languages put at the end."""
    return " ".join(_LANGUAGE_TAG.sub(" ", text).split())


def modules(*names: str) -> list[Any]:
    """Modules of torch and NeMo, imported without their chatter. Raises RecognizerError where one is not installed."""
    try:
        with quiet():
            return [importlib.import_module(name) for name in names]
    except ModuleNotFoundError as error:
        raise RecognizerError(
            "NeMo is not installed", where=error.name or "", mend="pip install 'handenhet[asr]'"
        ) from error


class _Nemo:
    """NeMo's names, imported when the first recognizer is made."""

    def __init__(self) -> None:
        inference = "nemo.collections.asr.inference"
        torch, pipelines, requests, options, omegaconf = modules(
            "torch",
            f"{inference}.factory.pipeline_builder",
            f"{inference}.streaming.framing.request",
            f"{inference}.streaming.framing.request_options",
            "omegaconf",
        )
        self._builder, self._frame = pipelines.PipelineBuilder, requests.Frame
        self._options, self._omegaconf = options.ASRRequestOptions, omegaconf.OmegaConf
        # More threads than one only wait for each other on the small chunks of a stream.
        torch.set_num_threads(1)
        self._from_numpy = torch.from_numpy

    def pipeline(self, config: dict[str, Any], checkpoint: Checkpoint) -> Any:
        try:
            pipeline = self._builder.build_pipeline(self._omegaconf.create(config))
        except (RuntimeError, ValueError, KeyError, AttributeError) as error:
            raise RecognizerError(
                "NeMo cannot load the speech model", where=str(checkpoint.path), mend="handenhet doctor"
            ) from error
        _end_in_silence_only(pipeline.endpointer)
        _with_whole_windows(pipeline.bufferer)
        pipeline.open_session()
        return pipeline

    def frame(self, stream: _Stream, samples: npt.NDArray[np.float32], *, length: int, first: bool, last: bool) -> Any:
        return self._frame(
            samples=self._from_numpy(samples),
            stream_id=stream.id,
            is_first=first,
            is_last=last,
            length=max(1, length),
            options=self._options(language_code=stream.language) if first else None,
        )


def _forget_what_was_taken(state: Any) -> None:
    """NeMo keeps a stream's pieces from its beginning and spells them all anew in each step: an hour slowed it by half.

    Where the decoder stands is kept, and the pieces of the utterance under way are the state's own.
    """
    hypothesis = state.get_previous_hypothesis() if hasattr(state, "get_previous_hypothesis") else None
    if hypothesis is None:
        return
    for name in ("y_sequence", "timestamp", "frame_confidence", "non_blank_step_confidence_precomputed"):
        if (kept := getattr(hypothesis, name)) is not None:
            setattr(hypothesis, name, kept[:0])
    state.set_offset(0)


def _end_in_silence_only(endpointer: Any) -> None:
    """NeMo's rule overlooks the newest frame: the first syllable after a silence would end what it begins."""
    detect = endpointer.detect_eou_near_pivot

    def settled(emissions: list[int], *arguments: Any, **options: Any) -> tuple[bool, int]:
        if not all(endpointer.is_token_silent(token) for token in emissions[-1 - _RESIDUE :]):
            return False, -1
        return detect(emissions, *arguments, **options)

    endpointer.detect_eou_near_pivot = settled


def _with_whole_windows(bufferer: Any) -> None:
    """NeMo cuts a chunk's first and last window of sound at its edges; offline, where none is cut, words were better.

    Two steps more of the sound before are looked at and the newest step waits for the next chunk: 10 ms later.
    """
    step = bufferer.n_chunk_look_back
    if bufferer.audio_bufferers[0].buffer_size >= bufferer.chunk_size + _WINDOW_STEPS * step:
        bufferer.n_chunk_look_back, bufferer.plus_one = _WINDOW_STEPS * step, _WINDOW_STEPS - 1


@contextlib.contextmanager
def quiet() -> Generator[None]:
    """While NeMo loads it warns of what we chose and tells of its telemetry, which is off. Its steps are silent."""
    for name in ("nemo_logger", "nv_one_logger"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _config(
    checkpoint: Checkpoint, context: tuple[int, int], slots: int, device: str, end_of_utterance_ms: int
) -> dict[str, Any]:
    """All that NeMo's pipeline builder reads; the package ships no configuration of its own."""
    return {
        "pipeline_type": "cache_aware",
        "asr_decoding_type": checkpoint.decoding,
        "asr_output_granularity": "word",
        "asr": {
            "model_name": str(checkpoint.path),
            "device": device,
            "device_id": 0,
            "compute_dtype": "float32",
            "use_amp": False,
            "decoding": {
                "strategy": "greedy_batch",
                "preserve_alignments": False,
                "fused_batch_size": -1,
                "greedy": {
                    "use_cuda_graph_decoder": False,
                    "enable_per_stream_biasing": False,
                    "preserve_frame_confidence": True,
                    "max_symbols": 10,
                },
            },
        },
        "confidence": {
            "exclude_blank": True,
            "aggregation": "mean",
            "method_cfg": {"name": "entropy", "entropy_type": "tsallis", "alpha": 0.5, "entropy_norm": "exp"},
        },
        "endpointing": {"stop_history_eou": end_of_utterance_ms, "residue_tokens_at_end": _RESIDUE},
        "streaming": {
            "sample_rate": SAMPLE_RATE,
            "batch_size": slots,
            "num_slots": slots,
            "word_boundary_tolerance": 4,
            "att_context_size": list(context),
            "use_cache": True,
            "use_feat_cache": True,
            "chunk_size_in_secs": None,
            "request_type": "frame",
        },
        "itn": {
            "input_case": "lower_cased",
            "whitelist": None,
            "overwrite_cache": False,
            "max_number_of_permutations_per_split": 729,
            "left_padding_size": 4,
            "batch_size": 32,
            "n_jobs": 1,
        },
        "nmt": None,
        "enable_itn": False,
        "enable_nmt": False,
        "lang": None,
        "cache_dir": None,
        "return_tail_result": False,
        "matmul_precision": "high",
        "log_level": logging.ERROR,
    }
