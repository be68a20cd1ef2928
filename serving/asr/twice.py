"""Live words now, kept words a moment later: each closed utterance is heard again by a stronger model.

Until its answer is there the live words stay partial. An answer in time becomes the final; none, or a failure, makes
the live words final, marked as words to be checked. Finals keep their order, and a stream closes when all are out.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ...knowledge.sources import DOUBTFUL_BELOW, Word
from .gate import Levels
from .recognizer import BYTES_PER_SAMPLE, SAMPLE_RATE, Closed, Event, Final, Gap, Partial, Recognizer, to_ms

_log = logging.getLogger(__name__)
Samples = npt.NDArray[np.int16]
AROUND_MS = 300
"""Sound before and after an utterance that is heard with it: live word times are off by about a tenth of a second."""
UNCHECKED = DOUBTFUL_BELOW / 2
"""The most confidence a live word is given that no second hearing stands behind: it is shown as doubtful."""
TOGETHER = 2


class AtOnce(Executor):
    """Does what it is given before it returns: for a second hearing in the live model's own thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as any executor: whoever asks for the result is told
            done.set_exception(error)
        return done


class FinalRecognizer(Protocol):
    """A stronger model that hears one closed utterance at a time. Called from threads of its own."""

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        """The words of 16 kHz mono sound, times in ms of the sound or none. Empty where nothing is said.

        Raises RecognizerError.
        """
        ...


@dataclass(slots=True)
class _Waiting:
    """An utterance being heard again, or an event that stands behind one."""

    event: Event
    answer: Future[Sequence[Word]] | None = None
    until: float = 0.0


@dataclass(slots=True)
class _Stream:
    language: str | None
    start_sample: int
    audio: bytearray = field(default_factory=bytearray)
    from_sample: int = 0
    """The meeting's sample that `audio` begins at."""
    waiting: deque[_Waiting] = field(default_factory=deque[_Waiting])
    live: str = ""
    since_ms: int = 0


class TwiceHeard:
    """A recognizer over a live one. `timeout_s`: how long an utterance waits for its second hearing.

    `most_s`: the longest stretch of sound kept a stream; an utterance that began before it keeps its live words,
    marked. `pool`: where it is heard again; threads of its own where none is given. `unclear`: how sure a second
    hearing must be of a stretch that the live model could make nothing of; such a stretch stays a gap without it.
    """

    def __init__(
        self,
        live: Recognizer,
        final: FinalRecognizer,
        *,
        timeout_s: float = 20.0,
        most_s: int = 120,
        clock: Callable[[], float] = time.monotonic,
        pool: Executor | None = None,
        unclear: Levels | None = None,
    ) -> None:
        self._unclear = unclear
        self._live, self._final, self._timeout_s, self._clock = live, final, timeout_s, clock
        self._most = most_s * SAMPLE_RATE * BYTES_PER_SAMPLE
        self._streams: dict[int, _Stream] = {}
        self._pool = pool or ThreadPoolExecutor(TOGETHER, thread_name_prefix="second-hearing")
        self._told: Callable[[], None] = lambda: None

    def when_answered(self, told: Callable[[], None]) -> None:
        self._told = told

    def patience_s(self) -> float | None:
        ends = [waiting.until for state in self._streams.values() for waiting in state.waiting if waiting.answer]
        return max(0.0, min(ends) - self._clock()) if ends else None

    def open(self, *, language: str | None = None, start_sample: int = 0) -> int:
        stream = self._live.open(language=language, start_sample=start_sample)
        self._streams[stream] = _Stream(language, start_sample, from_sample=start_sample, since_ms=to_ms(start_sample))
        return stream

    def push(self, stream: int, pcm: bytes) -> None:
        state = self._streams[stream]
        state.audio += pcm
        if (over := len(state.audio) - self._most) > 0:
            over += over % BYTES_PER_SAMPLE
            del state.audio[:over]
            state.from_sample += over // BYTES_PER_SAMPLE
        self._live.push(stream, pcm)

    def close(self, stream: int) -> None:
        self._live.close(stream)

    def ready(self, stream: int) -> bool:
        return self._live.ready(stream)

    def step(self) -> Sequence[Event]:
        events: list[Event] = []
        for event in self._live.step():
            events += self._take(event)
        for stream in list(self._streams):
            events += self._release(stream)
        return events

    def _take(self, event: Event) -> list[Event]:
        state = self._streams[event.stream]
        match event:
            case Partial():
                state.live = event.text
                return [replace(event, text=self._shown(state))]
            case Final():
                state.live = ""
                state.waiting.append(self._again(event, state))
                text = self._shown(state)
                return [Partial(event.stream, text, event.end_ms)]
            case Gap() if self._unclear is not None:
                state.waiting.append(self._again(event, state))
                return []
            case Gap() | Closed():
                state.waiting.append(_Waiting(event))
                return []

    def _again(self, live: Final | Gap, state: _Stream) -> _Waiting:
        first, last = (ms * SAMPLE_RATE // 1000 for ms in (live.start_ms - AROUND_MS, live.end_ms + AROUND_MS))
        if first + AROUND_MS * SAMPLE_RATE // 1000 < state.from_sample:
            return _Waiting(_kept(live))
        begin = max(first, state.from_sample)
        pcm = bytes(state.audio[_bytes(begin - state.from_sample) : _bytes(last - state.from_sample)])
        answer = self._pool.submit(self._heard, live, pcm, to_ms(begin), state.language)
        answer.add_done_callback(lambda _: self._told())
        return _Waiting(live, answer, self._clock() + self._timeout_s)

    def _heard(self, live: Final | Gap, pcm: bytes, start_ms: int, language: str | None) -> Sequence[Word]:
        words = self._final.recognise(np.frombuffer(pcm, dtype="<i2"), language)
        if isinstance(live, Gap) and not self._believed(words):
            return ()
        return timed(
            words,
            live.words if isinstance(live, Final) else (),
            start_ms,
            start_ms + to_ms(len(pcm) // BYTES_PER_SAMPLE),
        )

    def _believed(self, words: Sequence[Word]) -> bool:
        """Whether the second hearing is sure enough of words where the live model heard none."""
        if self._unclear is None or not words:
            return False
        sure = [word.confidence or 0.0 for word in words if word.start_ms is not None]
        return len(sure) == len(words) and sum(sure) / len(sure) >= self._unclear.wanted(len(sure))

    def _settled(self, state: _Stream) -> bool:
        if not state.waiting:
            return False
        head = state.waiting[0]
        return head.answer is None or head.answer.done() or self._clock() >= head.until

    def _release(self, stream: int) -> list[Event]:
        """Every event at the head of the queue that waits for nothing more."""
        state = self._streams[stream]
        events: list[Event] = []
        while self._settled(state):
            event = self._answer(state, state.waiting.popleft())
            events.append(event)
            if isinstance(event, Closed):
                del self._streams[stream]
                return events
            if isinstance(event, Final):
                state.since_ms = event.end_ms
        if events and (shown := self._shown(state)):
            events.append(Partial(stream, shown, state.since_ms))
        return events

    def _answer(self, state: _Stream, waiting: _Waiting) -> Event:
        live = waiting.event
        if waiting.answer is None or not isinstance(live, Final | Gap):
            return live
        failure = waiting.answer.exception() if waiting.answer.done() else TimeoutError()
        if failure is not None:
            waiting.answer.cancel()
            _log.warning("an utterance keeps its live words: %s", type(failure).__name__)
            return _kept(live)
        words = _after(waiting.answer.result(), state.since_ms)
        return Final(live.stream, words) if words else Gap(live.stream, live.start_ms, live.end_ms)

    def _shown(self, state: _Stream) -> str:
        finals = (waiting.event for waiting in state.waiting if waiting.answer is not None)
        texts = [" ".join(word.text for word in final.words) for final in finals if isinstance(final, Final)]
        return " ".join(text for text in [*texts, state.live] if text)


def timed(words: Sequence[Word], live: Sequence[Word], start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """The words with times in the meeting. `start_ms`, `end_ms`: where the sound lies in it.

    Times of their own are moved there; words without any take those of the live words they agree with, and between two
    such words they share the time by their letters. None goes back in time.
    """
    if words and all(word.start_ms is not None for word in words):
        moved = [(start_ms + (word.start_ms or 0), start_ms + (word.end_ms or 0)) for word in words]
    else:
        moved = _spread(words, _agreed(words, live), live)
    placed: list[Word] = []
    since = start_ms
    for word, (first, last) in zip(words, moved, strict=True):
        begin = min(max(first, since), end_ms)
        since = min(max(last, begin), end_ms)
        placed.append(Word(word.text, begin, since, word.confidence))
    return tuple(placed)


def _agreed(words: Sequence[Word], live: Sequence[Word]) -> dict[int, Word]:
    """The live word that each word stands for, where both say the same."""
    matcher = SequenceMatcher(None, [_plain(w) for w in words], [_plain(w) for w in live], autojunk=False)
    return {
        block.a + step: live[block.b + step] for block in matcher.get_matching_blocks() for step in range(block.size)
    }


def _spread(words: Sequence[Word], agreed: dict[int, Word], live: Sequence[Word]) -> list[tuple[int, int]]:
    times: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        if place in agreed:
            times.append((agreed[place].start_ms or 0, agreed[place].end_ms or 0))
            place += 1
            continue
        until = next((next_one for next_one in range(place, len(words)) if next_one in agreed), len(words))
        begin = times[-1][1] if times else live[0].start_ms or 0
        end = (live[-1].end_ms if until == len(words) else agreed[until].start_ms) or begin
        letters = [len(word.text) for word in words[place:until]]
        for index in range(len(letters)):
            span = max(0, end - begin)
            first, last = (span * sum(letters[:n]) // sum(letters) for n in (index, index + 1))
            times.append((begin + first, begin + last))
        place = until
    return times


def _plain(word: Word) -> str:
    return word.text.strip(".,;:!?\"'()–-").casefold()


def _after(words: Sequence[Word], since_ms: int) -> tuple[Word, ...]:
    """No word begins before the final before it ended, whatever the second model says."""
    kept: list[Word] = []
    for word in words:
        start = max(word.start_ms or 0, since_ms)
        kept.append(replace(word, start_ms=start, end_ms=max(word.end_ms or 0, start)))
    return tuple(kept)


def _kept(live: Final | Gap) -> Final | Gap:
    """What the live model heard as it is, each word shown as doubtful."""
    if isinstance(live, Gap):
        return live
    words = (replace(word, confidence=min(word.confidence or 0.0, UNCHECKED)) for word in live.words)
    return Final(live.stream, tuple(words))


def _bytes(samples: int) -> int:
    return samples * BYTES_PER_SAMPLE
