"""A recognizer that is told what it will hear: demo, tests and machines without NeMo run the same path with it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...knowledge.errors import HandenhetError, IllegalState
from ...knowledge.sources import Word
from .recognizer import BYTES_PER_SAMPLE, Closed, Event, Final, Partial, SlotsFull, to_ms

CHUNK_SAMPLES = 5_120
SETTLE_MS = 800
"""A final is said this long after its last word ended, as a listening recognizer would."""

Script = tuple[tuple[Word, ...], ...]
"""Utterances as words with times, in order."""


@dataclass(slots=True)
class _Stream:
    start_sample: int
    waiting: list[tuple[Word, ...]]
    heard: int = 0
    pushed: int = 0
    closing: bool = False
    shown: str = ""
    closed: bool = field(default=False)


class ReplayRecognizer:
    """Says the words of `script` once their audio has been pushed, whatever the audio holds.

    Every stream it opens says the same script. Words are shown as partials when they have been heard in full.
    """

    def __init__(self, script: Iterable[Sequence[Word]], *, slots: int = 16) -> None:
        self._script: Script = tuple(tuple(words) for words in script)
        _check(self._script)
        self._slots = slots
        self._streams: dict[int, _Stream] = {}
        self._last = 0

    def open(self, *, language: str | None = None, start_sample: int = 0) -> int:
        if len(self._streams) >= self._slots:
            raise SlotsFull(self._slots)
        self._last += 1
        start_ms = to_ms(start_sample)
        waiting = [words for words in self._script if (words[0].start_ms or 0) >= start_ms]
        self._streams[self._last] = _Stream(start_sample, waiting)
        return self._last

    def push(self, stream: int, pcm: bytes) -> None:
        self._streams[stream].pushed += len(pcm) // BYTES_PER_SAMPLE

    def close(self, stream: int) -> None:
        self._streams[stream].closing = True

    def ready(self, stream: int) -> bool:
        state = self._streams.get(stream)
        return state is not None and (state.closing or state.pushed - state.heard >= CHUNK_SAMPLES)

    def step(self) -> Sequence[Event]:
        events: list[Event] = []
        for stream in [stream for stream in self._streams if self.ready(stream)]:
            events += self._hear(stream, self._streams[stream])
        return events

    def _hear(self, stream: int, state: _Stream) -> list[Event]:
        state.heard += min(CHUNK_SAMPLES, state.pushed - state.heard)
        ended = state.closing and state.heard == state.pushed
        at_ms = to_ms(state.start_sample + state.heard)
        events: list[Event] = []
        while state.waiting and _end_ms(state.waiting[0]) + (0 if ended else SETTLE_MS) <= at_ms:
            events.append(Final(stream, state.waiting.pop(0)))
            state.shown = ""
        said = [word.text for word in state.waiting[0] if (word.end_ms or 0) <= at_ms] if state.waiting else []
        if said and not ended and " ".join(said) != state.shown:
            state.shown = " ".join(said)
            events.append(Partial(stream, state.shown, at_ms))
        if ended:
            # A stream that stops in mid-utterance has said the words it had time for.
            if said and state.waiting:
                events.append(Final(stream, state.waiting[0][: len(said)]))
            events.append(Closed(stream))
            del self._streams[stream]
        return events


def read_script(path: Path) -> Script:
    """A script from JSON Lines: an utterance a line, `{"words": [{text, start_s, end_s, confidence}]}`.

    This is what `handenhet transcribe --json` writes. Raises HandenhetError with the line that cannot be read.
    """
    script: list[tuple[Word, ...]] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise HandenhetError("the script cannot be read", where=str(path)) from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                script.append(tuple(_word(word) for word in json.loads(line)["words"]))
                _check((script[-1],))
            except (ValueError, KeyError, TypeError, IllegalState) as error:
                raise HandenhetError("a line of the script is no utterance", where=f"{path}, line {number}") from error
    return tuple(script)


def _word(data: Any) -> Word:
    times = round(float(data["start_s"]) * 1000), round(float(data["end_s"]) * 1000)
    return Word(str(data["text"]), *times, confidence=data.get("confidence"))


def _check(script: Script) -> None:
    for words in script:
        if not words or any(word.end_ms is None for word in words):
            raise IllegalState("a script's utterances need words, each with its times")


def _end_ms(words: tuple[Word, ...]) -> int:
    return words[-1].end_ms or 0
