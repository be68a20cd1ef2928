"""One thing heard: polarity, factor, quote, about whom, source, standing. It cannot exist without found words."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from ..knowledge.errors import IllegalState
from ..knowledge.factors import Factor, Polarity
from ..knowledge.sources import Quote

Source = Literal["told_of_oneself", "told_of_another", "seen", "hearsay", "document"]
"""How the speaker knows: lived it, tells of somebody else, saw or heard it happen, was told it by another, read it."""

Flag = Literal["negated", "hypothetical", "past", "uncertain", "uncertain_hearing"]
"""`past`: was so and still matters. `uncertain`: the speaker is unsure. `uncertain_hearing`: the recognizer was."""


@dataclass(frozen=True, slots=True)
class Person:
    """A named human being who answers for what they confirm, write or approve."""

    id: str
    name: str
    role: str

    def __post_init__(self) -> None:
        if not (self.id.strip() and self.name.strip()):
            raise IllegalState("a person who confirms or decides must be named")


@dataclass(frozen=True, slots=True)
class Proposer:
    """Which reader proposed an observation, so that it can be traced and repeated.

    `model` and `prompt_digest` are empty for a reader that has none.
    """

    reader: str
    version: str
    model: str = ""
    prompt_digest: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """Nobody has looked yet."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    by: Person
    at: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    """Confirmed after a person changed it; `before` says what the reader had proposed."""

    by: Person
    at: datetime
    before: str


@dataclass(frozen=True, slots=True)
class Rejected:
    by: Person
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Disputed:
    """The caseworker keeps it and the person concerned says it is wrong; their words stand beside it for good."""

    by: Person
    at: datetime
    words: str

    def __post_init__(self) -> None:
        if not self.words.strip():
            raise IllegalState("a disputed observation carries the person's own words", mend="write what they said")


Standing = Proposed | Confirmed | Changed | Rejected | Disputed


@dataclass(frozen=True, slots=True)
class Observation:
    """A circumstance heard in a meeting, tied to the words that carry it.

    `about` is whom it concerns (`barn`, `mamma`, `pappa`, ...), `context` the question an answer belongs to.
    """

    id: str
    meeting_id: str
    factor: Factor
    quote: Quote
    about: str
    source: Source
    proposer: Proposer
    flags: frozenset[Flag] = frozenset()
    context: Quote | None = None
    standing: Standing = field(default_factory=Proposed)

    def __post_init__(self) -> None:
        if "negated" in self.flags or "hypothetical" in self.flags:
            raise IllegalState("what was denied or only imagined is not an observation", where=f"observation {self.id}")
        if self.quote.doubtful and "uncertain_hearing" not in self.flags:
            object.__setattr__(self, "flags", self.flags | {"uncertain_hearing"})

    @property
    def polarity(self) -> Polarity:
        return self.factor.polarity

    @property
    def speaker(self) -> str:
        return self.quote.speaker

    @property
    def stands(self) -> bool:
        """Whether prose may rest on it: a person confirmed it, as it was, changed, or together with a protest."""
        return isinstance(self.standing, Confirmed | Changed | Disputed)

    def with_standing(self, standing: Standing) -> "Observation":
        return replace(self, standing=standing)


@dataclass(frozen=True, slots=True)
class AcuteSignal:
    """Words to look at now (SoL 20 kap. 1 §). It carries no level: how serious it is, a person decides."""

    id: str
    meeting_id: str
    quote: Quote
    why: str
    proposer: Proposer
