"""Who said which words, from taps."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.recognizer import Final
from handenhet.serving.attribution import UNKNOWN, Segment, Tap, attribute, turns_by_pause

# Four words: 1.0-1.4, 1.5-1.9, 2.0-2.4, 2.5-2.9.
WORDS = tuple(Word(text, 1_000 + 500 * place, 1_400 + 500 * place) for place, text in enumerate("abcd"))
FINAL = Final(1, WORDS)


def who(*taps: tuple[int, str]) -> list[tuple[str, str]]:
    return [(part.speaker, part.text) for part in attribute(FINAL, [Tap(*tap) for tap in taps])]


@pytest.mark.parametrize(
    ("taps", "answer"),
    [
        ([], [(UNKNOWN, "a b c d")]),
        ([(0, "p1")], [("p1", "a b c d")]),
        ([(0, "p1"), (5_000, "p2")], [("p1", "a b c d")]),
        ([(0, "p1"), (1_950, "p2")], [("p1", "a b"), ("p2", "c d")]),
        ([(0, "p1"), (1_700, "p2")], [("p1", "a"), ("p2", "b c d")]),
        ([(0, "p1"), (1_720, "p2")], [("p1", "a b"), ("p2", "c d")]),
        ([(1_950, "p2")], [(UNKNOWN, "a b"), ("p2", "c d")]),
        ([(0, "p1"), (1_050, "p2")], [("p2", "a b c d")]),
        ([(0, "p1"), (2_890, "p2")], [("p1", "a b c d")]),
        ([(0, "p1"), (1_450, "p2"), (2_450, "p1")], [("p1", "a"), ("p2", "b c"), ("p1", "d")]),
        ([(0, "p1"), (1_450, "p1")], [("p1", "a b c d")]),
        ([(0, "p1"), (1_940, "p2"), (1_960, "p3")], [("p1", "a b"), ("p3", "c d")]),
    ],
)
def test_an_utterance_is_split_at_the_boundary_nearest_the_tap(
    taps: list[tuple[int, str]], answer: list[tuple[str, str]]
) -> None:
    assert who(*taps) == answer


@given(st.lists(st.tuples(st.integers(0, 4_000), st.sampled_from(["p1", "p2", "p3"])), max_size=6))
def test_no_word_is_lost_whatever_is_tapped(taps: list[tuple[int, str]]) -> None:
    parts = list(attribute(FINAL, [Tap(*tap) for tap in sorted(taps)]))
    assert tuple(word for part in parts for word in part.words) == WORDS
    assert all(one.speaker != two.speaker for one, two in pairwise(parts))


def test_a_long_pause_or_another_speaker_marks_a_turn() -> None:
    spans = [("okänd", 0, 1_000), ("okänd", 1_500, 2_000), ("okänd", 3_200, 4_000), ("p1", 4_100, 5_000)]
    segments = [Segment(speaker, (Word("ord", start, end),)) for speaker, start, end in spans]
    assert [turn for turn, _ in turns_by_pause(segments)] == [1, 1, 2, 3]
