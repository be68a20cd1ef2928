"""Observations as they are stored, and back: each quote is cut anew from the stored words, or refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ...agent.observation import (
    Changed,
    Confirmed,
    Disputed,
    Flag,
    Observation,
    Person,
    Proposed,
    Proposer,
    Rejected,
    Source,
    Standing,
)
from ...knowledge.errors import IllegalState
from ...knowledge.factors import Factor
from ...knowledge.sources import Quote, Transcript


@dataclass(frozen=True, slots=True)
class KeptQuote:
    """A quote as it is stored: where it stands, and its words to compare with what stands there."""

    utterance: str
    first: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class KeptStanding:
    kind: Literal["proposed", "confirmed", "changed", "rejected", "disputed", "withdrawn"]
    by: Person | None = None
    at: datetime | None = None
    text: str = ""
    """Before (changed), reason (rejected), the person's words (disputed), the utterance's id (withdrawn)."""

    def __post_init__(self) -> None:
        if self.kind not in ("proposed", "withdrawn") and (self.by is None or self.at is None):
            raise IllegalState("a standing that a person gives has a name and a time")


@dataclass(frozen=True, slots=True)
class KeptObservation:
    factor: Factor
    quote: KeptQuote
    about: str
    source: Source
    proposer: Proposer
    flags: tuple[Flag, ...]
    context: KeptQuote | None
    standing: KeptStanding

    @property
    def content(self) -> tuple[object, ...]:
        """Everything but who says what of it."""
        return self.factor, self.quote, self.about, self.source, self.flags, self.context


def to_keep(observation: Observation, transcript: Transcript) -> KeptObservation:
    return KeptObservation(
        factor=observation.factor,
        quote=quote_to_keep(observation.quote, transcript),
        about=observation.about,
        source=observation.source,
        proposer=observation.proposer,
        flags=tuple(sorted(observation.flags)),
        context=None if observation.context is None else quote_to_keep(observation.context, transcript),
        standing=standing_to_keep(observation.standing),
    )


def observation_of(id: str, meeting_id: str, kept: KeptObservation, transcript: Transcript) -> Observation:
    return Observation(
        id=id,
        meeting_id=meeting_id,
        factor=kept.factor,
        quote=quote_of(kept.quote, transcript),
        about=kept.about,
        source=kept.source,
        proposer=kept.proposer,
        flags=frozenset(kept.flags),
        context=None if kept.context is None else quote_of(kept.context, transcript),
        standing=standing_of(kept.standing),
    )


def quote_to_keep(quote: Quote, transcript: Transcript) -> KeptQuote:
    kept = KeptQuote(quote.utterance.id, quote.first, quote.end, quote.text)
    quote_of(kept, transcript)
    return kept


def quote_of(kept: KeptQuote, transcript: Transcript) -> Quote:
    """The quote cut anew from the stored words. Raises IllegalState if other words stand there."""
    quote = Quote(transcript[kept.utterance], kept.first, kept.end)
    if quote.text != kept.text:
        raise IllegalState(
            "the quote is not found in the stored words", where=f"utterance {kept.utterance}, {kept.first}-{kept.end}"
        )
    return quote


def standing_to_keep(standing: Standing) -> KeptStanding:
    match standing:
        case Proposed():
            return KeptStanding("proposed")
        case Confirmed(by, at):
            return KeptStanding("confirmed", by, at)
        case Changed(by, at, before):
            return KeptStanding("changed", by, at, before)
        case Rejected(by, at, reason):
            return KeptStanding("rejected", by, at, reason)
        case Disputed(by, at, words):
            return KeptStanding("disputed", by, at, words)


def standing_of(kept: KeptStanding) -> Standing:
    if kept.by is None or kept.at is None:
        return Proposed()
    match kept.kind:
        case "confirmed":
            return Confirmed(kept.by, kept.at)
        case "changed":
            return Changed(kept.by, kept.at, kept.text)
        case "rejected":
            return Rejected(kept.by, kept.at, kept.text)
        case "disputed":
            return Disputed(kept.by, kept.at, kept.text)
        case "proposed" | "withdrawn":
            return Proposed()
