"""The second hearing with a language model: spelling, times, doubt, and files that are not what they should be."""

# torch's stubs leave some results partly unknown.
# pyright: reportUnknownMemberType=false

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.asr.checkpoint import SHIPPED, read_checkpoint
from handenhet.serving.asr.chosen import heard, spelled
from handenhet.serving.asr.nemo import NemoRecognizer
from handenhet.serving.asr.recognizer import Closed, Event, Final, Partial, Recognizer, RecognizerError
from handenhet.serving.asr.spelled import (
    HEARD_AFTER_MS,
    SpelledFinal,
    language_model,
    remember,
    whole_hearing,
    words_of,
)

# NeMo and its dependencies warn of many things of their own.
pytestmark = [pytest.mark.asr, pytest.mark.filterwarnings("ignore")]
Samples = npt.NDArray[np.int16]
Speak = Callable[..., Samples]
TEXT = "min syster hämtar mig från skolan när mamma arbetar sent"


@pytest.fixture(scope="module")
def twice() -> Recognizer:
    return heard(read_checkpoint(SHIPPED), slots=2)


def said_by(recognizer: Recognizer, pcm: Samples) -> list[Event]:
    stream = recognizer.open()
    recognizer.push(stream, pcm.astype("<i2").tobytes())
    recognizer.close(stream)
    events: list[Event] = []
    while recognizer.ready(stream):
        events += recognizer.step()
    return events


def test_the_kept_words_are_the_second_hearings_and_come_in_the_same_step(twice: Recognizer, speak: Speak) -> None:
    events = said_by(twice, speak(TEXT))
    words = [word for event in events if isinstance(event, Final) for word in event.words]
    assert " ".join(word.text for word in words) == TEXT
    assert any(isinstance(event, Partial) for event in events)
    assert isinstance(events[-1], Closed)
    starts = [word.start_ms or 0 for word in words]
    assert starts == sorted(starts)
    assert all(word.confidence is not None for word in words)


def test_what_is_no_speech_gives_no_words(twice: Recognizer) -> None:
    noise = (np.random.default_rng(1).standard_normal(16_000 * 5) * 300).astype(np.int16)
    assert not [event for event in said_by(twice, noise) if isinstance(event, Final)]
    final = SpelledFinal(SHIPPED, language_model(SHIPPED))
    assert final.recognise(np.zeros(16_000, np.int16), None) == ()


def test_a_model_without_a_language_model_beside_it_hears_once(tmp_path: Path) -> None:
    alone = tmp_path / "own.nemo"
    alone.write_bytes(SHIPPED.read_bytes())
    assert spelled(alone) is None
    assert isinstance(heard(read_checkpoint(alone), slots=1), NemoRecognizer)


@pytest.mark.parametrize("damage", ["no model", "another model"])
def test_a_language_model_that_is_none_is_told_by_name(tmp_path: Path, damage: str) -> None:
    alone = tmp_path / "own.nemo"
    alone.write_bytes(SHIPPED.read_bytes())
    language_model(alone).write_bytes(b"words" if damage == "no model" else SHIPPED.read_bytes())
    with pytest.raises(RecognizerError, match=r"no NeMo model|cannot load"):
        spelled(alone)


def test_a_network_for_whole_utterances_is_used_where_it_lies_beside_and_named_when_it_is_none(tmp_path: Path) -> None:
    alone = tmp_path / "own.nemo"
    shutil.copy(SHIPPED, alone)
    shutil.copy(language_model(SHIPPED), language_model(alone))
    assert spelled(alone) is not None
    whole_hearing(alone).write_bytes(b"rubbish")
    with pytest.raises(RecognizerError, match=r"no NeMo model.*own\.whole\.nemo"):
        spelled(alone)


PIECES = st.lists(st.tuples(st.sampled_from(["▁", "▁a", "b", "▁kö", "r"]), st.floats(-9, 0)), max_size=30)


@given(PIECES, st.sampled_from([20.0, 40.0, 80.0]))
def test_words_hold_every_piece_in_order_with_times_that_never_fall(
    pieces: list[tuple[str, float]], frame_ms: float
) -> None:
    texts, sure = [text for text, _ in pieces], [chance for _, chance in pieces]
    words = words_of(texts, list(range(3, 3 + len(pieces))), sure, frame_ms)
    assert "".join(word.text for word in words) == "".join(texts).replace("▁", "")
    times = [ms for word in words for ms in (word.start_ms or 0, word.end_ms or 0)]
    assert times == sorted(times)
    assert all(0.0 <= (word.confidence or 0.0) <= 1.0 for word in words)


def test_a_word_begins_when_its_sound_did_not_when_it_was_heard() -> None:
    (word,) = words_of(["▁ja", "g"], [10, 12], [0.0, 0.0], 40.0)
    assert (word.start_ms, word.end_ms) == (400 - HEARD_AFTER_MS, 520 - HEARD_AFTER_MS)


class Doubles:
    """A language model whose answer for a state is the state, twice."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def advance(self, states: torch.Tensor, eos_id: int | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        self.asked += states.tolist()
        return states[:, None] * 2.0, states[:, None] + 1


def test_a_context_is_asked_once_and_answers_as_it_did() -> None:
    words_model = Doubles()
    remember(words_model, torch)
    for states in ([1, 2, 2], [2, 3, 1]):
        scores, after = words_model.advance(torch.tensor(states))
        assert scores[:, 0].tolist() == [2.0 * state for state in states]
        assert after[:, 0].tolist() == [state + 1 for state in states]
    assert words_model.asked == [1, 2, 3]
