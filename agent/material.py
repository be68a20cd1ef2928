"""What prose may rest on: meetings with their confirmed observations and pinned words, and the case's own record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from ..knowledge.errors import IllegalState
from ..knowledge.index import Hit
from ..knowledge.participants import Meeting, Participant
from ..knowledge.provisions import Citation, Provision
from ..knowledge.sources import Quote, Transcript
from .observation import Observation, Person, Proposer

LOCAL = ZoneInfo("Europe/Stockholm")
CHILDS_WORDS = "Barnets egna ord"
PROMISE = "Överenskommelser"
STANCE = "Inställning"
"""Headings under which pinned words have a place of their own in the decision basis."""

LawOn = Callable[[str, str, date], Provision | None]
"""The provision of (SFS number, section, date), None if the corpus has none in force that day."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """Words a person chose to keep verbatim under a heading."""

    id: str
    quote: Quote
    heading: str
    by: Person
    at: datetime

    def __post_init__(self) -> None:
        if not (self.id and self.heading.strip()):
            raise IllegalState("pinned words have an id and a heading")


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch of a meeting without words, and why (`paus`, `struket på begäran`); milliseconds."""

    id: str
    start_ms: int
    end_ms: int
    why: str


@dataclass(frozen=True, slots=True)
class Talk:
    """A meeting that was gone through. Holds nothing that nobody confirmed.

    `started` and `ended` are zone-aware; `interpreter` and `child_alone` are None where nobody has said.
    """

    meeting: Meeting
    started: datetime
    transcript: Transcript
    observations: tuple[Observation, ...] = ()
    pinned: tuple[Pinned, ...] = ()
    ended: datetime | None = None
    place: str = ""
    interpreter: bool | None = None
    silences: tuple[Silence, ...] = ()

    def __post_init__(self) -> None:
        where = f"meeting {self.meeting.id}"
        if self.started.tzinfo is None:
            raise IllegalState("the time of a meeting says its zone", where=where)
        if self.ended is not None and self.ended < self.started:
            raise IllegalState("a meeting must not end before it starts", where=where)
        for observation in self.observations:
            if not observation.stands:
                raise IllegalState(
                    "prose rests on confirmed observations only",
                    where=f"{where}, observation {observation.id}",
                    mend="go through it together first",
                )
            if observation.meeting_id != self.meeting.id:
                raise IllegalState("an observation of another meeting", where=f"{where}, observation {observation.id}")
        quoted = [*(o.quote for o in self.observations), *(p.quote for p in self.pinned)]
        if any(self.transcript[quote.utterance.id] != quote.utterance for quote in quoted):
            raise IllegalState("a quote is cut from other words than the meeting's", where=where)

    @property
    def id(self) -> str:
        return self.meeting.id

    @property
    def held(self) -> date:
        """The day in Sweden on which the meeting began."""
        return self.started.astimezone(LOCAL).date()

    @property
    def speakers(self) -> frozenset[str]:
        return frozenset(utterance.speaker for utterance in self.transcript.utterances)


def confirmed_only(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """Those that stand, in the order they were said."""
    standing = [observation for observation in observations if observation.stands]
    return tuple(sorted(standing, key=lambda o: (o.quote.utterance.index, o.quote.first, o.id)))


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time limit of the case; `met` is the day it was kept, None while it runs."""

    id: str
    rule: str
    due: date
    met: date | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Communicated:
    """An entry of the communication log (FL 25 §): what was sent to whom, how, and what they answered."""

    id: str
    on: date
    to: str
    how: str
    what: str
    reply: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The case as its documents need it. `parties` are those who should be heard, whether they came or not."""

    id: str
    number: str
    kind: Literal["child", "adult"]
    name: str = ""
    age: int | None = None
    opened: date | None = None
    parties: tuple[Participant, ...] = ()
    limits: tuple[TimeLimit, ...] = ()
    communicated: tuple[Communicated, ...] = ()
    protected: bool = field(default=False, kw_only=True)
    """Secrecy marking or protected registration: exports mask name, number and address."""

    @property
    def child_age(self) -> int | None:
        return self.age if self.kind == "child" else None


class LooksUp(Protocol):
    """The law index as documents need it (`knowledge.lookup.LawLookup`)."""

    def get(self, sfs: str, section: str, on: date) -> Hit | None: ...


def law_of(index: LooksUp) -> LawOn:
    """The provision in force, from an index."""

    def look(sfs: str, section: str, on: date) -> Provision | None:
        hit = index.get(sfs, section, on)
        return hit.provision if hit is not None else None

    return look


def cited(law: LawOn, sfs: str, section: str, on: date) -> Citation | None:
    """The citation of a provision for a date, or None where the corpus has none in force."""
    provision = law(sfs, section, on)
    return None if provision is None or not provision.in_force(on) else Citation(provision, on)


def readers_of(talks: Iterable[Talk]) -> tuple[Proposer, ...]:
    """Who proposed what people confirmed, each once, in a steady order."""
    found = {observation.proposer for talk in talks for observation in talk.observations}
    return tuple(sorted(found, key=lambda p: (p.reader, p.version, p.model, p.prompt_digest)))
