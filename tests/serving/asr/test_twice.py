"""Each closed utterance is heard again; until then its words are partial, and a failure is marked, never hidden."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.gate import Levels
from handenhet.serving.asr.recognizer import Event, Final, Gap, Partial, RecognizerError
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.twice import AROUND_MS, AtOnce, FinalRecognizer, Samples, TwiceHeard, timed
from handenhet.serving.asr.worker import Worker

SECOND = bytes(2 * 16_000)
HELLO = (Word("hej", 500, 800, 0.9), Word("på", 900, 1_000, 0.4), Word("daj", 1_100, 1_400, 0.6))
ANSWER = (Word("ja", 3_000, 3_200, 0.8),)


class Says:
    """A final model with an answer for each utterance in turn; an exception is raised, and None waits for `go`."""

    def __init__(self, *answers: str | Exception | None) -> None:
        self.answers, self.heard, self.go = list(answers), list[tuple[int, str | None]](), threading.Event()

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        self.heard.append((len(pcm), language))
        answer = self.answers.pop(0)
        if answer is None:
            assert self.go.wait(10)
            answer = "sent"
        if isinstance(answer, Exception):
            raise answer
        return [Word(text) for text in answer.split()]


async def hear(final: FinalRecognizer, timeout_s: float = 20.0, seconds: int = 5) -> list[Event]:
    with Worker(lambda: TwiceHeard(ReplayRecognizer([HELLO, ANSWER]), final, timeout_s=timeout_s)) as worker:
        lane = await worker.open(language="sv-SE")
        for _ in range(seconds):
            await lane.push(SECOND)
        lane.close()
        return [event async for event in lane.events()]


def words(events: Sequence[Event]) -> list[list[str]]:
    return [[word.text for word in event.words] for event in events if isinstance(event, Final)]


async def test_the_second_hearing_is_the_final_and_takes_the_live_words_times() -> None:
    final = Says("Hej på dig.", "Ja!")
    events = await hear(final)
    assert words(events) == [["Hej", "på", "dig."], ["Ja!"]]
    first = next(event for event in events if isinstance(event, Final))
    assert [word.start_ms for word in first.words] == [500, 900, 1_000]
    assert {language for _, language in final.heard} == {"sv-SE"}
    assert all(abs(length - wanted) <= 16 for (length, _), wanted in zip(final.heard, (24_000, 12_800), strict=False))


async def test_a_failure_keeps_the_live_words_and_marks_each_of_them() -> None:
    events = await hear(Says(RecognizerError("down"), "Ja."))
    assert words(events) == [["hej", "på", "daj"], ["Ja."]]
    first = next(event for event in events if isinstance(event, Final))
    assert all(word.doubtful for word in first.words)
    assert [word.start_ms for word in first.words] == [500, 900, 1_100]


async def test_an_answer_that_does_not_come_in_time_is_not_waited_for() -> None:
    final = Says(None, None)
    events = await hear(final, timeout_s=0.05)
    final.go.set()
    assert words(events) == [["hej", "på", "daj"], ["ja"]]
    assert all(word.doubtful for event in events if isinstance(event, Final) for word in event.words)


async def test_nothing_heard_the_second_time_is_a_marked_gap() -> None:
    events = await hear(Says("", "Ja."))
    assert [event for event in events if isinstance(event, Gap)] == [Gap(1, 500, 1_400)]
    assert words(events) == [["Ja."]]


def test_live_words_stay_partial_until_the_answer_and_the_order_is_kept() -> None:
    final = Says(None, None)
    twice, told = TwiceHeard(ReplayRecognizer([HELLO, ANSWER]), final), threading.Event()
    twice.when_answered(told.set)
    stream = twice.open()
    twice.push(stream, SECOND * 5)
    events: list[Event] = []
    while twice.ready(stream):
        events += twice.step()
    assert words(events) == []
    assert [event for event in events if isinstance(event, Partial)][-1].text == "hej på daj ja"
    assert twice.patience_s() is not None
    twice.close(stream)
    while twice.ready(stream):
        twice.step()
    final.go.set()
    later: list[Event] = []
    while twice.patience_s() is not None:
        assert told.wait(10)
        told.clear()
        later += twice.step()
    assert words(later) == [["sent"], ["sent"]]


def test_sound_that_was_let_go_keeps_its_live_words() -> None:
    twice = TwiceHeard(ReplayRecognizer([HELLO]), Says(), most_s=1)
    stream = twice.open()
    twice.push(stream, SECOND * 5)
    events: list[Event] = []
    while twice.ready(stream):
        events += twice.step()
    assert words(events) == [["hej", "på", "daj"]]


class Mumbling(ReplayRecognizer):
    """Makes nothing of what it hears."""

    def step(self) -> Sequence[Event]:
        return [
            Gap(event.stream, event.start_ms, event.end_ms) if isinstance(event, Final) else event
            for event in super().step()
        ]


class Hears:
    """Hears one word, this sure of it; with a time of its own or without one."""

    def __init__(self, confidence: float, start_ms: int | None = 300) -> None:
        self.confidence, self.start_ms = confidence, start_ms

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        return [Word("hjälp", self.start_ms, self.start_ms and self.start_ms + 200, self.confidence)]


def mumbled(final: FinalRecognizer, unclear: Levels | None) -> list[Event]:
    twice = TwiceHeard(Mumbling([HELLO]), final, pool=AtOnce(), unclear=unclear)
    stream = twice.open()
    twice.push(stream, SECOND * 5)
    twice.close(stream)
    events: list[Event] = []
    while twice.ready(stream):
        events += twice.step()
    return [event for event in events if isinstance(event, Final | Gap)]


def test_what_the_live_model_made_nothing_of_is_kept_where_the_second_hearing_is_sure() -> None:
    (final,) = mumbled(Hears(0.9), Levels(0.3, 0.4))
    assert isinstance(final, Final)
    assert [(word.text, word.start_ms) for word in final.words] == [("hjälp", 500 - AROUND_MS + 300)]


@pytest.mark.parametrize("final", [Hears(0.69), Hears(0.9, None), Says(RecognizerError("down")), Says("")])
def test_it_stays_a_gap_where_the_second_hearing_is_not_sure_of_words_and_their_time(final: FinalRecognizer) -> None:
    assert mumbled(final, Levels(0.3, 0.4)) == [Gap(1, 500, 1_400)]


def test_it_stays_a_gap_where_nobody_says_how_sure_one_must_be() -> None:
    assert mumbled(Hears(1.0), None) == [Gap(1, 500, 1_400)]


LETTERS = st.text("abcdeåäö", min_size=1, max_size=6)


@given(
    st.lists(st.tuples(LETTERS, st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=12),
    st.lists(LETTERS, max_size=15),
    st.booleans(),
)
def test_times_never_go_back_and_stay_inside(
    live: list[tuple[str, int, int]], again: list[str], own_times: bool
) -> None:
    at, heard = 1_000, list[Word]()
    for text, pause, length in live:
        heard.append(Word(text, at + pause, at + pause + length, 0.5))
        at += pause + length
    words = [Word(text, 7 * n, 7 * n + 3) if own_times else Word(text) for n, text in enumerate(again)]
    placed = timed(words, heard, 900, at + 100)
    assert [word.text for word in placed] == again
    times = [time for word in placed for time in (word.start_ms or 0, word.end_ms or 0)]
    assert times == sorted(times)
    assert all(900 <= time <= at + 100 for time in times)


def test_words_said_alike_keep_their_own_times() -> None:
    again = [Word("Hej,"), Word("du"), Word("daj.")]
    placed = timed(again, HELLO, 0, 2_000)
    assert [(word.start_ms, word.end_ms) for word in placed] == [(500, 800), (800, 1_100), (1_100, 1_400)]
    assert replace(placed[0], start_ms=None, end_ms=None) == again[0]
    assert np.diff([word.start_ms or 0 for word in placed]).min() > 0


@pytest.mark.parametrize("meetings", [3])
async def test_a_slow_answer_for_one_meeting_does_not_stop_another(meetings: int) -> None:
    final = Says(*["sent"] * (2 * meetings))
    with Worker(lambda: TwiceHeard(ReplayRecognizer([HELLO, ANSWER]), final)) as worker:

        async def one() -> list[list[str]]:
            lane = await worker.open()
            for _ in range(5):
                await lane.push(SECOND)
            lane.close()
            return words([event async for event in lane.events()])

        assert await asyncio.gather(*(one() for _ in range(meetings))) == [[["sent"], ["sent"]]] * meetings
