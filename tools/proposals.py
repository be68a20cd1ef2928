"""What a reader may propose while people talk: the arguments of its tools, and what the desk answers.

There is no field for an outcome, a level or a score, so none can be proposed.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from ..knowledge.factors import Polarity

About = Literal[
    "barn", "mamma", "pappa", "förälder", "annan-vuxen", "syskon", "klient", "partner", "familj"
]  # fmt: skip
SourceName = Literal["told_of_oneself", "told_of_another", "seen", "hearsay", "document"]
FlagName = Literal["past", "uncertain"]


@dataclass(frozen=True, slots=True)
class FactorProposal:
    """A circumstance heard. `quote` is verbatim from the utterance; the server finds it and cuts it itself.

    `updates` names an observation already logged whose words or factor this one mends.
    """

    polarity: Polarity
    factor: str
    utterance: str
    quote: str
    about: About
    source: SourceName
    flags: frozenset[FlagName] = frozenset()
    updates: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Later words took an observation back ("nej, det var förra året"); `utterance` is where they stand."""

    observation: str
    utterance: str


@dataclass(frozen=True, slots=True)
class AcuteProposal:
    """Words to look at now. `why` is a short topic (`vapen`, `fara för livet`), never a level."""

    utterance: str
    quote: str
    why: str


@dataclass(frozen=True, slots=True)
class NoteProposal:
    """Words that belong under a journal heading without being a factor: a visit, an agreement, an address."""

    utterance: str
    quote: str
    heading: str


@dataclass(frozen=True, slots=True)
class ChildsWordsProposal:
    """The child's own words, worth keeping verbatim."""

    utterance: str
    quote: str


Proposal = FactorProposal | Withdrawal | AcuteProposal | NoteProposal | ChildsWordsProposal

RefusalKind = Literal[
    "no_such_utterance",
    "quote_not_found",
    "caseworkers_words",
    "not_the_child",
    "no_such_factor",
    "wrong_polarity",
    "wrong_age",
    "already_logged",
    "no_such_observation",
]


@dataclass(frozen=True, slots=True)
class Accepted:
    """The proposal was kept; `id` is the kept thing's id."""

    id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The proposal broke a rule that code can check; `how_to_mend` tells the reader what would pass."""

    kind: RefusalKind
    how_to_mend: str


class Desk(Protocol):
    """Takes proposals and keeps those that pass; the tools' only way to have an effect."""

    def submit(self, proposal: Proposal) -> Accepted | Refused: ...
