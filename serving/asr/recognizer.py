"""What every recognizer does, and what it says: the seam between audio and words.

Audio is PCM16 little-endian, 16 kHz, mono. All times are integer milliseconds from the meeting's first sample, counted
in samples, never by a clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from ...knowledge.errors import HandenhetError
from ...knowledge.sources import Utterance, Word

SAMPLE_RATE = 16_000
BYTES_PER_SAMPLE = 2


@dataclass(frozen=True, slots=True)
class Partial:
    """Words that may still change: for the screen only, never stored. `at_ms`: how much has been heard."""

    stream: int
    text: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Final:
    """A finished stretch of speech: at least one word, all with times and confidence, in order.

    `voices`: the voice of each word (`A`-`D`, empty where none was told), or nothing where nobody listens for voices.
    """

    stream: int
    words: tuple[Word, ...]
    voices: tuple[str, ...] = ()

    @property
    def start_ms(self) -> int:
        return self.words[0].start_ms or 0

    @property
    def end_ms(self) -> int:
        return self.words[-1].end_ms or 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without words that somebody should know of.

    `unclear`: something voice-like was heard that gave no words one could stand by.
    """

    stream: int
    start_ms: int
    end_ms: int
    why: Literal["unclear"] = "unclear"


@dataclass(frozen=True, slots=True)
class Closed:
    """The last event of a stream: everything pushed before `close` has been heard."""

    stream: int


Event = Partial | Final | Gap | Closed


class SlotsFull(HandenhetError):
    """No more meetings can be heard at once; the audio lies in its spool and can be heard later."""

    def __init__(self, slots: int) -> None:
        self.slots = slots
        super().__init__(
            f"{slots} meetings are being heard already",
            mend="wait until one ends; the audio is spooled and is recognised then",
        )


class RecognizerError(HandenhetError):
    """A recognizer cannot be made or cannot go on: its model, its libraries or its language."""


class RecognizerGone(RecognizerError):
    """A recognizer that was hearing has died; another one may be made."""


class Recognizer(Protocol):
    """Hears many streams at once. Used by one thread only."""

    def open(self, *, language: str | None = None, start_sample: int = 0) -> int:
        """Begin a stream whose first sample is the meeting's sample `start_sample`.

        Raises SlotsFull, or RecognizerError for a language the model lacks.
        """
        ...

    def push(self, stream: int, pcm: bytes) -> None:
        """Add audio of any whole number of samples, none included. The sizes never change the words."""
        ...

    def close(self, stream: int) -> None:
        """No more audio; the coming steps end with `Closed`."""
        ...

    def ready(self, stream: int) -> bool:
        """Whether the next step will hear something of this stream."""
        ...

    def step(self) -> Sequence[Event]:
        """Hear one chunk of every stream that is ready."""
        ...


@runtime_checkable
class Late(Protocol):
    """A recognizer that has answers at times when no audio comes: a step is then due all the same."""

    def when_answered(self, told: Callable[[], None]) -> None:
        """`told` is called, from another thread, when there is something to say."""
        ...

    def patience_s(self) -> float | None:
        """Seconds until a step is due even if nobody answers; None where nothing is waited for."""
        ...


def utterance(final: Final, *, id: str, index: int, speaker: str) -> Utterance:
    return Utterance(id, index, speaker, final.start_ms, final.end_ms, final.words)


def to_ms(samples: int) -> int:
    return samples * 1000 // SAMPLE_RATE
