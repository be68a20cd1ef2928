"""In which voice each word was said: a speaker model beside the recognizer, on the same sound and the same clock.

The model says how active each of at most four voices is, in frames of 80 ms. It knows no names; who a voice is, a
person says. An utterance waits until the model has heard as far, which is a few tenths of a second.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from ...knowledge.sources import Word
from .recognizer import Closed, Event, Final, Late, Recognizer, RecognizerError, to_ms

_log = logging.getLogger(__name__)
VOICES = "ABCD"
FRAME_MS = 80
KEPT_MS = 120_000
"""How far back activity is remembered: a second hearing may take long to answer."""
HEARD_ABOVE = 0.5
"""Activity (0-1) over a word from which a voice is taken to have said it."""

Frame = Sequence[float]
"""Activity (0-1) of each voice during 80 ms."""


class Listening(Protocol):
    """One stream being listened to. Frames come in order from the stream's first sample, each once."""

    def hear(self, pcm: bytes) -> Sequence[Frame]:
        """The frames known with this more sound, PCM16 at 16 kHz. Raises RecognizerError."""
        ...

    def end(self) -> Sequence[Frame]:
        """The last frames. Raises RecognizerError."""
        ...


class SpeakerModel(Protocol):
    """Tells voices apart. Used by one thread only."""

    def begin(self) -> Listening: ...


class Activity:
    """What is known of the voices of one stream; all but the newest two minutes is let go of."""

    def __init__(self, start_ms: int) -> None:
        self._frames: deque[Frame] = deque(maxlen=KEPT_MS // FRAME_MS)
        self._start_ms, self._count = start_ms, 0

    def add(self, frames: Sequence[Frame]) -> None:
        self._frames.extend(frames)
        self._count += len(frames)

    @property
    def until_ms(self) -> int:
        return self._start_ms + self._count * FRAME_MS

    def voice(self, word: Word) -> str:
        """The voice most active during the word; empty where none was, or where it is no longer known."""
        oldest = self._count - len(self._frames)
        first = ((word.start_ms or 0) - self._start_ms) // FRAME_MS
        last = max((word.end_ms or 0) - 1 - self._start_ms, 0) // FRAME_MS
        frames = [self._frames[place - oldest] for place in range(first, last + 1) if oldest <= place < self._count]
        if not frames:
            return ""
        means = [sum(activity) / len(frames) for activity in zip(*frames, strict=True)]
        best = max(range(len(means)), key=means.__getitem__)
        return VOICES[best] if means[best] >= HEARD_ABOVE else ""


@dataclass(slots=True)
class _Stream:
    listening: Listening
    activity: Activity
    audio: bytearray = field(default_factory=bytearray)
    waiting: deque[Event] = field(default_factory=deque[Event])
    closing: bool = False
    done: bool = False
    """No more activity will come: the stream has ended, or the model gave up."""


class WithVoices:
    """A recognizer over another, whose finals say the voice of each word. Partials and gaps keep their place.

    A speaker model that fails costs the stream its voices, never its words.
    """

    def __init__(self, recognizer: Recognizer, model: SpeakerModel) -> None:
        self._recognizer, self._model = recognizer, model
        self._streams: dict[int, _Stream] = {}

    def when_answered(self, told: Callable[[], None]) -> None:
        if isinstance(self._recognizer, Late):
            self._recognizer.when_answered(told)

    def patience_s(self) -> float | None:
        return self._recognizer.patience_s() if isinstance(self._recognizer, Late) else None

    def open(self, *, language: str | None = None, start_sample: int = 0) -> int:
        stream = self._recognizer.open(language=language, start_sample=start_sample)
        self._streams[stream] = _Stream(self._model.begin(), Activity(to_ms(start_sample)))
        return stream

    def push(self, stream: int, pcm: bytes) -> None:
        state = self._streams[stream]
        if not state.done:
            state.audio += pcm
        self._recognizer.push(stream, pcm)

    def close(self, stream: int) -> None:
        self._streams[stream].closing = True
        self._recognizer.close(stream)

    def ready(self, stream: int) -> bool:
        return self._recognizer.ready(stream)

    def step(self) -> Sequence[Event]:
        for event in self._recognizer.step():
            self._streams[event.stream].waiting.append(event)
        events: list[Event] = []
        for stream, state in list(self._streams.items()):
            _listen(state)
            while state.waiting and _may_go(state, state.waiting[0]):
                event = state.waiting.popleft()
                events.append(_voiced(event, state.activity))
                if isinstance(event, Closed):
                    del self._streams[stream]
        return events


def _listen(state: _Stream) -> None:
    """Let the model hear what has come since."""
    if state.done:
        return
    pcm = bytes(state.audio)
    state.audio.clear()
    try:
        if pcm:
            state.activity.add(state.listening.hear(pcm))
        if state.closing:
            state.activity.add(state.listening.end())
            state.done = True
    except RecognizerError as error:
        _log.warning("a stream goes on without voices: %s", error)
        state.done = True


def _may_go(state: _Stream, event: Event) -> bool:
    return state.done or not isinstance(event, Final) or event.end_ms <= state.activity.until_ms


def _voiced(event: Event, activity: Activity) -> Event:
    if not isinstance(event, Final):
        return event
    return replace(event, voices=tuple(activity.voice(word) for word in event.words))
