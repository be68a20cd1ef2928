"""Real audio through NeMo's streaming pipeline with the shipped model."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from handenhet.serving.asr.checkpoint import SHIPPED, read_checkpoint
from handenhet.serving.asr.finals import NemoFinal
from handenhet.serving.asr.nemo import NemoRecognizer
from handenhet.serving.asr.recognizer import Closed, Event, Final, Partial, RecognizerError, SlotsFull

# NeMo and its dependencies warn of many things of their own.
pytestmark = [pytest.mark.asr, pytest.mark.filterwarnings("ignore")]
Samples = npt.NDArray[np.int16]
Speak = Callable[..., Samples]

TEXT = "jag är orolig för min son"


def hear(nemo: NemoRecognizer, *streams: Sequence[Samples], start_sample: int = 0) -> list[list[Event]]:
    """Each stream's events; a stream is pushed piece by piece, all streams side by side."""
    ids = [nemo.open(start_sample=start_sample) for _ in streams]
    events: dict[int, list[Event]] = {id: [] for id in ids}
    for place in range(max(len(pieces) for pieces in streams)):
        for id, pieces in zip(ids, streams, strict=True):
            if place < len(pieces):
                nemo.push(id, pieces[place].tobytes())
            if place == len(pieces) - 1:
                nemo.close(id)
        while any(nemo.ready(id) for id in ids):
            for event in nemo.step():
                events[event.stream].append(event)
    return [events[id] for id in ids]


def words(events: Sequence[Event]) -> list[tuple[str, int | None, int | None]]:
    return [
        (word.text, word.start_ms, word.end_ms) for event in events if isinstance(event, Final) for word in event.words
    ]


def text(events: Sequence[Event]) -> str:
    return " ".join(word for word, _, _ in words(events))


def test_speech_becomes_words_with_times_and_confidence(nemo: NemoRecognizer, speak: Speak) -> None:
    (events,) = hear(nemo, [speak(TEXT)])
    finals = [event for event in events if isinstance(event, Final)]
    assert text(events) == TEXT
    assert len(finals) == 1
    assert all((word.confidence or 0) > 0.3 for word in finals[0].words)
    times = [ms for word in finals[0].words for ms in (word.start_ms or 0, word.end_ms or 0)]
    assert times == sorted(times)
    assert 400 <= times[0] <= 900
    assert any(isinstance(event, Partial) and event.text.startswith("jag är") for event in events)
    assert isinstance(events[-1], Closed)


@pytest.mark.parametrize("sizes", [[1, 16, 479, 5_119], [5_120], [3_200], [16_000, 7], [5_121]])
def test_the_size_of_the_pushes_changes_nothing(nemo: NemoRecognizer, speak: Speak, sizes: list[int]) -> None:
    samples = speak(TEXT)
    pieces: list[Samples] = []
    at = turn = 0
    while at < len(samples):
        pieces.append(samples[at : at + sizes[turn % len(sizes)]])
        at, turn = at + sizes[turn % len(sizes)], turn + 1
    cut, whole = hear(nemo, pieces), hear(nemo, [samples])
    assert words(cut[0]) == words(whole[0])


def test_meetings_side_by_side_do_not_disturb_each_other(nemo: NemoRecognizer, speak: Speak) -> None:
    one, two = speak(TEXT), speak("barnen har det bra hos sin pappa på helgerna", "f2", 150, 60)
    alone = [words(hear(nemo, [one])[0]), words(hear(nemo, [two])[0])]
    together = hear(nemo, [one], [two[:9_000], two[9_000:]], [one[::-1].copy()])
    assert [words(together[0]), words(together[1])] == alone


def test_times_count_from_the_meeting_not_the_stream(nemo: NemoRecognizer, speak: Speak) -> None:
    samples = [speak(TEXT)]
    early, late = words(hear(nemo, samples)[0]), words(hear(nemo, samples, start_sample=160_000)[0])
    assert late == [(word, (start or 0) + 10_000, (end or 0) + 10_000) for word, start, end in early]


def test_the_first_syllable_after_a_silence_is_not_an_utterance_of_its_own(nemo: NemoRecognizer, speak: Speak) -> None:
    silence = np.zeros(32_000, dtype="<i2")
    (events,) = hear(nemo, [silence, speak("han har aldrig slagit mig"), silence, speak(TEXT)])
    assert len([event for event in events if isinstance(event, Final)]) == 2


def test_a_stream_that_stops_in_mid_word_keeps_the_words_before(nemo: NemoRecognizer, speak: Speak) -> None:
    samples = speak(TEXT)
    (events,) = hear(nemo, [samples[: len(samples) // 2]])
    assert text(events).startswith("jag är")
    assert isinstance(events[-1], Closed)


def test_an_empty_stream_ends(nemo: NemoRecognizer) -> None:
    assert [type(event) for event in hear(nemo, [np.zeros(0, dtype="<i2")])[0]] == [Closed]


def quiet_sounds() -> dict[str, Samples]:
    """Ten seconds of each thing that is not speech."""
    rng, time = np.random.default_rng(3), np.arange(160_000) / 16_000
    hum = sum(np.sin(2 * np.pi * 50 * harmonic * time) / harmonic for harmonic in range(1, 6))
    notes = rng.choice([262, 294, 330, 349, 392, 440], 40).repeat(4_000)
    music = sum(np.sin(2 * np.pi * np.cumsum(notes * harmonic) / 16_000) / harmonic for harmonic in range(1, 5))
    sounds = {
        "silence": np.zeros(160_000),
        "hiss": rng.standard_normal(160_000) * 100,
        "noise": rng.standard_normal(160_000) * 3_000,
        "hum": hum * 4_000,
        "music": music * 4_000,
        "quiet music": music * 200,
    }
    return {name: np.clip(sound, -32_768, 32_767).astype("<i2") for name, sound in sounds.items()}


def test_what_is_not_speech_gives_no_words_and_no_partials(nemo: NemoRecognizer) -> None:
    sounds = quiet_sounds()
    heard = hear(nemo, *([sound] for sound in sounds.values()))
    said = {
        name: [event for event in events if isinstance(event, (Final, Partial))]
        for name, events in zip(sounds, heard, strict=True)
    }
    assert said == {name: [] for name in sounds}


def test_quiet_speech_is_not_taken_for_silence(nemo: NemoRecognizer, speak: Speak) -> None:
    quiet = (speak(TEXT) * 0.02).astype("<i2")  # 34 dB down
    assert text(hear(nemo, [quiet])[0]) == TEXT


def test_slots_run_out_with_a_clear_answer(nemo: NemoRecognizer) -> None:
    streams = [nemo.open() for _ in range(8)]
    with pytest.raises(SlotsFull, match="8 meetings"):
        nemo.open()
    for stream in streams:
        nemo.close(stream)
    while nemo.step():
        pass


def test_word_times_never_go_back_in_a_long_stream(nemo: NemoRecognizer, speak: Speak) -> None:
    said = np.concatenate([speak(TEXT), speak("vi ska träffas igen på tisdag", "f2", 150, 60)])
    (events,) = hear(nemo, [said] * 6)
    found = words(events)
    last = [start or 0 for word, start, _ in found if word == "tisdag"]
    assert len(last) == 6
    assert all((one[2] or 0) <= (two[1] or 0) for one, two in pairwise(found))
    drift = last[-1] - last[0]
    assert abs(drift - 5 * len(said) * 1_000 // 16_000) <= 80


def test_a_step_late_in_a_meeting_spells_no_more_than_an_early_one(
    nemo: NemoRecognizer, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoding: Any = nemo._pipeline.asr_model.asr_model.decoding  # pyright: ignore[reportPrivateUsage]
    spell, most = decoding.decode_ids_to_tokens, [0]

    def counted(pieces: list[int]) -> Any:
        most.append(len(pieces))
        return spell(pieces)

    monkeypatch.setattr(decoding, "decode_ids_to_tokens", counted)
    said = words(hear(nemo, [speak(TEXT)] * 5)[0])
    assert len(said) == 5 * len(TEXT.split())
    assert 0 < max(most) < 20


def test_a_stream_sees_the_sound_as_the_whole_is_seen(
    nemo: NemoRecognizer, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No window of sound is cut where two chunks meet."""
    pipeline: Any = nemo._pipeline  # pyright: ignore[reportPrivateUsage]
    seen: list[Any] = []
    update = pipeline.bufferer.update

    def watched(frames: Any) -> Any:
        features, padding = update(frames)
        seen.append(features[0][:, -pipeline.bufferer.feature_chunk_len :].clone())
        return features, padding

    monkeypatch.setattr(pipeline.bufferer, "update", watched)
    sound = speak("jag är rädd när han kommer hem")
    hear(nemo, [sound])
    stream = np.concatenate([chunk.numpy() for chunk in seen], axis=1)
    torch: Any = pytest.importorskip("torch")
    waves = torch.from_numpy(sound.astype(np.float32) / 32768.0)[None]
    whole, _ = pipeline.bufferer.preprocessor(input_signal=waves, length=torch.tensor([waves.shape[1]]))
    steps = min(stream.shape[1] - 1, whole.shape[2]) - 4
    assert steps > 100
    assert np.allclose(stream[:, 2 : steps + 1], whole[0, :, 1:steps].numpy(), atol=0.02)


def test_a_context_the_model_lacks_is_refused() -> None:
    with pytest.raises(RecognizerError, match="no context"):
        NemoRecognizer(read_checkpoint(SHIPPED), context=(70, 13))


def test_a_model_hears_an_utterance_again_whole_with_times(speak: Speak) -> None:
    """The second hearing through NeMo, here with the embedded model in the stronger one's place."""
    heard = NemoFinal(SHIPPED).recognise(speak(TEXT), "sv-SE")
    assert " ".join(word.text for word in heard) == TEXT
    times = [ms for word in heard for ms in (word.start_ms or 0, word.end_ms or 0)]
    assert times == sorted(times)
    assert times[0] > 300
    assert all(0.3 < (word.confidence or 0) <= 1 for word in heard)
