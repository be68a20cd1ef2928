"""Which words are stood by: long clear runs alone, short ones only where somebody is talking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.gate import Gate, Levels


def said(*confidences: float, start_ms: int = 0, step_ms: int = 300) -> list[Word]:
    starts = [start_ms + place * step_ms for place in range(len(confidences))]
    return [Word("ord", at, at + 200, confidence) for at, confidence in zip(starts, confidences, strict=True)]


def verdicts(gate: Gate, words: list[Word]) -> list[tuple[bool, int]]:
    return [(stands, len(stretch)) for stands, stretch in gate.sort(words)]


@pytest.mark.parametrize(
    ("confidences", "stands"),
    [((0.8, 0.7, 0.75), True), ((0.9,), True), ((0.6,), False), ((0.4, 0.4), False), ((0.15,) * 20, False)],
)
def test_a_short_run_needs_more_than_a_long_one(confidences: tuple[float, ...], stands: bool) -> None:
    assert verdicts(Gate(Levels()), said(*confidences)) == [(stands, len(confidences))]


def test_a_mumbled_answer_is_kept_in_a_talk_and_not_in_an_empty_room() -> None:
    gate = Gate(Levels())
    assert verdicts(gate, said(0.45)) == [(False, 1)]
    assert verdicts(gate, said(0.8, 0.8, 0.8, start_ms=20_000)) == [(True, 3)]
    assert verdicts(gate, said(0.45, start_ms=25_000)) == [(True, 1)]
    assert verdicts(gate, said(0.45, start_ms=60_000)) == [(False, 1)]


def test_what_is_kept_by_a_talk_does_not_prolong_it() -> None:
    gate = Gate(Levels())
    verdicts(gate, said(0.8, 0.8, 0.8))
    assert verdicts(gate, said(0.45, start_ms=9_000)) == [(True, 1)]
    assert verdicts(gate, said(0.45, start_ms=15_000)) == [(False, 1)]


def test_noise_before_speech_is_parted_from_it_at_the_pause() -> None:
    words = said(0.0) + said(0.8, 0.8, 0.8, start_ms=5_000)
    assert verdicts(Gate(Levels()), words) == [(False, 1), (True, 3)]


def test_a_doubtful_word_inside_clear_speech_stays() -> None:
    assert verdicts(Gate(Levels()), said(0.9, 0.05, 0.9, 0.9)) == [(True, 4)]


@given(st.lists(st.floats(0, 1), max_size=20), st.lists(st.integers(0, 2_000), min_size=20, max_size=20))
def test_no_word_is_lost_or_moved(confidences: list[float], gaps: list[int]) -> None:
    words: list[Word] = []
    at = 0
    for confidence, gap in zip(confidences, gaps, strict=False):
        words.append(Word(str(len(words)), at, at + 100, confidence))
        at += 100 + gap
    assert [word for _, stretch in Gate(Levels()).sort(words) for word in stretch] == words
