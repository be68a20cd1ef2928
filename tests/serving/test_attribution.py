"""Who said which words, from taps and from voices."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.recognizer import Final
from handenhet.serving.attribution import UNKNOWN, Segment, Speakers, Tap, attribute, turns_by_pause

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


def said(start_ms: int, *spoken: tuple[str, str]) -> Final:
    """An utterance of half-second words, each with its voice."""
    words = tuple(Word(text, start_ms + 500 * n, start_ms + 500 * n + 450) for n, (text, _) in enumerate(spoken))
    return Final(1, words, tuple(voice for _, voice in spoken))


def told(finals: list[Final], *taps: tuple[int, str]) -> list[list[tuple[str, str]]]:
    speakers = Speakers()
    for tap in taps:
        speakers.tap(Tap(*tap))
    return [[(part.speaker, part.text) for part in speakers.attribute(final)] for final in finals]


def test_without_taps_the_voices_part_an_utterance() -> None:
    assert told([said(0, ("a", "A"), ("b", "A"), ("c", "B"), ("d", "B"), ("e", ""), ("f", ""))]) == [
        [("röst-A", "a b"), ("röst-B", "c d"), (UNKNOWN, "e f")]
    ]


def test_a_short_stretch_of_another_voice_is_taken_for_the_one_around_it() -> None:
    words = (Word("a", 0, 900), Word("b", 900, 1_200), Word("c", 1_200, 2_000), Word("d", 2_000, 2_900))
    assert told([Final(1, words, ("A", "B", "A", ""))]) == [[("röst-A", "a b c"), (UNKNOWN, "d")]]


def test_a_tap_wins_over_the_voices_until_another_voice_is_heard() -> None:
    finals = [
        said(0, ("a", "A"), ("b", "A")),
        said(5_000, ("c", "B"), ("d", "A"), ("e", "B")),  # tapped before it: all of it is p2's
        said(10_000, ("f", "B"), ("g", "")),  # the tapped voice goes on
        said(15_000, ("h", "A"), ("i", "B")),  # another voice: the tap is over
        said(20_000, ("j", "B")),
    ]
    assert told(finals, (4_000, "p2")) == [
        [("röst-A", "a b")],
        [("p2", "c d e")],
        [("p2", "f g")],
        [("röst-A", "h"), ("röst-B", "i")],
        [("röst-B", "j")],
    ]


def test_a_new_tap_takes_over_in_the_midst_of_an_utterance() -> None:
    final = said(5_000, ("a", "A"), ("b", "A"), ("c", "B"), ("d", "B"))
    assert told([final, said(9_000, ("e", "B")), said(12_000, ("f", "A"))], (4_000, "p1"), (5_980, "p2")) == [
        [("p1", "a b"), ("p2", "c d")], [("p2", "e")], [("röst-A", "f")],
    ]  # fmt: skip


@given(
    st.lists(st.tuples(st.integers(0, 6_000), st.sampled_from(["p1", "p2"])), max_size=4),
    st.lists(st.lists(st.sampled_from(["A", "B", ""]), min_size=1, max_size=6), max_size=4),
)
def test_no_word_is_lost_whatever_the_voices_say(taps: list[tuple[int, str]], voices: list[list[str]]) -> None:
    finals = [said(2_000 * n, *((str(m), voice) for m, voice in enumerate(one))) for n, one in enumerate(voices)]
    parts = told(finals, *taps)
    for final, segments in zip(finals, parts, strict=True):
        assert " ".join(text for _, text in segments) == " ".join(word.text for word in final.words)
        assert all(one[0] != two[0] for one, two in pairwise(segments))
