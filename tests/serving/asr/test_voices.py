"""Voices beside the words: each word gets the voice most active while it was said, and a final waits for it."""

from collections.abc import Sequence

import pytest

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.recognizer import Closed, Event, Final, Partial, RecognizerError
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.voices import KEPT_MS, Activity, Frame, WithVoices
from handenhet.serving.asr.worker import Worker

SECOND = bytes(2 * 16_000)
SCRIPT = [
    (Word("hej", 500, 800, 0.9), Word("ja", 1_500, 1_800, 0.9)),
    (Word("nej", 3_000, 3_400, 0.9),),
]
A, B, NOBODY = (0.9, 0.1, 0.0, 0.0), (0.1, 0.8, 0.0, 0.0), (0.1, 0.2, 0.0, 0.0)


class Told:
    """A speaker model that knows beforehand: A for the first second, B to 2.8 s, then nobody; `late` ms behind."""

    def __init__(self, late: int = 0, fails: bool = False) -> None:
        self._late, self._fails = late, fails

    def begin(self) -> "Told":
        return Told(self._late, self._fails)

    _heard = _given = 0

    def hear(self, pcm: bytes) -> Sequence[Frame]:
        if self._fails:
            raise RecognizerError("the speaker model failed")
        self._heard += len(pcm) // 32
        return self._until(max(0, self._heard - self._late) // 80)

    def end(self) -> Sequence[Frame]:
        return self._until(self._heard // 80)

    def _until(self, frame: int) -> list[Frame]:
        told: list[Frame] = [A if place * 80 < 1_000 else B if place * 80 < 2_800 else NOBODY for place in range(frame)]
        given, self._given = self._given, frame
        return told[given:]


async def hear(model: Told, seconds: int = 5) -> list[Event]:
    with Worker(lambda: WithVoices(ReplayRecognizer(SCRIPT), model)) as worker:
        lane = await worker.open()
        for _ in range(seconds):
            await lane.push(SECOND)
        lane.close()
        return [event async for event in lane.events()]


def voices(events: Sequence[Event]) -> list[tuple[str, ...]]:
    return [event.voices for event in events if isinstance(event, Final)]


@pytest.mark.parametrize("late", [0, 1_040, 3_000])
async def test_each_word_has_the_voice_that_was_active_while_it_was_said(late: int) -> None:
    assert voices(await hear(Told(late))) == [("A", "B"), ("",)]


def test_a_final_waits_for_its_voices_and_nothing_passes_it() -> None:
    recognizer = WithVoices(ReplayRecognizer(SCRIPT), Told(late=2_000))
    stream = recognizer.open()
    seen: list[list[type]] = []
    for _ in range(5):
        recognizer.push(stream, SECOND)
        events: list[Event] = []
        while recognizer.ready(stream):
            events += recognizer.step()
        seen.append([type(event) for event in events if not isinstance(event, Partial)])
    # The words end at 1.8 s, are final at 2.6 s, and their voices are known at 3.8 s.
    assert seen == [[], [], [], [Final], []]
    recognizer.close(stream)
    assert [type(event) for event in recognizer.step()] == [Final, Closed]


async def test_a_speaker_model_that_fails_costs_no_words() -> None:
    assert voices(await hear(Told(fails=True))) == [("", ""), ("",)]


def test_two_meetings_have_voices_of_their_own() -> None:
    recognizer = WithVoices(ReplayRecognizer(SCRIPT), Told())
    early, late = recognizer.open(), recognizer.open(start_sample=8_000)
    for stream in (early, late):
        recognizer.push(stream, SECOND * 3)
        recognizer.close(stream)
    events: list[Event] = []
    while recognizer.ready(early) or recognizer.ready(late):
        events += recognizer.step()
    # The model hears the late stream from its own start: there A has stopped half a second later in the meeting.
    said = {event.stream: event.voices for event in reversed(events) if isinstance(event, Final)}
    assert said == {early: ("A", "B"), late: ("A", "B")}


def test_only_the_newest_two_minutes_are_remembered() -> None:
    activity = Activity(0)
    for _ in range(10 * 60):
        activity.add([A] * 13)
    now = activity.until_ms
    assert now == 10 * 60 * 13 * 80
    assert activity.voice(Word("nyss", now - 500, now - 100)) == "A"
    assert activity.voice(Word("länge", 1_000, 1_400)) == ""
    assert activity.voice(Word("gräns", now - KEPT_MS, now - KEPT_MS + 80)) == "A"
    assert activity.voice(Word("framtid", now + 100, now + 500)) == ""
