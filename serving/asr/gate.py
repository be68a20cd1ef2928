"""Which recognised words to stand by: noise, hum and music make a recognizer say words it does not believe in.

The measure is the recognizer's own confidence over a run of words, since one word alone says little. A short run needs
more of it than a long one; within ten seconds of speech that was clear, half is enough, so that a mumbled answer in a
talk is kept (and shown as doubtful) while the same sound in an empty room is not. What is not stood by is a marked gap,
never nothing. Loudness plays no part: quiet speech is as good as loud.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...knowledge.sources import Word

PAUSE_MS = 600
"""A silence inside an utterance that parts its words into runs."""
IN_TALK_MS = 10_000


@dataclass(frozen=True, slots=True)
class Levels:
    """Mean confidence (0-1) wanted of a run of n words: `long_run + one_more / n`.

    The defaults are measured with the shipped model: over three hours of noise, hum and music stay below them, espeak
    speech at 5 dB signal to noise lies above. Another model needs its own measurement.
    """

    long_run: float = 0.30
    one_more: float = 0.40

    def wanted(self, words: int) -> float:
        return self.long_run + self.one_more / words


class Gate:
    """Remembers when a stream last held clear speech."""

    def __init__(self, levels: Levels) -> None:
        self._levels = levels
        self._clear_until_ms: int | None = None

    def sort(self, words: Sequence[Word]) -> Iterator[tuple[bool, tuple[Word, ...]]]:
        """The words in order as stretches to stand by (True) and stretches that are unclear (False)."""
        stretch: list[Word] = []
        standing = True
        for run in _runs(words):
            stands = self.stands([word.confidence or 0.0 for word in run], run[0].start_ms or 0)
            if stands and self.stands_clear([word.confidence or 0.0 for word in run]):
                self._clear_until_ms = (run[-1].end_ms or 0) + IN_TALK_MS
            if stretch and stands is not standing:
                yield standing, tuple(stretch)
                stretch = []
            stretch, standing = [*stretch, *run], stands
        if stretch:
            yield standing, tuple(stretch)

    def stands(self, confidences: Sequence[float], at_ms: int) -> bool:
        """Whether words with these confidences, heard at `at_ms`, are to be shown."""
        if not confidences:
            return False
        in_talk = self._clear_until_ms is not None and at_ms <= self._clear_until_ms
        return _mean(confidences) >= self._levels.wanted(len(confidences)) * (0.5 if in_talk else 1.0)

    def stands_clear(self, confidences: Sequence[float]) -> bool:
        return _mean(confidences) >= self._levels.wanted(len(confidences))


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    run: list[Word] = []
    for word in words:
        if run and (word.start_ms or 0) - (run[-1].end_ms or 0) >= PAUSE_MS:
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
