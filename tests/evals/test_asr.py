"""The parts of the recognizer's suite that need no recognizer."""

import numpy as np

from handenhet.evals.asr import Spoken, empty_rooms, hear, noisy, text_of, through_opus, time_errors_ms
from handenhet.evals.train_asr.espeak import Voice
from handenhet.knowledge.sources import Word
from handenhet.serving.asr.replay import ReplayRecognizer

SECOND = 16_000


def word(text: str, start_ms: int, end_ms: int) -> Word:
    return Word(text, start_ms, end_ms, 0.9)


def said(*words: str, starts: tuple[int, ...]) -> Spoken:
    return Spoken(np.zeros(SECOND, np.int16), words, starts, "adult", Voice("f1"))


def test_each_sound_gets_the_words_of_its_own_stream() -> None:
    script = ((word("hej", 100, 300), word("du", 300, 500)), (word("ja", 1500, 1700),))
    heard = hear(ReplayRecognizer(script), [np.zeros(3 * SECOND, np.int16), np.zeros(SECOND, np.int16)])
    assert [text_of(words) for words in heard] == ["hej du ja", "hej du"]


def test_word_times_are_compared_only_where_the_word_was_heard_right() -> None:
    one = said("jag", "bor", "i", "lund", starts=(0, 300, 600, 700))
    heard = [word("jag", 40, 200), word("bodde", 300, 500), word("i", 590, 650), word("lund", 800, 990)]
    assert time_errors_ms(one, heard) == [40, -10, 100]


def test_noise_is_as_loud_as_it_is_told_to_be() -> None:
    tone = (np.sin(np.arange(SECOND) / 9) * 8000).astype(np.int16)
    difference = noisy(tone, 10, seed=1).astype(float) - tone
    ratio = 10 * np.log10((tone.astype(float) ** 2).mean() / (difference**2).mean())
    assert abs(ratio - 10) < 0.5


def test_a_sound_through_opus_is_the_same_sound_at_the_same_time() -> None:
    rng = np.random.default_rng(2)
    envelope = np.repeat(rng.random(20), SECOND // 10)
    tone = (np.sin(np.arange(2 * SECOND) * 2 * np.pi * 440 / SECOND) * envelope * 12_000).astype(np.int16)
    back = through_opus(tone)
    assert len(back) == len(tone)
    loud, again = np.abs(tone).reshape(-1, 160).mean(1), np.abs(back).reshape(-1, 160).mean(1)
    lags = [np.corrcoef(loud[10:-10], np.roll(again, lag)[10:-10])[0, 1] for lag in range(-5, 6)]
    assert max(lags) > 0.95
    assert abs(int(np.argmax(lags)) - 5) <= 1


def test_empty_rooms_are_as_long_as_asked_and_silence_is_silent() -> None:
    made = empty_rooms(minutes=0.4)
    assert sum(len(sound) for sound in made.values()) >= 0.4 * 60 * SECOND - len(made)
    assert not made["silence"].any()
    assert all(sound.any() for name, sound in made.items() if name != "silence")
