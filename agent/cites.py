"""What a sentence may cite: words said, a protest against them, a provision, a row of the case's record."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import ConfigDict

from ..knowledge.errors import IllegalState
from ..knowledge.participants import Standpoint
from ..knowledge.provisions import Citation
from ..knowledge.sources import Quote
from .observation import Person

Mark = Literal["doubtful", "corrected", "changed"]
"""What a reader of the quote must know: heard with low confidence, corrected afterwards, changed at the go-through."""

RecordKind = Literal["case", "meeting", "gap", "deadline", "communication"]


@dataclass(frozen=True, slots=True)
class QuoteRef:
    """Words somebody said, verbatim, and where they stand.

    `observation` is the id of the confirmed observation or of the pinned words; `first`/`end` are word offsets in the
    utterance (end exclusive); times are milliseconds from the meeting's first sample; `held` is the meeting's day.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    observation: str
    meeting: str
    held: date
    utterance: str
    first: int
    end: int
    start_ms: int
    end_ms: int
    speaker: str
    who: str
    """The speaker as the text calls them: `modern`, `Emma`, `läraren Lena`."""
    standpoint: Standpoint
    text: str
    about: str = ""
    """Whom the statement concerns, as the text calls them; empty for pinned words and questions."""
    marks: tuple[Mark, ...] = ()
    type: Literal["quote"] = "quote"

    def __post_init__(self) -> None:
        if not (self.observation and self.meeting and self.utterance and self.text.strip()):
            raise IllegalState("a quote reference names its observation, meeting, utterance and words")
        if not (0 <= self.first < self.end and 0 <= self.start_ms <= self.end_ms):
            raise IllegalState("a quote reference has offsets and times in order", where=f"utterance {self.utterance}")

    @property
    def label(self) -> str:
        return f"{self.who}, möte {self.held}, {clock(self.start_ms)}"


@dataclass(frozen=True, slots=True)
class ProtestRef:
    """The words of the person concerned who says that an observation is wrong (SoL 14 kap. 6 §), and who wrote them."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    observation: str
    meeting: str
    held: date
    words: str
    by: Person
    at: datetime
    type: Literal["protest"] = "protest"

    def __post_init__(self) -> None:
        if not (self.observation and self.words.strip()):
            raise IllegalState("a protest names the observation and carries the words")

    @property
    def label(self) -> str:
        return f"genomgång av möte {self.held}, antecknat av {self.by.name}"


@dataclass(frozen=True, slots=True)
class LawRef:
    """A provision in force on the case's date; `Citation` refuses any other."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    citation: Citation
    type: Literal["law"] = "law"

    @property
    def label(self) -> str:
        return self.citation.label


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A row of the case's record: a meeting that was held, a time limit, an entry in the communication log.

    `label` is what the reader sees; `id` is the row's id in the store.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: RecordKind
    id: str
    label: str
    type: Literal["record"] = "record"

    def __post_init__(self) -> None:
        if not (self.id.strip() and self.label.strip()):
            raise IllegalState("a record reference names its row")


Cite = QuoteRef | ProtestRef | LawRef | RecordRef


def quote_ref(
    quote: Quote, *, observation: str, meeting: str, held: date, who: str, standpoint: Standpoint,
    about: str = "", marks: tuple[Mark, ...] = (),
) -> QuoteRef:  # fmt: skip
    """The reference of a quote, its words and times taken from the quote itself."""
    return QuoteRef(
        observation, meeting, held, quote.utterance.id, quote.first, quote.end, quote.start_ms, quote.end_ms,
        quote.speaker, who, standpoint, quote.text, about, marks,
    )  # fmt: skip


def clock(ms: int) -> str:
    """Milliseconds as people read a player: `03:12`, `1:03:12`."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"
