"""What was said: words, utterances and the append-only transcript. Frozen values, no I/O."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from .errors import IllegalState

DOUBTFUL_BELOW = 0.5
"""Recognition confidence (0-1) under which a word is shown as doubtful."""
STRUCK = "–"
"""What stands in the place of a word that somebody in the room took back, so that words after it keep their place."""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised or typed word as it was written down.

    `start_ms`/`end_ms` count from the meeting's first sample; both None when the source has no word times.
    `confidence` is 0-1 from the recognizer; None when nobody measured it, which is not the same as low.
    """

    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    confidence: float | None = None

    def __post_init__(self) -> None:
        if not self.text or self.text != self.text.strip() or len(self.text.split()) != 1:
            raise IllegalState("a word must be non-empty and free of white space")
        if (self.start_ms is None) != (self.end_ms is None):
            raise IllegalState("a word has both its times or neither")
        if self.start_ms is not None and self.end_ms is not None and not 0 <= self.start_ms <= self.end_ms:
            raise IllegalState("a word must not end before it starts")
        if self.confidence is not None and not 0.0 <= self.confidence <= 1.0:
            raise IllegalState("word confidence lies between 0 and 1")

    @property
    def doubtful(self) -> bool:
        return self.confidence is not None and self.confidence < DOUBTFUL_BELOW


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech by one speaker, final: its words never change again.

    `index` is its place in the meeting from 0; `speaker` is a participant id; times are milliseconds from the
    meeting's first sample.
    """

    id: str
    index: int
    speaker: str
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]

    def __post_init__(self) -> None:
        if not self.id or self.index < 0:
            raise IllegalState("an utterance needs an id and an index from 0")
        if not 0 <= self.start_ms <= self.end_ms:
            raise IllegalState("an utterance must not end before it starts", where=f"utterance {self.id}")
        if not self.words:
            raise IllegalState("an utterance without words is a gap, not an utterance", where=f"utterance {self.id}")

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def without(self, start_ms: int, end_ms: int) -> "Utterance":
        """The utterance with every word that touches the stretch struck; words without times take the utterance's."""

        def kept(word: Word) -> Word:
            start = self.start_ms if word.start_ms is None else word.start_ms
            end = self.end_ms if word.end_ms is None else word.end_ms
            return Word(STRUCK, word.start_ms, word.end_ms) if start < end_ms and start_ms < end else word

        return replace(self, words=tuple(kept(word) for word in self.words))


@dataclass(frozen=True, slots=True)
class Quote:
    """Words `first`..`end` (end exclusive) of an utterance, verbatim.

    A quote holds the utterance it is cut from, so its text cannot differ from what was said.
    """

    utterance: Utterance
    first: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.first < self.end <= len(self.utterance.words):
            raise IllegalState(
                f"words {self.first}-{self.end} are not in the utterance",
                where=f"utterance {self.utterance.id} has {len(self.utterance.words)} words",
                mend="cut the quote by word offsets inside the utterance",
            )

    @property
    def words(self) -> tuple[Word, ...]:
        return self.utterance.words[self.first : self.end]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def speaker(self) -> str:
        return self.utterance.speaker

    @property
    def start_ms(self) -> int:
        start = self.words[0].start_ms
        return self.utterance.start_ms if start is None else start

    @property
    def end_ms(self) -> int:
        end = self.words[-1].end_ms
        return self.utterance.end_ms if end is None else end

    @property
    def doubtful(self) -> bool:
        """Whether any word in the quote was heard with low confidence."""
        return any(word.doubtful for word in self.words)


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's reading of words `first`..`end` of an utterance; the words below stay as heard."""

    utterance_id: str
    first: int
    end: int
    text: str
    by: str
    """Name of the person who corrected."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one meeting, append-only, with corrections as a layer above."""

    utterances: tuple[Utterance, ...] = ()
    corrections: tuple[Correction, ...] = ()
    _by_id: dict[str, Utterance] = field(default_factory=dict[str, Utterance], repr=False, compare=False)

    def __post_init__(self) -> None:
        for place, utterance in enumerate(self.utterances):
            if utterance.index != place:
                raise IllegalState(f"utterance {utterance.id} has index {utterance.index} at place {place}")
            self._by_id[utterance.id] = utterance
        if len(self._by_id) != len(self.utterances):
            raise IllegalState("two utterances share an id")
        for correction in self.corrections:
            Quote(self[correction.utterance_id], correction.first, correction.end)

    def __getitem__(self, utterance_id: str) -> Utterance:
        try:
            return self._by_id[utterance_id]
        except KeyError:
            raise IllegalState(f"there is no utterance {utterance_id} in this meeting") from None

    def __contains__(self, utterance_id: object) -> bool:
        return utterance_id in self._by_id

    def __len__(self) -> int:
        return len(self.utterances)

    def append(self, *utterances: Utterance) -> "Transcript":
        return Transcript(self.utterances + utterances, self.corrections)

    def correct(self, correction: Correction) -> "Transcript":
        return replace(self, corrections=(*self.corrections, correction), _by_id={})

    def rests_on_correction(self, quote: Quote) -> bool:
        """Whether someone has corrected words inside the quote, so that it needs a new look."""
        return any(
            c.utterance_id == quote.utterance.id and c.first < quote.end and quote.first < c.end
            for c in self.corrections
        )

    def as_read(self, utterance: Utterance) -> str:
        """The text with the latest corrections applied, for people to read; quotes never use it."""
        words = [[word.text] for word in utterance.words]
        for correction in self.corrections:
            if correction.utterance_id == utterance.id:
                words[correction.first : correction.end] = [
                    [correction.text],
                    *([[]] * (correction.end - correction.first - 1)),
                ]
        return " ".join(text for slot in words for text in slot if text)


def utterance_of_text(id: str, index: int, speaker: str, text: str, start_ms: int = 0, end_ms: int = 0) -> Utterance:
    """An utterance from plain text: words without own times or confidence.

    Raises IllegalState if the text holds no word.
    """
    return Utterance(id, index, speaker, start_ms, end_ms, tuple(Word(text=part) for part in text.split()))


def transcript_of(utterances: Iterable[Utterance]) -> Transcript:
    return Transcript(tuple(utterances))
