"""A meeting's records become attributed words and marked gaps."""

from collections.abc import AsyncIterator, Sequence

import pytest

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.recognizer import SlotsFull
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Worker
from handenhet.serving.attribution import Segment
from handenhet.serving.hearing import Heard, Live, Marked, Missing, hear
from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.messages import End, Mark, Pause, Record, Resume, Strike, Turn

WORDS = tuple(Word(text, 1_000 * place, 1_000 * place + 400, 0.9) for place, text in enumerate("abcdef"))


async def given(records: Sequence[Record]) -> AsyncIterator[Record]:
    for record in records:
        yield record


def audio(seq: int, seconds: int) -> list[Record]:
    return [AudioFrame(seq + place, 0, bytes(32_000)) for place in range(seconds)]


async def heard(script: Sequence[Sequence[Word]], records: Sequence[Record]) -> list[Heard]:
    with Worker(lambda: ReplayRecognizer(script)) as worker:
        return [one async for one in hear(given(records), worker) if not isinstance(one, Live)]


async def test_taps_say_who_speaks() -> None:
    records = [
        Turn(seq=0, sample=0, at_ms=0, speaker="p1"),
        *audio(1, 3),
        Turn(seq=4, sample=43_000, at_ms=0, speaker="p2"),
        *audio(5, 4),
        End(seq=9, sample=112_000, at_ms=0),
    ]
    assert await heard([WORDS], records) == [Segment("p1", WORDS[:3]), Segment("p2", WORDS[3:])]


async def test_a_pause_finishes_what_was_said_and_is_marked() -> None:
    records = [
        *audio(0, 3),
        Pause(seq=3, sample=48_000, at_ms=10_000),
        Resume(seq=4, sample=48_000, at_ms=70_000),
        *audio(5, 4),
        End(seq=9, sample=112_000, at_ms=80_000),
    ]
    assert await heard([WORDS[:3], WORDS[3:]], records) == [
        Segment("okänd", WORDS[:3]),
        Missing("paused", 3_000, 3_000, lasted_ms=60_000),
        Segment("okänd", WORDS[3:]),
    ]


async def test_what_is_struck_comes_after_the_words_it_strikes() -> None:
    records = [
        *audio(0, 4),
        Strike(seq=4, since=32_000, sample=56_000, at_ms=0),
        *audio(5, 3),
        End(seq=8, sample=112_000, at_ms=0),
    ]
    assert await heard([WORDS[:4], WORDS[4:]], records) == [
        Segment("okänd", WORDS[:4]),
        Missing("struck", 2_000, 3_500),
        Segment("okänd", WORDS[4:]),
    ]


async def test_a_mark_is_passed_on() -> None:
    records = [*audio(0, 1), Mark(seq=1, sample=16_000, at_ms=0), End(seq=2, sample=16_000, at_ms=0)]
    assert await heard([WORDS[4:]], records) == [Marked(1_000)]


async def test_no_free_slot_is_told() -> None:
    with Worker(lambda: ReplayRecognizer([WORDS], slots=1)) as worker:
        await worker.open()
        with pytest.raises(SlotsFull):
            [one async for one in hear(given(audio(0, 1)), worker)]
