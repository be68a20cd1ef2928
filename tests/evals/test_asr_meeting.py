"""Who is said to have said what, measured: taps that come late, and pauses alone."""

from handenhet.evals.asr_meeting import attribution, jittered, turns_found
from handenhet.knowledge.sources import Word
from handenhet.serving.attribution import Segment, Tap


def said(speaker: str, start_ms: int, *words: str) -> Segment:
    return Segment(
        speaker, tuple(Word(w, start_ms + 300 * i, start_ms + 300 * i + 250, 0.9) for i, w in enumerate(words))
    )


def test_only_rightly_heard_words_count_and_a_wrong_speaker_is_wrong() -> None:
    spoken = [("S", "hur"), ("S", "mår"), ("S", "du"), ("B", "bra")]
    found = attribution(spoken, [said("S", 0, "hur", "går"), said("B", 700, "du", "bra")])
    assert (found.right, found.words) == (2, 3)
    assert round(found.share, 2) == 0.67


def test_taps_move_both_ways_and_stay_in_order() -> None:
    taps = [Tap(at, "SB"[at % 2]) for at in range(0, 20_000, 501)]
    moved = jittered(taps, 300)
    assert [tap.at_ms for tap in moved] == sorted(tap.at_ms for tap in moved)
    assert min(tap.at_ms for tap in moved) >= 0
    assert moved == jittered(taps, 300)
    assert jittered(taps, 0) == taps


def test_a_change_without_a_pause_is_not_found() -> None:
    segments = [said("S", 0, "hur", "mår", "du"), said("B", 2500, "bra"), said("S", 3000, "fint")]
    assert turns_found([2000, 2900], segments) == (1, 1)
