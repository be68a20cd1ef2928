"""A small model's second hearing: each closed utterance once more, with a language model of word pieces beside it.

The live words are the likeliest sounds one by one; here whole runs of pieces are weighed, so that spelling follows what
people say. Where a network lies beside the model that listens both ways, what comes after a sound helps too.
"""

# NeMo is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import math
import threading
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...knowledge.sources import Word
from .checkpoint import is_nemo
from .nemo import modules, quiet
from .recognizer import RecognizerError

Samples = npt.NDArray[np.int16]
BEAM = 32
"""Runs of pieces weighed at a time; half as many cost three words more in two hundred in loud noise."""
TRUST, PER_PIECE = 0.7, 1.0
"""How much the language model counts beside the sound, and what each piece is given, since it favours few."""
EMPTY = 0.999
"""A frame whose blank is this likely holds no piece."""
HEARD_AFTER_MS = 115
"""How long after its sound begins a piece is heard: the median on sentences that nothing else is measured on."""
REMEMBERED = 4_096
"""Contexts whose continuations are kept, about a kilobyte each."""
WORD_BEGINS = "▁"


def language_model(model: Path) -> Path:
    """Where the language model of a speech model lies, if it has one: `NAME.lm.nemo` beside `NAME.nemo`."""
    return model.with_suffix(".lm.nemo")


def whole_hearing(model: Path) -> Path:
    """Where a speech model's network for whole utterances lies, if it has one: `NAME.whole.nemo`, the same pieces."""
    return model.with_suffix(".whole.nemo")


class SpelledFinal:
    """A NeMo model with a CTC head, and its language model (NGPU-LM). One utterance at a time.

    Times are those of the frames in which the pieces are heard, less how long that takes. Confidence is what the sound
    alone gives a word's pieces: a word that only the language model wants is seen to be doubtful. Raises
    RecognizerError: a file is missing or damaged, NeMo is not installed, the model has no CTC head.
    """

    def __init__(self, model: Path, words: Path) -> None:
        for path in (model, words):
            is_nemo(path)
        torch, models, omegaconf = modules("torch", "nemo.collections.asr.models", "omegaconf")
        self._torch = torch
        torch.set_num_threads(1)
        beam = {"beam_size": BEAM, "ngram_lm_model": str(words), "ngram_lm_alpha": TRUST, "beam_beta": PER_PIECE}
        decoding = {
            "strategy": "beam_batch",
            "beam": {**beam, "return_best_hypothesis": True, "allow_cuda_graphs": False},
        }
        try:
            with quiet():
                self._model: Any = models.ASRModel.restore_from(str(model), map_location=torch.device("cpu")).eval()
                self._model.change_decoding_strategy(
                    omegaconf.OmegaConf.create(decoding), decoder_type="ctc", verbose=False
                )
                self._frame_ms = (
                    1000.0 * self._model.cfg.preprocessor.window_stride * self._model.cfg.encoder.subsampling_factor
                )
        except (RuntimeError, ValueError, KeyError, AttributeError, TypeError, ImportError) as error:
            raise RecognizerError("NeMo cannot load the model with its language model", where=str(model)) from error
        for words_model in self._model.ctc_decoding.decoding.search_algorithm.fusion_models:
            remember(words_model, torch)
        self._one = threading.Lock()

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        with self._one, self._torch.inference_mode():
            try:
                sound = self._torch.from_numpy(pcm.astype(np.float32) / 32768.0)[None]
                heard, _ = self._model.forward(input_signal=sound, input_signal_length=self._torch.tensor([len(pcm)]))
                chances = self._model.ctc_decoder(encoder_output=heard)[0]
                told = self._torch.nonzero(_telling(chances[:, -1].exp() < EMPTY))[:, 0]
                if not len(told):
                    return ()
                (found,) = self._model.ctc_decoding.ctc_decoder_predictions_tensor(
                    chances[told][None], decoder_lengths=self._torch.tensor([len(told)]), return_hypotheses=True
                )
            except (RuntimeError, ValueError, IndexError) as error:
                raise RecognizerError("the second hearing failed", where=type(error).__name__) from error
        pieces = [int(piece) for piece in found.y_sequence]
        places = [int(told[int(place)]) for place in found.timestamp]
        sure = [float(chances[place, piece]) for place, piece in zip(places, pieces, strict=True)]
        written: list[str] = self._model.tokenizer.ids_to_tokens(pieces)
        return words_of(written, places, sure, self._frame_ms)


def remember(words_model: Any, torch: Any) -> None:
    """Each context is asked once: NeMo asks anew in every frame, though most runs wait; half of the time went there."""
    advance = words_model.advance
    known: dict[int, tuple[Any, Any]] = {}

    def remembered(states: Any, eos_id: int | None = None) -> tuple[Any, Any]:
        asked: list[int] = states.tolist()
        if len(known) > REMEMBERED:
            known.clear()
        if new := [state for state in dict.fromkeys(asked) if state not in known]:
            scores, after = advance(states=torch.tensor(new, dtype=states.dtype), eos_id=eos_id)
            known.update(zip(new, zip(scores, after, strict=True), strict=True))
        return torch.stack([known[state][0] for state in asked]), torch.stack([known[state][1] for state in asked])

    words_model.advance = remembered


def _telling(spoken: Any) -> Any:
    """The frames worth weighing: those with a sound, and the first of each pause, which parts a piece from its like."""
    after = spoken.roll(1)
    after[0] = False
    return spoken | after


def words_of(pieces: Sequence[str], places: Sequence[int], sure: Sequence[float], frame_ms: float) -> list[Word]:
    """Pieces put together to words, each as sure as its pieces in the mean. `places`: frames; `sure`: log chances."""
    starts = [n for n, piece in enumerate(pieces) if n == 0 or piece.startswith(WORD_BEGINS)]
    words: list[Word] = []
    for first, end in pairwise([*starts, len(pieces)]):
        text = "".join(pieces[first:end]).replace(WORD_BEGINS, "")
        if text:
            times = (round(place * frame_ms) - HEARD_AFTER_MS for place in (places[first], places[end - 1] + 1))
            begin, stop = (max(0, time) for time in times)
            words.append(Word(text, begin, stop, min(1.0, math.exp(sum(sure[first:end]) / (end - first)))))
    return words
