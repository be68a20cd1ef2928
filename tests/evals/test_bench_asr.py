"""What the bench says of the figures it took."""

import pytest

from handenhet.evals.bench_asr import Figures, Latency, Load, Soak, clock, resident_mb, table
from handenhet.knowledge.sources import Word

LATE = Latency(500, 700, 1_200, 1_500)
FLAT = Soak(3.0, 400, 0.1, 1.01, True, 0, 40, 0.99)


def test_a_meeting_keeps_up_when_steps_end_before_the_next_and_words_show_within_a_second() -> None:
    assert Load(4, 90, 319, 0.02, 100).keeps_up(chunk_ms=320)
    assert not Load(4, 90, 321, 0.02, 100).keeps_up(chunk_ms=320)
    assert not Load(4, 90, 150, 0.02, 100).keeps_up(chunk_ms=900), "a long chunk leaves no time"


def test_the_most_meetings_that_keep_up_are_told() -> None:
    figures = Figures(
        320, (Load(1, 20, 30, 0.07, 50), Load(8, 60, 90, 0.02, 80), Load(16, 200, 400, 0.02, 90)), LATE, FLAT
    )
    assert figures.meetings == 8
    assert "keep up on one thread: 8 (tried up to 16)" in table(figures)
    assert "in order" in table(figures)


def test_memory_is_read_from_this_process() -> None:
    before = resident_mb()
    held = bytearray(64 * 1024 * 1024)
    held[::4096] = b"x" * len(held[::4096])
    assert resident_mb() - before > 40


@pytest.mark.parametrize(
    ("slow", "answer"),
    [(0, (0, 0, 1.0)), (1, (2, 2, 1.0)), (100, (200, 200, 1.0))],
)
def test_a_clock_that_runs_wrong_shows_as_drift(slow: int, answer: tuple[float, int, float]) -> None:
    """Four repetitions of ten seconds; in each the words begin `slow` ms later than in the one before."""
    said = [
        Word(text, at, at + 300)
        for number in range(4)
        for text, at in (("ett", (10_000 + slow) * number + 2_000), ("två", (10_000 + slow) * number + 5_000))
    ]
    assert clock(said, 10_000.0, 4) == answer


def test_words_that_are_not_heard_again_are_counted() -> None:
    said = [Word(text, at, at + 300) for at, text in ((2_000, "a"), (12_000, "a"), (14_000, "b"), (22_000, "a"))]
    assert clock(said, 10_000.0, 3) == (0, 0, 0.5)
