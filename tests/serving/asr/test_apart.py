"""A recognizer in another process hears the same, refuses the same, and its death is survived."""

import asyncio
import os
import signal
from functools import partial

import pytest

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.apart import Apart
from handenhet.serving.asr.recognizer import Event, Final, Recognizer, RecognizerError, RecognizerGone, SlotsFull
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Lane, Worker

SCRIPT = [(Word("hej", 500, 800, 0.9),), (Word("ja", 2_500, 2_700, 0.8),)]
SECOND = bytes(2 * 16_000)
REPLAY = partial(ReplayRecognizer, SCRIPT, slots=2)


def refuse() -> Recognizer:
    raise RecognizerError("NeMo is not installed", where="nemo", mend="pip install 'handenhet[asr]'")


def hear(recognizer: Recognizer, seconds: int) -> list[Event]:
    stream = recognizer.open()
    events: list[Event] = []
    for _ in range(seconds):
        recognizer.push(stream, SECOND)
        while recognizer.ready(stream):
            events += recognizer.step()
    recognizer.close(stream)
    while recognizer.ready(stream):
        events += recognizer.step()
    return events


async def finals(lane: Lane) -> list[str]:
    return [word.text async for event in lane.events() if isinstance(event, Final) for word in event.words]


def test_it_hears_what_it_would_hear_here() -> None:
    assert hear(Apart(REPLAY).loaded(), 5) == hear(REPLAY(), 5)


def test_what_cannot_be_made_or_opened_is_refused_in_the_same_words() -> None:
    with pytest.raises(RecognizerError) as refused:
        Apart(refuse).loaded()
    assert (refused.value.where, refused.value.mend) == ("nemo", "pip install 'handenhet[asr]'")
    apart = Apart(REPLAY).loaded()
    apart.open()
    apart.open()
    with pytest.raises(SlotsFull, match="2 meetings"):
        apart.open()


def test_killed_it_says_so_and_leaves_no_process() -> None:
    apart = Apart(REPLAY).loaded()
    stream = apart.open()
    os.kill(apart.pid, signal.SIGKILL)
    with pytest.raises(RecognizerGone, match="exit -9"):
        apart.push(stream, SECOND)
    with pytest.raises(ProcessLookupError):
        os.kill(apart.pid, 0)


def test_its_process_ends_with_it() -> None:
    apart = Apart(REPLAY).loaded()
    pid = apart.pid
    del apart
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_after_a_death_the_meeting_is_told_and_the_next_is_heard_by_a_new_one() -> None:
    made: list[Apart] = []

    def make() -> Recognizer:
        made.append(Apart(REPLAY).loaded())
        return made[-1]

    async def whole(lane: Lane) -> list[str]:
        listening = asyncio.create_task(finals(lane))
        for _ in range(4):
            await lane.push(SECOND)
        lane.close()
        return await listening

    with Worker(make) as worker:
        cut_off = await worker.open()
        os.kill(made[0].pid, signal.SIGKILL)
        with pytest.raises(RecognizerError, match="stopped"):
            await whole(cut_off)
        assert await whole(await worker.open()) == ["hej", "ja"]
    assert len(made) == 2
